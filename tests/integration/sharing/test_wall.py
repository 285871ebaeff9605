"""One agency's referral is seen by another's staff by an agreement in force, or not at all."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from stepdown.casework.actions import referrals
from stepdown.casework.models import Referral
from stepdown.casework.queries.duplicates import possible_duplicates
from stepdown.casework.queries.gaps import gaps
from stepdown.casework.queries.referral import facts, is_visible, visible_to
from stepdown.hub.models import Agency, DisclosedPerson, User
from stepdown.hub.queries.disclosure import shown
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.people.models import Address, Contact
from stepdown.policy.categories import Category
from stepdown.policy.decide import decide
from stepdown.policy.permissions import Permission
from stepdown.policy.roles import RoleKey
from stepdown.sharing.actions import agreements
from tests.factories import (
    actor_of,
    make_agency,
    make_agreement,
    make_referral,
    make_scheme,
    make_user,
)
from tests.factories.agreements import protection_officer, signatory

pytestmark = pytest.mark.django_db


@pytest.fixture
def trust() -> Agency:
    return make_agency("A trust", "nhs")


@pytest.fixture
def council() -> Agency:
    return make_agency("B council")


@pytest.fixture
def nurse(trust: Agency) -> User:
    return make_user(RoleKey.REFERRER, agency=trust)


@pytest.fixture
def carol(council: Agency) -> User:
    return make_user(RoleKey.COORDINATOR, agency=council)


@pytest.fixture
def staff(client: Client, carol: User) -> Client:
    client.force_login(carol)
    return client


@pytest.fixture
def foreign(nurse: User) -> Referral:
    return make_referral(actor_of(nurse))


def _says(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_without_an_agreement_it_does_not_exist(staff: Client, foreign: Referral) -> None:
    for page in ("", "need/", "duplicate/", "reject/", "withdraw/", "reopen/"):
        assert staff.get(f"/referrals/{foreign.pk}/{page}").status_code == 404
    found = _says(staff, f"/referrals/?reference={foreign.reference}")
    assert "No referral fits these filters." in found
    assert foreign.reference not in _says(staff, "/referrals/")
    assert foreign.reference not in _says(staff, "/today/")
    assert not DisclosedPerson.objects.filter(person_id=foreign.pk).exists()


def test_a_referral_of_no_agency_and_of_ones_own_needs_none(
    staff: Client, carol: User, council: Agency
) -> None:
    own = make_referral(actor_of(make_user(RoleKey.REFERRER, agency=council)))
    for referral in (make_referral(), own):
        assert "Walks with a stick" in _says(staff, f"/referrals/{referral.pk}/")
    assert decide(actor_of(carol), Permission.REFERRAL_VIEW, facts(own)).clause == ""


def test_an_agreement_shows_it_and_names_its_clause(
    staff: Client, carol: User, foreign: Referral, trust: Agency, council: Agency
) -> None:
    held = make_agreement(trust, council)
    html = _says(staff, f"/referrals/{foreign.pk}/")
    clause = f"{held.reference}/1/1"
    assert "Walks with a stick" in html
    assert clause in html
    decision = decide(actor_of(carol), Permission.REFERRAL_VIEW, facts(foreign))
    assert (decision.allowed, decision.clause) == (True, clause)
    assert clause in decision.reason
    (look,) = shown(foreign.pk)
    assert look.clauses == (clause,)
    assert set(look.categories) >= {"identity", "health", "contact"}
    _says(staff, "/referrals/")
    assert shown(foreign.pk)[0].clauses == (clause,)


def test_the_next_request_after_a_party_withdrew_finds_nothing(
    staff: Client, foreign: Referral, trust: Agency, council: Agency
) -> None:
    held = make_agreement(trust, council)
    _says(staff, f"/referrals/{foreign.pk}/")
    agreements.withdraw(by=signatory(trust), agreement=held, agency=trust, reason="Over")
    assert staff.get(f"/referrals/{foreign.pk}/").status_code == 404


def test_the_first_request_after_the_last_day_finds_nothing(
    carol: User, foreign: Referral, trust: Agency, council: Agency
) -> None:
    make_agreement(trust, council, ends=clock.today())
    by = actor_of(carol)
    assert visible_to(by).filter(pk=foreign.pk).exists()
    with clock.at(clock.now() + timedelta(days=1)):
        assert not visible_to(by).filter(pk=foreign.pk).exists()
        assert not is_visible(by, foreign)


def test_only_the_categories_of_the_clause_are_read(
    staff: Client, foreign: Referral, trust: Agency, council: Agency
) -> None:
    make_agreement(trust, council, categories=[Category.IDENTITY, Category.SUPPORT])
    html = _says(staff, f"/referrals/{foreign.pk}/")
    assert "Ada Specimen" in html
    assert "Cannot carry shopping home" in html
    for hidden in ("Walks with a stick", "A large dog", "07700 900 982", "PR1 8RJ"):
        assert hidden not in html, hidden
    assert set(shown(foreign.pk)[0].categories) == {"identity", "support"}


def test_a_name_that_is_not_shared_is_on_no_list(
    staff: Client, foreign: Referral, trust: Agency, council: Agency
) -> None:
    make_agreement(trust, council, categories=[Category.SUPPORT])
    html = _says(staff, "/referrals/")
    assert foreign.reference in html
    assert "Specimen" not in html
    with pytest.raises(Refused, match="who this is about"):
        referrals.make_need(
            by=actor_of(make_user(RoleKey.COORDINATOR, agency=council)),
            referral=foreign,
            title="Help",
            scheme=make_scheme().pk,
        )


def test_the_agreement_of_two_others_opens_nothing(
    staff: Client, foreign: Referral, trust: Agency, council: Agency
) -> None:
    make_agreement(trust, make_agency("C police", "police"))
    make_agreement(council, trust)
    assert staff.get(f"/referrals/{foreign.pk}/").status_code == 404


def test_what_is_not_shared_does_not_go_on_into_the_need(
    foreign: Referral, carol: User, trust: Agency, council: Agency
) -> None:
    covered = [Category.IDENTITY, Category.SUPPORT, Category.LOCATION]
    make_agreement(trust, council, categories=covered)
    terms: dict[str, Any] = {"title": "Help", "scheme": make_scheme().pk}
    need = referrals.make_need(by=actor_of(carol), referral=foreign, **terms)
    assert need.person is not None
    assert need.person.full_name == "Ada Specimen"
    assert need.agency == trust
    assert not Contact.objects.filter(person=need.person).exists()


def test_no_need_is_made_where_its_place_is_not_shared_nor_in_another_partners_name(
    foreign: Referral, carol: User, trust: Agency, council: Agency
) -> None:
    terms: dict[str, Any] = {"title": "Help", "scheme": make_scheme().pk}
    make_agreement(trust, council, categories=[Category.IDENTITY, Category.SUPPORT])
    with pytest.raises(Refused, match="No sharing agreement"):
        referrals.make_need(by=actor_of(carol), referral=foreign, **terms)
    make_agreement(trust, council)
    with pytest.raises(InvalidInput):
        referrals.make_need(by=actor_of(carol), referral=foreign, agency=council, **terms)


def test_all_that_is_shared_goes_on(
    foreign: Referral, carol: User, trust: Agency, council: Agency
) -> None:
    make_agreement(trust, council)
    terms: dict[str, Any] = {"title": "Help", "scheme": make_scheme().pk}
    need = referrals.make_need(by=actor_of(carol), referral=foreign, **terms)
    assert Contact.objects.filter(person=need.person, safe=True).exists()
    assert Address.objects.filter(person=need.person).exists()


def test_a_secret_address_stays_secret_whatever_is_shared(
    nurse: User, carol: User, trust: Agency, council: Agency
) -> None:
    hidden = make_referral(actor_of(nurse), secret=True)
    covered = [Category.IDENTITY, Category.SUPPORT, Category.LOCATION]
    make_agreement(trust, council, categories=covered)
    terms: dict[str, Any] = {"title": "Help", "scheme": make_scheme().pk}
    need = referrals.make_need(by=actor_of(carol), referral=hidden, **terms)
    assert not Address.objects.filter(person=need.person).exists()


def test_verbs_are_refused_as_for_a_referral_that_is_not_there(
    foreign: Referral, carol: User
) -> None:
    by = actor_of(carol)
    with pytest.raises(NotVisible):
        referrals.reject(by=by, referral=foreign, reason="incomplete")
    with pytest.raises(NotVisible):
        referrals.withdraw(by=by, referral=foreign)
    with pytest.raises(NotVisible):
        referrals.mark_duplicate(by=by, referral=make_referral(), original=foreign)


def test_the_maker_keeps_their_own_without_any_agreement(
    client: Client, nurse: User, foreign: Referral
) -> None:
    client.force_login(nurse)
    assert "Ada Specimen" in _says(client, f"/referrals/{foreign.pk}/")


def test_a_duplicate_says_nothing_of_an_original_that_is_hidden(
    staff: Client, carol: User, foreign: Referral, trust: Agency, council: Agency
) -> None:
    held = make_agreement(trust, council)
    again = make_referral()
    referrals.mark_duplicate(by=actor_of(carol), referral=again, original=foreign)
    assert foreign.reference in _says(staff, f"/referrals/{again.pk}/")
    agreements.withdraw(by=signatory(trust), agreement=held, agency=trust, reason="Over")
    assert foreign.reference not in _says(staff, f"/referrals/{again.pk}/")


def test_a_hidden_duplicate_leaves_no_trace_on_its_original(
    staff: Client, carol: User, foreign: Referral, trust: Agency, council: Agency
) -> None:
    held = make_agreement(trust, council)
    original = make_referral()
    referrals.mark_duplicate(by=actor_of(carol), referral=foreign, original=original)
    assert "Marked as a duplicate" in _says(staff, f"/referrals/{original.pk}/")
    agreements.withdraw(by=signatory(trust), agreement=held, agency=trust, reason="Over")
    assert "Marked as a duplicate" not in _says(staff, f"/referrals/{original.pk}/")


def test_a_likeness_is_not_drawn_from_what_is_not_shared(
    carol: User, foreign: Referral, trust: Agency, council: Agency
) -> None:
    by, own = actor_of(carol), make_referral()
    make_agreement(trust, council, categories=[Category.IDENTITY])
    (alike,) = possible_duplicates(by, own).referrals
    assert (alike.id, alike.likeness.birth, alike.likeness.area) == (foreign.pk, True, False)
    make_agreement(trust, council, categories=[Category.LOCATION])
    (alike,) = possible_duplicates(by, own).referrals
    assert alike.likeness.area


def test_gaps_are_flows_that_no_agreement_covers(
    foreign: Referral, carol: User, trust: Agency, council: Agency
) -> None:
    officer = protection_officer(council)
    (gap,) = gaps(officer)
    assert (gap.source, gap.target, gap.whole) == ("A trust", "B council", True)
    make_agreement(trust, council, categories=[Category.IDENTITY, Category.SUPPORT])
    (gap,) = gaps(officer)
    assert not gap.whole
    assert set(gap.categories) == {"contact", "location", "health", "safeguarding"}
    make_agreement(trust, council)
    assert gaps(officer) == []
    assert gaps(signatory(make_agency("Stranger"))) == []
