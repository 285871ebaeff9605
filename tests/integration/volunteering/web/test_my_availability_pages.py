"""When, how far and how much: the volunteer's own word."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.kernel.slots import SLOTS, mask_of
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.actions import volunteers
from stepdown.volunteering.models import Volunteer
from tests.factories import coordinator, make_ready_need, make_user, make_volunteer
from tests.factories.offers import make_offer, make_placement
from tests.support.phone import signed_in
from tests.support.reading import disclosed, queries_of, sign_in, words_of

PAGE, BREAK = "my-availability", "my-break"


def _told(volunteer: Volunteer, **changes: Any) -> dict[str, Any]:
    """The form as it stands, with changes."""
    volunteer.refresh_from_db()
    limit = volunteer.travel_limit_m
    return {
        "slots": [name for bit, name in enumerate(SLOTS) if volunteer.slots >> bit & 1],
        "travel_km": "" if limit is None else round(limit / 1000),
        "capacity": volunteer.capacity,
        "version": volunteer.version,
        **changes,
    }


def test_the_week_is_a_grid_of_boxes_each_with_its_words(client: Client) -> None:
    volunteer = signed_in(client, make_volunteer(slots=mask_of(["tue-eve"])))
    html = client.get(reverse(PAGE)).content.decode()
    boxes = re.findall(r'<input class="govuk-checkboxes__input"[^>]*name="slots"[^>]*>', html)
    assert len(boxes) == 21
    assert [one for one in boxes if "checked" in one] == [
        one for one in boxes if 'value="tue-eve"' in one
    ]
    assert "Tuesday Evening" in re.sub(r"<[^>]+>", "", html)
    assert disclosed(PAGE) == {volunteer.person_id}


def test_what_is_ticked_is_kept(client: Client) -> None:
    volunteer = signed_in(client, make_volunteer(slots=mask_of(["tue-eve"]), capacity=1))
    told = _told(volunteer, slots=["mon-am", "sun-eve"], travel_km="12", capacity="3")
    assert "Your availability has been saved." in words_of(
        client.post(reverse(PAGE), told, follow=True)
    )
    volunteer.refresh_from_db()
    assert volunteer.slots == mask_of(["mon-am", "sun-eve"])
    assert (volunteer.travel_limit_m, volunteer.capacity) == (12_000, 3)


def test_no_boxes_and_no_limit_are_answers_too(client: Client) -> None:
    volunteer = signed_in(client, make_volunteer(slots=mask_of(["tue-eve"]), travel_limit_m=5000))
    client.post(reverse(PAGE), _told(volunteer, slots=[], travel_km=""))
    volunteer.refresh_from_db()
    assert (volunteer.slots, volunteer.travel_limit_m) == (0, None)


def test_a_limit_in_metres_is_not_rounded_by_saving_something_else(client: Client) -> None:
    volunteer = signed_in(client, make_volunteer(travel_limit_m=2_600))
    client.post(reverse(PAGE), _told(volunteer, slots=["mon-am"]))
    volunteer.refresh_from_db()
    assert (volunteer.travel_limit_m, volunteer.slots) == (2_600, mask_of(["mon-am"]))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("travel_km", "far", "must be a number"),
        ("travel_km", "0", "must be 1 or more"),
        ("travel_km", "201", "must be 200 or fewer"),
        ("capacity", "", "How many placements could you have at once?"),
        ("capacity", "0", "must be 1 or more"),
        ("capacity", "21", "must be 20 or fewer"),
        ("slots", ["mon-night"], "Select an option from the list"),
    ],
)
def test_bad_input_is_explained_and_changes_nothing(
    client: Client, field: str, value: Any, said: str
) -> None:
    volunteer = signed_in(client)
    answer = client.post(reverse(PAGE), _told(volunteer, **{field: value}))
    assert answer.status_code == 422
    assert words_of(answer).count(said) >= 2
    assert "<title>Error: " in answer.content.decode()
    version = volunteer.version
    volunteer.refresh_from_db()
    assert volunteer.version == version


def test_nobody_can_have_fewer_placements_than_they_hold(client: Client) -> None:
    volunteer = signed_in(client)
    make_placement(volunteer=volunteer)
    make_placement(volunteer=volunteer)
    answer = client.post(reverse(PAGE), _told(volunteer, capacity="1"))
    assert answer.status_code == 422
    volunteer.refresh_from_db()
    assert volunteer.capacity == 5


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(client: Client) -> None:
    volunteer = signed_in(client)
    told = _told(volunteer, capacity="2")
    volunteers.change(by=coordinator(), volunteer=volunteer, version=told["version"], capacity=4)
    answer = client.post(reverse(PAGE), told)
    assert answer.status_code == 422
    assert "Somebody else changed this record while you were writing." in words_of(answer)
    volunteer.refresh_from_db()
    assert volunteer.capacity == 4


def test_the_grid_says_what_is_taken_up(client: Client) -> None:
    both = mask_of(["mon-am", "tue-eve"])
    volunteer = signed_in(client, make_volunteer(slots=both, capacity=3))
    assert "taken up" not in words_of(client.get(reverse(PAGE)))
    make_placement(make_ready_need(slots=both), volunteer, slot=SLOTS.index("mon-am"))
    make_offer(make_ready_need(slots=both), volunteer, slot=SLOTS.index("tue-eve"))
    words = words_of(client.get(reverse(PAGE)))
    assert "Monday Morning (already taken up)" in words
    assert "Tuesday Evening (already taken up)" in words
    assert words.count("(already taken up)") == 2


def test_a_break_is_taken_and_ended_and_twice_is_once(client: Client) -> None:
    volunteer = signed_in(client)
    for _ in range(2):
        client.post(reverse(BREAK), {"do": "pause"})
        volunteer.refresh_from_db()
        assert volunteer.state == "paused"
    assert "you get no new offers until you come back" in words_of(client.get(reverse(PAGE)))
    for _ in range(2):
        client.post(reverse(BREAK), {"do": "resume"})
        volunteer.refresh_from_db()
        assert volunteer.state == "active"
    assert "Take a break" in words_of(client.get(reverse(PAGE)))


def test_somebody_who_left_is_told_how_to_come_back(client: Client) -> None:
    volunteer = signed_in(client)
    volunteers.leave(by=coordinator(), volunteer=volunteer)
    words = words_of(client.get(reverse(PAGE)))
    assert "You have left, so you get no offers." in words
    assert "Take a break" not in words
    answer = client.post(reverse(BREAK), {"do": "resume"}, follow=True)
    assert "Ask your coordinator to take you back." in words_of(answer)
    volunteer.refresh_from_db()
    assert volunteer.state == "left"


def test_a_break_is_not_taken_by_following_a_link(client: Client) -> None:
    volunteer = signed_in(client)
    assert client.get(reverse(BREAK)).status_code == 405
    volunteer.refresh_from_db()
    assert volunteer.state == "active"


def test_staff_who_are_no_volunteers_have_no_such_page(client: Client) -> None:
    sign_in(client)
    assert client.get(reverse(PAGE)).status_code == 404
    assert client.post(reverse(BREAK), {"do": "pause"}).status_code == 404
    client.force_login(make_user(RoleKey.REFERRER))
    assert client.get(reverse(PAGE)).status_code == 403


def test_it_takes_as_many_queries_however_much_is_taken(client: Client) -> None:
    volunteer = signed_in(client, make_volunteer(capacity=20))
    make_placement(volunteer=volunteer)
    few = queries_of(client, reverse(PAGE))
    for _ in range(6):
        make_placement(volunteer=volunteer)
    assert queries_of(client, reverse(PAGE)) == few
