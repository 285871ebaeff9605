"""A person is known to those who keep a record of them, and to others by an agreement alone."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.casework.actions import case_people
from stepdown.hub.models import Agency, User
from stepdown.kernel.errors import NotVisible, Refused
from stepdown.people.actions import contacts, people
from stepdown.people.actions.intake import take_in
from stepdown.people.models import Person
from stepdown.people.queries import person as queries
from stepdown.people.queries.actor import actor_for_user
from stepdown.policy.categories import Category
from stepdown.policy.decide import categories_for
from stepdown.policy.permissions import Permission
from stepdown.policy.roles import RoleKey
from stepdown.sharing.actions import agreements, overrides
from stepdown.volunteering.actions import exclusions, volunteers
from stepdown.volunteering.models import Need
from stepdown.volunteering.queries import exclusion
from stepdown.volunteering.queries.need import visible_to
from stepdown.volunteering.queries.person import alike, found_by, list_people
from tests.factories import (
    make_agency,
    make_agreement,
    make_need,
    make_person,
    make_place,
    make_user,
    make_volunteer,
)
from tests.factories.agreements import signatory
from tests.factories.cases import give_consent, make_case
from tests.factories.places import DISTRICT

pytestmark = pytest.mark.django_db


@pytest.fixture
def council() -> Agency:
    return make_agency("A council")


@pytest.fixture
def trust() -> Agency:
    return make_agency("B trust", kind=Agency.Kind.NHS)


@pytest.fixture
def carol(council: Agency) -> User:
    return make_user(RoleKey.COORDINATOR, [DISTRICT], agency=council)


@pytest.fixture
def tom(trust: Agency) -> User:
    return make_user(RoleKey.COORDINATOR, [DISTRICT], agency=trust)


@pytest.fixture
def ivy(tom: User, trust: Agency) -> Person:
    """Somebody whom the trust supports, in the district of both coordinators."""
    by = actor_for_user(tom)
    ivy = make_person("Ivy", "Sample", by=by, email="ivy@example.org")
    make_need("Ivy's shopping", by=by, agency=trust, person=ivy)
    return ivy


def known(user: User, person: Person) -> bool:
    """Whether the person is there for somebody, wherever one may look; all must say the same."""
    by = actor_for_user(user)
    client = Client()
    client.force_login(user)
    pages = [
        client.get(reverse(name, args=[person.pk])).status_code == 200
        for name in ("person", "person-needs", "person-consent", "person-timeline", "person-looks")
    ]
    answers = {
        *pages,
        queries.visible_to(by).filter(pk=person.pk).exists(),
        person.pk in queries.names_of(by, [person.pk]),
        person.pk in {row.id for row in list_people(by).items},
        person.pk in {row.id for row in found_by(by, person.family_name)},
        person.pk in {row.id for row in alike(by, given_name=person.given_name,
                                              family_name=person.family_name, born=None)},
        person.family_name in client.get(reverse("people")).content.decode(),
    }  # fmt: skip
    assert len(answers) == 1, answers
    try:
        queries.get(by=by, id=person.pk)
    except NotVisible:
        assert answers == {False}
    return answers == {True}


def test_person_is_known_to_the_agency_that_supports_them_alone(
    ivy: Person, carol: User, tom: User
) -> None:
    assert known(tom, ivy)
    assert not known(carol, ivy)
    with pytest.raises(NotVisible):
        people.change(by=actor_for_user(carol), person=ivy, version=1, pronouns="she")
    with pytest.raises(NotVisible):
        contacts.add(by=actor_for_user(carol), person=ivy, kind="email", value="x@example.org")


def test_an_agreement_shows_them_until_it_is_withdrawn(
    ivy: Person, carol: User, tom: User, council: Agency, trust: Agency
) -> None:
    agreement = make_agreement(trust, council)
    assert known(carol, ivy)
    assert known(tom, ivy)
    agreements.withdraw(by=signatory(council), agreement=agreement, agency=council, reason="Over")
    assert not known(carol, ivy)


def test_only_the_categories_of_the_clause_are_read(
    ivy: Person, carol: User, council: Agency, trust: Agency
) -> None:
    make_agreement(trust, council, categories=[Category.IDENTITY])
    by = actor_for_user(carol)
    read = categories_for(by, Permission.PERSON_VIEW, queries.facts(ivy))
    assert read == {Category.IDENTITY}
    client = Client()
    client.force_login(carol)
    page = client.get(reverse("person", args=[ivy.pk])).content.decode()
    assert "Ivy" in page
    assert "ivy@example.org" not in page


def test_a_clause_without_identity_shows_nobody(
    ivy: Person, carol: User, council: Agency, trust: Agency
) -> None:
    make_agreement(trust, council, categories=[Category.SUPPORT, Category.LOCATION])
    assert not known(carol, ivy)


def test_a_clause_on_consent_asks_the_person(
    ivy: Person, carol: User, tom: User, council: Agency, trust: Agency
) -> None:
    make_agreement(trust, council, consent=True)
    assert not known(carol, ivy)
    give_consent(ivy, "support", by=actor_for_user(tom))
    assert known(carol, ivy)


def test_a_case_keeps_its_people_and_shares_them_by_its_own_clause(
    carol: User, tom: User, council: Agency, trust: Agency
) -> None:
    by = actor_for_user(tom)
    case = make_case("early-help", by=by)
    named = case_people.name_person(
        by=by, case=case, role="parent", given_name="Una", family_name="Sample"
    )
    assert known(tom, named.person)
    assert not known(carol, named.person)
    make_agreement(trust, council)  # for volunteers' support, and for no such case
    assert not known(carol, named.person)
    make_agreement(trust, council, pathways=["early-help"])
    assert known(carol, named.person)


def test_somebody_added_by_hand_is_the_agencys_that_added_them(carol: User, tom: User) -> None:
    added = take_in(
        by=actor_for_user(tom),
        identity={"given_name": "Abe", "family_name": "Lone", "district": make_place(DISTRICT)},
    )
    assert known(tom, added)
    assert not known(carol, added)


def test_volunteers_are_known_to_all_partners(carol: User, tom: User, trust: Agency) -> None:
    volunteer = make_volunteer(by=actor_for_user(tom), agency=trust)
    assert known(carol, volunteer.person)


def test_a_volunteer_who_is_supported_is_known_as_a_volunteer_alone(
    carol: User, tom: User, council: Agency, trust: Agency
) -> None:
    by = actor_for_user(tom)
    person = make_volunteer(by=by, agency=trust).person
    need = make_need(by=by, agency=trust, person=person)
    give_consent(person, "safeguarding", by=by)
    apart = exclusions.record(
        by=by, volunteer=make_volunteer(agency=council), person=person, reason="safeguarding"
    )
    client, they = Client(), actor_for_user(carol)
    client.force_login(carol)
    assert queries.get(by=they, id=person.pk) == person
    assert client.get(reverse("person-consent", args=[person.pk])).status_code in {403, 404}
    for name in ("person", "person-needs", "person-apart"):
        page = client.get(reverse(name, args=[person.pk])).content.decode()
        assert need.reference not in page
        assert "afeguarding" not in page
    assert not exclusion.visible_to(they).filter(pk=apart.pk).exists()
    volunteers.leave(by=by, volunteer=person.volunteer)
    assert not known(carol, person)
    assert known(tom, person)


def test_nobody_records_the_consent_that_opens_a_record_to_themselves(
    ivy: Person, carol: User, tom: User, council: Agency, trust: Agency
) -> None:
    """By a clause on another course they know her; what she said is not theirs to write down."""
    by = actor_for_user(tom)
    case = make_case("early-help", by=by)
    case_people.name_person(by=by, case=case, role="parent", person=ivy)
    make_agreement(trust, council, consent=True)
    make_agreement(trust, council, pathways=["early-help"])
    assert queries.get(by=actor_for_user(carol), id=ivy.pk) == ivy
    with pytest.raises(Refused):
        give_consent(ivy, "support", by=actor_for_user(carol))
    assert not visible_to(actor_for_user(carol)).filter(person=ivy).exists()
    give_consent(ivy, "support", by=by)
    assert visible_to(actor_for_user(carol)).filter(person=ivy).exists()


def test_a_pair_kept_apart_is_told_to_those_who_know_the_person(
    ivy: Person, carol: User, tom: User, council: Agency
) -> None:
    volunteer = make_volunteer(agency=council)
    apart = exclusions.record(
        by=actor_for_user(tom), volunteer=volunteer, person=ivy, reason="known"
    )
    assert exclusion.visible_to(actor_for_user(tom)).filter(pk=apart.pk).exists()
    assert not exclusion.visible_to(actor_for_user(carol)).filter(pk=apart.pk).exists()
    with pytest.raises((NotVisible, Refused)):
        exclusions.end(by=actor_for_user(carol), exclusion=apart)


def test_an_emergency_names_whom_the_need_is_for_and_opens_no_record_of_theirs(
    ivy: Person, carol: User, trust: Agency, open_page: Callable[[User, str], str]
) -> None:
    need = ivy.needs.get()
    overrides.open_record(
        by=actor_for_user(carol), reason="danger", words="They are in danger",
        reference=need.reference,
    )  # fmt: skip
    page = open_page(carol, reverse("need", args=[need.pk]))
    assert "Ivy Sample" in page
    assert reverse("person", args=[ivy.pk]) not in page
    assert not known(carol, ivy)


@pytest.fixture
def open_page() -> Callable[[User, str], str]:
    def opened(user: User, address: str) -> str:
        client = Client()
        client.force_login(user)
        answer = client.get(address)
        assert answer.status_code == 200
        return answer.content.decode()

    return opened


def test_whom_a_clause_shows_by_a_need_that_it_does_not_show_is_found(
    client: Client, council: Agency, trust: Agency
) -> None:
    carol = make_user(RoleKey.COORDINATOR, agency=trust)
    by = actor_for_user(make_user(RoleKey.COORDINATOR, agency=council))
    hidden, person = make_person("Bea", "Bee"), make_person("Ivy", "Kay")
    need = make_need(by=by, agency=council)
    Person.objects.update(agency=make_agency("C charity"))
    Need.objects.filter(pk=need.pk).update(person=person)
    make_agreement(council, trust, categories=(Category.IDENTITY,))
    client.force_login(carol)
    assert client.get(reverse("person", args=[person.pk])).status_code == 200
    assert client.get(reverse("person", args=[hidden.pk])).status_code == 404
