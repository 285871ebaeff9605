"""All volunteers in blocks of 64, those without room too: what the counts of an explanation read.

The blocks of a plan (`blocks`) leave out who cannot be asked at all; here they are bits like any
other rule. Words are kept attribute by attribute, so that one need is held against many blocks at a
time (the compiler makes vector instructions of it).
"""

from typing import NamedTuple

import numpy as np

from stepdown.matching.arrays import NONE, Arrays, Ints, Words
from stepdown.matching.kernel import kernel
from stepdown.matching.national import blocks as seating
from stepdown.matching.national.blocks import (
    BORN,
    BOTTOM,
    LANES,
    LEFT,
    MEMBER,
    RIGHT,
    SLOT_COUNT,
    TOP,
    Planes,
    X,
    Y,
)
from stepdown.matching.national.order import Small, Table
from stepdown.matching.rules import Rule

BOUNDLESS = 1 << 62  # squared metres: the limit of who has none
NOWHERE_NEAR = 1 << 61  # squared metres between two when a position is not known
_ONE = np.uint64(1)
_CAPACITY = Rule.CAPACITY.bit
_WEEKLY_LOAD = Rule.WEEKLY_LOAD.bit


class Everyone(NamedTuple):
    """Words are [planes, blocks] or [blocks]; seats are [blocks * 64]."""

    lane: Table  # [seats, 8], `block` and `group`: see the columns of `blocks`
    x: Small  # [seats], as in ``lane`` but close together: -1 where not known
    y: Small
    limit: Ints  # [seats] squared metres, BOUNDLESS for none
    planes: Words
    offered: Words  # [slots, blocks]: what they offer, free or not
    present: Words
    full: Words  # hold all the places they can
    loaded: Words  # give all the time they can
    block: Table
    least: Ints  # [blocks] squared metres, the least limit
    group: Table


def build(arrays: Arrays, threads: int = 2) -> tuple[Everyone, Planes]:
    """Seat all volunteers. Linear in them."""
    people = arrays.volunteers
    count = people.capacity.size
    lost = (people.easting < 0) & (people.limit_squared != NONE)
    seated = people._replace(
        capacity=np.ones(count, np.int64),
        blocked=np.zeros(count, np.int64),
        limit_squared=np.where(lost, NONE, people.limit_squared),
    )
    blocks, planes = seating.build(Arrays(seated, arrays.needs, arrays.known), threads)
    size = blocks.open.size
    offered = np.zeros((SLOT_COUNT, size), np.uint64)
    present, full, loaded = (np.zeros(size, np.uint64) for _ in range(3))
    limit = np.zeros(blocks.capacity.size, np.int64)
    least = np.full(size, BOUNDLESS, np.int64)
    _take_words(
        blocks.lane, people.offered, people.blocked, people.limit_squared,
        offered, present, full, loaded, limit, least,
    )  # fmt: skip
    everyone = Everyone(
        blocks.lane, blocks.lane[:, X].astype(np.int32), blocks.lane[:, Y].astype(np.int32), limit,
        np.ascontiguousarray(blocks.planes.T), offered, present, full, loaded, blocks.block, least,
        blocks.group,
    )  # fmt: skip
    return everyone, planes


@kernel
def _take_words(
    seats: Table, offers: Ints, blocked: Ints, limits: Ints, offered: Words, present: Words,
    full: Words, loaded: Words, limit: Ints, least: Ints,
) -> None:  # fmt: skip
    for s in range(limit.size):
        v, b, lane = seats[s, MEMBER], s // LANES, _ONE << np.uint64(s % LANES)
        if v < 0:
            continue
        present[b] |= lane
        if blocked[v] & _CAPACITY:
            full[b] |= lane
        if blocked[v] & _WEEKLY_LOAD:
            loaded[b] |= lane
        for slot in range(SLOT_COUNT):
            if offers[v] >> slot & 1:
                offered[slot, b] |= lane
        limit[s] = BOUNDLESS if limits[v] < 0 else limits[v]
        least[b] = min(least[b], limit[s])


@kernel
def old_enough(days: Ints, everyone: Everyone, words: Words) -> None:
    """For each latest day of birth, who was born by it: words are [days, blocks], all 0."""
    for k in range(days.size):
        for s in range(everyone.limit.size):
            if 0 <= everyone.lane[s, BORN] <= days[k]:
                words[k, s // LANES] |= _ONE << np.uint64(s % LANES)


@kernel
def gap_squared(x: int, y: int, box: Ints) -> int:
    """Squared metres from a place to a box, 0 inside it; as if touching where there is no place."""
    if x < 0:
        return 0
    dx = max(0, box[LEFT] - x, x - box[RIGHT])
    dy = max(0, box[BOTTOM] - y, y - box[TOP])
    return int(dx * dx + dy * dy)


@kernel
def most_squared(x: int, y: int, box: Ints) -> int:
    """Squared metres from a place to the far corner of a box; for ever where there is no place."""
    if x < 0 or box[LEFT] < 0:
        return NOWHERE_NEAR
    dx = max(x - box[LEFT], box[RIGHT] - x)
    dy = max(y - box[BOTTOM], box[TOP] - y)
    return int(dx * dx + dy * dy)


@kernel
def ones_in(word: np.uint64) -> int:
    """How many bits are set (the compiler knows this form as one instruction)."""
    word = word - (word >> _ONE & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + (
        word >> np.uint64(2) & np.uint64(0x3333333333333333)
    )
    word = word + (word >> np.uint64(4)) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return int(word * np.uint64(0x0101010101010101) >> np.uint64(56))
