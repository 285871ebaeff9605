"""The statutory clock of a person's request about their data: when an answer is due.

UK GDPR Article 12A and Data Protection Act 2018 section 54, in the form of the Data (Use and
Access) Act 2025, in force from 5 February 2026. Both say the same:

- one month from the day the request came, or later the day that the information to confirm who asks
  came, or the fee: by the same date of the next month, or its last day where it has no such date;
- two months more (three in all) where notice is given within the first month;
- days on which the person was asked what they mean do not count: from the day they were asked to
  the day they answered, both included, for the month and for the time to give notice alike.

Where the last day is a Saturday, a Sunday or a bank holiday, the next working day is the last
(Regulation 1182/71, Article 3(4)). Before February 2026 the law-enforcement regime knew no longer
time. Bank holidays that nobody has announced yet are taken for working days: never too late.
"""

from calendar import monthrange
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

EXTRA_MONTHS = 2
# From when the law-enforcement regime has a longer time too.
LAW_ENFORCEMENT_LONGER_FROM = date(2026, 2, 5)
_DAY = timedelta(days=1)


class Regime(StrEnum):
    """Under which law the data is processed."""

    GENERAL = "uk-gdpr"
    LAW_ENFORCEMENT = "dpa-3"


@dataclass(frozen=True)
class Stop:
    """Days on which the clock stands still; ``until`` is the last of them, None while it stands."""

    since: date
    until: date | None = None


@dataclass(frozen=True)
class Clock:
    """What the law counts from. ``identified`` and ``paid`` are None where neither was asked for;
    ``waiting`` says that one of them was asked for and has not come: the month has not begun."""

    received: date
    identified: date | None = None
    paid: date | None = None
    waiting: bool = False
    stops: tuple[Stop, ...] = ()
    extended: bool = False

    @property
    def begins(self) -> date:
        """The relevant time: the latest of the days that the law names."""
        return max(day for day in (self.received, self.identified, self.paid) if day is not None)


@dataclass(frozen=True)
class Reading:
    """What the clock shows on a day.

    ``due`` and ``notice_by`` are as if what it waits for came that day. ``left`` is the days to
    ``due``; below nought, it is overdue. ``stopped`` is how many days did not count.
    """

    begins: date
    due: date
    notice_by: date
    left: int
    stopped: int
    standing: bool

    @property
    def overdue(self) -> bool:
        """Whether the last day is past."""
        return self.left < 0 and not self.standing


def months_after(day: date, months: int) -> date:
    """The same date so many months on; the month's last day where it has no such date."""
    whole = day.year * 12 + day.month - 1 + months
    year, month = whole // 12, whole % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def working_day_from(day: date, holidays: Collection[date]) -> date:
    """The day itself, or the first working day after it."""
    while day.weekday() >= 5 or day in holidays:
        day += _DAY
    return day


def read(clock: Clock, on: date, holidays: Collection[date]) -> Reading:
    """What the clock shows on a day. ``holidays`` are the bank holidays known."""
    begins = max(clock.begins, on) if clock.waiting else clock.begins
    notice_by, _stopped = _end(begins, 1, clock.stops, on, holidays)
    months = 1 + (EXTRA_MONTHS if clock.extended else 0)
    last, stopped = _end(begins, months, clock.stops, on, holidays)
    due = working_day_from(last, holidays)
    standing = clock.waiting or any(_runs(stop, on) for stop in clock.stops)
    return Reading(begins, due, notice_by, (due - on).days, stopped, standing)


def may_extend(clock: Clock, on: date, regime: Regime, holidays: Collection[date]) -> bool:
    """Whether notice of two more months may still be given."""
    if clock.extended:
        return False
    if regime is Regime.LAW_ENFORCEMENT and clock.received < LAW_ENFORCEMENT_LONGER_FROM:
        return False
    return on <= read(clock, on, holidays).notice_by


def _runs(stop: Stop, on: date) -> bool:
    return stop.until is None and stop.since <= on


def _end(
    begins: date, months: int, stops: Iterable[Stop], on: date, holidays: Collection[date]
) -> tuple[date, int]:
    """The last day before it is moved to a working day, and how many days did not count.

    A stop that begins after the last day is past brings nothing back.
    """
    end, counted = months_after(begins, months), begins - _DAY
    stopped = 0
    for stop in sorted(stops, key=lambda one: one.since):
        if stop.since > working_day_from(end, holidays):
            break
        first = max(stop.since, counted + _DAY)
        last = stop.until if stop.until is not None else max(on, stop.since)
        days = max((last - first).days + 1, 0)
        stopped, end = stopped + days, end + days * _DAY
        counted = max(counted, last)
    return end, stopped
