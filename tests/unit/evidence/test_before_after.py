"""Before and after: whole windows only, both counts, and never a fall without its caution."""

import random
from datetime import date, timedelta

import pytest

from stepdown.evidence.before_after import (
    Caution,
    Counts,
    History,
    Observed,
    compare,
    count,
    windows,
)

YEAR = Observed(date(2016, 1, 1), date(2016, 12, 31))
DAY = date(2016, 6, 15)


def history(before: int, after: int, day: date = DAY) -> History:
    events = [day - timedelta(days=1 + n % 80) for n in range(before)]
    return History(day, (*events, *(day + timedelta(days=n % 80) for n in range(after))))


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2016, 6, 15), date(2016, 3, 15), date(2016, 9, 14)),
        (date(2016, 5, 31), date(2016, 2, 29), date(2016, 8, 30)),
        (date(2016, 11, 30), date(2016, 8, 30), date(2017, 2, 27)),
    ],
)
def test_windows_are_calendar_months_on_both_sides(day: date, first: date, last: date) -> None:
    assert windows(day) == (first, last)


def test_the_day_itself_is_after_and_days_outside_the_windows_do_not_count() -> None:
    first, last = windows(DAY)
    outside = (first - timedelta(days=1), last + timedelta(days=1))
    one = History(DAY, (*outside, first, DAY, last))
    assert count([one], YEAR) == Counts(people=1, before=1, after=2, left_out=0)


def test_somebody_not_observed_for_all_of_both_windows_is_left_out_and_counted() -> None:
    early, late = history(9, 1, date(2016, 3, 1)), history(9, 1, date(2016, 10, 2))
    found = compare([history(4, 2), early, late], YEAR)
    assert found.counts == Counts(people=1, before=4, after=2, left_out=2)
    assert Caution.INCOMPLETE in found.warnings


def test_a_fall_is_never_without_its_caution() -> None:
    found = compare([history(10, 5)] * 40, YEAR)
    assert found.counts.percent == 50
    assert found.warnings == (Caution.REGRESSION, Caution.NO_COMPARISON)
    assert (found.expected, found.beyond) == (None, None)


def test_the_fall_is_set_against_those_who_were_not_helped() -> None:
    found = compare([history(10, 4)] * 40, YEAR, others=[history(10, 8)] * 50)
    assert found.expected == pytest.approx(320)
    assert found.beyond == pytest.approx(50)
    assert found.warnings == (Caution.REGRESSION,)


def test_people_helped_to_no_effect_show_no_fall_beyond_the_others() -> None:
    """Everybody calls at random; those who called most in one month are picked: the trap itself."""
    chance = random.Random(7)
    crowd = [
        History(DAY, tuple(YEAR.since + timedelta(days=chance.randrange(366)) for _ in range(12)))
        for _ in range(4_000)
    ]
    worst = [one for one in crowd if count([one], YEAR).before >= 6]
    helped, others = worst[::2], worst[1::2]
    found = compare(helped, YEAR, others)
    assert found.counts.percent is not None
    assert found.beyond is not None
    assert found.counts.percent > 40
    assert abs(found.beyond) < 8


def test_few_people_are_said_to_be_few_and_one_has_no_interval() -> None:
    assert Caution.FEW in compare([history(3, 1)] * 30, YEAR).warnings
    assert compare([history(3, 1)], YEAR).interval is None


def test_the_interval_holds_the_fall_and_does_not_depend_on_the_order() -> None:
    chance = random.Random(3)
    people = [history(chance.randrange(1, 30), chance.randrange(0, 15)) for _ in range(60)]
    found = compare(people, YEAR)
    assert found.interval is not None
    assert found.counts.percent is not None
    assert found.interval[0] < found.counts.percent < found.interval[1]
    chance.shuffle(people)
    assert compare(people, YEAR) == found


def test_nothing_before_is_no_percentage() -> None:
    found = compare([history(0, 2)] * 3, YEAR)
    assert (found.counts.percent, found.interval) == (None, None)
    assert found.counts.fall == -6


def test_an_observation_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before"):
        Observed(date(2016, 2, 1), date(2016, 1, 1))
