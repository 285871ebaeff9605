"""The link in a message: a way in without a password, for whom it was sent to and as long as it
holds."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.hub.actions import links
from stepdown.hub.models import AccessLink, Disclosure
from stepdown.kernel import clock
from stepdown.people.actions import accounts
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from tests.factories import make_user, make_volunteer
from tests.factories.offers import make_offer
from tests.support.phone import by_link, link_to, signed_in
from tests.support.reading import sign_in, words_of


def test_opening_the_link_shows_a_button_and_nothing_else(client: Client) -> None:
    volunteer = make_volunteer()
    offer = make_offer(volunteer=volunteer)
    address = link_to(volunteer)
    answer = client.get(address)
    words = words_of(answer)
    assert "You have been asked to help" in words
    assert "See what is asked" in words
    assert offer.need.title not in words
    assert volunteer.person.full_name not in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_scanner_that_follows_the_link_does_nothing_by_it(client: Client, method: str) -> None:
    volunteer = make_volunteer()
    offer = make_offer(volunteer=volunteer)
    assert getattr(client, method)(link_to(volunteer)).status_code == 200
    assert "link" not in client.session
    assert client.get(reverse("my-offers")).status_code == 302, "it leads to sign-in"
    offer.refresh_from_db()
    assert offer.state == "sent"
    assert not Disclosure.objects.exists()


def test_the_button_leads_to_ones_own_offers(client: Client) -> None:
    volunteer = make_volunteer()
    offer = make_offer(volunteer=volunteer)
    answer = client.post(link_to(volunteer))
    assert (answer.status_code, answer["Location"]) == (302, reverse("my-offers"))
    assert offer.need.title in words_of(client.get(reverse("my-offers")))


def test_the_button_works_in_browsers_that_say_where_a_form_comes_from() -> None:
    """With no-referrer on its page, a form comes from nowhere ("null"), and is refused."""
    client = Client(enforce_csrf_checks=True)
    address = link_to(make_volunteer())
    opened = client.get(address)
    assert opened["Referrer-Policy"] == "same-origin", "nothing of the address leaves the hub"
    token = client.cookies["csrftoken"].value
    headers = {"origin": "http://testserver", "referer": f"http://testserver{address}"}
    sent = client.post(address, {"csrfmiddlewaretoken": token}, headers=headers)
    assert sent.status_code == 302
    nowhere = client.post(address, {"csrfmiddlewaretoken": token}, headers={"origin": "null"})
    assert nowhere.status_code == 403


def test_another_site_cannot_press_the_button() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(link_to(make_volunteer())).status_code == 403


def test_expired_revoked_unknown_and_calendar_links_get_one_answer(client: Client) -> None:
    volunteer = make_volunteer()
    expired = link_to(volunteer)
    AccessLink.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    calendar = links.make(by=Actor.hub(), person_id=volunteer.person_id, purpose="calendar")
    revoked = link_to(volunteer)
    links.revoke(by=Actor.hub(), person_id=volunteer.person_id, purpose="volunteer")
    addresses = [
        expired,
        revoked,
        reverse("link", args=["never-made"]),
        reverse("link", args=[calendar]),
    ]
    answers = [answer for one in addresses for answer in (client.get(one), client.post(one))]
    assert {answer.status_code for answer in answers} == {404}
    said = {words_of(answer) for answer in answers}
    assert len(said) == 1
    assert "This link does not work" in said.pop()
    assert {answer["Referrer-Policy"] for answer in answers} == {"no-referrer"}
    assert "link" not in client.session


def test_a_session_by_link_ends_the_moment_the_link_is_revoked(client: Client) -> None:
    volunteer = by_link(client)
    offer = make_offer(volunteer=volunteer)
    assert client.get(reverse("my-offers")).status_code == 200
    links.revoke(by=Actor.hub(), person_id=volunteer.person_id, purpose="volunteer")
    answer = client.get(reverse("my-offers"))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")
    client.post(reverse("my-offer-accept", args=[offer.pk]))
    offer.refresh_from_db()
    assert offer.state == "sent"


def test_a_session_by_link_ends_when_the_link_does(client: Client) -> None:
    by_link(client)
    AccessLink.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert client.get(reverse("my-offers")).status_code == 302


def test_the_session_gets_a_new_key(client: Client) -> None:
    """A key that somebody planted before is worth nothing after."""
    session = client.session
    session["something"] = "before"
    session.save()
    before = session.session_key
    by_link(client)
    assert client.session.session_key != before


def test_whoever_else_was_signed_in_no_longer_is(client: Client) -> None:
    sign_in(client, RoleKey.COORDINATOR)
    by_link(client)
    assert "_auth_user_id" not in client.session
    assert client.get(reverse("plan")).status_code == 403


def test_a_volunteer_who_is_signed_in_stays_so(client: Client) -> None:
    volunteer = signed_in(client)
    client.post(link_to(volunteer))
    assert client.get(reverse("my-availability")).status_code == 200


def test_an_account_that_may_not_answer_offers_gives_way_to_the_link(client: Client) -> None:
    volunteer, user = make_volunteer(), make_user(RoleKey.REFERRER)
    accounts.link_user(by=Actor.hub(), person=volunteer.person, user=user)
    client.force_login(user)
    client.post(link_to(volunteer))
    assert client.get(reverse("my-offers")).status_code == 200


@pytest.mark.parametrize("name", ["my-availability", "my-passport"])
def test_a_link_opens_no_more_than_answers_need_and_says_so(client: Client, name: str) -> None:
    by_link(client)
    answer = client.get(reverse(name))
    assert answer.status_code == 403
    assert "The link in your message does not open this page. Sign in to see it." in words_of(
        answer
    )


def test_the_start_of_the_pages_by_link_says_what_signing_in_adds(client: Client) -> None:
    by_link(client)
    assert "or to change when you can help, sign in." in words_of(client.get(reverse("my-offers")))
    signed_in(client)
    assert "sign in" not in words_of(client.get(reverse("my-offers")))
