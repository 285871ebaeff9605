"""One offer as those who sent it see it."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse

from stepdown.kernel import clock
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.actions import offers
from stepdown.volunteering.models import Offer
from tests.factories import DISTRICT, OTHER_DISTRICT, make_person, make_ready_need, make_volunteer
from tests.factories.offers import make_offer, make_placement, volunteer_actor
from tests.support.reading import disclosed, sign_in, words_of


def _url(offer: Offer, name: str = "offer") -> str:
    return reverse(name, args=[offer.pk])


def test_an_open_offer_says_when_it_lapses_and_can_be_withdrawn(client: Client) -> None:
    sign_in(client)
    offer = make_offer(make_ready_need(person=make_person("Pat", "Plover")))
    words = words_of(client.get(_url(offer)))
    assert offer.volunteer.person.full_name in words
    assert "Sent by User" in words
    assert "Lapses" in words
    assert "Answer None" in words
    assert "Withdraw offer" in words
    assert disclosed("offer") == {offer.volunteer.person_id, offer.need.person_id}
    done = client.post(_url(offer, "offer-withdraw"), follow=True)
    assert "Offer withdrawn." in words_of(done)
    assert Offer.objects.get().state == "withdrawn"
    again = client.post(_url(offer, "offer-withdraw"))
    assert again.status_code == 403
    assert "This offer has been withdrawn." in words_of(again)


def test_a_declined_offer_says_why(client: Client) -> None:
    sign_in(client)
    offer = make_offer()
    offers.decline(by=volunteer_actor(offer.volunteer), offer=offer, reason="times")
    words = words_of(client.get(_url(offer)))
    assert "Declined on" in words
    assert "The times do not suit me" in words
    assert "Withdraw offer" not in words


def test_an_offer_that_nobody_swept_yet_has_lapsed_all_the_same(client: Client) -> None:
    offer = make_offer()
    with clock.at(offer.lapses_at + timedelta(minutes=1)):
        sign_in(client)
        words = words_of(client.get(_url(offer)))
    assert "Lapsed" in words
    assert "Withdraw offer" not in words


def test_an_accepted_offer_leads_to_its_placement(client: Client) -> None:
    sign_in(client)
    placement = make_placement()
    page = client.get(_url(placement.offer))
    assert "See the placement it became" in words_of(page)
    assert reverse("placement", args=[placement.pk]) in page.content.decode()


def test_other_districts_and_the_volunteer_have_no_such_page(client: Client) -> None:
    offer = make_offer(make_ready_need(district=OTHER_DISTRICT), make_volunteer())
    sign_in(client, RoleKey.COORDINATOR, DISTRICT)
    assert client.get(_url(offer)).status_code == 404
    sign_in(client, RoleKey.VOLUNTEER)
    assert client.get(_url(offer)).status_code == 403


def test_an_officer_outside_their_caseload_sees_but_does_not_withdraw(client: Client) -> None:
    offer = make_offer()
    sign_in(client, RoleKey.OUTREACH_OFFICER, DISTRICT)
    assert "Withdraw offer" not in words_of(client.get(_url(offer)))
    refused = client.post(_url(offer, "offer-withdraw"))
    assert refused.status_code == 403
    assert "only for needs that you look after" in words_of(refused)
    assert Offer.objects.get().state == "sent"
