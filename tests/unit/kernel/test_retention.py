"""When records are due: clear periods, reviews, ages, and days that a year has not."""

import random
from datetime import date
from typing import Any

import pytest

from stepdown.kernel.retention import Schedule, Then, due, years_after

SIX = Schedule(6, Then.REVIEW, 5)


def test_due_after_the_clear_period() -> None:
    assert due(SIX, last_event=date(2010, 3, 4)) == (date(2016, 3, 4), Then.REVIEW)


def test_an_event_begins_the_period_again_even_after_a_review() -> None:
    kept = {"last_review": date(2016, 4, 1)}
    assert due(SIX, last_event=date(2010, 3, 4), **kept) == (date(2021, 4, 1), Then.REVIEW)
    assert due(SIX, last_event=date(2018, 1, 9), **kept) == (date(2024, 1, 9), Then.REVIEW)


def test_a_review_never_brings_the_day_forward() -> None:
    first = due(SIX, last_event=date(2010, 3, 4))
    soon = due(
        Schedule(6, Then.REVIEW, 1), last_event=date(2010, 3, 4), last_review=date(2010, 4, 1)
    )
    assert soon == first


def test_kept_until_the_subject_would_be_so_old_and_reviewed_on_the_way() -> None:
    life = Schedule(10, Then.REVIEW, 10, until_age=100)
    born = date(1930, 5, 6)
    assert due(life, last_event=date(2010, 1, 1), born=born) == (date(2020, 1, 1), Then.REVIEW)
    late = due(life, last_event=date(2021, 1, 1), born=born)
    assert late == (date(2031, 1, 1), Then.DISPOSE)
    unknown = due(life, last_event=date(2021, 1, 1))
    assert unknown == (date(2031, 1, 1), Then.REVIEW)


def test_the_29th_of_february_moves_to_the_first_of_march() -> None:
    assert years_after(date(2016, 2, 29), 1) == date(2017, 3, 1)
    assert years_after(date(2016, 2, 29), 4) == date(2020, 2, 29)


@pytest.mark.parametrize(
    "wrong", [{"clear": 0}, {"clear": 6, "again": -1}, {"clear": 6, "until_age": 200}]
)
def test_periods_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="from 1 to"):
        Schedule(**wrong)


def test_the_day_is_never_before_the_clear_period_ends_whatever_happened() -> None:
    chance = random.Random(5)
    for _ in range(2_000):
        schedule = Schedule(
            chance.randint(1, 12),
            Then.REVIEW,
            chance.randint(0, 12),
            chance.choice((0, 0, 80, 100)),
        )
        event = date(chance.randint(1990, 2030), chance.randint(1, 12), chance.randint(1, 28))
        review = chance.choice((None, years_after(event, chance.randint(0, 9)), date(1991, 1, 1)))
        born = chance.choice((None, date(chance.randint(1900, 2010), 6, 1)))
        on, _then = due(schedule, last_event=event, last_review=review, born=born)
        assert on >= years_after(event, schedule.clear)
        later = years_after(event, 1)
        moved, _ = due(schedule, last_event=later, last_review=review, born=born)
        assert moved >= years_after(later, schedule.clear)


def test_a_review_before_the_last_event_counts_for_nothing() -> None:
    rare = Schedule(1, Then.REVIEW, 5)
    found = due(rare, last_event=date(2012, 6, 1), last_review=date(2012, 5, 31))
    assert found == (date(2013, 6, 1), Then.REVIEW)
    same_day = due(rare, last_event=date(2012, 6, 1), last_review=date(2012, 6, 1))
    assert same_day == (date(2017, 6, 1), Then.REVIEW)


def test_reviewed_again_after_as_many_years_as_it_was_clear_where_nothing_else_is_said() -> None:
    found = due(Schedule(6), last_event=date(2010, 3, 4), last_review=date(2016, 3, 4))
    assert found == (date(2022, 3, 4), Then.REVIEW)


def test_disposed_of_when_the_age_is_reached_on_the_very_day_of_the_review() -> None:
    life = Schedule(10, Then.REVIEW, 10, until_age=100)
    found = due(life, last_event=date(2020, 1, 1), born=date(1930, 1, 1))
    assert found == (date(2030, 1, 1), Then.DISPOSE)


def test_the_longest_periods_and_the_first_beyond_them() -> None:
    assert Schedule(100, Then.REVIEW, 100, until_age=150).clear == 100
    beyond: list[dict[str, Any]] = [
        {"clear": 101}, {"clear": 1, "again": 101}, {"clear": 1, "until_age": 151},
    ]  # fmt: skip
    for wrong in beyond:
        with pytest.raises(ValueError, match="from 1 to"):
            Schedule(**wrong)
