"""Dates, distances, slots and statuses in words."""

from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override

from stepdown.kernel.slots import ALL_SLOTS, mask_of
from stepdown.pages import words
from stepdown.pages.status import COLOURS, LABELS, status_of


def test_a_date_is_written_out_in_full() -> None:
    assert words.gov_date(date(2026, 11, 5)) == "5 November 2026"
    assert words.gov_date(None) == ""


def test_a_date_is_written_in_welsh_for_a_welsh_reader() -> None:
    with override("cy"):
        assert words.gov_date(date(2026, 11, 5)) == "5 Tachwedd 2026"


def test_a_moment_is_given_in_local_time_in_summer_too() -> None:
    moment = datetime(2026, 7, 5, 14, 4, tzinfo=UTC)
    assert words.gov_datetime(moment) == "5 July 2026 at 3:04pm"


def test_a_moment_after_midnight_in_summer_falls_on_the_local_day() -> None:
    assert words.gov_datetime(datetime(2026, 7, 5, 23, 30, tzinfo=UTC)) == "6 July 2026 at 12:30am"


def test_a_date_without_a_time_gets_no_invented_midnight() -> None:
    assert words.gov_datetime(date(2026, 11, 5)) == "5 November 2026"


@pytest.mark.parametrize(
    ("hour", "minute", "said"),
    [(0, 0, "midnight"), (12, 0, "midday"), (9, 0, "9am"), (12, 5, "12:05pm"), (0, 5, "12:05am")],
)
def test_hours_are_said_as_people_say_them(hour: int, minute: int, said: str) -> None:
    assert words.gov_time(datetime(2026, 1, 1, hour, minute, tzinfo=UTC)) == said


@pytest.mark.parametrize(
    ("metres", "said"), [(0, "0.0 km"), (4249, "4.2 km"), (42_400, "42 km"), (None, "")]
)
def test_metres_become_kilometres(metres: float | None, said: str) -> None:
    assert words.km(metres) == said


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["mon-am", "tue-eve"], "Monday mornings and Tuesday evenings"),
        (["mon-am"], "Monday mornings"),
        ([f"{day}-pm" for day in ("mon", "tue", "wed", "thu", "fri")], "Weekday afternoons"),
        (["sat-eve", "sun-eve", "mon-am"], "Monday mornings and weekend evenings"),
        (
            ["mon-am", "tue-am", "wed-am"],
            "Monday mornings, Tuesday mornings and Wednesday mornings",
        ),
        ([], "No times given"),
    ],
)
def test_slots_read_as_a_sentence(names: list[str], said: str) -> None:
    assert words.slots_words(mask_of(names)) == said


def test_all_slots_are_any_time() -> None:
    assert words.slots_words(ALL_SLOTS) == "Any time in the week"
    every = [f"{day}-am" for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")]
    assert words.slots_words(mask_of(every)) == "Every morning"


def test_one_slot_has_a_name() -> None:
    assert words.slot_words("sun-eve") == "Sunday evening"
    assert words.slot_words("") == ""


def test_a_week_to_read_tells_held_from_free() -> None:
    grid = words.slots_grid(mask_of(["mon-am", "mon-pm"]), mask_of(["mon-pm"]))
    assert grid[0] == ("Monday", "Mon", ["free", "held", ""])
    assert all(states == ["", "", ""] for _day, _short, states in grid[1:])


def test_every_status_with_a_colour_has_words_and_the_other_way_round() -> None:
    assert set(COLOURS) == set(LABELS)


def test_an_unknown_status_is_still_said_in_words() -> None:
    assert status_of("with-the_panel") == ("With the panel", "grey")
