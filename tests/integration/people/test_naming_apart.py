"""Naming somebody in a record of one's own opens no more of them than agreements show."""

import pytest

from stepdown.casework.actions import case_people, case_referrals, referrals
from stepdown.casework.models import Case, CasePerson
from stepdown.casework.models.referral import ReferralState
from stepdown.hub.models import Agency
from stepdown.kernel.errors import Refused
from stepdown.people.models import Person
from stepdown.people.queries import person as queries
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.roles import RoleKey
from stepdown.records.actions.removing import remove_person, remove_referrals
from stepdown.sharing.actions import agreements
from stepdown.volunteering.actions import needs
from tests.factories import (
    actor_of,
    coordinator,
    make_agency,
    make_agreement,
    make_need,
    make_person,
    make_referral,
    make_scheme,
    make_user,
    make_volunteer,
)
from tests.factories.agreements import signatory
from tests.factories.cases import make_case
from tests.factories.places import DISTRICT

pytestmark = pytest.mark.django_db

CASELOAD = "volunteer-caseload"
WHY = {"help": "A walk each week", "instead": "no", "need": "low"}
RECORD = (Category.IDENTITY, Category.CONTACT, Category.LOCATION)
WORDS = "agreement that does not cover all of it"


@pytest.fixture
def council() -> Agency:
    return make_agency("A council")


@pytest.fixture
def trust() -> Agency:
    return make_agency("B trust", kind=Agency.Kind.NHS)


@pytest.fixture
def carol(council: Agency) -> Actor:
    return actor_of(make_user(RoleKey.COORDINATOR, [DISTRICT], agency=council))


@pytest.fixture
def tom(trust: Agency) -> Actor:
    return actor_of(make_user(RoleKey.COORDINATOR, [DISTRICT], agency=trust))


@pytest.fixture
def ivy(tom: Actor, trust: Agency) -> Person:
    """Somebody whom the trust supports, in the district of both coordinators."""
    ivy = make_person("Ivy", "Sample", by=tom, email="ivy@example.org")
    make_need("Ivy's shopping", by=tom, agency=trust, person=ivy)
    return ivy


@pytest.mark.parametrize("short", RECORD[1:])
def test_whoever_sees_part_of_a_record_does_not_come_by_the_rest(
    ivy: Person, carol: Actor, council: Agency, trust: Agency, short: Category
) -> None:
    make_agreement(trust, council, categories=[c for c in RECORD if c != short])
    assert queries.get(by=carol, id=ivy.pk) == ivy
    case = make_case("early-help", by=carol)
    with pytest.raises(Refused, match=WORDS):
        case_people.name_person(by=carol, case=case, role="parent", person=ivy)
    with pytest.raises(Refused, match=WORDS):
        make_need(by=carol, agency=council, person=ivy)
    need = make_need(by=carol, agency=council)
    with pytest.raises(Refused, match=WORDS):
        needs.change(by=carol, need=need, version=need.version, person=ivy)
    with pytest.raises(Refused, match=WORDS):
        case_referrals.start_from(
            by=carol, referral=make_referral(), pathway=CASELOAD, person=ivy
        )  # fmt: skip
    make_scheme()
    with pytest.raises(Refused, match=WORDS):
        referrals.make_need(
            by=carol, referral=make_referral(), person=ivy, title="Shopping",
            scheme="community-support",
        )  # fmt: skip
    assert not CasePerson.objects.filter(person=ivy).exists()
    assert ivy.needs.get().agency == trust


def test_whoever_sees_the_whole_of_it_names_them(
    ivy: Person, carol: Actor, council: Agency, trust: Agency
) -> None:
    agreement = make_agreement(trust, council, categories=RECORD)
    case = make_case("early-help", by=carol)
    case_people.name_person(by=carol, case=case, role="parent", person=ivy)
    agreements.withdraw(by=signatory(council), agreement=agreement, agency=council, reason="Over")
    assert queries.get(by=carol, id=ivy.pk) == ivy
    assert make_need(by=carol, agency=council, person=ivy).person == ivy


def test_a_clause_that_asks_the_person_covers_nothing_until_they_consent(
    ivy: Person, carol: Actor, council: Agency, trust: Agency
) -> None:
    make_agreement(trust, council, categories=[Category.IDENTITY])
    make_agreement(trust, council, categories=RECORD, consent=True)
    with pytest.raises(Refused, match=WORDS):
        make_need(by=carol, agency=council, person=ivy)


def test_volunteers_and_whoever_came_to_the_partnership_are_named_by_all(
    carol: Actor, tom: Actor, council: Agency, trust: Agency
) -> None:
    helper = make_volunteer(by=tom, agency=trust).person
    make_need(by=tom, agency=trust, person=helper)
    assert make_need(by=carol, agency=council, person=helper).person == helper
    nobodys = make_person("Noor", "Public")
    assert make_need(by=carol, agency=council, person=nobodys).person == nobodys


def test_a_case_of_no_partner_names_nobody_that_a_partner_keeps(ivy: Person, tom: Actor) -> None:
    case = make_case("early-help", by=tom)
    Case.objects.filter(pk=case.pk).update(agency=None)
    with pytest.raises(Refused, match=WORDS):
        case_people.name_person(by=tom, case=case, role="parent", person=ivy)


def test_a_record_begun_from_a_referral_is_kept_when_the_need_is_put_right(
    carol: Actor, tom: Actor, trust: Agency
) -> None:
    make_scheme()
    need = referrals.make_need(
        by=tom, referral=make_referral(), title="Shopping", scheme="community-support"
    )
    begun = need.person
    assert begun is not None
    begun.refresh_from_db()
    assert begun.agency == trust
    needs.change(by=tom, need=need, version=need.version, person=make_person("Una", "Other"))
    assert queries.visible_to(tom).filter(pk=begun.pk).exists()
    assert not queries.visible_to(carol).filter(pk=begun.pk).exists()


def test_a_case_of_a_referral_keeps_whom_it_begins(carol: Actor, tom: Actor, trust: Agency) -> None:
    draft = case_referrals.start_from(by=tom, referral=make_referral(), pathway=CASELOAD)
    case_referrals.answer(by=tom, case=draft, screen="why", answers=WHY)
    begun = CasePerson.objects.get(case=case_referrals.send(by=tom, case=draft)).person
    assert begun.agency == trust
    assert not queries.visible_to(carol).filter(pk=begun.pk).exists()


def test_who_was_chosen_is_looked_for_again_when_the_case_is_sent(
    ivy: Person, carol: Actor, council: Agency, trust: Agency
) -> None:
    agreement = make_agreement(trust, council)
    referral = make_referral()
    draft = case_referrals.start_from(by=carol, referral=referral, pathway=CASELOAD, person=ivy)
    case_referrals.answer(by=carol, case=draft, screen="why", answers=WHY)
    agreements.withdraw(by=signatory(council), agreement=agreement, agency=council, reason="Over")
    with pytest.raises(Refused, match="no longer see"):
        case_referrals.send(by=carol, case=draft)
    referral.refresh_from_db()
    assert referral.state == ReferralState.RECEIVED
    assert not CasePerson.objects.filter(person=ivy).exists()


def test_a_draft_goes_with_the_referral_or_the_person_it_was_begun_from() -> None:
    by = coordinator()
    referral = make_referral()
    case_referrals.start_from(by=by, referral=referral, pathway=CASELOAD)
    remove_referrals(type(referral).objects.filter(pk=referral.pk))
    assert not Case.objects.exists()
    person = make_person("Ada", "Specimen")
    case_referrals.start_from(by=by, referral=make_referral(), pathway=CASELOAD, person=person)
    remove_person(person)
    assert not Case.objects.exists()
