from django.apps import AppConfig


class VolunteeringConfig(AppConfig):
    """The volunteering wing."""

    name = "stepdown.volunteering"
    label = "volunteering"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what this wing keeps of people's addresses and how it is shielded with them, and
        what an administrator is told of the files it keeps."""
        from stepdown.hub.queries import health
        from stepdown.people.actions import addresses
        from stepdown.people.queries import kept
        from stepdown.policy.permissions import Kind
        from stepdown.sharing.queries import override
        from stepdown.volunteering.actions import needs
        from stepdown.volunteering.queries import need, resident_words, wall

        addresses.when_shielded(needs.shield_needs_of)
        kept.also_kept(wall.keeps())
        kept.also_kept(wall.pool())
        health.also(resident_words.standing)
        override.can_be_opened(Kind.NEED, need.any_with_reference)
