"""Records opened in an emergency: by whoever must, and as they are reviewed."""

from stepdown.policy.roles import RoleKey
from stepdown.sharing.actions import overrides
from tests.factories import actor_of, make_agency, make_referral, make_user
from tests.journeys.catalogue.state import State, choose, fill, press
from tests.support.world import World

BY, REVIEWS = "officer", "protection"


def make_overrides(world: World) -> None:
    """One that waits for a review, of a referral that nobody else sees."""
    agency = make_agency("Example Fire and Rescue (demonstration)")
    referrer = make_user(RoleKey.REFERRER, agency=agency)
    referral = make_referral(actor_of(referrer))
    world["override"] = overrides.open_record(
        by=world.actor("coordinator"),
        reference=referral.reference,
        reason="missing",
        words="The neighbours have not seen her for three days.",
    )


STATES = (
    State("override-open", "override-open", "Why must you see it now?", BY),
    State("override-open-wrong", "override-open", "No record with this reference", BY,
          do=(fill("What is the reference", "R-0000-0000"), choose("Somebody is missing"),
              fill("What has happened?", "Not seen for days."), press("Open the record"))),
    State("overrides", "overrides", "Somebody is missing", REVIEWS),
    State("overrides-first-day", "overrides", "Nothing waits", REVIEWS, first_day=True),
    State("override", "override", "Was it justified?", REVIEWS, ("override",)),
    State("override-wrong", "override", "Select whether it was justified", REVIEWS, ("override",),
          do=(press("Save the review"),)),
)  # fmt: skip
