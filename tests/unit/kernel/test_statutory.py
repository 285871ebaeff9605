"""When an answer is due, by the law's own calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdown.adapters.bank_holidays import england_and_wales, known_until
from stepdown.kernel.statutory import (
    Clock,
    Regime,
    Stop,
    may_extend,
    months_after,
    read,
    working_day_from,
)

HOLIDAYS = england_and_wales()
DAYS = st.dates(date(2024, 1, 1), date(2027, 6, 30))


def due(received: date, **more: object) -> date:
    clock = Clock(received, **more)  # type: ignore[arg-type]
    return read(clock, received, HOLIDAYS).due


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        (date(2026, 1, 31), date(2026, 3, 2)),  # 28 February is a Saturday
        (date(2026, 3, 31), date(2026, 4, 30)),  # April has no 31st
        (date(2024, 1, 31), date(2024, 2, 29)),  # a leap year
        (date(2026, 9, 3), date(2026, 10, 5)),  # 3 October is a Saturday
        (date(2026, 11, 25), date(2026, 12, 29)),  # Christmas, Boxing Day's substitute, weekend
        (date(2026, 3, 3), date(2026, 4, 7)),  # Good Friday to Easter Monday
        (date(2025, 12, 1), date(2026, 1, 2)),  # New Year's Day
        (date(2026, 12, 15), date(2027, 1, 15)),  # over the turn of a year
    ],
)
def test_due_by_the_same_date_of_the_next_month_or_the_next_working_day(
    received: date, expected: date
) -> None:
    assert due(received) == expected


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        (date(2026, 1, 31), date(2026, 4, 30)),
        (date(2026, 11, 30), date(2027, 3, 1)),  # 28 February 2027 is a Sunday
        (date(2026, 6, 15), date(2026, 9, 15)),
    ],
)
def test_an_extension_is_three_months_in_all_from_receipt(received: date, expected: date) -> None:
    assert due(received, extended=True) == expected


def test_the_month_begins_when_the_identity_that_was_asked_for_is_confirmed() -> None:
    clock = Clock(date(2026, 3, 2), identified=date(2026, 3, 11))
    assert read(clock, date(2026, 3, 20), HOLIDAYS).due == date(2026, 4, 13)


def test_the_month_begins_when_the_fee_is_paid() -> None:
    assert due(date(2026, 3, 2), paid=date(2026, 3, 4)) == date(2026, 4, 7)


def test_nothing_runs_while_identity_is_awaited() -> None:
    clock = Clock(date(2026, 3, 2), waiting=True)
    early, late = (read(clock, date(2026, month, 2), HOLIDAYS) for month in (3, 6))
    assert (early.left, late.left) == (31, 30)
    assert late.standing
    assert not late.overdue
    assert late.due == date(2026, 7, 2)


def test_days_of_waiting_for_clarification_do_not_count_both_ends_included() -> None:
    clock = Clock(date(2026, 6, 1), stops=(Stop(date(2026, 6, 10), date(2026, 6, 19)),))
    shown = read(clock, date(2026, 6, 22), HOLIDAYS)
    assert shown.stopped == 10
    assert (shown.due, shown.notice_by) == (date(2026, 7, 13), date(2026, 7, 11))


def test_an_open_question_holds_the_days_left_as_they_were() -> None:
    clock = Clock(date(2026, 6, 1), stops=(Stop(date(2026, 6, 10)),))
    shown = [read(clock, date(2026, 6, day), HOLIDAYS) for day in (10, 15, 30)]
    assert [one.standing for one in shown] == [True] * 3
    assert [one.due for one in shown] == [date(2026, 7, 2), date(2026, 7, 7), date(2026, 7, 22)]


def test_a_question_asked_when_time_is_up_brings_nothing_back() -> None:
    clock = Clock(date(2026, 6, 1), stops=(Stop(date(2026, 7, 2), date(2026, 7, 20)),))
    shown = read(clock, date(2026, 7, 21), HOLIDAYS)
    assert shown.due == date(2026, 7, 1)
    assert shown.overdue


def test_the_last_day_itself_is_not_overdue() -> None:
    clock = Clock(date(2026, 6, 1))
    assert not read(clock, date(2026, 7, 1), HOLIDAYS).overdue
    assert read(clock, date(2026, 7, 2), HOLIDAYS).overdue


def test_notice_of_more_time_is_given_within_the_first_month_and_once() -> None:
    clock = Clock(date(2026, 6, 1))
    assert may_extend(clock, date(2026, 7, 1), Regime.GENERAL, HOLIDAYS)
    assert not may_extend(clock, date(2026, 7, 2), Regime.GENERAL, HOLIDAYS)
    again = Clock(date(2026, 6, 1), extended=True)
    assert not may_extend(again, date(2026, 6, 2), Regime.GENERAL, HOLIDAYS)


def test_no_notice_on_the_working_day_that_a_weekend_adds() -> None:
    clock = Clock(date(2026, 1, 31))
    assert not may_extend(clock, date(2026, 3, 2), Regime.GENERAL, HOLIDAYS)


def test_the_law_enforcement_regime_had_no_longer_time_before_february_2026() -> None:
    before, since = (Clock(day) for day in (date(2026, 2, 4), date(2026, 2, 5)))
    assert not may_extend(before, date(2026, 2, 6), Regime.LAW_ENFORCEMENT, HOLIDAYS)
    assert may_extend(since, date(2026, 2, 6), Regime.LAW_ENFORCEMENT, HOLIDAYS)


@st.composite
def clocks(draw: st.DrawFn) -> Clock:
    received = draw(DAYS)
    later = st.none() | st.integers(0, 40).map(lambda n: received + timedelta(days=n))
    stops = []
    for _ in range(draw(st.integers(0, 3))):
        since = received + timedelta(days=draw(st.integers(0, 60)))
        until = since + timedelta(days=draw(st.integers(0, 30)))
        stops.append(Stop(since, until))
    return Clock(
        received, draw(later), draw(later), stops=tuple(stops), extended=draw(st.booleans())
    )


def plain(clock: Clock) -> date:
    """The same, one day at a time: days that do not count are put behind the last day."""
    begins = clock.begins
    months = 3 if clock.extended else 1
    year, month = divmod(begins.year * 12 + begins.month - 1 + months, 12)
    day = begins.day
    while True:
        try:
            end = date(year, month + 1, day)
            break
        except ValueError:
            day -= 1
    dead: set[date] = set()
    for stop in sorted(clock.stops, key=lambda one: one.since):
        open_until = end + timedelta(days=len(dead))
        while open_until.isoweekday() > 5 or open_until in HOLIDAYS:
            open_until += timedelta(days=1)
        if stop.since > open_until:
            break
        assert stop.until is not None
        span = (stop.until - stop.since).days + 1
        dead |= {d for n in range(span) if (d := stop.since + timedelta(days=n)) >= begins}
    end += timedelta(days=len(dead))
    while end.isoweekday() > 5 or end in HOLIDAYS:
        end += timedelta(days=1)
    return end


@given(clocks())
def test_the_clock_agrees_with_counting_day_by_day(clock: Clock) -> None:
    assert read(clock, clock.received + timedelta(days=200), HOLIDAYS).due == plain(clock)


@given(clocks(), st.integers(0, 120))
def test_the_last_day_is_a_working_day_and_never_before_the_month_is_over(
    clock: Clock, days: int
) -> None:
    shown = read(clock, clock.received + timedelta(days=days), HOLIDAYS)
    assert shown.due == working_day_from(shown.due, HOLIDAYS)
    assert shown.due >= months_after(clock.begins, 1)
    assert shown.notice_by <= shown.due


def test_the_list_of_bank_holidays_is_of_england_and_wales() -> None:
    assert date(2026, 12, 28) in HOLIDAYS  # Boxing Day, on a Saturday, has a substitute
    assert date(2026, 1, 2) not in HOLIDAYS  # a bank holiday in Scotland alone
    assert known_until() >= date(2027, 12, 31)
