"""The search for pairs left out of a plan: by octets, then blocks, then volunteers."""

from typing import NamedTuple

import numpy as np

from stepdown.matching.arrays import Arrays, Ints, Words
from stepdown.matching.national.check_index import (
    BOTTOM,
    CARD_LIMIT,
    CARD_PLACE,
    CARD_POTENTIAL,
    CARD_SCALE_ROW,
    FAR,
    LANES,
    LEFT,
    LOWER,
    OCTET,
    POTENTIAL,
    REACH,
    RIGHT,
    SCALE,
    TOP,
    Seats,
)
from stepdown.matching.national.check_kernel import part
from stepdown.matching.national.check_near import Near, flag_within, room_for, within
from stepdown.matching.national.check_order import Small
from stepdown.matching.national.check_plan import Planned
from stepdown.matching.national.check_planes import Planes
from stepdown.matching.national.check_prices import Prices
from stepdown.matching.national.check_wants import (
    Wanted,
    lane_of,
    lanes,
    likers,
    read_wants,
    room_for_wants,
)
from stepdown.matching.scoring import PREFERENCE, TRAVEL

GROUP = 64  # needs that share a list of octets
_ONE = np.uint64(1)


class World(NamedTuple):
    """All that the search reads."""

    arrays: Arrays
    planned: Planned
    margin: Ints  # of each planned pair
    threshold: Ints  # of each need
    prices: Prices
    planes: Planes
    seats: Seats


class Room(NamedTuple):
    """What one thread writes: make it with `desk`."""

    near: Near
    best: Ints  # a heap, least first
    wanted: Wanted
    mask: Words  # of each block in an octet
    found: Small  # volunteers to be tried with the needs of a group
    start: Ints  # where those of each need begin


def desk(seats: Seats, places: int) -> Room:
    """Room for needs of up to so many places."""
    size = seats.card.shape[0]
    return Room(
        room_for(seats.planes.shape[0]),
        np.zeros(places + 1, np.int64),
        room_for_wants(),
        np.zeros(OCTET, np.uint64),
        np.empty(2 * size + 2, np.int32),
        np.zeros(GROUP + 1, np.int64),
    )


@part
def place(easting: int, northing: int) -> tuple[float, float]:
    """A need of no known place stands as far from everybody as the maps of both reach."""
    if easting < 0:
        return -float(FAR), 0.0
    return float(easting), float(northing)


@part
def walk(n: int, kept: int, count: int, world: World, room: Room) -> int:
    """Write who could have a margin above the threshold of a need, after the ``kept`` before."""
    near, cards, found, planes = (
        room.near,
        world.seats.card,
        room.found,
        world.seats.planes,
    )
    some = read_wants(n, world.arrays.needs, world.planes, room.wanted)
    x, y = place(world.arrays.needs.easting[n], world.arrays.needs.northing[n])
    level = world.threshold[n]
    allowance = float(TRAVEL - 1 - level)
    bonus = float(PREFERENCE) if some else 0.0
    flag_within(x, y, allowance + bonus, count, near.bounds, near.flag)
    last = kept
    for i in range(count):
        if not near.flag[i]:
            continue
        octet = near.octet[i]
        lanes(planes, octet, room.wanted, room.mask)
        blocks = world.seats.blocks[octet]
        for j in range(OCTET):
            mask = room.mask[j]
            if not mask:
                continue
            e = allowance + blocks[POTENTIAL, j]
            dx = max(0.0, blocks[LEFT, j] - x, x - blocks[RIGHT, j])
            dy = max(0.0, blocks[BOTTOM, j] - y, y - blocks[TOP, j])
            squared = dx * dx + dy * dy
            if not within(e + bonus, squared, blocks[SCALE, j], blocks[REACH, j]):
                continue
            liked = likers(planes, octet, j, room.wanted)
            if not within(e, squared, blocks[SCALE, j], blocks[REACH, j]):
                mask &= liked
            while mask:
                low = mask & (~mask + _ONE)
                mask ^= low
                s = (octet * OCTET + j) * LANES + lane_of(low)
                found[last] = -1 - s if liked & low else s
                last += 1
    for i in range(kept, last):
        s = found[i] if found[i] >= 0 else -1 - found[i]
        points = TRAVEL - 1 + cards[s, CARD_POTENTIAL] - level
        points += PREFERENCE if found[i] < 0 else 0
        dx = float((cards[s, CARD_PLACE] >> 32) - x)
        dy = float((cards[s, CARD_PLACE] & LOWER) - y)
        scale = float(cards[s, CARD_SCALE_ROW] >> 32)
        found[kept] = cards[s, CARD_SCALE_ROW] & LOWER
        kept += within(float(points), dx * dx + dy * dy, scale, float(cards[s, CARD_LIMIT]))
    return kept
