"""Records whose time is up: who is due, reviews that wait, holds, schedules, and certificates."""

from stepdown.people.models import Person
from stepdown.records.models import Disposal, LegalHold, RetentionReview
from tests.journeys.catalogue.rights import DEPUTY_KEY, OFFICER
from tests.journeys.catalogue.state import State, press
from tests.support.world import World


def make_retention(world: World) -> None:
    """Somebody due, somebody held, a review that waits, and what is left of a disposal: as the
    demonstration has them. After ``make_rights``, which finds the deputy."""
    world["review"] = RetentionReview.objects.get(state="proposed")
    world["due-waits"] = world["review"].person
    world["disposal"] = Disposal.objects.get()
    world["due-held"] = LegalHold.objects.get().person
    world["due"] = Person.objects.get(family_name="Larkspur", given_name="Edith")


STATES = (
    State("retention", "retention", "Held: nothing is disposed of", OFFICER),
    State("retention-first-day", "retention", "Nothing is due", OFFICER, first_day=True),
    State("retention-review", "retention-review", "Your assessment", OFFICER, ("due",)),
    State("retention-review-wrong", "retention-review", "There is a problem", OFFICER, ("due",),
          do=(press("Save the review"),)),
    State("retention-review-waits", "retention-review", "A review waits for a second person",
          OFFICER, ("due-waits",)),
    State("retention-hold", "retention-hold", "A complaint is being looked into", OFFICER,
          ("due-held",)),
    State("retention-hold-wrong", "retention-hold", "There is a problem", OFFICER, ("due",),
          do=(press("Place the hold"),)),
    State("retention-waiting", "retention-waiting", "Dispose of them", DEPUTY_KEY),
    State("retention-agree", "retention-agree", "When you agree, the records are gone", DEPUTY_KEY,
          ("review",)),
    State("retention-agree-own", "retention-agree", "This is your own review", OFFICER,
          ("review",)),
    State("retention-rules", "retention-rules", "Not verified", OFFICER),
    State("retention-rule", "retention-rule", "A new version", OFFICER, ("mopi-1",)),
    State("retention-rule-wrong", "retention-rule", "There is a problem", OFFICER, ("mopi-1",),
          do=(press("Add the version"),)),
    State("disposals", "disposals", "Reviewed, and no longer needed", OFFICER),
    State("disposal", "disposal", "Certificate of disposal", OFFICER, ("disposal",)),
)  # fmt: skip
