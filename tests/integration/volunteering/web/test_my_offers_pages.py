"""A volunteer's offers on their phone: what is asked, yes, no, and too late."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.hub.models import Disclosure
from stepdown.kernel import clock
from stepdown.kernel.slots import SLOTS, mask_of
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.actions import offers, placements, volunteers
from stepdown.volunteering.models import Credential, Exclusion, Need, Offer, Placement
from tests.factories import (
    coordinator,
    make_agency,
    make_need,
    make_person,
    make_postcode,
    make_ready_need,
    make_user,
    make_volunteer,
)
from tests.factories.offers import make_offer, make_placement
from tests.factories.risk import approve_risk
from tests.support.phone import by_link, signed_in
from tests.support.reading import disclosed, queries_of, sign_in, words_of

OFFERS = "my-offers"


def _url(offer: Offer, name: str = "my-offer") -> str:
    return reverse(name, args=[offer.pk])


def test_with_nothing_to_answer_the_page_says_what_will_come(client: Client) -> None:
    signed_in(client)
    words = words_of(client.get(reverse(OFFERS)))
    assert "Nothing is waiting." in words
    assert "No placements yet." in words


def test_an_offer_says_what_where_when_until_when_and_who_to_ask(client: Client) -> None:
    make_postcode("PR2 2AA", easting=353_000, northing=434_300)
    officer = make_user(RoleKey.OUTREACH_OFFICER, display_name="Olive Plover")
    person = make_person("Petra", "Secret", postcode="PR2 2AA")
    need = make_need(
        "Help with letters",
        person=person,
        officer=officer,
        agency=make_agency("Hub council"),
        slots=mask_of(["tue-eve"]),
        weekly_minutes=90,
        ends=clock.today() + timedelta(days=100),
    )
    approve_risk(need)
    volunteer = by_link(client, make_volunteer(slots=mask_of(["tue-eve"])))
    offer = make_offer(need, volunteer, slot=SLOTS.index("tue-eve"))
    for address in (reverse(OFFERS), _url(offer)):
        answer = client.get(address)
        words = words_of(answer)
        assert "Help with letters" in words
        assert "Community support" in words
        assert "Preston, about 5 km from your home" in words
        assert "Tuesday evening" in words
        assert "About 1 hour 30 minutes" in words
        assert "Answer by" in words
        assert "Olive Plover, Hub council" in words
        for told in ("Petra", "Secret", "PR2"):
            assert told not in answer.content.decode(), "not who, not where exactly"
    assert disclosed("my-offer") == {volunteer.person_id}


def test_a_protected_place_is_not_given_away(client: Client) -> None:
    need = make_need("Company", postcode="PR1 8RJ", shielded=True)
    approve_risk(need)
    volunteer = by_link(client)
    offer = make_offer(need, volunteer)
    make_placement(_another_shielded(), volunteer)
    for address in (reverse(OFFERS), _url(offer), _url(offer, "my-offer-accept")):
        answer = client.get(address)
        words = words_of(answer)
        assert "The place is protected. Your coordinator will tell you." in words
        assert "Preston" not in answer.content.decode()
        assert " km" not in words


def _another_shielded() -> Need:
    need = make_need("Visits", postcode="PR1 8RJ", shielded=True)
    approve_risk(need)
    return need


def test_no_distance_is_given_where_the_volunteers_own_home_is_shielded(client: Client) -> None:
    person = make_person(postcode="PR1 8RJ", shielded=True)
    volunteer = by_link(client, make_volunteer(person))
    words = words_of(client.get(_url(make_offer(volunteer=volunteer))))
    assert "Preston" in words
    assert " km" not in words


def test_yes_is_checked_said_and_becomes_a_placement(client: Client) -> None:
    volunteer = by_link(client)
    offer = make_offer(volunteer=volunteer)
    assert "Check before you say yes" in words_of(client.get(_url(offer, "my-offer-accept")))
    assert not Placement.objects.exists(), "looking is not answering"
    done = client.post(_url(offer, "my-offer-accept"), follow=True)
    words = words_of(done)
    assert "You have said yes" in words
    assert "What happens next" in words
    assert "Answer by" not in words
    placement = Placement.objects.get(offer=offer)
    assert reverse("my-placement", args=[placement.pk]) in done.content.decode()
    assert disclosed("my-offer-accept") == disclosed("my-offer") == {volunteer.person_id}
    assert placement.need.title in words_of(client.get(reverse(OFFERS)))


def test_no_needs_a_reason(client: Client) -> None:
    offer = make_offer(volunteer=by_link(client))
    answer = client.post(_url(offer, "my-offer-decline"), {})
    assert answer.status_code == 422
    words = words_of(answer)
    assert words.count("Select why you cannot do this one") == 2, "at the top and beside it"
    assert "<title>Error: " in answer.content.decode()
    bad = client.post(_url(offer, "my-offer-decline"), {"reason": "made-up"})
    assert bad.status_code == 422
    offer.refresh_from_db()
    assert offer.state == "sent"


def test_no_with_a_reason_frees_the_place(client: Client) -> None:
    volunteer = by_link(client)
    offer = make_offer(volunteer=volunteer)
    opened = words_of(client.get(_url(offer, "my-offer-decline")))
    assert "Why can you not do this one?" in opened
    done = client.post(_url(offer, "my-offer-decline"), {"reason": "times"}, follow=True)
    assert "You have said no to this one." in words_of(done)
    offer.refresh_from_db()
    assert (offer.state, offer.decline_reason) == ("declined", "times")
    assert "You said no to this." in words_of(client.get(_url(offer)))
    assert disclosed("my-offer-decline") == {volunteer.person_id}


def test_saying_they_may_know_the_person_keeps_them_apart_and_says_so(client: Client) -> None:
    volunteer = by_link(client)
    person = make_person()
    offer = make_offer(make_ready_need(person=person), volunteer)
    opened = words_of(client.get(_url(offer, "my-offer-decline")))
    assert "You will not be asked to help this person again. We do not tell them." in opened
    client.post(_url(offer, "my-offer-decline"), {"reason": "know-them"})
    assert Exclusion.objects.filter(volunteer=volunteer, person=person, ended_at=None).exists()


def _out_of_time(offer: Offer) -> Offer:
    Offer.objects.filter(pk=offer.pk).update(lapses_at=clock.now() - timedelta(minutes=1))
    return offer


def test_too_late_says_so_and_offers_no_answer(client: Client) -> None:
    offer = _out_of_time(make_offer(volunteer=by_link(client)))
    assert "Nothing is waiting." in words_of(client.get(reverse(OFFERS)))
    answer = client.get(_url(offer))
    assert "The time to answer was up, so we ask somebody else." in words_of(answer)
    assert "Yes, I can" not in words_of(answer)
    for name in ("my-offer-accept", "my-offer-decline"):
        assert client.get(_url(offer, name))["Location"] == _url(offer)


def test_a_yes_that_comes_too_late_is_refused_in_words(client: Client) -> None:
    offer = _out_of_time(make_offer(volunteer=by_link(client)))
    answer = client.post(_url(offer, "my-offer-accept"))
    assert answer.status_code == 403
    words = words_of(answer)
    assert "There is a problem" in words
    assert "This offer has lapsed: the time to answer it was up." in words
    assert "Yes, I can" not in words
    assert "<title>Error: " in answer.content.decode()
    assert not Placement.objects.exists()


def test_a_yes_after_a_check_has_lapsed_is_refused_and_names_the_check(client: Client) -> None:
    volunteer = by_link(client, make_volunteer(credentials=["dbs"]))
    offer = make_offer(make_ready_need(credential_types=["dbs"]), volunteer)
    Credential.objects.update(valid_to=clock.today() - timedelta(days=1))
    answer = client.post(_url(offer, "my-offer-accept"))
    assert answer.status_code == 403
    words = words_of(answer)
    assert "the match no longer meets every rule" in words
    assert "Credential dbs" in words
    assert "A check that this needs no longer holds" in words_of(client.get(_url(offer)))


def test_a_yes_during_a_break_is_refused_and_the_offer_stays(client: Client) -> None:
    volunteer = signed_in(client)
    offer = make_offer(volunteer=volunteer)
    volunteers.pause(by=coordinator(), volunteer=volunteer)
    answer = client.post(_url(offer, "my-offer-accept"))
    assert answer.status_code == 403
    assert "You are taking a break. End it first, then accept." in words_of(answer)
    assert "Yes, I can" in words_of(answer)


def test_an_offer_is_answered_once(client: Client) -> None:
    offer = make_offer(volunteer=by_link(client))
    client.post(_url(offer, "my-offer-accept"))
    again = client.post(_url(offer, "my-offer-accept"))
    assert again.status_code == 403
    assert "This offer has already been accepted." in words_of(again)
    other = client.post(_url(offer, "my-offer-decline"), {"reason": "times"})
    assert other.status_code == 403
    assert Placement.objects.count() == 1


def test_what_was_taken_back_says_so(client: Client) -> None:
    offer = make_offer(volunteer=by_link(client))
    offers.withdraw(by=coordinator(), offer=offer)
    assert "This is no longer needed." in words_of(client.get(_url(offer)))


def test_what_was_accepted_and_has_ended_does_not_promise_anything(client: Client) -> None:
    placement = make_placement(volunteer=by_link(client))
    placements.end(by=coordinator(), placement=placement, reason="done")
    words = words_of(client.get(_url(placement.offer)))
    assert "You said yes to this. It has ended since." in words
    assert "will be in touch" not in words


def test_the_offers_of_others_do_not_exist(client: Client) -> None:
    offer = make_offer()
    by_link(client)
    shown = Disclosure.objects.count()
    for name in ("my-offer", "my-offer-accept", "my-offer-decline"):
        assert client.get(_url(offer, name)).status_code == 404
    for name in ("my-offer-accept", "my-offer-decline"):
        assert client.post(_url(offer, name), {"reason": "times"}).status_code == 404
    offer.refresh_from_db()
    assert offer.state == "sent"
    assert Disclosure.objects.count() == shown, "nothing was shown, so nothing is logged"


@pytest.mark.parametrize(
    "role", [RoleKey.COORDINATOR, RoleKey.OUTREACH_OFFICER, RoleKey.REFERRER, RoleKey.ADMINISTRATOR]
)
def test_staff_do_not_answer_for_volunteers(client: Client, role: RoleKey) -> None:
    offer = make_offer()
    sign_in(client, role)
    assert client.get(reverse(OFFERS)).status_code == 403
    assert client.post(_url(offer, "my-offer-accept")).status_code == 403
    offer.refresh_from_db()
    assert offer.state == "sent"


def test_somebody_not_signed_in_is_asked_to(client: Client) -> None:
    answer = client.get(reverse(OFFERS))
    assert (answer.status_code, "/account/login/" in answer["Location"]) == (302, True)


def test_the_page_takes_as_many_queries_for_many_as_for_few(client: Client) -> None:
    volunteer = signed_in(client, make_volunteer(capacity=20))
    for _ in range(2):
        make_offer(volunteer=volunteer)
        make_placement(volunteer=volunteer)
    few = queries_of(client, reverse(OFFERS))
    for _ in range(7):
        make_offer(volunteer=volunteer)
        make_placement(volunteer=volunteer)
    assert queries_of(client, reverse(OFFERS)) == few
    assert disclosed(OFFERS) == {volunteer.person_id}
