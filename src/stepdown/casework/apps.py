from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """The casework wing."""

    name = "stepdown.casework"
    label = "casework"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say how addresses kept here are shielded, and what each pathway lets each role do."""
        from stepdown.casework.actions import keeping
        from stepdown.casework.queries.definitions import powers
        from stepdown.people.actions import addresses
        from stepdown.policy import pathways

        pathways.install(powers())
        addresses.when_shielded(keeping.shield_referrals_of)
