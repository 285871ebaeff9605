"""A request reaches what the agency that was asked keeps of somebody, or is shown by agreements."""

from datetime import date, timedelta
from typing import Any

import pytest

from stepdown.casework.actions.case_people import name_person
from stepdown.casework.models import Caller, CallerDay
from stepdown.hub.models import Agency, User
from stepdown.kernel import clock
from stepdown.people.actions import consents
from stepdown.people.models import Person
from stepdown.policy.categories import Category
from stepdown.policy.sharing import Purpose
from stepdown.records.queries.held import everything
from tests.factories import (
    actor_of,
    make_agency,
    make_agreement,
    make_need,
    make_person,
    make_user,
    make_volunteer,
)
from tests.factories.agreements import protection_officer
from tests.factories.cases import make_case
from tests.factories.places import DISTRICT
from tests.factories.rights import Office, make_office, make_rights_request

pytestmark = pytest.mark.django_db

OWN = {"people.Person", "people.Contact", "people.Address", "people.EqualityRecord"}


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def trust() -> Agency:
    return make_agency("B trust", kind=Agency.Kind.NHS)


@pytest.fixture
def ivy(trust: Agency) -> Person:
    """Somebody whom the trust alone supports, with all that a person's own record may hold."""
    tom = actor_of(make_user("coordinator", [DISTRICT], agency=trust))
    ivy = make_person(
        "Ivy", "Sample", by=tom, email="ivy@example.org", postcode="PR1 8RJ", gender="female",
        user=make_user("volunteer", agency=trust),
    )  # fmt: skip
    make_need("Ivy's shopping", by=tom, agency=trust, person=ivy)
    return ivy


def tables(office: Office, person: Person) -> set[str]:
    found = everything(make_rights_request(office, person=person))
    return {one.row.partition("/")[0] for one in found} - {"records.RightsRequest"}


def test_an_agency_that_keeps_nothing_hands_out_nothing(office: Office, ivy: Person) -> None:
    assert tables(office, ivy) == set()


def test_what_clauses_show_is_handed_out_and_no_more(
    office: Office, ivy: Person, trust: Agency
) -> None:
    make_agreement(trust, office.agency, categories=[Category.IDENTITY, Category.CONTACT])
    assert tables(office, ivy) == {"people.Person", "people.Contact"}


def test_whoever_keeps_somebody_hands_out_the_whole_of_their_record(
    office: Office, ivy: Person
) -> None:
    make_agreement(
        Agency.objects.get(name="B trust"), office.agency,
        categories=[Category.IDENTITY, Category.CONTACT, Category.LOCATION, Category.EQUALITY],
    )  # fmt: skip
    carol = actor_of(make_user("coordinator", [DISTRICT], agency=office.agency))
    make_need("Ivy's walk", by=carol, agency=office.agency, person=ivy)
    found = tables(office, ivy)
    assert found >= OWN | {"hub.User", "hub.Membership", "volunteering.Need"}


def test_whoever_works_for_the_agency_is_told_of_their_account_alone(office: Office) -> None:
    user = make_user("outreach-officer", agency=office.agency)
    trust = make_agency("Another trust")
    tom = actor_of(make_user("coordinator", [DISTRICT], agency=trust))
    person = make_person("Una", "Sample", by=tom, email="una@example.org", user=user)
    make_need(by=tom, agency=trust, person=person)
    assert tables(office, person) == {"hub.User", "hub.Membership"}


def test_whoever_volunteers_is_everybody_s_but_for_what_opens_records(
    office: Office, ivy: Person, trust: Agency
) -> None:
    make_volunteer(person=ivy, by=actor_of(make_user("coordinator", agency=trust)))
    found = tables(office, ivy)
    assert found >= OWN
    assert "volunteering.Need" not in found


def test_consents_are_read_by_whoever_keeps_somebody(
    office: Office, ivy: Person, trust: Agency
) -> None:
    tom = actor_of(make_user("coordinator", [DISTRICT], agency=trust))
    consents.word(by=protection_officer(trust), purpose=Purpose.SUPPORT, text="May we?")
    told: dict[str, Any] = {
        "explained_by": User.objects.get(pk=str(tom.user)),
        "explained_on": clock.today(),
    }
    consents.say(by=tom, person=ivy, purpose=Purpose.SUPPORT, yes=True, **told)
    assert tables(office, ivy) == set()
    make_agreement(trust, office.agency, categories=[Category.IDENTITY])
    # As on the hub's own pages: whoever is shown who somebody is reads what they consented to.
    assert tables(office, ivy) == {"people.Person", "people.Consent"}
    theirs = Office(trust, protection_officer(trust), protection_officer(trust))
    assert "people.Consent" in tables(theirs, ivy)


def test_a_number_in_a_log_is_told_by_the_agency_whose_log_it_is(
    office: Office, trust: Agency
) -> None:
    tom = actor_of(make_user("coordinator", [DISTRICT], agency=trust))
    ivy = make_person("Ivy", "Sample", by=tom)
    case = make_case("vulnerable-callers", by=tom)
    name_person(by=tom, case=case, role="caller", person=ivy)
    caller = Caller.objects.create(
        agency=trust, number="01632960111", state=Caller.State.REFERRED, case=case,
        found_on=date(2026, 1, 5),
    )  # fmt: skip
    CallerDay.objects.create(
        caller=caller, day=clock.today() - timedelta(days=3), calls=4, emergency=1
    )
    make_agreement(trust, office.agency, categories=[Category.IDENTITY, Category.CONTACT],
                   pathways=["vulnerable-callers"])  # fmt: skip
    found = tables(office, ivy)
    assert "casework.Case" in found
    assert not found & {"casework.Caller", "casework.CallerDay"}
