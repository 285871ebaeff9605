"""Who can be asked, as blocks of 64 volunteers: one 64-bit word holds one attribute of a block.

Volunteers near one another stand in one group; inside a group they are sorted by what they can earn
at best, so that blocks are alike. A volunteer's place in this order is their *seat*. A block knows
its bounding box, its furthest reach and its best points, so that most are passed over unread; in
those that are read, the rules run on 64 volunteers at a time (bit-slicing: Lamport, "Multiple byte
processing with full-word instructions", CACM 18(8), 1975).
"""

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from stepdown.kernel.slots import SLOTS
from stepdown.matching.arrays import Arrays, Ints, Known, Volunteers, Words
from stepdown.matching.kernel import kernel
from stepdown.matching.national.bits import trailing_zeros
from stepdown.matching.national.order import Small, Table, along_the_ground

LANES = 64
GROUP = 8  # blocks in a group
SLOT_COUNT = len(SLOTS)
FAR = 1 << 30  # metres: the reach of who has no limit
NO_PLANE = -1
UNBORN = 1 << 29
# Columns of ``lane``, one row a seat: place (-1 where not known), limit in squared metres (-1 for
# none), metres at which a journey earns nothing, fairness points, date of birth, free slots, and
# the volunteer's row (-1 for an empty seat).
X, Y, LIMIT, SCALE, FAIR, BORN, FREE, MEMBER = range(8)
# Columns of ``block`` and ``group``: their bounding box, the furthest reach in squared metres, the
# widest scale, the most fairness points, the latest date of birth (UNBORN where one is not known).
LEFT, BOTTOM, RIGHT, TOP, REACH, WIDEST, POINTS, YOUNGEST = range(8)
_EVERYWHERE = 1 << 21  # a box that holds every place
_NO_LIMIT = -1
_NOTHING = (_EVERYWHERE, _EVERYWHERE, -1, -1, -1, 1, 0, 0)


class Planes(NamedTuple):
    """Where each attribute that some need asks for stands in a block's row of words."""

    skill: Small  # by bit, NO_PLANE where nobody asks
    language: Small
    role: Small
    kind: Small
    credential: Small  # good for every need that asks
    doubtful: Small  # held, but not good for every need that asks
    gender: Small  # by code
    count: int  # type: ignore[assignment]  # it hides tuple.count, which nobody needs
    first: Ints  # the earliest day any need asks a credential for, by bit
    last: Ints  # and the latest


class Blocks(NamedTuple):
    """Seats are numbered through: seat s is lane s % 64 of block s // 64."""

    lane: Table  # [seats, 8], see the columns above
    capacity: Small  # [seats]
    planes: Words  # [blocks, planes]
    open: Words  # [blocks]: seats that may be filled by any need
    block: Table  # [blocks, 8]
    group: Table  # [groups, 8]
    seat: Small  # [volunteers], -1 for who cannot be asked


def _planes(arrays: Arrays) -> Planes:
    needs = arrays.needs
    count = SLOT_COUNT

    def number(masks: Words) -> Small:
        nonlocal count
        asked = np.bitwise_or.reduce(masks, axis=0) if masks.size else np.zeros(1, np.uint64)
        bits = np.flatnonzero(np.unpackbits(asked.view(np.uint8), bitorder="little"))
        places = np.full(64 * masks.shape[1], NO_PLANE, np.int32)
        places[bits] = count + np.arange(bits.size)
        count += bits.size
        return places

    skill, language = number(needs.skills), number(needs.languages)
    role, kind = number(needs.excluded_roles), number(needs.kind)
    credential, doubtful = number(needs.credentials), number(needs.credentials)
    genders = int(needs.gender.max(initial=0)) + 1
    gender = np.arange(count - 1, count - 1 + genders, dtype=np.int32)
    gender[0] = NO_PLANE
    count += genders - 1
    first = np.full(credential.size, np.iinfo(np.int64).max)
    last = np.zeros(credential.size, np.int64)
    owner = np.repeat(np.arange(needs.band.size), np.diff(needs.asked_start))
    np.minimum.at(first, needs.asked_bit, needs.first[owner])
    np.maximum.at(last, needs.asked_bit, needs.last[owner])
    return Planes(skill, language, role, kind, credential, doubtful, gender, count, first, last)


def build(arrays: Arrays, threads: int = 2) -> tuple[Blocks, Planes]:
    """Seat everybody who can be asked. Linear in the volunteers."""
    planes = _planes(arrays)
    people = arrays.volunteers
    rows = _in_order(people, arrays.known)
    blocks = _empty(rows.size, people.capacity.size, planes.count)
    groups = blocks.group.shape[0]
    cuts = np.linspace(0, groups, max(1, threads) + 1).astype(int)

    def seat(first: int, last: int) -> None:
        _seat_groups(first, last, rows, people, planes, blocks)

    with ThreadPoolExecutor(max(1, threads)) as pool:
        list(pool.map(seat, cuts[:-1], cuts[1:]))
    return blocks, planes


def still_good(planes: Planes, arrays: Arrays) -> bool:
    """Whether blocks built with these planes serve the needs of other columns as well."""
    now = _planes(arrays)
    return (
        now.count == planes.count
        and all(
            np.array_equal(getattr(now, name), getattr(planes, name))
            for name in ("skill", "language", "role", "kind", "credential", "doubtful", "gender")
        )
        and bool((now.first >= planes.first).all() and (now.last <= planes.last).all())
    )


def _empty(seated: int, people: int, planes: int) -> Blocks:
    groups = -(-seated // (GROUP * LANES))
    blocks = groups * GROUP
    seats = blocks * LANES
    lane = np.empty((seats, 8), np.int64)
    block, group = np.empty((blocks, 8), np.int64), np.empty((groups, 8), np.int64)
    block[:] = group[:] = _NOTHING
    return Blocks(
        lane,
        np.zeros(seats, np.int32),
        np.zeros((blocks, planes), np.uint64),
        np.zeros(blocks, np.uint64),
        block,
        group,
        np.full(people, -1, np.int32),
    )


@kernel
def _askable(people: Volunteers, known: Known) -> Small:
    """Those with room and no rule against them, or a rule waived for some need."""
    waived = np.zeros(people.capacity.size, np.uint8)
    for k in range(known.allowed.size):
        waived[known.allowed[k]] = 1
    rows = np.empty(people.capacity.size, np.int32)
    count = 0
    for v in range(people.capacity.size):
        if people.capacity[v] == 0:
            continue
        unknown = people.easting[v] < 0 and people.limit_squared[v] != _NO_LIMIT
        if waived[v] or (people.blocked[v] == 0 and not unknown):
            rows[count] = v
            count += 1
    return rows[:count]


@kernel
def _in_order(people: Volunteers, known: Known) -> Small:
    """Volunteers neighbours together; those who reach everywhere follow the others."""
    rows = _askable(people, known)
    apart = np.empty(rows.size, np.int32)
    for i in range(rows.size):
        apart[i] = people.limit_squared[rows[i]] == _NO_LIMIT or people.easting[rows[i]] < 0
    return along_the_ground(rows, people.easting, people.northing, apart)


@kernel
def _seat_groups(
    first: int, last: int, rows: Small, people: Volunteers, planes: Planes, into: Blocks
) -> None:
    """Seat some groups: their members sorted, their lanes, planes and bounds written."""
    begin = first * GROUP * LANES
    end = min(rows.size, last * GROUP * LANES)
    _sort_groups(begin, end, rows, people.fairness, people.scale)
    _write_lanes(begin, end, rows, people, into.lane, into.capacity, into.seat)
    for s in range(max(begin, end), last * GROUP * LANES):
        into.lane[s] = -1
    _write_open(begin, end, into.lane, people.blocked, into.open)
    _write_planes(begin, end, rows, people, planes, into.planes)
    _bound(begin, end, into.lane, into.block, into.group)


@kernel
def _sort_groups(begin: int, end: int, rows: Small, fairness: Ints, scale: Ints) -> None:
    """Who can earn most first: by fairness, then by how far they go; ties as they come."""
    size = GROUP * LANES
    worth = np.empty(size, np.int64)
    for at in range(begin, end, size):
        part = rows[at : min(at + size, end)].copy()
        for i in range(part.size):
            worth[i] = -(fairness[part[i]] << 40) - (min(scale[part[i]], FAR) << 9) + i
        worth[: part.size].sort()
        for i in range(part.size):
            rows[at + i] = part[worth[i] & 511]


@kernel
def _write_lanes(
    begin: int, end: int, rows: Small, people: Volunteers, lane: Table, capacity: Small,
    seat: Small,
) -> None:  # fmt: skip
    easting, northing, limit = people.easting, people.northing, people.limit_squared
    scale, fairness, born = people.scale, people.fairness, people.born
    free, room = people.free, people.capacity
    for s in range(begin, end):
        v = rows[s]
        lane[s, X], lane[s, Y], lane[s, LIMIT] = easting[v], northing[v], limit[v]
        lane[s, SCALE], lane[s, FAIR], lane[s, BORN] = min(scale[v], FAR), fairness[v], born[v]
        lane[s, FREE], lane[s, MEMBER] = free[v], v
        capacity[s] = min(room[v], FAR)
        seat[v] = s


@kernel
def _write_open(begin: int, end: int, lane: Table, blocked: Ints, available: Words) -> None:
    for s in range(begin, end):
        unknown = lane[s, X] < 0 and lane[s, LIMIT] != _NO_LIMIT
        if blocked[lane[s, MEMBER]] == 0 and not unknown:
            available[s // LANES] |= np.uint64(1) << np.uint64(s % LANES)


@kernel
def _write_words(
    begin: int, end: int, rows: Small, words: Words, places: Small, planes: Words
) -> None:
    """One kind of attribute: the bits of each volunteer into the planes of their block."""
    for w in range(words.shape[1]):
        asked = np.uint64(0)
        for bit in range(64):
            if places[64 * w + bit] >= 0:
                asked |= np.uint64(1) << np.uint64(bit)
        if not asked:
            continue
        for s in range(begin, end):
            word = words[rows[s], w] & asked
            lane = np.uint64(1) << np.uint64(s % LANES)
            while word:
                planes[s // LANES, places[64 * w + trailing_zeros(word)]] |= lane
                word &= word - np.uint64(1)


@kernel
def _write_planes(
    begin: int, end: int, rows: Small, people: Volunteers, planes: Planes, into: Words
) -> None:
    free, gender = people.free, people.gender
    for s in range(begin, end):
        word = np.uint64(free[rows[s]])
        lane = np.uint64(1) << np.uint64(s % LANES)
        while word:
            into[s // LANES, trailing_zeros(word)] |= lane
            word &= word - np.uint64(1)
    _write_words(begin, end, rows, people.skills, planes.skill, into)
    _write_words(begin, end, rows, people.languages, planes.language, into)
    _write_words(begin, end, rows, people.roles, planes.role, into)
    _write_words(begin, end, rows, people.preferred, planes.kind, into)
    if planes.gender.size > 1:
        for s in range(begin, end):
            code = gender[rows[s]]
            if 0 < code < planes.gender.size:
                into[s // LANES, planes.gender[code]] |= np.uint64(1) << np.uint64(s % LANES)
    start, bits, begins, ends = (
        people.held_start, people.held_bit, people.held_from, people.held_to,
    )  # fmt: skip
    credential, doubtful = planes.credential, planes.doubtful
    from_day, to_day = planes.first, planes.last
    for s in range(begin, end):
        lane = np.uint64(1) << np.uint64(s % LANES)
        for k in range(start[rows[s]], start[rows[s] + 1]):
            bit = bits[k]
            if credential[bit] < 0:
                continue
            # Good for every need that asks, or to be looked at need by need.
            good = begins[k] <= from_day[bit] and ends[k] >= to_day[bit]
            into[s // LANES, credential[bit] if good else doubtful[bit]] |= lane


@kernel
def _bound(begin: int, end: int, lane: Table, block: Table, group: Table) -> None:
    for s in range(begin, end):
        box = block[s // LANES]
        x, y, limit, born = lane[s, X], lane[s, Y], lane[s, LIMIT], lane[s, BORN]
        if x < 0:
            box[LEFT], box[BOTTOM], box[RIGHT], box[TOP] = -1, -1, _EVERYWHERE, _EVERYWHERE
        else:
            box[LEFT], box[BOTTOM] = min(box[LEFT], x), min(box[BOTTOM], y)
            box[RIGHT], box[TOP] = max(box[RIGHT], x), max(box[TOP], y)
        box[REACH] = max(box[REACH], FAR * FAR if limit == _NO_LIMIT else limit)
        box[WIDEST] = max(box[WIDEST], lane[s, SCALE])
        box[POINTS] = max(box[POINTS], lane[s, FAIR])
        box[YOUNGEST] = max(box[YOUNGEST], born if born >= 0 else UNBORN)
    for b in range(begin // LANES, (end + LANES - 1) // LANES):
        box, wide = block[b], group[b // GROUP]
        for column in range(2):
            wide[column] = min(wide[column], box[column])
        for column in range(2, 8):
            wide[column] = max(wide[column], box[column])
