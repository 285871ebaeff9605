"""Events of each person before and after a day, with what a fall does not prove.

People are chosen when they are at their worst, so most would have fewer events later whatever was
done: regression to the mean. A before-and-after count is therefore never shown alone. It says so,
and where there are people who were found the same way and not helped, it is set against them.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

RESAMPLES = 2_000
SEED = 2015


class Caution(StrEnum):
    """What a reader has to be told beside the figure."""

    REGRESSION = "regression-to-the-mean"
    NO_COMPARISON = "no-comparison-group"
    INCOMPLETE = "not-observed-to-the-end"
    FEW = "few-people"


@dataclass(frozen=True)
class History:
    """One person: the day on which help began, and events by day (several on a day: one a row)."""

    day: date
    events: tuple[date, ...]


@dataclass(frozen=True)
class Observed:
    """The first and last day of which every event is known."""

    since: date
    until: date

    def __post_init__(self) -> None:
        if self.since > self.until:
            raise ValueError("The observation ends before it begins.")


@dataclass(frozen=True)
class Counts:
    """Events before and after, of ``people``; ``left_out`` were not observed for all of both."""

    people: int
    before: int
    after: int
    left_out: int

    @property
    def fall(self) -> int:
        """By how many events the count fell; less than nothing where it rose."""
        return self.before - self.after

    @property
    def percent(self) -> float | None:
        """The fall in percent of the count before; None where there was nothing before."""
        return 100 * self.fall / self.before if self.before else None


@dataclass(frozen=True)
class Comparison:
    """The counts, the range in which the fall in percent lies (95 %), and the comparison group.

    ``expected`` is what the count after would have been had it changed as the others' did;
    ``beyond`` the fall beyond that, in percent of ``expected``.
    """

    counts: Counts
    interval: tuple[float, float] | None
    others: Counts | None
    expected: float | None
    beyond: float | None
    warnings: tuple[Caution, ...]


def windows(day: date, months: int = 3) -> tuple[date, date]:
    """The first day of the months before ``day`` and the last of the months from it on.

    Calendar months: the same day of the month, or the month's last. ``day`` itself is after.
    """
    return _shift(day, -months), _shift(day, months) - timedelta(days=1)


def _shift(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def count(people: Iterable[History], observed: Observed, months: int = 3) -> Counts:
    """Add up the events of everybody who was observed for the whole of both windows."""
    pairs, left_out = _pairs(people, observed, months)
    return _counts(pairs, left_out)


def compare(
    people: Iterable[History],
    observed: Observed,
    others: Iterable[History] = (),
    months: int = 3,
    few: int = 30,
) -> Comparison:
    """Set before against after, and against ``others``: found the same way and not helped.

    ``few`` people or less are said to be few. The interval resamples people, not events, for the
    events of one person go together; the same people give the same interval.
    """
    pairs, left_out = _pairs(people, observed, months)
    counts = _counts(pairs, left_out)
    their_pairs, their_left_out = _pairs(others, observed, months)
    theirs = _counts(their_pairs, their_left_out) if their_pairs else None
    warnings = [Caution.REGRESSION]
    expected = beyond = None
    if theirs is None or not theirs.before:
        warnings.append(Caution.NO_COMPARISON)
    else:
        expected = counts.before * theirs.after / theirs.before
        beyond = 100 * (expected - counts.after) / expected if expected else None
    if left_out:
        warnings.append(Caution.INCOMPLETE)
    if counts.people <= few:
        warnings.append(Caution.FEW)
    return Comparison(counts, _interval(pairs), theirs, expected, beyond, tuple(warnings))


def _pairs(
    people: Iterable[History], observed: Observed, months: int
) -> tuple[list[tuple[int, int]], int]:
    pairs: list[tuple[int, int]] = []
    left_out = 0
    for one in people:
        first, last = windows(one.day, months)
        if first < observed.since or last > observed.until:
            left_out += 1
            continue
        before = sum(first <= event < one.day for event in one.events)
        pairs.append((before, sum(one.day <= event <= last for event in one.events)))
    return pairs, left_out


def _counts(pairs: Sequence[tuple[int, int]], left_out: int) -> Counts:
    return Counts(len(pairs), sum(b for b, _ in pairs), sum(a for _, a in pairs), left_out)


def _interval(pairs: Sequence[tuple[int, int]]) -> tuple[float, float] | None:
    """Percentile bootstrap of the fall in percent (Efron 1979), by person. None if too few."""
    if len(pairs) < 2:
        return None
    rows = np.asarray(sorted(pairs), dtype=np.int64)
    chance = np.random.default_rng(SEED)
    falls = []
    for _ in range(RESAMPLES):
        before, after = rows[chance.integers(0, len(rows), len(rows))].sum(axis=0)
        if before:
            falls.append(100 * (before - after) / before)
    if not falls:
        return None
    low, high = np.percentile(falls, (2.5, 97.5))
    return float(low), float(high)
