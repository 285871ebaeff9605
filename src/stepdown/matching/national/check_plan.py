"""The pairs of a claim, tried one by one: every rule, slot, place and capacity."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stepdown.matching.arrays import Arrays, Ints
from stepdown.matching.certify import Claim
from stepdown.matching.national.check_ahead import AHEAD, touch_people
from stepdown.matching.national.check_kernel import reader
from stepdown.matching.national.check_order import Small
from stepdown.matching.national.check_pairs import (
    broken_rules,
    cost_of,
    quality_of,
    shared_slots,
)
from stepdown.matching.national.check_prices import Prices
from stepdown.matching.problem import BANDS
from stepdown.matching.rules import rules_of

SHOWN = 100
"""Faults of one kind that are told; of the others only how many there are."""

NOTHING = -(1 << 62)
"""The margin of a planned pair that counts for nothing: it breaks a rule, or comes twice."""

_LONG = 500

Bools = npt.NDArray[np.bool_]
Matrix = npt.NDArray[np.int64]


class Planned(NamedTuple):
    """The planned pairs by need and volunteer; row n is start[n]:start[n+1]."""

    start: Ints
    need: Ints
    volunteer: Ints
    slot: Ints
    broken: Small  # mask of rules
    shared: Small  # mask of slots
    quality: Small


def planned_rows(claim: Claim, needs: int) -> Planned:
    """The claim in order, nothing of it tried yet. Every pair must be of rows that there are."""
    start = np.zeros(needs + 1, np.int64)
    columns = np.array([claim.need, claim.volunteer, claim.slot], np.int64)
    if np.bincount(claim.need, minlength=1).max() > _LONG:
        # Insertion takes the square of a row: very long ones are sorted beforehand.
        columns = columns[:, np.lexsort((claim.volunteer, claim.need))]
    need, volunteer, slot = columns.copy()
    _arrange(need, volunteer, slot, start, columns)
    nothing = np.zeros((3, claim.need.size), np.int32)
    return Planned(start, *columns, *nothing)


@reader
def _arrange(need: Ints, volunteer: Ints, slot: Ints, start: Ints, columns: Matrix) -> None:
    """Pairs by need, and by volunteer within a need: a counting sort, and insertion in the rows."""
    for i in range(need.size):
        start[need[i] + 1] += 1
    for n in range(start.size - 1):
        start[n + 1] += start[n]
    for i in range(need.size - 1, -1, -1):
        # For now a row of ``start`` ends where the row has been filled from.
        start[need[i] + 1] -= 1
        at = start[need[i] + 1]
        columns[0, at], columns[1, at], columns[2, at] = need[i], volunteer[i], slot[i]
    for n in range(start.size - 1):
        start[n] = start[n + 1]
    start[start.size - 1] = need.size
    for i in range(1, need.size):
        at, n, v, taken = i, columns[0, i], columns[1, i], columns[2, i]
        while at > start[n] and columns[1, at - 1] > v:
            columns[1, at], columns[2, at] = columns[1, at - 1], columns[2, at - 1]
            at -= 1
        columns[1, at], columns[2, at] = v, taken


@reader
def try_pairs(first: int, last: int, arrays: Arrays, planned: Planned) -> int:
    """Write the broken rules, shared slots and quality of some of the pairs."""
    touched = 0
    for begin in range(first, last, AHEAD):
        end = min(last, begin + AHEAD)
        touched += touch_people(planned.volunteer[begin:end], end - begin, arrays.volunteers)
        for i in range(begin, end):
            n, v = planned.need[i], planned.volunteer[i]
            planned.broken[i] = broken_rules(n, v, arrays)
            planned.shared[i] = shared_slots(n, v, arrays)
            planned.quality[i] = quality_of(n, v, arrays)
    return touched


@reader
def thresholds(
    first: int, last: int, arrays: Arrays, planned: Planned, prices: Prices, margin: Ints,
    threshold: Ints,
) -> None:  # fmt: skip
    """For some needs, the margins of their planned pairs, and what a pair left out must exceed.

    A threshold is less the need's band weight, so that it compares with quality less price.
    """
    for n in range(first, last):
        weight = (5 - arrays.needs.band[n]) * prices.step
        least, count = np.int64(1) << 62, 0
        for i in range(planned.start[n], planned.start[n + 1]):
            v = planned.volunteer[i]
            again = i > planned.start[n] and planned.volunteer[i - 1] == v
            if planned.broken[i] or again:
                margin[i] = NOTHING
                continue
            margin[i] = planned.quality[i] + weight - cost_of(v, planned.shared[i], prices)
            least = min(least, margin[i])
            count += 1
        full = count >= arrays.needs.places[n]
        threshold[n] = (max(0, least) if full else 0) - weight


@reader
def _use(planned: Planned, slot_used: Small, count: Small, clash: Bools) -> None:
    for i in range(planned.volunteer.size):
        v, slot = planned.volunteer[i], planned.slot[i]
        count[v] += 1
        if 0 <= slot < 32:
            bit = np.int32(1) << np.int32(slot)
            clash[i] = (slot_used[v] & bit) != 0
            slot_used[v] |= bit


def faults_of(arrays: Arrays, planned: Planned) -> list[str]:
    """What is wrong with the planned pairs, in words; rows are numbered from 0."""
    count, used = np.zeros((2, arrays.volunteers.capacity.size), np.int32)
    clash = np.zeros(planned.need.size, np.bool_)
    _use(planned, used, count, clash)
    slot, shared = planned.slot, planned.shared
    held = (shared >> np.clip(slot, 0, 31) & 1 == 1) & (slot >= 0) & (slot < 32)
    again = np.zeros(planned.need.size, np.bool_)
    again[1:] = (np.diff(planned.need) == 0) & (np.diff(planned.volunteer) == 0)

    def pair(i: int) -> str:
        return f"Need row {planned.need[i]} and volunteer row {planned.volunteer[i]}"

    return [
        *_told(
            planned.broken != 0,
            lambda i: f"{pair(i)}: {rules_of(int(planned.broken[i]))[0]}",
        ),
        *_told(
            (shared != 0) & ~held,
            lambda i: f"{pair(i)}: the slot is not one they share",
        ),
        *_told((shared == 0) & (slot != -1), lambda i: f"{pair(i)}: the need takes no slot"),
        *_told(again, lambda i: f"{pair(i)}: the volunteer fills two places"),
        *_told(
            np.diff(planned.start) > arrays.needs.places,
            lambda n: f"Need row {n}: more than its places",
        ),
        *_told(
            count > arrays.volunteers.capacity,
            lambda v: f"Volunteer row {v}: more than their capacity",
        ),
        *_told(
            clash,
            lambda i: f"Volunteer row {planned.volunteer[i]}: two places in one slot",
        ),
    ]


def _told(wrong: Bools, words: Callable[[int], str]) -> Iterator[str]:
    rows = np.flatnonzero(wrong)
    for row in rows[:SHOWN].tolist():
        yield words(row)
    if rows.size > SHOWN:
        yield f"{words(int(rows[SHOWN]))}, and so for {rows.size - SHOWN - 1} more"


def by_band(arrays: Arrays, needs: Ints) -> tuple[int, int, int, int]:
    """How many of these places are in each band; rows there are not are left out."""
    real = needs[(needs >= 0) & (needs < arrays.needs.band.size)]
    a, b, c, d = np.bincount(arrays.needs.band[real], minlength=len(BANDS) + 1)[1:].tolist()
    return a, b, c, d
