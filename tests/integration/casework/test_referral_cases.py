"""A public referral becomes a case of a pathway whose file lets it, and nothing typed is lost."""

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.casework.actions import case_referrals, referrals
from stepdown.casework.models import Case, CaseAnswers, CasePerson, Referral
from stepdown.casework.models.referral import ReferralState
from stepdown.casework.queries.case_facts import own_referral_answers
from stepdown.hub.models import LedgerEntry
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.people.models import Address, Contact, Person, ShieldedAddress
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from stepdown.policy.sharing import Pathway
from tests.factories import (
    actor_of,
    coordinator,
    make_agency,
    make_person,
    make_referral,
    make_user,
)
from tests.factories.agreements import make_agreement

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

KEY = "volunteer-caseload"
WHY = {"help": "A walk each week", "instead": "no", "need": "low"}


def answered(by: Actor, draft: Case) -> Case:
    """The same draft with all that its pathway asks besides."""
    case_referrals.answer(by=by, case=draft, screen="why", answers=WHY)
    return draft


def test_referral_becomes_a_case_once_it_is_sent() -> None:
    by = coordinator()
    referral = make_referral(email="ada@example.org")
    with pytest.raises(InvalidInput) as told:
        case_referrals.start_from(by=by, referral=referral, pathway="out-of-court")
    assert set(told.value.errors) == {"pathway"}
    draft = case_referrals.start_from(by=by, referral=referral, pathway=KEY)
    assert own_referral_answers(draft)["family_name"] == "Specimen"
    assert Referral.objects.get().state == ReferralState.RECEIVED
    assert not Person.objects.exists()
    # Whoever thinks better of it leaves the referral as it was.
    case_referrals.discard(by=by, case=draft)
    assert Referral.objects.get().state == ReferralState.RECEIVED
    draft = case_referrals.start_from(by=by, referral=referral, pathway=KEY)
    with pytest.raises(InvalidInput):
        case_referrals.send(by=by, case=draft)
    assert Referral.objects.get().state == ReferralState.RECEIVED
    second = answered(by, case_referrals.start_from(by=by, referral=referral, pathway=KEY))
    case = case_referrals.send(by=by, case=answered(by, draft))
    held = Referral.objects.get()
    named = CasePerson.objects.get(case=case)
    assert (held.state, held.person, named.role) == ("became-case", named.person, "supported")
    assert (case.source, case.district_id) == ("self", held.district_id)
    assert Contact.objects.filter(person=named.person, value="ada@example.org").exists()
    assert Address.objects.get(person=named.person).postcode == "PR1 8RJ"
    kept = CaseAnswers.objects.get(case=case, step="referral", category="identity").answers
    assert "family_name" not in kept
    assert LedgerEntry.objects.filter(verb="referral.became-case").count() == 1
    for again in (
        lambda: case_referrals.send(by=by, case=second),
        lambda: case_referrals.start_from(by=by, referral=referral, pathway=KEY),
        lambda: referrals.reject(by=by, referral=referral, reason="statutory"),
        lambda: referrals.reopen(by=by, referral=referral),
    ):
        with pytest.raises(Refused, match="already become a case"):
            again()
    assert Person.objects.count() == 1
    assert Case.objects.exclude(stage="").count() == 1


def test_secret_address_and_a_known_person_stay_what_they_are() -> None:
    by = coordinator()
    person = make_person(by=by, given_name="Ada", family_name="Specimen")
    referral = make_referral(secret=True)
    draft = case_referrals.start_from(by=by, referral=referral, pathway=KEY, person=person)
    case = case_referrals.send(by=by, case=answered(by, draft))
    assert CasePerson.objects.get(case=case).person == person
    assert Person.objects.count() == 1
    assert not Address.objects.filter(person=person).exists()
    assert ShieldedAddress.objects.filter(person=person).exists()


def test_only_the_partner_that_was_asked_makes_a_case_of_it() -> None:
    ours, theirs = make_agency(), make_agency()
    sender = actor_of(make_user(RoleKey.COORDINATOR, agency=theirs))
    referral = make_referral(by=sender)
    Referral.objects.filter(pk=referral.pk).update(agency=theirs)
    make_agreement(theirs, ours, pathways=(Pathway.VOLUNTEER_SUPPORT,))
    by = actor_of(make_user(RoleKey.COORDINATOR, agency=ours))
    with pytest.raises(Refused, match="Only the partner that sent"):
        case_referrals.start_from(by=by, referral=referral, pathway=KEY)
    assert case_referrals.start_from(by=sender, referral=referral, pathway=KEY).agency == theirs


def test_pages_lead_from_the_referral_to_the_case(client: Client) -> None:
    user = make_user(RoleKey.COORDINATOR)
    client.force_login(user)
    referral = make_referral()
    page = reverse("referral-case", args=[referral.pk])
    assert page in client.get(reverse("referral", args=[referral.pk])).content.decode()
    assert "Select a pathway" in client.post(page, {}).content.decode()
    answer = client.post(page, {"pathway": KEY, "person": "new"})
    draft = Case.objects.get()
    assert answer["Location"] == reverse("case-refer-resume", args=[draft.pk])
    assert client.get(answer["Location"])["Location"].endswith("/why/")
    answered(actor_of(user), draft)
    client.post(reverse("case-refer-check", args=[draft.pk]))
    shown = client.get(reverse("referral", args=[referral.pk])).content.decode()
    assert reverse("case", args=[draft.pk]) in shown
    assert "Became a case" in shown
