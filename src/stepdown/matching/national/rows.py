"""The pairs listed so far of each need, and how good a pair left out could be.

Rows begin with the best few and grow where the solver asks for more. A row's ``floor`` is the
margin (quality less price) that no pair left out exceeds; as prices only rise, it stays true.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stepdown.matching.arrays import Ints, Known
from stepdown.matching.kernel import lean
from stepdown.matching.national.blocks import FAIR, FREE, LANES, MEMBER, NO_PLANE, SCALE, X, Y
from stepdown.matching.national.gather import (
    Bounds,
    Found,
    Index,
    dates_hold,
    gather,
    travel,
)
from stepdown.matching.national.order import Small, Table
from stepdown.matching.rules import Rule
from stepdown.matching.scoring import CONTINUITY, PREFERENCE

LISTED_FIRST = 8  # pairs listed at first
NOBODY = -1  # HELD of a pair that the need does not hold
UNREAD = 1 << 60  # the floor of a row not yet looked for
# Columns of ``row``: where it starts in the pool, its length, its room, its floor.
START, LENGTH, ROOM, FLOOR = 0, 1, 2, 3
# Columns of ``pair``: the seat, its quality, the slots both have free, the holding it has.
SEAT, QUALITY, SHARED, HELD = 0, 1, 2, 3
_ONE = np.uint64(1)


class Rows(NamedTuple):
    """Row m is pair[row[m, START]:][:row[m, LENGTH]]; the pool is shared by all rows."""

    row: Table
    pair: npt.NDArray[np.int32]
    next: Ints  # [parts + 1] where the next row that has outgrown its room goes
    end: Ints  # [parts + 1]


def make_rows(wants: int, parts: int, spare: int) -> Rows:
    """Rows with room for the first few pairs each, and ``spare`` more pairs for each part.

    The pool is untouched memory until it is written.
    """
    base = wants * LISTED_FIRST
    row = np.zeros((wants, 4), np.int64)
    row[:, START] = LISTED_FIRST * np.arange(wants)
    row[:, ROOM] = LISTED_FIRST
    row[:, FLOOR] = UNREAD
    next_ = base + spare * np.arange(parts + 1, dtype=np.int64)
    return Rows(row, np.empty((base + spare * (parts + 1), 4), np.int32), next_, next_ + spare)


def with_more_room(rows: Rows) -> Rows:
    """The same rows with as much room again, all of it for the last part."""
    size = rows.pair.shape[0]
    next_, end = rows.next.copy(), rows.end.copy()
    next_[-1], end[-1] = size, 2 * size
    pair = np.empty((2 * size, 4), np.int32)
    pair[:size] = rows.pair
    return Rows(rows.row, pair, next_, end)


@lean
def _mark_known(n: int, start: Ints, who: Ints, seat: Small, found: Found) -> None:
    for k in range(start[n], start[n + 1]):
        if seat[who[k]] >= 0:
            found.mark[seat[who[k]]] = found.serial[0]


@lean
def _mark_listed(m: int, rows: Rows, found: Found) -> None:
    start = rows.row[m, START]
    for e in range(start, start + rows.row[m, LENGTH]):
        found.mark[rows.pair[e, SEAT]] = found.serial[0]


@lean
def _has(values: Ints, start: int, end: int, value: int) -> bool:
    for k in range(start, end):  # noqa: SIM110  compiled without generators
        if values[k] == value:
            return True
    return False


@lean
def broken_rules(m: int, s: int, index: Index, known: Known) -> int:
    """The mask of those rules that one pair breaks and that can be waived or matter for known
    pairs: who may not be asked at all has no seat."""
    blocks, wants, people = index.blocks, index.wants, index.people
    n, v = wants.row[m], blocks.lane[s, MEMBER]
    broken = people.blocked[v]
    if _has(known.excluded, known.excluded_start[n], known.excluded_start[n + 1], v):
        broken |= _EXCLUDED
    if _has(known.held, known.held_start[n], known.held_start[n + 1], v):
        broken |= _HELD
    if wants.slots[m] and not wants.slots[m] & people.offered[v]:
        broken |= _SLOT
    elif wants.slots[m] and not wants.slots[m] & people.free[v]:
        broken |= _BUSY
    limit = people.limit_squared[v]
    if limit >= 0:
        dx, dy = people.easting[v] - wants.x[m], people.northing[v] - wants.y[m]
        if wants.x[m] < 0 or people.easting[v] < 0 or dx * dx + dy * dy > limit:
            broken |= _DISTANCE
    born_by = wants.born_by[m]
    if born_by >= 0 and (people.born[v] < 0 or people.born[v] > born_by):
        broken |= _AGE
    return int(broken | _unmet(m, s, index))


@lean
def _unmet(m: int, s: int, index: Index) -> int:
    """Skills, languages, gender, roles and credentials of one pair."""
    blocks, wants, planes = index.blocks, index.wants, index.planes
    row, lane = blocks.planes[s // LANES], _ONE << np.uint64(s % LANES)
    broken = 0
    for k in range(wants.must_start[m], wants.must_start[m + 1]):
        plane = wants.must[k]
        if not row[plane] & lane:
            broken |= _SKILL if _is_in(plane, planes.skill) else 0
            broken |= _LANGUAGE if _is_in(plane, planes.language) else 0
            broken |= _GENDER if _is_in(plane, planes.gender) else 0
    for k in range(wants.bar_start[m], wants.bar_start[m + 1]):
        if row[wants.bar[k]] & lane:
            broken |= _ROLE
    people = index.people
    if not dates_hold(
        blocks.lane[s, MEMBER], wants.first[m], wants.last[m], wants.check, wants.check_start[m],
        wants.check_start[m + 1], people.held_start, people.held_bit, people.held_from,
        people.held_to,
    ):  # fmt: skip
        broken |= _REQUIREMENTS
    return broken


@lean
def _is_in(plane: int, places: Small) -> bool:
    for i in range(places.size):  # noqa: SIM110  compiled without generators
        if places[i] == plane:
            return True
    return False


@lean
def points_of(m: int, s: int, index: Index) -> int:
    """The quality of a pair but for continuity."""
    blocks, wants = index.blocks, index.wants
    lane = blocks.lane[s]
    points = lane[FAIR]
    if wants.x[m] >= 0 and lane[X] >= 0:
        dx, dy = lane[X] - wants.x[m], lane[Y] - wants.y[m]
        points += travel(dx * dx + dy * dy, lane[SCALE])
    kind = wants.kind[m]
    if kind != NO_PLANE and blocks.planes[s // LANES, kind] >> np.uint64(s % LANES) & _ONE:
        points += PREFERENCE
    return int(points)


@lean
def _list_known(m: int, index: Index, known: Known, found: Found, kept: Found) -> int:
    """Pairs that have helped before, or that a rule is waived for, are few: all are listed."""
    n = index.wants.row[m]
    count = 0
    helped, helped_end = known.continuity_start[n], known.continuity_start[n + 1]
    allowed, allowed_end = known.allowed_start[n], known.allowed_start[n + 1]
    for k in range(helped, helped_end):
        count = _judge(m, known.continuity[k], count, index, known, found, kept)
    for k in range(allowed, allowed_end):
        count = _judge(m, known.allowed[k], count, index, known, found, kept)
    return count


@lean
def _judge(
    m: int, v: int, count: int, index: Index, known: Known, found: Found, kept: Found
) -> int:
    n, s = index.wants.row[m], index.blocks.seat[v]
    if s < 0 or found.mark[s] == -found.serial[0]:
        return count
    found.mark[s] = -found.serial[0]  # judged: once is enough
    broken = broken_rules(m, s, index, known)
    shared = index.wants.slots[m] & index.blocks.lane[s, FREE]
    for k in range(known.allowed_start[n], known.allowed_start[n + 1]):
        if known.allowed[k] == v:
            broken &= ~known.allowed_rules[k]
            if index.wants.slots[m]:
                shared |= known.allowed_slots[k]
    if broken:
        return count
    points = points_of(m, s, index)
    if _has(known.continuity, known.continuity_start[n], known.continuity_start[n + 1], v):
        points += CONTINUITY
    kept.seat[count], kept.quality[count], kept.shared[count] = s, points, shared
    return count + 1


@lean
def append(m: int, count: int, part: int, rows: Rows, pairs: Found) -> bool:
    """Put pairs at the end of a row, best quality first; False where there is no room for them."""
    row, pair = rows.row, rows.pair
    length = row[m, LENGTH]
    if length + count > row[m, ROOM]:
        room = max(2 * row[m, ROOM], length + count)
        start = rows.next[part]
        if start + room > rows.end[part]:
            return False
        rows.next[part] = start + room
        old = row[m, START]
        for i in range(length):
            for column in range(4):
                pair[start + i, column] = pair[old + i, column]
        row[m, START], row[m, ROOM] = start, room
    base = row[m, START] + length
    for i in range(count):
        at = base + i
        while at > base and pair[at - 1, QUALITY] < pairs.quality[i]:
            for column in range(4):
                pair[at, column] = pair[at - 1, column]
            at -= 1
        pair[at, SEAT], pair[at, QUALITY] = pairs.seat[i], pairs.quality[i]
        pair[at, SHARED], pair[at, HELD] = pairs.shared[i], NOBODY
    row[m, LENGTH] = length + count
    return True


@lean
def open_row(
    m: int, pool: int, index: Index, known: Known, rows: Rows, found: Found, kept: Found
) -> bool:
    """List the pairs known beforehand, where that has not been done; False where the pool is full.
    Marks begin anew."""
    found.serial[0] += 1
    if rows.row[m, FLOOR] == UNREAD:
        count = _list_known(m, index, known, found, kept)
        if not append(m, count, pool, rows, kept):
            return False
        rows.row[m, FLOOR] = UNREAD - 1
    return True


@lean
def place_in_row(m: int, s: int, rows: Rows) -> int:
    """Where a seat stands in a row, -1 where it does not."""
    for i in range(rows.row[m, LENGTH]):
        if rows.pair[rows.row[m, START] + i, SEAT] == s:
            return i
    return -1


@lean
def extend(
    m: int, k: int, cut: int, part: int, index: Index, known: Known, bounds: Bounds, rows: Rows,
    seat: Table, found: Found, kept: Found,
) -> bool:  # fmt: skip
    """List up to ``k`` more pairs with a margin above ``cut``; False where the pool is full."""
    pool = part if part >= 0 else rows.next.size - 1
    row, seats = rows.row, index.blocks.seat
    n = index.wants.row[m]
    if not open_row(m, pool, index, known, rows, found, kept):
        return False
    _mark_known(n, known.excluded_start, known.excluded, seats, found)
    _mark_known(n, known.held_start, known.held, seats, found)
    _mark_known(n, known.continuity_start, known.continuity, seats, found)
    _mark_known(n, known.allowed_start, known.allowed, seats, found)
    _mark_listed(m, rows, found)
    count, floor = gather(m, k, cut, part, index, bounds, seat, found)
    if not append(m, count, pool, rows, found):
        return False
    row[m, FLOOR] = min(floor, row[m, FLOOR])
    return True


_EXCLUDED = Rule.EXCLUDED.bit
_HELD = Rule.ALREADY_HELD.bit
_AGE = Rule.AGE.bit
_GENDER = Rule.GENDER.bit
_LANGUAGE = Rule.LANGUAGE.bit
_SKILL = Rule.SKILL.bit
_REQUIREMENTS = Rule.REQUIREMENTS.bit
_ROLE = Rule.ROLE_CONFLICT.bit
_DISTANCE = Rule.DISTANCE.bit
_SLOT = Rule.SLOT.bit
_BUSY = Rule.BUSY.bit
