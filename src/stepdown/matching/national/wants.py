"""What each open need asks for, as plane numbers, in the order of places; and which groups of
volunteers are near enough to matter, by squares of 8 km."""

from typing import NamedTuple

import numpy as np

from stepdown.matching.arrays import Arrays, Ints, Needs, Words
from stepdown.matching.kernel import kernel
from stepdown.matching.national.blocks import (
    BOTTOM,
    FAR,
    LEFT,
    NO_PLANE,
    REACH,
    RIGHT,
    TOP,
    WIDEST,
    Blocks,
    Planes,
)
from stepdown.matching.national.order import Small, Table, along_the_ground

_SQUARE = 13  # 2 ** 13 metres
_ACROSS = 1 << 8  # squares from west to east, at most
NOWHERE = -1


class Wants(NamedTuple):
    """One row an open need, neighbours together. ``row`` is its row in the problem."""

    row: Small
    x: Small
    y: Small
    band: Small
    places: Small
    slots: Small
    born_by: Ints
    first: Ints  # credentials must be valid from this day
    last: Ints  # through this day
    kind: Small  # plane, NO_PLANE where it has none or nobody prefers it
    must_start: Ints  # [wants + 1] into must: planes a volunteer needs
    must: Small
    check_start: Ints  # into check: credential bits that some volunteers hold for a while only
    check: Small
    bar_start: Ints  # into bar: planes a volunteer must not have
    bar: Small
    square: Small  # into near_start
    near_start: Ints  # [squares + 1]
    near: Small  # groups, nearest first
    near_gap: Small  # metres from the square to the group's box, at the least
    scale_most: int  # metres at which no journey of anybody earns anything


def build(arrays: Arrays, blocks: Blocks, planes: Planes) -> Wants:
    """Order the open needs and number what they ask for."""
    needs = arrays.needs
    open_rows = np.flatnonzero(needs.places > 0).astype(np.int32)
    apart = np.zeros(open_rows.size, np.int32)
    row = along_the_ground(open_rows, needs.easting, needs.northing, apart)
    must = _plane_lists(row, needs, planes)
    squares = np.where(
        needs.easting[row] < 0,
        NOWHERE,
        (needs.easting[row] >> _SQUARE) + _ACROSS * (needs.northing[row] >> _SQUARE),
    )
    kinds, square = np.unique(squares, return_inverse=True)
    return Wants(
        row,
        needs.easting[row].astype(np.int32),
        needs.northing[row].astype(np.int32),
        needs.band[row].astype(np.int32),
        np.minimum(needs.places[row], np.iinfo(np.int32).max).astype(np.int32),
        needs.slots[row].astype(np.int32),
        needs.born_by[row],
        needs.first[row],
        needs.last[row],
        *must,
        square.astype(np.int32),
        *_near(kinds, blocks),
        int(blocks.group[:, WIDEST].max(initial=1)),
    )


def _plane_lists(
    row: Small, needs: Needs, planes: Planes
) -> tuple[Small, Ints, Small, Ints, Small, Ints, Small]:
    room = int(
        np.bitwise_count(needs.skills).sum() + np.bitwise_count(needs.languages).sum() + row.size
    )
    barred = int(np.bitwise_count(needs.excluded_roles).sum())
    kind = np.full(row.size, NO_PLANE, np.int32)
    must_start, check_start, bar_start = (np.zeros(row.size + 1, np.int64) for _ in range(3))
    must, bar = np.empty(room, np.int32), np.empty(barred, np.int32)
    check = np.empty(needs.asked_bit.size, np.int32)
    _fill_lists(row, needs, planes, kind, must_start, must, check_start, check, bar_start, bar)
    return kind, must_start, must, check_start, check, bar_start, bar


@kernel
def _append(words: Words, n: int, places: Small, into: Small, at: int) -> int:
    """The planes of the bits of a row of words."""
    for w in range(words.shape[1]):
        word = words[n, w]
        bit = 64 * w
        while word:
            if word & np.uint64(1):
                into[at] = places[bit]
                at += 1
            word >>= np.uint64(1)
            bit += 1
    return at


@kernel
def _fill_lists(
    row: Small,
    needs: Needs,
    planes: Planes,
    kind: Small,
    must_start: Ints,
    must: Small,
    check_start: Ints,
    check: Small,
    bar_start: Ints,
    bar: Small,
) -> None:
    asked, checks, barred = 0, 0, 0
    single = np.empty(64 * needs.kind.shape[1] + 1, np.int32)
    for m in range(row.size):
        n = row[m]
        asked = _append(needs.skills, n, planes.skill, must, asked)
        asked = _append(needs.languages, n, planes.language, must, asked)
        if needs.gender[n] > 0:
            must[asked] = planes.gender[needs.gender[n]]
            asked += 1
        barred = _append(needs.excluded_roles, n, planes.role, bar, barred)
        if _append(needs.kind, n, planes.kind, single, 0):
            kind[m] = single[0]
        for k in range(needs.asked_start[n], needs.asked_start[n + 1]):
            check[checks] = needs.asked_bit[k]
            checks += 1
        must_start[m + 1] = asked
        check_start[m + 1] = checks
        bar_start[m + 1] = barred


def _near(squares: Ints, blocks: Blocks) -> tuple[Ints, Small, Small]:
    start = np.zeros(squares.size + 1, np.int64)
    _count_near(squares, blocks.group, start)
    near, gap = np.empty(start[-1], np.int32), np.empty(start[-1], np.int32)
    _list_near(squares, blocks.group, start, near, gap)
    return start, near, gap


@kernel
def _gap(square: int, box: Ints) -> float:
    """Metres from a square to a box: 0 where they touch."""
    left, bottom = square % _ACROSS << _SQUARE, square // _ACROSS << _SQUARE
    side = (1 << _SQUARE) - 1
    dx = max(0, box[LEFT] - left - side, left - box[RIGHT])
    dy = max(0, box[BOTTOM] - bottom - side, bottom - box[TOP])
    return float(np.sqrt(dx * dx + dy * dy))


@kernel
def _matters(square: int, box: Ints) -> bool:
    if square == NOWHERE:
        return bool(box[REACH] == FAR * FAR)
    gap = _gap(square, box)
    return bool(gap * gap <= box[REACH])


@kernel
def _count_near(squares: Ints, boxes: Table, start: Ints) -> None:
    for i in range(squares.size):
        count = 0
        for g in range(boxes.shape[0]):
            if _matters(squares[i], boxes[g]):
                count += 1
        start[i + 1] = start[i] + count


@kernel
def _list_near(squares: Ints, boxes: Table, start: Ints, near: Small, gap: Small) -> None:
    for i in range(squares.size):
        count = start[i + 1] - start[i]
        found, metres = np.empty(count, np.int32), np.empty(count, np.int32)
        at = 0
        for g in range(boxes.shape[0]):
            if _matters(squares[i], boxes[g]):
                found[at] = g
                metres[at] = 0 if squares[i] == NOWHERE else int(_gap(squares[i], boxes[g]))
                at += 1
        order = np.argsort(metres, kind="mergesort")
        near[start[i] : start[i + 1]] = found[order]
        gap[start[i] : start[i + 1]] = metres[order]
