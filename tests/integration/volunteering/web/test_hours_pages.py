"""Hours as staff look after them, on the page of their placement."""

from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from stepdown.kernel import clock
from stepdown.people.actions import accounts
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.actions import hours
from stepdown.volunteering.models import HoursEntry, Placement
from tests.factories import DISTRICT, OTHER_DISTRICT, make_ready_need, make_volunteer
from tests.factories.offers import make_placement, volunteer_actor
from tests.support.reading import disclosed, queries_of, sign_in, words_of


def _begun(placement: Placement | None = None) -> Placement:
    """A placement that has run for some weeks."""
    placement = placement or make_placement()
    Placement.objects.filter(pk=placement.pk).update(starts=clock.today() - timedelta(days=60))
    placement.refresh_from_db()
    return placement


def _entry(placement: Placement, days_ago: int = 1, minutes: int = 90) -> HoursEntry:
    on = clock.today() - timedelta(days=days_ago)
    by = volunteer_actor(placement.volunteer)
    return hours.log(by=by, placement=placement, on=on, minutes=minutes)


def _told(on: date, **changes: object) -> dict[str, Any]:
    day = {"on-day": on.day, "on-month": on.month, "on-year": on.year}
    return {**day, "hours": "1", "minutes": "45", **changes}


def _log(placement: Placement) -> str:
    return reverse("placement-hours", args=[placement.pk])


def test_hours_told_on_the_phone_are_logged(client: Client) -> None:
    sign_in(client)
    placement = _begun()
    done = client.post(_log(placement), _told(clock.today()), follow=True)
    words = words_of(done)
    assert "Hours logged." in words
    assert "1 hour 45 minutes" in words
    assert "Confirmed: 0 minutes. Waiting: 1 hour 45 minutes." in words


def test_what_is_wrong_is_said_beside_its_field(client: Client) -> None:
    sign_in(client)
    placement = _begun()
    early = client.post(_log(placement), _told(clock.today() - timedelta(days=100)))
    assert early.status_code == 422
    assert words_of(early).count("The day must be on or after the placement began.") == 2
    nothing = client.post(_log(placement), _told(clock.today(), hours="", minutes=""))
    assert words_of(nothing).count("Enter how long they helped for") == 2
    client.post(_log(placement), _told(clock.today()))
    twice = client.post(_log(placement), _told(clock.today()))
    assert "Hours are already logged for this day. Change those instead." in words_of(twice)
    assert HoursEntry.objects.count() == 1


def test_hours_are_confirmed_where_they_stand(client: Client) -> None:
    sign_in(client)
    entry = _entry(_begun())
    need = words_of(client.get(reverse("need", args=[entry.placement.need_id])))
    assert "Hours to confirm 1 entry waits" in need
    page = reverse("hours-confirm", args=[entry.pk])
    assert "Hours confirmed." in words_of(client.post(page, follow=True))
    again = client.post(page)
    assert again.status_code == 403
    assert "These hours have been confirmed." in words_of(again)


def test_a_question_is_asked_about_them(client: Client) -> None:
    sign_in(client)
    entry = _entry(_begun())
    page = reverse("hours-query", args=[entry.pk])
    words = words_of(client.get(page))
    assert "1 hour 30 minutes on" in words
    assert disclosed("hours-query") == {entry.placement.volunteer.person_id}
    assert client.post(page, {"note": ""}).status_code == 422
    done = words_of(client.post(page, {"note": "Was it not an hour?"}, follow=True))
    assert "Question sent." in done
    assert "Questioned Was it not an hour?" in done


def test_nobody_confirms_their_own(client: Client) -> None:
    placement = _begun()
    entry = _entry(placement)
    user = sign_in(client)
    accounts.link_user(by=Actor.hub(), person=placement.volunteer.person, user=user)
    words = words_of(client.get(reverse("placement", args=[placement.pk])))
    assert "Confirm " not in words
    refused = client.post(reverse("hours-confirm", args=[entry.pk]))
    assert refused.status_code == 403
    assert "Somebody else has to confirm your own hours." in words_of(refused)
    entry.refresh_from_db()
    assert entry.state == "logged"


def test_others_do_not_confirm(client: Client) -> None:
    far = _entry(_begun(make_placement(make_ready_need(district=OTHER_DISTRICT), make_volunteer())))
    near = _entry(_begun())
    sign_in(client, RoleKey.COORDINATOR, DISTRICT)
    assert client.post(reverse("hours-confirm", args=[far.pk])).status_code == 404
    sign_in(client, RoleKey.VOLUNTEER)
    assert client.post(reverse("hours-confirm", args=[near.pk])).status_code == 403
    sign_in(client, RoleKey.OUTREACH_OFFICER, DISTRICT)
    refused = client.post(reverse("hours-confirm", args=[near.pk]))
    assert refused.status_code == 403
    assert not HoursEntry.objects.filter(state="confirmed").exists()


def test_the_page_s_queries_do_not_grow_with_entries(client: Client) -> None:
    sign_in(client)
    placement = _begun()
    for day in range(1, 6):
        _entry(placement, day)
    page = reverse("placement", args=[placement.pk])
    few = queries_of(client, page)
    for day in range(6, 26):
        _entry(placement, day)
    assert queries_of(client, page) == few
