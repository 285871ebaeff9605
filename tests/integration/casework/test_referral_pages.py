"""The list of referrals, the page of one, and the forms that decide."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stepdown.casework.actions import referrals
from stepdown.casework.models import Referral
from stepdown.casework.models.referral import ReferralState
from stepdown.hub.models import DisclosedPerson, LedgerPayload, User
from stepdown.kernel import clock
from stepdown.people.models import Person, ShieldedAddress
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.models import Need, NeedShieldedLocation
from tests.factories import (
    DISTRICT,
    OTHER_DISTRICT,
    actor_of,
    coordinator,
    make_agency,
    make_answered,
    make_person,
    make_place,
    make_referral,
    make_scheme,
    make_user,
)
from tests.support.shielded import inside

BIRTH = date(1947, 3, 31)


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_user(RoleKey.COORDINATOR))
    return client


def _list(client: Client, query: str = "") -> str:
    return client.get(reverse("referrals") + query).content.decode()


def _show(client: Client, referral: Referral) -> str:
    return client.get(reverse("referral", args=[referral.pk])).content.decode()


def _order(html: str, *referrals_: Referral) -> list[int]:
    return [html.index(one.reference) for one in referrals_]


def test_the_list_starts_with_what_waits_most_urgent_and_oldest_first(staff: Client) -> None:
    later, soon = make_referral(soon="month"), make_referral(soon="days")
    sooner_but_new = make_referral(soon="days", family_name="Newer")
    done = make_referral()
    referrals.reject(by=coordinator(), referral=done, reason="incomplete")
    html = _list(staff)
    assert done.reference not in html
    places = _order(html, soon, sooner_but_new, later)
    assert places == sorted(places)
    assert "Selected filters" not in html


def test_a_referral_started_early_and_sent_late_stands_by_when_it_was_received(
    staff: Client,
) -> None:
    slow = make_answered()
    quick = make_referral()
    with clock.at(clock.now() + timedelta(hours=1)):
        referrals.submit(by=Actor.public(), referral=slow)
        places = _order(_list(staff), quick, slow)
    assert places == sorted(places)


def test_filters_narrow_the_list_and_can_be_taken_off(staff: Client) -> None:
    here = make_referral(soon="days")
    there = make_referral(postcode="LA1 1AA", district=OTHER_DISTRICT)
    gone = make_referral(family_name="Gone")
    referrals.reject(by=coordinator(), referral=gone, reason="incomplete")
    for query, shown in (
        (f"?district={OTHER_DISTRICT}", {there}),
        ("?band=1", {here}),
        ("?state=rejected", {gone}),
        ("?state=rejected&state=received", {here, there, gone}),
        (f"?reference={gone.reference.lower().replace('-', '+')}", {gone}),
        ("?since-day=1&since-month=1&since-year=2099", set()),
        ("?since-day=1&since-month=1&since-year=2020", {here, there}),
    ):
        html = _list(staff, query)
        rows = set(re.findall(r"/referrals/([0-9a-f-]{36})/", html))
        assert rows == {str(one.pk) for one in shown}, query
        assert "Selected filters" in html
    html = _list(staff, "?band=1&state=received")
    assert 'href="/referrals/?state=received"' in html
    assert 'href="/referrals/?band=1"' in html


def test_a_filter_that_makes_no_sense_says_so_and_breaks_nothing(staff: Client) -> None:
    make_referral()
    html = _list(staff, "?band=9&state=nonsense&since-day=40&since-month=1&since-year=2026&after=x")
    assert "The date must be a real date" in html


def test_the_list_is_walked_page_by_page(staff: Client) -> None:
    made = {make_referral().reference for _n in range(30)}
    first = _list(staff)
    following = re.search(r'href="(\?after=[^"]+)" rel="next"', first)
    assert following
    second = _list(staff, following[1].replace("&amp;", "&"))
    found = [set(re.findall(r"R-[0-9A-Z]{4}-[0-9A-Z]{4}", html)) & made for html in (first, second)]
    assert [len(one) for one in found] == [25, 5]
    assert found[0] | found[1] == made


def _queries(visit: Callable[[], Any]) -> int:
    visit()  # the first visit of a session also writes the session
    with CaptureQueriesContext(connection) as seen:
        visit()
    return len(seen)


def test_the_number_of_queries_does_not_grow_with_the_list(staff: Client) -> None:
    for _n in range(5):
        make_referral()
    few = _queries(lambda: _list(staff))
    for _n in range(20):
        make_referral()
    assert _queries(lambda: _list(staff)) == few


def test_the_number_of_queries_does_not_grow_with_a_referrers_list(client: Client) -> None:
    user = make_user(RoleKey.REFERRER)
    client.force_login(user)
    for _n in range(5):
        make_referral(actor_of(user))
    few = _queries(lambda: _list(client))
    for _n in range(20):
        make_referral(actor_of(user))
    assert _queries(lambda: _list(client)) == few


def test_the_number_of_queries_does_not_grow_with_duplicates(staff: Client) -> None:
    referral = make_referral()
    for _n in range(2):
        make_referral()
        make_person("Ada", "Specimen", date_of_birth=BIRTH)
    few = _queries(lambda: _show(staff, referral))
    for _n in range(8):
        make_referral()
        make_person("Ada", "Specimen", date_of_birth=BIRTH)
    assert _queries(lambda: _show(staff, referral)) == few


def test_whoever_is_listed_is_disclosed_first(staff: Client) -> None:
    made = {make_referral().pk for _n in range(3)}
    _list(staff)
    assert set(DisclosedPerson.objects.values_list("person_id", flat=True)) == made


def test_a_referral_says_what_was_asked_and_what_happened(staff: Client) -> None:
    referral = make_referral(safe="care", safe_note="After 6pm")
    html = _show(staff, referral)
    for words in (
        "Ada Specimen", "31 March 1947", "PR1 8RJ", "After 6pm", "Walks with a stick",
        "A large dog", "Contact with care", "A visit could be risky", "Referral sent",
        "somebody without an account", "Make a need", "Reject",
    ):  # fmt: skip
        assert words in html, words
    assert "Answers saved" not in html
    shown = DisclosedPerson.objects.get(person_id=referral.pk)
    assert set(shown.categories.split(",")) == {
        "identity", "contact", "location", "support", "health", "safeguarding",
    }  # fmt: skip


def test_a_secret_address_is_on_no_page(staff: Client) -> None:
    make_scheme()
    referral = make_referral(secret=True, lines="7 Hidden Row")
    other = make_referral()
    seen = _list(staff) + _show(staff, referral) + _show(staff, other)
    for name in ("referral-need", "referral-duplicate", "referral-reject", "referral-withdraw"):
        seen += staff.get(reverse(name, args=[referral.pk])).content.decode()
    assert "Address is secret" in seen
    assert "Hidden" not in seen
    assert "PR1 8RJ" not in _show(staff, referral)


def test_an_officer_reads_and_is_told_why_not_to_decide(client: Client) -> None:
    client.force_login(make_user(RoleKey.OUTREACH_OFFICER, [DISTRICT]))
    referral = make_referral()
    html = _show(client, referral)
    assert "Your role does not include deciding" in html
    assert "Make a need" not in html
    answer = client.get(reverse("referral-need", args=[referral.pk]))
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "name",
    ["referral", "referral-need", "referral-duplicate", "referral-reject", "referral-withdraw",
     "referral-reopen"],
)  # fmt: skip
def test_a_referral_of_another_district_does_not_exist(client: Client, name: str) -> None:
    client.force_login(make_user(RoleKey.COORDINATOR, [OTHER_DISTRICT]))
    referral = make_referral()
    assert client.get(reverse(name, args=[referral.pk])).status_code == 404


def test_administrators_volunteers_and_visitors_see_no_referrals(client: Client) -> None:
    referral = make_referral()
    for address in (reverse("referrals"), reverse("referral", args=[referral.pk])):
        assert client.get(address).status_code == 302
    for role in (RoleKey.ADMINISTRATOR, RoleKey.VOLUNTEER):
        client.force_login(make_user(role))
        for address in (reverse("referrals"), reverse("referral", args=[referral.pk])):
            assert client.get(address).status_code == 403


def _referrer(client: Client) -> User:
    user = make_user(RoleKey.REFERRER)
    client.force_login(user)
    return user


def test_a_referrer_sees_their_own_and_what_became_of_each(client: Client) -> None:
    make_scheme()
    user = _referrer(client)
    by = actor_of(user)
    waiting, helped, rejected = (make_referral(by, family_name=n) for n in ("One", "Two", "Three"))
    foreign = make_referral()
    triage = coordinator()
    referrals.make_need(by=triage, referral=helped, title="Shopping", scheme="community-support")
    referrals.reject(by=triage, referral=rejected, reason="statutory")
    html = _list(client)
    assert foreign.reference not in html
    assert "A coordinator will read it" in html
    assert "We are looking for a volunteer." in html
    assert "the person needs a public service now" in html
    own = _show(client, waiting)
    assert "What you told us" in own
    assert "Walks with a stick" in own
    assert "Possible duplicates" not in own
    assert "What happened" not in own
    assert "Withdraw" in own
    assert "Make a need" not in own
    assert client.get(reverse("referral", args=[foreign.pk])).status_code == 404


def test_a_referrer_withdraws_their_own(client: Client) -> None:
    referral = make_referral(actor_of(_referrer(client)))
    address = reverse("referral-withdraw", args=[referral.pk])
    assert "Withdraw this referral?" in client.get(address).content.decode()
    html = client.post(address, follow=True).content.decode()
    assert "The referral is withdrawn." in html
    assert Referral.objects.get().state == ReferralState.WITHDRAWN


def _need_answers(**more: Any) -> dict[str, Any]:
    return {
        "person": "new", "title": "Help with shopping", "scheme": "community-support",
        "band": "2", "starts-day": "1", "starts-month": "2", "starts-year": "2027",
        "places": "2", "weekly_hours": "1.5", "skills": ["shopping"], "district": DISTRICT,
        "agency": str(make_agency("Hub council").pk), "officer": "", "slots": ["mon-am"],
    } | more  # fmt: skip


def test_a_need_is_made_from_the_answers(staff: Client) -> None:
    make_scheme()
    referral = make_referral(slots=1)
    address = reverse("referral-need", args=[referral.pk])
    html = staff.get(address).content.decode()
    assert 'value="Shopping"' in html
    assert "Cannot carry shopping home" in html
    assert 'value="new" checked' in html
    assert 'value="mon-am" checked' in html
    answer = staff.post(address, _need_answers(), follow=True)
    need = Need.objects.get()
    assert need.reference in answer.content.decode()
    assert (need.places, need.weekly_minutes, need.starts) == (2, 90, date(2027, 2, 1))
    assert Referral.objects.get().need == need


def test_somebody_on_record_is_chosen_instead_of_somebody_new(staff: Client) -> None:
    make_scheme()
    person = make_person("Ada", "Specimen", date_of_birth=BIRTH)
    referral = make_referral()
    address = reverse("referral-need", args=[referral.pk])
    html = staff.get(address).content.decode()
    assert "Same name and date of birth" in html
    assert 'value="new" checked' not in html
    staff.post(address, _need_answers(person=str(person.pk)))
    assert Need.objects.get().person == person
    assert Person.objects.count() == 1


def test_a_person_who_is_not_among_those_offered_cannot_be_chosen(staff: Client) -> None:
    make_scheme()
    stranger = make_person("Somebody", "Else")
    address = reverse("referral-need", args=[make_referral().pk])
    html = staff.post(address, _need_answers(person=str(stranger.pk))).content.decode()
    assert "There is a problem" in html
    assert not Need.objects.exists()


def test_a_secret_referral_becomes_a_secret_need(staff: Client) -> None:
    make_scheme()
    referral = make_referral(secret=True, lines="7 Hidden Row")
    address = reverse("referral-need", args=[referral.pk])
    assert "The address is secret." in staff.get(address).content.decode()
    html = staff.post(address, _need_answers(), follow=True).content.decode()
    assert "Hidden" not in html
    assert "PR1" not in html
    assert inside(ShieldedAddress.objects.get())["lines"] == "7 Hidden Row"
    assert NeedShieldedLocation.objects.get().need == Need.objects.get()
    assert "Hidden" not in "".join(LedgerPayload.objects.values_list("body", flat=True))


def test_a_need_with_mistakes_is_not_made(staff: Client) -> None:
    make_scheme()
    address = reverse("referral-need", args=[make_referral().pk])
    wrong = _need_answers(
        title="", places="0", **{"ends-day": "1", "ends-month": "1", "ends-year": "2027"}
    )
    html = staff.post(address, wrong).content.decode()
    assert "Enter what the help is" in html
    assert "There is a problem" in html
    html = staff.post(address, wrong | {"title": "Shopping", "places": "1"}).content.decode()
    assert "There is a problem" in html
    assert not Need.objects.exists()
    assert not Person.objects.exists()


def test_what_somebody_else_decided_meanwhile_is_said(staff: Client) -> None:
    make_scheme()
    referral = make_referral()
    referrals.reject(by=coordinator(), referral=referral, reason="incomplete")
    for name in ("referral-need", "referral-duplicate", "referral-withdraw"):
        html = staff.get(reverse(name, args=[referral.pk]), follow=True).content.decode()
        assert "This referral was rejected." in html


def test_a_duplicate_is_marked_from_those_that_look_alike(staff: Client) -> None:
    original, again = make_referral(), make_referral()
    address = reverse("referral-duplicate", args=[again.pk])
    html = staff.get(address).content.decode()
    assert "Same name, date of birth and postcode area" in html
    html = staff.post(address, {"original": str(original.pk)}, follow=True).content.decode()
    assert "It repeats" in html
    assert Referral.objects.get(pk=again.pk).duplicate_of == original


def test_a_duplicate_is_marked_by_reference(staff: Client) -> None:
    original, again = make_referral(given_name="Ida"), make_referral()
    address = reverse("referral-duplicate", args=[again.pk])
    wrong = staff.post(address, {"original": "other", "reference": "R-0000-0000"})
    assert "There is no referral with this reference" in wrong.content.decode()
    own = staff.post(address, {"original": "other", "reference": again.reference})
    assert "cannot be a duplicate of itself" in own.content.decode()
    staff.post(address, {"original": "other", "reference": original.reference.lower()})
    assert Referral.objects.get(pk=again.pk).duplicate_of == original


def test_a_rejection_says_what_the_referrer_will_read(staff: Client) -> None:
    referral = make_referral()
    address = reverse("referral-reject", args=[referral.pk])
    assert "lives outside the area we cover" in staff.get(address).content.decode()
    assert "Select why the referral is rejected" in staff.post(address, {}).content.decode()
    html = staff.post(address, {"reason": "out-of-area"}, follow=True).content.decode()
    assert "Lives outside the partnership" in html
    assert "Open again" in html
    reopened = staff.post(reverse("referral-reopen", args=[referral.pk]), follow=True)
    assert "waits for a decision again" in reopened.content.decode()


def test_a_list_without_places_or_referrals_still_opens(staff: Client) -> None:
    assert "No referral waits for a decision." in _list(staff)
    make_place(DISTRICT)
    assert "No referral fits these filters." in _list(staff, "?band=1")


def test_a_need_leads_back_to_what_was_said_in_its_referral(client: Client) -> None:
    user = make_user(RoleKey.COORDINATOR)
    referral = make_referral()
    need = referrals.make_need(
        by=actor_of(user), referral=referral, scheme=make_scheme(),
        agency=make_agency("Hub council"), starts=clock.today(),
        title="Company and conversation",
    )  # fmt: skip
    client.force_login(user)

    page = client.get(reverse("need", args=[need.pk])).content.decode()

    assert f'href="{reverse("referral", args=[referral.pk])}"' in page
