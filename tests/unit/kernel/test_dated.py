"""Rules that hold from a day to a day."""

from dataclasses import dataclass
from datetime import date

import pytest

from stepdown.kernel.dated import holds, in_force


@dataclass(frozen=True)
class Rule:
    name: str
    valid_from: date
    valid_to: date | None = None


OLD = Rule("old", date(2014, 4, 1), date(2015, 3, 31))
NEW = Rule("new", date(2015, 4, 1))


@pytest.mark.parametrize(
    ("day", "rule"),
    [
        (date(2014, 3, 31), None),
        (date(2014, 4, 1), OLD),
        (date(2015, 3, 31), OLD),
        (date(2015, 4, 1), NEW),
        (date(2060, 1, 1), NEW),
    ],
)
def test_rule_of_a_day_is_the_one_that_held_then(day: date, rule: Rule | None) -> None:
    assert in_force([NEW, OLD], day) is rule


def test_rule_holds_to_the_end_of_its_last_day_and_not_a_day_longer() -> None:
    assert holds(OLD, date(2015, 3, 31))
    assert not holds(OLD, date(2015, 4, 1))


def test_newest_rule_wins_where_two_overlap_whatever_their_order() -> None:
    open_ended = Rule("open", date(2010, 1, 1))
    assert in_force([open_ended, NEW], date(2016, 1, 1)) is NEW
    assert in_force([NEW, open_ended], date(2016, 1, 1)) is NEW


def test_gap_between_rules_has_no_rule() -> None:
    later = Rule("later", date(2015, 6, 1))
    assert in_force([OLD, later], date(2015, 5, 1)) is None
