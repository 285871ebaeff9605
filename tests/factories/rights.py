"""Requests about people's data, and those who deal with them."""

from dataclasses import dataclass
from datetime import date

from stepdown.hub.models import Agency
from stepdown.kernel import clock
from stepdown.people.models import Person
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from stepdown.records.actions import rights_requests
from stepdown.records.models import RightsRequest
from tests.factories.agencies import make_agency
from tests.factories.agreements import protection_officer
from tests.factories.people import make_person
from tests.factories.users import actor_of, make_user
from tests.factories.volunteers import make_volunteer


@dataclass
class Office:
    """An agency's two data-protection officers."""

    agency: Agency
    first: Actor
    second: Actor


def make_office(name: str = "Hub council") -> Office:
    """An agency with two people who may handle requests, and approve each other's answers."""
    agency = make_agency(name)
    return Office(agency, protection_officer(agency), protection_officer(agency))


def make_rights_request(
    office: Office,
    *,
    kind: str = "access",
    person: Person | None = None,
    received_on: date | None = None,
    taken: bool = True,
) -> RightsRequest:
    """A letter that came, found to be about somebody, and taken in hand by the first officer."""
    made = rights_requests.receive(
        by=office.first,
        agency=office.agency,
        kind=kind,
        channel="letter",
        received_on=received_on or clock.today(),
        person=person or make_person(),
        asked_for="Everything you have.",
    )
    return rights_requests.take(by=office.first, request=made) if taken else made


def asking_volunteer() -> Actor:
    """A volunteer with an account, signed in."""
    person = make_volunteer().person
    user = make_user(RoleKey.VOLUNTEER)
    person.user = user
    person.save()
    return actor_of(user)
