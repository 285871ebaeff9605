from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """The casework wing."""

    name = "stepdown.casework"
    label = "casework"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say how addresses kept here are shielded, who sees lines of timelines about what is kept
        here, and what each pathway lets each role do."""
        from stepdown.casework.actions import keeping
        from stepdown.casework.queries import case, meeting, pathway_file, referral
        from stepdown.casework.queries.definitions import powers
        from stepdown.hub.queries import health
        from stepdown.people.actions import addresses
        from stepdown.people.queries import kept, looked_at
        from stepdown.policy import pathways
        from stepdown.policy.permissions import Kind
        from stepdown.sharing.queries import override
        from stepdown.volunteering.queries import sight

        pathways.install(powers())
        kept.also_kept(case.keeps())
        looked_at.also_under(referral.of_person)
        looked_at.also_under(case.of_person)
        health.also(pathway_file.standing)
        sight.also_seen("referral", referral.visible_to)
        sight.also_seen("case", case.visible_to)
        sight.also_seen("meeting", meeting.visible_to)
        addresses.when_shielded(keeping.shield_referrals_of)
        override.can_be_opened(Kind.REFERRAL, referral.any_with_reference)
