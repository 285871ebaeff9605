"""Who can be asked, as blocks of 64 volunteers: one 64-bit word holds one attribute of a block.

Volunteers near one another stand in one group; inside a group they are sorted by what they can earn
at best, so that blocks are alike. A volunteer's place in this order is their *seat*. A block knows
its bounding box, its furthest reach and its best points, so that most are passed over unread; in
those that are read, the rules run on 64 volunteers at a time (bit-slicing: Lamport, "Multiple byte
processing with full-word instructions", CACM 18(8), 1975).
"""

from typing import NamedTuple

import numpy as np

from stepdown.kernel.slots import SLOTS
from stepdown.matching.arrays import Arrays, Ints, Known, Needs, Volunteers, Words
from stepdown.matching.kernel import kernel
from stepdown.matching.national.order import Small, along_the_ground

LANES = 64
GROUP = 8  # blocks in a group
SLOT_COUNT = len(SLOTS)
FAR = 1 << 30  # metres: the reach of who has no limit
NO_PLANE = -1
_EVERYWHERE = 1 << 21  # a box that holds every place
_ONE = np.uint64(1)
_NO_LIMIT = -1



class Planes(NamedTuple):
    """Where each attribute that some need asks for stands in a block's row of words."""

    skill: Small  # by bit, NO_PLANE where nobody asks
    language: Small
    role: Small
    kind: Small
    credential: Small  # good for every need that asks
    doubtful: Small  # held, but not good for every need that asks
    gender: Small  # by code
    count: int
    first: Ints  # the earliest day any need asks a credential for, by bit
    last: Ints  # and the latest


class Blocks(NamedTuple):
    """Seats are [blocks * 64]; ``member`` is -1 for an empty seat."""

    member: Small
    x: Small
    y: Small
    limit_squared: Ints
    scale: Small
    fairness: Small
    free: Small
    born: Small
    capacity: Small
    planes: Words  # [blocks, planes]
    open: Words  # [blocks]: seats that may be filled by any need
    box: Small  # [blocks, 4]: left, bottom, right, top
    reach: Ints  # [blocks] metres
    scale_most: Small  # [blocks] metres at which a journey earns nothing, at most
    points: Small  # [blocks] fairness at most
    youngest: Small  # [blocks] latest date of birth, UNBORN where one is not known
    group_box: Small
    group_reach: Ints
    group_scale: Small
    group_points: Small
    seat: Small  # [volunteers], -1 for who cannot be asked


UNBORN = 1 << 29


def _planes(arrays: Arrays) -> Planes:
    needs, people = arrays.needs, arrays.volunteers
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
    count += genders - 1
    first = np.full(credential.size, np.iinfo(np.int64).max)
    last = np.zeros(credential.size, np.int64)
    owner = np.repeat(np.arange(needs.band.size), np.diff(needs.asked_start))
    np.minimum.at(first, needs.asked_bit, needs.first[owner])
    np.maximum.at(last, needs.asked_bit, needs.last[owner])
    assert people.skills.shape[1] == needs.skills.shape[1]
    return Planes(skill, language, role, kind, credential, doubtful, gender, count, first, last)


def build(arrays: Arrays) -> tuple[Blocks, Planes]:
    """Seat everybody who can be asked. Linear in the volunteers."""
    planes = _planes(arrays)
    people = arrays.volunteers
    rows = _seated(people, arrays.known)
    blocks = _empty(rows.size, people.capacity.size, planes.count)
    _take_seats(rows, people, planes, blocks)
    _bound_groups(blocks)
    return blocks, planes


def _empty(seated: int, people: int, planes: int) -> Blocks:
    groups = -(-seated // (GROUP * LANES))
    blocks = groups * GROUP
    seats = blocks * LANES

    def small(size: int, value: int = 0) -> Small:
        return np.full(size, value, np.int32)

    box = np.empty((blocks, 4), np.int32)
    box[:] = (_EVERYWHERE, _EVERYWHERE, -1, -1)
    return Blocks(
        member=small(seats, -1),
        x=small(seats, -1),
        y=small(seats, -1),
        limit_squared=np.zeros(seats, np.int64),
        scale=small(seats, 1),
        fairness=small(seats),
        free=small(seats),
        born=small(seats),
        capacity=small(seats),
        planes=np.zeros((blocks, planes), np.uint64),
        open=np.zeros(blocks, np.uint64),
        box=box,
        reach=np.full(blocks, -1, np.int64),
        scale_most=small(blocks, 1),
        points=small(blocks),
        youngest=small(blocks),
        group_box=np.empty((groups, 4), np.int32),
        group_reach=np.empty(groups, np.int64),
        group_scale=small(groups),
        group_points=small(groups),
        seat=small(people, -1),
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
def _seated(people: Volunteers, known: Known) -> Small:
    """Volunteers in the order of their seats, groups filled up."""
    rows = _askable(people, known)
    apart = np.empty(rows.size, np.int32)
    for i in range(rows.size):
        apart[i] = people.limit_squared[rows[i]] == _NO_LIMIT or people.easting[rows[i]] < 0
    rows = along_the_ground(rows, people.easting, people.northing, apart)
    size = GROUP * LANES
    for begin in range(0, rows.size, size):
        part = rows[begin : begin + size].copy()
        # Who can earn most first: by fairness, then by how far they go.
        worth = np.empty(part.size, np.int64)
        for i in range(part.size):
            reach = min(people.scale[part[i]], FAR)
            worth[i] = -(people.fairness[part[i]] << 40) - (reach << 8)
        by_worth = np.argsort(worth, kind="mergesort")
        rows[begin : begin + size] = part[by_worth]
    return rows


@kernel
def _set_bits(
    word: np.uint64, base: int, places: Small, row: Words, lane: np.uint64
) -> None:
    """Write a volunteer's word of attributes into the block's planes."""
    while word:
        low = word & (~word + _ONE)
        bit = _bit_of(low)
        word ^= low
        plane = places[base + bit]
        if plane >= 0:
            row[plane] |= lane


@kernel
def _bit_of(power: np.uint64) -> int:
    """Which power of two a word with one bit is."""
    bit = 0
    if power >> np.uint64(32):
        power >>= np.uint64(32)
        bit += 32
    if power >> np.uint64(16):
        power >>= np.uint64(16)
        bit += 16
    if power >> np.uint64(8):
        power >>= np.uint64(8)
        bit += 8
    if power >> np.uint64(4):
        power >>= np.uint64(4)
        bit += 4
    if power >> np.uint64(2):
        power >>= np.uint64(2)
        bit += 2
    return bit + int(power >> _ONE)


@kernel
def _checks(v: int, people: Volunteers, planes: Planes, row: Words, lane: np.uint64) -> None:
    """A credential is good for every need that asks, or has to be looked at need by need."""
    for k in range(people.held_start[v], people.held_start[v + 1]):
        bit = people.held_bit[k]
        if planes.credential[bit] < 0:
            continue
        good = people.held_from[k] <= planes.first[bit] and people.held_to[k] >= planes.last[bit]
        row[planes.credential[bit] if good else planes.doubtful[bit]] |= lane


@kernel
def _planes_of(v: int, people: Volunteers, planes: Planes, row: Words, lane: np.uint64) -> None:
    free = people.free[v]
    for slot in range(SLOT_COUNT):
        if free >> slot & 1:
            row[slot] |= lane
    for w in range(people.skills.shape[1]):
        _set_bits(people.skills[v, w], 64 * w, planes.skill, row, lane)
    for w in range(people.languages.shape[1]):
        _set_bits(people.languages[v, w], 64 * w, planes.language, row, lane)
    for w in range(people.roles.shape[1]):
        _set_bits(people.roles[v, w], 64 * w, planes.role, row, lane)
    for w in range(people.preferred.shape[1]):
        _set_bits(people.preferred[v, w], 64 * w, planes.kind, row, lane)
    gender = people.gender[v]
    if 0 < gender < planes.gender.size:
        row[planes.gender[gender]] |= lane
    _checks(v, people, planes, row, lane)


@kernel
def _metres(limit_squared: int) -> int:
    """A limit in metres, rounded up."""
    if limit_squared == _NO_LIMIT:
        return FAR
    return min(FAR, int(np.sqrt(limit_squared)) + 1)


@kernel
def _take_seats(rows: Small, people: Volunteers, planes: Planes, into: Blocks) -> None:
    for s in range(rows.size):
        v, b, lane = rows[s], s // LANES, _ONE << np.uint64(s % LANES)
        into.member[s], into.seat[v] = v, s
        x, y = people.easting[v], people.northing[v]
        into.x[s], into.y[s] = x, y
        limit = people.limit_squared[v]
        into.limit_squared[s] = limit
        into.scale[s] = min(people.scale[v], FAR)
        into.fairness[s] = people.fairness[v]
        into.free[s], into.born[s] = people.free[v], people.born[v]
        into.capacity[s] = people.capacity[v]
        if people.blocked[v] == 0 and not (x < 0 and limit != _NO_LIMIT):
            into.open[b] |= lane
        _planes_of(v, people, planes, into.planes[b], lane)
        box = into.box[b]
        if x < 0:
            box[:2] = -1
            box[2:] = _EVERYWHERE
        else:
            box[0], box[1] = min(box[0], x), min(box[1], y)
            box[2], box[3] = max(box[2], x), max(box[3], y)
        into.reach[b] = max(into.reach[b], _metres(limit))
        into.scale_most[b] = max(into.scale_most[b], into.scale[s])
        into.points[b] = max(into.points[b], into.fairness[s])
        into.youngest[b] = max(into.youngest[b], into.born[s] if into.born[s] >= 0 else UNBORN)


@kernel
def _bound_groups(into: Blocks) -> None:
    for g in range(into.group_reach.size):
        begin, end = g * GROUP, (g + 1) * GROUP
        for side in range(4):
            edge = into.box[begin:end, side]
            into.group_box[g, side] = edge.min() if side < 2 else edge.max()
        into.group_reach[g] = into.reach[begin:end].max()
        into.group_scale[g] = into.scale_most[begin:end].max()
        into.group_points[g] = into.points[begin:end].max()
