"""People whose records have long been quiet, and those who look at them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from stepdown.kernel import clock
from stepdown.people.models import Person
from stepdown.policy.actors import Actor
from stepdown.records.actions import retention
from stepdown.records.models import RetentionReview
from tests.factories.agencies import make_agency
from tests.factories.agreements import protection_officer
from tests.factories.people import make_person

NO = dict.fromkeys(retention.QUESTIONS, "no")


@contextmanager
def years_ago(years: float) -> Iterator[None]:
    """The clock, so many years back."""
    with clock.at(clock.now() - timedelta(days=365.25 * years)):
        yield


def make_quiet_person(years: float = 7, **given: object) -> Person:
    """Somebody about whom nothing has happened for so many years."""
    with years_ago(years):
        return make_person(**given)  # type: ignore[arg-type]


def make_officers() -> tuple[Actor, Actor]:
    """Two data-protection officers."""
    agency = make_agency("Hub council")
    return protection_officer(agency), protection_officer(agency)


def make_review(by: Actor, person: Person, decision: str = "dispose") -> RetentionReview:
    """An assessment without a concern."""
    return retention.review(
        by=by, person=person.pk, answers=NO, reason="Nothing for years.", decision=decision
    )
