"""The calendar feed: its owner makes and ends it; it says when, and nothing that names anybody."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from stepdown.hub.models import AccessLink, LedgerEntry
from stepdown.kernel import clock
from stepdown.kernel.slots import SLOTS, mask_of
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.actions import placements
from stepdown.volunteering.models import Placement, Volunteer
from tests.factories import coordinator, make_need, make_person, make_ready_need, make_volunteer
from tests.factories.offers import make_offer, make_placement
from tests.factories.risk import approve_risk
from tests.support.phone import by_link, link_to, signed_in
from tests.support.reading import disclosed, queries_of, sign_in, words_of

MAKE, END = "my-calendar-make", "my-calendar-end"
TUESDAY = mask_of(["tue-eve"])


def _make(client: Client) -> str:
    """The path of a new feed."""
    page = client.post(reverse(MAKE)).content.decode()
    found = re.search(r"<code>http://testserver(/calendar/[^<]+\.ics)</code>", page)
    assert found
    return found[1]


def _placed(volunteer: Volunteer, title: str = "Help with shopping", **more: Any) -> Placement:
    need = make_ready_need(title, slots=TUESDAY, **more)
    return make_placement(need, volunteer, slot=SLOTS.index("tue-eve"))


def _events(client: Client, path: str) -> list[Any]:
    answer = client.get(path)
    assert answer.status_code == 200
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def _volunteer() -> Volunteer:
    return make_volunteer(slots=mask_of(SLOTS), capacity=9)


def test_the_owner_is_shown_the_address_this_once(client: Client) -> None:
    by_link(client, _volunteer())
    assert "End the calendar address" not in words_of(client.get(reverse("my-offers")))
    answer = client.post(reverse(MAKE))
    words = words_of(answer)
    assert "It is shown this once" in words
    assert "Whoever has this address can read the feed. It holds no names." in words
    assert 'href="webcal://testserver/calendar/' in answer.content.decode()
    stored = bytes(AccessLink.objects.get(purpose="calendar").secret_hash)
    assert len(stored) == 32, "a hash, not the secret"
    after = client.get(reverse("my-offers"))
    assert "You have a calendar address. A new one ends it." in words_of(after)
    assert "/calendar/" not in after.content.decode().replace("/my/calendar/", "")
    assert LedgerEntry.objects.filter(verb="link.made").count() == 2


def test_the_feed_says_what_kind_roughly_where_and_when(client: Client) -> None:
    volunteer = by_link(client, _volunteer())
    placement = _placed(volunteer)
    path = _make(client)
    answer = Client().get(path)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer"
    [event] = _events(Client(), path)
    assert event["summary"] == "Volunteering: Community support"
    assert event["location"] == "Preston"
    begins = event["dtstart"].dt
    assert (begins.weekday(), begins.hour) == (1, 18)
    assert 0 <= (begins.date() - placement.starts).days < 7
    assert event["rrule"]["FREQ"] == ["WEEKLY"]
    assert disclosed("calendar-feed") == {volunteer.person_id}


def test_nobody_is_named_in_it(client: Client) -> None:
    volunteer = by_link(client, _volunteer())
    person = make_person("Petra", "Secret", postcode="PR1 8RJ")
    placement = _placed(volunteer, "Company for Petra Secret", person=person, postcode=None)
    text = Client().get(_make(client)).content.decode()
    told = (
        "Petra",
        "Secret",
        "Company",
        volunteer.person.given_name,
        volunteer.person.family_name,
        "PR1",
        placement.need.reference,
        placement.need.agency.name,
        str(placement.pk),
        str(placement.need_id),
        str(person.pk),
        str(volunteer.person_id),
    )
    unfolded = text.replace("\r\n ", "")
    assert [one for one in told if one in unfolded] == []


def test_nothing_of_a_protected_place_is_in_it(client: Client) -> None:
    volunteer = by_link(client, _volunteer())
    need = make_need("Refuge visits", slots=TUESDAY, postcode="PR1 8RJ", shielded=True)
    approve_risk(need)
    make_placement(need, volunteer, slot=SLOTS.index("tue-eve"))
    path = _make(client)
    [event] = _events(Client(), path)
    assert "location" not in event
    text = Client().get(path).content.decode()
    for told in ("Preston", "PR1", "Refuge"):
        assert told not in text


def test_only_what_goes_on_and_has_a_time_is_in_it(client: Client) -> None:
    volunteer = by_link(client, _volunteer())
    path = _make(client)
    assert _events(client, path) == []
    placement = _placed(volunteer)
    make_placement(make_ready_need(), volunteer)  # times to agree
    make_offer(make_ready_need(slots=mask_of(["sun-am"])), volunteer, slot=SLOTS.index("sun-am"))
    make_placement()  # somebody else's
    assert len(_events(client, path)) == 1
    placements.suspend(by=coordinator(), placement=placement, reason="Wait")
    assert _events(client, path) == [], "what is on hold is not visited"
    placements.resume(by=coordinator(), placement=placement)
    [again] = _events(client, path)
    placements.end(by=coordinator(), placement=placement, reason="done")
    assert _events(client, path) == []
    assert again["uid"]


def test_an_event_keeps_its_name_so_that_calendars_do_not_double_it(client: Client) -> None:
    volunteer = by_link(client, _volunteer())
    _placed(volunteer)
    path = _make(client)
    first, second = _events(client, path), _events(client, path)
    assert first[0]["uid"] == second[0]["uid"]
    other = _make(client)
    assert _events(client, other)[0]["uid"] == first[0]["uid"]


def test_it_ends_with_the_need(client: Client) -> None:
    last = clock.today() + timedelta(days=40)
    volunteer = by_link(client, _volunteer())
    _placed(volunteer, ends=last)
    [event] = _events(client, _make(client))
    assert event["rrule"]["UNTIL"][0].astimezone(clock.LONDON).date() == last


def test_a_feed_that_has_ended_is_not_found(client: Client) -> None:
    by_link(client, _volunteer())
    path = _make(client)
    assert Client().get(path).status_code == 200
    words = words_of(client.post(reverse(END), follow=True))
    assert "Your calendar feed has ended." in words
    assert Client().get(path).status_code == 404
    assert client.get(path).status_code == 404, "not for its owner either"


def test_a_new_feed_ends_the_one_before(client: Client) -> None:
    by_link(client, _volunteer())
    first, second = _make(client), _make(client)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200


@pytest.mark.parametrize("secret", ["unknown", "x" * 200])
def test_an_unknown_feed_is_not_found(client: Client, secret: str) -> None:
    assert client.get(reverse("calendar-feed", args=[secret])).status_code == 404


def test_the_link_to_the_pages_is_no_way_to_the_feed_nor_the_other_way(client: Client) -> None:
    volunteer = _volunteer()
    secret = link_to(volunteer).strip("/").rpartition("/")[2]
    assert client.get(reverse("calendar-feed", args=[secret])).status_code == 404
    by_link(client, volunteer)
    feed = _make(client).rpartition("/")[2].removesuffix(".ics")
    assert Client().post(reverse("link", args=[feed])).status_code == 404


@pytest.mark.parametrize("name", [MAKE, END])
def test_it_is_made_and_ended_by_its_owner_pressing_a_button(client: Client, name: str) -> None:
    signed_in(client)
    assert client.get(reverse(name)).status_code == 405
    assert not AccessLink.objects.filter(purpose="calendar").exists()
    sign_in(client, RoleKey.COORDINATOR)
    assert client.post(reverse(name)).status_code == 403


def test_it_takes_as_many_queries_for_many_placements_as_for_few(client: Client) -> None:
    slots = ["mon-am", "tue-am", "wed-am", "thu-am", "fri-am", "sat-am", "sun-am"]
    volunteer = by_link(client, _volunteer())

    def place(names: list[str]) -> None:
        for name in names:
            need = make_ready_need(slots=mask_of([name]))
            make_placement(need, volunteer, slot=SLOTS.index(name))

    place(slots[:2])
    path = _make(client)
    few = queries_of(client, path)
    place(slots[2:])
    assert queries_of(client, path) == few
    assert len(_events(client, path)) == 7
