"""When a record is due to be looked at again or disposed of: pure arithmetic on dates.

A *clear period* runs from the last event that counts; a new one begins it again. MoPI groups follow
the College of Policing's practice for police information as generally described; their periods,
like the partnership's own, are dated rule sets that the site confirms.
"""

from calendar import isleap
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Then(StrEnum):
    """What is done when a record is due."""

    REVIEW = "review"
    DISPOSE = "dispose"


@dataclass(frozen=True)
class Schedule:
    """``clear`` years without an event, then ``then``; reviewed ``again`` years after a review that
    kept it (0: as many as ``clear``). With ``until_age``, kept until the subject would be so old,
    with reviews on the way."""

    clear: int
    then: Then = Then.REVIEW
    again: int = 0
    until_age: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.clear <= 100 or not 0 <= self.again <= 100:
            raise ValueError("A period is from 1 to 100 years.")
        if not 0 <= self.until_age <= 150:
            raise ValueError("An age is from 1 to 150 years.")


def due(
    schedule: Schedule,
    *,
    last_event: date,
    last_review: date | None = None,
    born: date | None = None,
) -> tuple[date, Then]:
    """The day on which it is due, and for what.

    A review that kept the record moves the day; an event after that review begins the clear period
    again. A subject whose day of birth is not known never becomes old enough: it is reviewed.
    """
    day = years_after(last_event, schedule.clear)
    if last_review is not None and last_review >= last_event:
        day = max(day, years_after(last_review, schedule.again or schedule.clear))
    if not schedule.until_age:
        return day, schedule.then
    if born is None:
        return day, Then.REVIEW
    old = years_after(born, schedule.until_age)
    if old <= day:
        return max(old, years_after(last_event, schedule.clear)), Then.DISPOSE
    return day, Then.REVIEW


def years_after(day: date, years: int) -> date:
    """The same day so many years on; 1 March where 29 February has none."""
    year = min(day.year + years, date.max.year)
    if day.month == 2 and day.day == 29 and not isleap(year):
        return date(year, 3, 1)
    return day.replace(year=year)
