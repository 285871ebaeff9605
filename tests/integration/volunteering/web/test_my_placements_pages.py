"""A volunteer's placement on their phone, and "I can't make it"."""

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.hub.models import Disclosure, OutboxMessage
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.actions import hours, placements
from stepdown.volunteering.models import Placement
from tests.factories import coordinator, make_person, make_ready_need, make_user
from tests.factories.offers import make_placement, volunteer_actor
from tests.support.phone import begun, by_link, signed_in
from tests.support.reading import disclosed, queries_of, sign_in, words_of


def _url(placement: Placement, name: str = "my-placement") -> str:
    return reverse(name, args=[placement.pk])


def test_it_says_what_was_agreed_and_not_with_whom(client: Client) -> None:
    volunteer = by_link(client)
    need = make_ready_need("Help with letters", person=make_person("Petra", "Secret"))
    placement = make_placement(need, volunteer)
    answer = client.get(_url(placement))
    words = words_of(answer)
    for told in ("Help with letters", "Community support", "Preston", "Live", "None logged yet."):
        assert told in words
    assert "Secret" not in answer.content.decode()
    assert disclosed("my-placement") == {volunteer.person_id}


def test_hours_given_are_listed_with_their_sum_and_state(client: Client) -> None:
    placement = begun(make_placement(volunteer=by_link(client)))
    by = volunteer_actor(placement.volunteer)
    hours.log(by=by, placement=placement, on=placement.starts, minutes=50)
    words = words_of(client.get(_url(placement)))
    assert "50 minutes in all" in words
    assert "Waits to be confirmed" in words


def test_i_cannot_make_it_tells_the_coordinator_and_moves_nothing(client: Client) -> None:
    make_user(RoleKey.COORDINATOR)
    volunteer = by_link(client)
    placement = make_placement(volunteer=volunteer)
    OutboxMessage.objects.all().delete()
    ask = _url(placement, "my-placement-step-back")
    opened = words_of(client.get(ask))
    assert "Nothing changes until they have spoken to you." in opened
    placement.refresh_from_db()
    assert placement.step_back_asked_at is None, "looking is not telling"
    words = words_of(client.post(ask, follow=True))
    assert "We have told the coordinator." in words
    assert "You told us that you can’t make it." in words
    assert "I can’t make it" not in words, "it has been said"
    placement.refresh_from_db()
    assert placement.state == "live"
    assert OutboxMessage.objects.filter(template="placement-step-back").exists()
    assert disclosed("my-placement-step-back") == {volunteer.person_id}


def test_it_is_said_once(client: Client) -> None:
    placement = make_placement(volunteer=by_link(client))
    ask = _url(placement, "my-placement-step-back")
    client.post(ask)
    again = client.post(ask)
    assert again.status_code == 403
    assert "You have already told us. Somebody will be in touch." in words_of(again)
    assert "<title>Error: " in again.content.decode()
    assert client.get(ask)["Location"] == _url(placement)


def test_a_placement_on_hold_says_not_to_visit_and_can_be_stepped_back_from(
    client: Client,
) -> None:
    placement = make_placement(volunteer=by_link(client))
    placements.suspend(by=coordinator(), placement=placement, reason="Their private reason")
    words = words_of(client.get(_url(placement)))
    assert "Do not visit until your coordinator tells you that you can go on." in words
    assert "Their private reason" not in words
    assert "Log hours" not in words
    assert "I can’t make it" in words
    assert client.post(_url(placement, "my-placement-step-back")).status_code == 302


def test_a_placement_that_has_ended_has_nothing_left_to_press(client: Client) -> None:
    placement = make_placement(volunteer=by_link(client))
    placements.end(by=coordinator(), placement=placement, reason="done")
    words = words_of(client.get(_url(placement)))
    assert "Ended" in words
    assert "I can’t make it" not in words
    assert "Log hours" not in words
    refused = client.post(_url(placement, "my-placement-step-back"))
    assert refused.status_code == 403
    assert "This placement has ended." in words_of(refused)


@pytest.mark.parametrize("name", ["my-placement", "my-placement-step-back"])
def test_the_placements_of_others_do_not_exist(client: Client, name: str) -> None:
    placement = make_placement()
    by_link(client)
    shown = Disclosure.objects.count()
    assert client.get(_url(placement, name)).status_code == 404
    assert client.post(_url(placement, "my-placement-step-back")).status_code == 404
    assert Disclosure.objects.count() == shown
    placement.refresh_from_db()
    assert placement.step_back_asked_at is None


def test_staff_have_pages_of_their_own(client: Client) -> None:
    placement = make_placement()
    sign_in(client)
    assert client.get(_url(placement)).status_code == 403
    assert client.post(_url(placement, "my-placement-step-back")).status_code == 403


def test_it_takes_as_many_queries_for_many_hours_as_for_few(client: Client) -> None:
    placement = begun(make_placement(volunteer=signed_in(client)))
    by = volunteer_actor(placement.volunteer)

    def log(days: range) -> None:
        for day in days:
            on = placement.starts.fromordinal(placement.starts.toordinal() + day)
            hours.log(by=by, placement=placement, on=on, minutes=60)

    log(range(5))
    few = queries_of(client, _url(placement))
    log(range(5, 25))
    assert queries_of(client, _url(placement)) == few
