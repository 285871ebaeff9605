from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """The casework wing."""

    name = "stepdown.casework"
    label = "casework"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what this wing keeps of people's addresses and how it is shielded with them."""
        from stepdown.casework.actions import keeping
        from stepdown.people.actions import addresses

        addresses.when_shielded(keeping.shield_referrals_of)
