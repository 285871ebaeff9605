"""The best pairs of one need that it does not list yet, from the blocks: exact, with what bounds
the pairs left out.

A pair counts by its margin: quality less the volunteer's price. Blocks and groups are passed over
when even the best they could hold is no better than the worst pair kept so far.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stepdown.matching.arrays import Ints, Volunteers
from stepdown.matching.kernel import lean
from stepdown.matching.national.bits import trailing_zeros
from stepdown.matching.national.blocks import (
    BORN,
    BOTTOM,
    FAIR,
    FREE,
    GROUP,
    LANES,
    LEFT,
    LIMIT,
    MEMBER,
    NO_PLANE,
    POINTS,
    REACH,
    RIGHT,
    SCALE,
    SLOT_COUNT,
    TOP,
    WIDEST,
    YOUNGEST,
    Blocks,
    Planes,
    X,
    Y,
)
from stepdown.matching.national.order import Small, Table
from stepdown.matching.national.wants import Wants
from stepdown.matching.scoring import FAIRNESS, PREFERENCE, TRAVEL

_NONE = np.uint64(0)
_PER_POINT = 1.0 / TRAVEL
_ONE = np.uint64(1)
_BOUND = TRAVEL + PREFERENCE + FAIRNESS
Bytes = npt.NDArray[np.uint8]


class Index(NamedTuple):
    """All that finding pairs reads and nothing writes while it does."""

    blocks: Blocks
    planes: Planes
    wants: Wants
    people: Volunteers


class Bounds(NamedTuple):
    """The least price in each block and group when last looked at.

    Prices only rise while pairs are gathered by need, so a least price seen earlier is a bound.
    """

    block: Ints
    group: Ints
    part: Bytes  # which part of the country each block is solved in


class Found(NamedTuple):
    """Room for the pairs of one search: a heap by margin, the worst on top; and marks on seats."""

    margin: Ints
    seat: Small
    quality: Small
    shared: Small
    mark: Small  # [seats]
    serial: Ints  # the mark of the current search
    slots: Ints  # the slots of the current want


def room_for(most: int, seats: int) -> Found:
    """Room for searches that keep at most so many pairs."""
    return Found(
        np.empty(most, np.int64),
        np.empty(most, np.int32),
        np.empty(most, np.int32),
        np.empty(most, np.int32),
        np.zeros(seats, np.int32),
        np.zeros(1, np.int64),
        np.empty(SLOT_COUNT, np.int64),
    )


@lean
def sift_up(margin: int, seat: int, quality: int, shared: int, at: int, found: Found) -> None:
    """Put a pair into a heap of ``at`` pairs."""
    margins, seats, points, slots = found.margin, found.seat, found.quality, found.shared
    while at > 0:
        up = (at - 1) // 2
        if margins[up] <= margin:
            break
        margins[at], seats[at] = margins[up], seats[up]
        points[at], slots[at] = points[up], slots[up]
        at = up
    margins[at], seats[at], points[at], slots[at] = margin, seat, quality, shared


@lean
def sift_down(margin: int, seat: int, quality: int, shared: int, size: int, found: Found) -> None:
    """Put a pair in the place of the worst."""
    margins, seats, points, slots = found.margin, found.seat, found.quality, found.shared
    at = 0
    while True:
        down = 2 * at + 1
        if down >= size:
            break
        if down + 1 < size and margins[down + 1] < margins[down]:
            down += 1
        if margins[down] >= margin:
            break
        margins[at], seats[at] = margins[down], seats[down]
        points[at], slots[at] = points[down], slots[down]
        at = down
    margins[at], seats[at], points[at], slots[at] = margin, seat, quality, shared


@lean
def travel(squared: int, scale: int) -> int:
    """Points for a journey of so many squared metres. Whole numbers come out exact: no quotient of
    such sizes is within a rounding error of the next whole number."""
    metres = np.floor(np.sqrt(float(squared)))
    if metres == 0.0:
        return TRAVEL
    if metres >= scale:
        return 0
    return int(TRAVEL * (scale - metres) / scale)


@lean
def dates_hold(
    v: int, first: int, last: int, check: Small, begin: int, end: int, held_start: Ints,
    held_bit: Ints, held_from: Ints, held_to: Ints,
) -> bool:  # fmt: skip
    """Whether a volunteer holds the credentials check[begin:end] from the first day to the last."""
    for i in range(begin, end):
        good = False
        for k in range(held_start[v], held_start[v + 1]):
            if held_bit[k] == check[i]:
                good = held_from[k] <= first and held_to[k] >= last
        if not good:
            return False
    return True


@lean
def gap_squared(x: int, y: int, left: int, bottom: int, right: int, top: int) -> int:
    if x < 0:
        return 0
    dx = max(0, left - x, x - right)
    dy = max(0, bottom - y, y - top)
    return dx * dx + dy * dy


@lean
def too_little(x: int, gap_squared: int, widest: int, short: int) -> bool:
    """Whether no journey over the gap earns more than the points that are still short.

    A journey of d metres earns at most 600 (1 - d / widest): no root is needed to compare. A need
    without a place earns nothing.
    """
    if short < 0:
        return False
    if x < 0 or short >= TRAVEL:
        return True
    most = widest * (TRAVEL - short) * _PER_POINT + 1.0
    return bool(float(gap_squared) >= most * most)


@lean
def gather(
    m: int, k: int, cut: int, part: int, index: Index, bounds: Bounds, seat: Table, found: Found
) -> tuple[int, int]:
    """Keep the ``k`` best unmarked pairs of a need with a margin above ``cut``.

    Returns how many there are and the margin that no other unmarked pair exceeds. Prices of other
    parts of the country than ``part`` count as 0 (all count where it is below 0). The price is
    column 0 of ``seat``.

    One long function: its arrays are looked up once, not for every block.
    """
    blocks, wants, planes = index.blocks, index.wants, index.planes
    rows, available = blocks.planes, blocks.open
    lane, block, group = blocks.lane, blocks.block, blocks.group
    near, near_gap = wants.near, wants.near_gap
    must, bar, check = wants.must, wants.bar, wants.check
    block_price, group_price, parts = bounds.block, bounds.group, bounds.part
    credential, doubtful = planes.credential, planes.doubtful
    mark, serial = found.mark, found.serial[0]
    first_must, end_must = wants.must_start[m], wants.must_start[m + 1]
    first_bar, end_bar = wants.bar_start[m], wants.bar_start[m + 1]
    first_check, end_check = wants.check_start[m], wants.check_start[m + 1]
    x, y, slots, kind = wants.x[m], wants.y[m], wants.slots[m], wants.kind[m]
    born_by = wants.born_by[m]
    wanted_slots = found.slots
    slot_count = 0
    for slot in range(SLOT_COUNT):
        if slots >> slot & 1:
            wanted_slots[slot_count] = slot
            slot_count += 1
    count, lowest = 0, cut
    square = wants.square[m]
    for at in range(wants.near_start[square], wants.near_start[square + 1]):
        gap = min(near_gap[at], wants.scale_most)
        if _BOUND - TRAVEL * gap // wants.scale_most <= lowest:
            break
        g = near[at]
        squared = gap_squared(
            x, y, group[g, LEFT], group[g, BOTTOM], group[g, RIGHT], group[g, TOP]
        )
        if squared > group[g, REACH]:
            continue
        # A group can hold blocks of two parts: while they are apart its least price is not used.
        short = lowest - group[g, POINTS] - PREFERENCE + (group_price[g] if part < 0 else 0)
        if too_little(x, squared, group[g, WIDEST], short):
            continue
        for b in range(g * GROUP, (g + 1) * GROUP):
            squared = gap_squared(
                x, y, block[b, LEFT], block[b, BOTTOM], block[b, RIGHT], block[b, TOP]
            )
            if squared > block[b, REACH]:
                continue
            own = part < 0 or parts[b] == part
            short = lowest - block[b, POINTS]
            if own:
                short += block_price[b]
            liked = _NONE
            if kind != NO_PLANE:
                liked = rows[b, kind]
            only_liked = too_little(x, squared, block[b, WIDEST], short)
            if only_liked and (
                not liked or too_little(x, squared, block[b, WIDEST], short - PREFERENCE)
            ):
                continue
            mask = available[b]
            if only_liked:
                mask &= liked
            if slot_count:
                some = _NONE
                for i in range(slot_count):
                    some |= rows[b, wanted_slots[i]]
                mask &= some
            for i in range(first_must, end_must):
                mask &= rows[b, must[i]]
            for i in range(first_bar, end_bar):
                mask &= ~rows[b, bar[i]]
            look = _NONE
            for i in range(first_check, end_check):
                perhaps = rows[b, doubtful[check[i]]]
                mask &= rows[b, credential[check[i]]] | perhaps
                look |= perhaps
            young = born_by >= 0 and block[b, YOUNGEST] > born_by
            while mask:
                low = mask & (~mask + _ONE)
                mask ^= low
                s = b * LANES + trailing_zeros(low)
                points = lane[s, FAIR]
                if x < 0 or lane[s, X] < 0:
                    if lane[s, LIMIT] >= 0:
                        continue
                else:
                    dx, dy = lane[s, X] - x, lane[s, Y] - y
                    squared = dx * dx + dy * dy
                    if squared > lane[s, LIMIT] and lane[s, LIMIT] >= 0:
                        continue
                    points += travel(squared, lane[s, SCALE])
                if liked & low:
                    points += PREFERENCE
                margin = points
                if own:
                    margin -= seat[s, 0]
                if margin <= lowest or mark[s] == serial:
                    continue
                if young and (lane[s, BORN] < 0 or lane[s, BORN] > born_by):
                    continue
                if look & low and not dates_hold(
                    lane[s, MEMBER], wants.first[m], wants.last[m], check, first_check, end_check,
                    index.people.held_start, index.people.held_bit, index.people.held_from,
                    index.people.held_to,
                ):  # fmt: skip
                    continue
                if count < k:
                    sift_up(margin, s, points, slots & lane[s, FREE], count, found)
                    count += 1
                else:
                    sift_down(margin, s, points, slots & lane[s, FREE], count, found)
                if count == k:
                    lowest = found.margin[0]
    return count, lowest
