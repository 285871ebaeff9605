"""What becomes of a referral, and what of it is carried into the records."""

from typing import Any

import pytest

from stepdown.casework.actions import referrals
from stepdown.casework.models import Referral
from stepdown.casework.models.referral import ReferralState
from stepdown.casework.queries.answers import readable_answers, secret_address_given
from stepdown.hub.models import LedgerEntry, LedgerPayload, LedgerSubject, OutboxMessage
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.kernel.slots import mask_of
from stepdown.people.actions import addresses, contacts
from stepdown.people.models import Address, Contact, Person, ShieldedAddress
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.models import Need, NeedLocation, NeedShieldedLocation
from tests.factories import (
    DISTRICT,
    OTHER_DISTRICT,
    actor_of,
    coordinator,
    make_agency,
    make_language,
    make_person,
    make_place,
    make_referral,
    make_scheme,
    make_user,
)
from tests.support.shielded import inside

TERMS: dict[str, Any] = {"title": "Help with shopping", "scheme": "community-support"}


@pytest.fixture(autouse=True)
def _scheme() -> None:
    make_scheme()


def _make_need(referral: Referral, **more: Any) -> Need:
    by = more.pop("by", None) or coordinator()
    return referrals.make_need(by=by, referral=referral, **TERMS, **more)


def test_a_referral_becomes_a_need_and_nothing_typed_is_lost() -> None:
    make_language("ur")
    slots = mask_of(["mon-am", "tue-pm"])
    referral = make_referral(
        slots=slots, languages=["ur"], email="ada@example.org", safe="care",
        safe_note="After 6pm", soon="days",
    )  # fmt: skip
    need = _make_need(referral)
    person = need.person
    assert person is not None
    assert (person.full_name, str(person.date_of_birth)) == ("Ada Specimen", "1947-03-31")
    assert person.district_id == need.district_id == DISTRICT
    assert (need.band, need.slots) == (1, slots)
    assert [skill.key for skill in need.skills.all()] == ["shopping"]
    assert [language.code for language in need.languages.all()] == ["ur"]
    assert Address.objects.get(person=person).postcode == "PR1 8RJ"
    assert NeedLocation.objects.get(need=need).postcode == "PR1 8RJ"
    kept = {(c.kind, c.value, c.safe, c.safe_note) for c in Contact.objects.all()}
    assert kept == {
        ("mobile", "07700 900 982", False, "After 6pm"),
        ("email", "ada@example.org", False, "After 6pm"),
    }
    done = Referral.objects.get(pk=referral.pk)
    assert (done.state, done.need, done.person) == (ReferralState.BECAME_NEED, need, person)


def test_what_the_coordinator_chose_goes_before_what_was_answered() -> None:
    make_place(OTHER_DISTRICT)
    need = _make_need(make_referral(soon="week"), band=3, skills=(), district=OTHER_DISTRICT)
    assert (need.band, need.skills.count(), need.district_id) == (3, 0, OTHER_DISTRICT)


def test_a_secret_address_stays_secret_all_the_way() -> None:
    referral = make_referral(secret=True, lines="7 Hidden Row")
    need = _make_need(referral)
    assert not Address.objects.exists()
    assert not NeedLocation.objects.exists()
    assert inside(ShieldedAddress.objects.get(person=need.person))["lines"] == "7 Hidden Row"
    assert inside(NeedShieldedLocation.objects.get(need=need))["postcode"] == "PR1 8RJ"
    words = "".join(LedgerPayload.objects.values_list("body", flat=True))
    assert "Hidden" not in words
    assert "PR1" not in words


def test_the_entry_stands_in_the_timeline_of_referral_person_and_need() -> None:
    referral = make_referral()
    need = _make_need(referral)
    entry = LedgerEntry.objects.get(verb="referral.became-need")
    found = set(LedgerSubject.objects.filter(entry=entry).values_list("kind", "subject_id"))
    assert found == {("referral", referral.pk), ("person", need.person_id), ("need", need.pk)}


def test_a_person_on_record_is_completed_and_not_copied() -> None:
    person = make_person("Ada", "Specimen", email="ada@example.org")
    need = _make_need(make_referral(email="ADA@example.org"), person=person)
    assert need.person == person
    assert Person.objects.count() == 1
    assert Address.objects.get(person=person).postcode == "PR1 8RJ"
    assert sorted(Contact.objects.values_list("kind", flat=True)) == ["email", "mobile"]


def test_an_address_on_record_is_not_overwritten() -> None:
    person = make_person("Ada", "Specimen", postcode="PR2 2AA")
    need = _make_need(make_referral(), person=person)
    assert Address.objects.get(person=person).postcode == "PR2 2AA"
    assert NeedLocation.objects.get(need=need).postcode == "PR1 8RJ"


def test_a_secret_referral_hides_the_address_on_record_too() -> None:
    person = make_person("Ada", "Specimen", postcode="PR2 2AA")
    _make_need(make_referral(secret=True, postcode=""), person=person)
    assert not Address.objects.exists()
    assert inside(ShieldedAddress.objects.get(person=person))["postcode"] == "PR2 2AA"


def test_a_hidden_person_stays_hidden_when_a_referral_does_not_know_it() -> None:
    person = make_person("Ada", "Specimen", postcode="PR2 2AA", shielded=True)
    need = _make_need(make_referral(), person=person)
    assert not NeedLocation.objects.exists()
    assert NeedShieldedLocation.objects.filter(need=need).exists()
    assert not Address.objects.exists()


def test_contacts_on_record_stop_being_safe_when_the_referral_says_so() -> None:
    person = make_person("Ada", "Specimen", email="ada@example.org")
    _make_need(make_referral(safe="no", phone=""), person=person)
    contact = Contact.objects.get(person=person)
    assert (contact.safe, contact.preferred) == (False, False)


def test_a_contact_once_unsafe_is_not_made_safe_by_a_referral() -> None:
    person = make_person("Ada", "Specimen")
    contacts.add(by=coordinator(), person=person, kind="mobile", value="07700 900982", safe=False)
    _make_need(make_referral(), person=person)
    assert [c.safe for c in Contact.objects.all()] == [False]


def test_a_bad_field_undoes_everything() -> None:
    referral = make_referral()
    with pytest.raises(InvalidInput):
        _make_need(referral, places=0)
    assert Referral.objects.get().state == ReferralState.RECEIVED
    assert not Person.objects.exists()
    assert not Need.objects.exists()


def test_a_duplicate_names_its_original_and_takes_its_person() -> None:
    original, again = make_referral(), make_referral()
    need = _make_need(original)
    done = referrals.mark_duplicate(by=coordinator(), referral=again, original=original)
    assert (done.state, done.duplicate_of) == (ReferralState.DUPLICATE, original)
    assert done.person == need.person


def test_a_referral_is_no_duplicate_of_itself_or_of_a_duplicate() -> None:
    one, two, three = make_referral(), make_referral(), make_referral()
    by = coordinator()
    with pytest.raises(InvalidInput, match="itself"):
        referrals.mark_duplicate(by=by, referral=one, original=one)
    referrals.mark_duplicate(by=by, referral=one, original=two)
    with pytest.raises(InvalidInput, match="itself marked"):
        referrals.mark_duplicate(by=by, referral=three, original=one)
    with pytest.raises(InvalidInput, match="itself marked"):
        referrals.mark_duplicate(by=by, referral=two, original=one)


def test_an_original_that_the_coordinator_may_not_see_does_not_exist() -> None:
    here = make_referral()
    there = make_referral(postcode="LA1 1AA", district=OTHER_DISTRICT)
    with pytest.raises(NotVisible):
        referrals.mark_duplicate(by=coordinator(DISTRICT), referral=here, original=there)


def test_a_rejection_has_a_reason() -> None:
    referral = make_referral()
    with pytest.raises(InvalidInput):
        referrals.reject(by=coordinator(), referral=referral, reason="")
    done = referrals.reject(by=coordinator(), referral=referral, reason="not-offered")
    assert (done.state, done.reject_reason) == (ReferralState.REJECTED, "not-offered")


@pytest.mark.parametrize("how", ["reject", "duplicate"])
def test_what_was_decided_too_soon_is_opened_again(how: str) -> None:
    by, referral, other = coordinator(), make_referral(), make_referral()
    if how == "reject":
        referrals.reject(by=by, referral=referral, reason="incomplete")
    else:
        referrals.mark_duplicate(by=by, referral=referral, original=other)
    done = referrals.reopen(by=by, referral=referral)
    assert done.state == ReferralState.RECEIVED
    assert (done.reject_reason, done.duplicate_of, done.triaged_at) == ("", None, None)


def test_what_is_decided_cannot_be_decided_again() -> None:
    by, referral = coordinator(), make_referral()
    _make_need(referral)
    with pytest.raises(Refused, match="already become a need"):
        _make_need(referral)
    with pytest.raises(Refused, match="already become a need"):
        referrals.reject(by=by, referral=referral, reason="incomplete")
    with pytest.raises(Refused, match="already become a need"):
        referrals.withdraw(by=by, referral=referral)
    assert Need.objects.count() == 1


def test_a_coordinator_of_another_district_does_not_see_it() -> None:
    referral = make_referral()
    with pytest.raises(NotVisible):
        referrals.reject(by=coordinator(OTHER_DISTRICT), referral=referral, reason="incomplete")


def test_an_officer_sees_a_referral_but_does_not_decide() -> None:
    referral = make_referral()
    officer = actor_of(make_user(RoleKey.OUTREACH_OFFICER, [DISTRICT]))
    with pytest.raises(Refused):
        referrals.reject(by=officer, referral=referral, reason="incomplete")


def test_a_referrer_withdraws_their_own_and_only_their_own() -> None:
    by = actor_of(make_user(RoleKey.REFERRER))
    own, other = make_referral(by), make_referral()
    assert referrals.withdraw(by=by, referral=own).state == ReferralState.WITHDRAWN
    with pytest.raises(NotVisible):
        referrals.withdraw(by=by, referral=other)
    with pytest.raises(NotVisible):
        referrals.withdraw(by=Actor.public(), referral=other)


def test_a_referrer_with_an_account_hears_what_was_decided() -> None:
    user = make_user(RoleKey.REFERRER, agency=make_agency("Hub council"))
    referral = make_referral(actor_of(user))
    _make_need(referral)
    message = OutboxMessage.objects.get(template="referral-outcome")
    assert (message.to_user, message.about_id) == (user.pk, referral.pk)


def test_nobody_is_told_what_they_did_themselves() -> None:
    by = actor_of(make_user(RoleKey.REFERRER))
    referrals.withdraw(by=by, referral=make_referral(by))
    assert not OutboxMessage.objects.filter(template="referral-outcome").exists()


def _shown(referral: Referral) -> str:
    """All that any page could read of a referral's answers."""
    return str(readable_answers(referral.pk, list(Category)))


def test_an_address_in_a_referral_is_shielded_when_the_persons_is() -> None:
    by, referral = coordinator(), make_referral()
    other = make_referral(family_name="Another")
    need = _make_need(referral, by=by)
    assert "PR1 8RJ" in _shown(referral)
    assert need.person is not None
    addresses.set_address(by=by, person=need.person, postcode="PR1 8RJ", shielded=True)
    assert "PR1 8RJ" not in _shown(referral)
    assert "Example Row" not in _shown(referral)
    assert secret_address_given(referral.pk)
    assert readable_answers(referral.pk, list(Category))[Category.LOCATION] == {"secret": True}
    assert LedgerEntry.objects.get(verb="referral.shielded").object_id == referral.pk
    assert "PR1 8RJ" in _shown(other)


def test_a_referral_for_somebody_who_lives_hidden_keeps_their_address_secret() -> None:
    by = coordinator()
    person = make_person(postcode="PR1 8RJ", shielded=True)
    first, second = make_referral(), make_referral()
    _make_need(first, by=by, person=person)
    referrals.mark_duplicate(by=by, referral=second, original=first)
    for referral in (first, second):
        assert "PR1 8RJ" not in _shown(referral)
        assert secret_address_given(referral.pk)
