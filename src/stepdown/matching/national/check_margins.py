"""What the needs add to the bound: the best margins of each over the complete feasible graph.

Each need begins with the margins of its planned pairs. A pair left out only counts when its margin
is above the least of them (above 0 while a place is empty), and for almost all volunteers the
bounds of their block, or of its window, show that it is not. Whoever is left is tried by the rules
themselves, so that only time depends on how tight the bounds are.
"""

from typing import NamedTuple

import numpy as np

from stepdown.matching.arrays import Arrays, Ints, Words
from stepdown.matching.kernel import kernel
from stepdown.matching.national.check_index import FAR, LANES, OCTET, Seats
from stepdown.matching.national.check_kernel import part, reader
from stepdown.matching.national.check_near import (
    PER_POINT,
    SLACK_M,
    Box,
    Near,
    flag_nearby,
    list_nearby,
    may_matter,
)
from stepdown.matching.national.check_order import CLASS, Small, in_order, place_key
from stepdown.matching.national.check_pairs import (
    broken_rules,
    cost_of,
    listed,
    quality_of,
    shared_slots,
)
from stepdown.matching.national.check_plan import Planned
from stepdown.matching.national.check_planes import Planes
from stepdown.matching.national.check_prices import Prices
from stepdown.matching.national.check_wants import Wanted, lane_of, lanes, likers, read_wants
from stepdown.matching.scoring import PREFERENCE, TRAVEL

GROUP = 64  # needs that share a list of blocks
_ONE = np.uint64(1)
_CLASSES = 8


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
    """What one thread writes."""

    near: Near
    best: Ints  # a heap, least first
    wanted: Wanted
    mask: Words  # of each block in an octet
    found: Small


@kernel
def need_order(arrays: Arrays, threshold: Ints, step: int) -> Small:
    """The needs with places by neighbourhood; those with a place left empty apart from the others,
    band by band, because they let in more."""
    needs = arrays.needs
    rows = np.empty(needs.places.size, np.int32)
    keys = np.empty(needs.places.size, np.int32)
    count = 0
    for n in range(rows.size):
        if needs.places[n] <= 0:
            continue
        kept_apart = 0
        if needs.easting[n] < 0:
            kept_apart = _CLASSES - 1
        elif threshold[n] == -(5 - needs.band[n]) * step:
            kept_apart = needs.band[n]
        rows[count] = n
        keys[count] = place_key(needs.easting[n], needs.northing[n]) | kept_apart << CLASS
        count += 1
    return in_order(keys[:count].copy(), rows[:count].copy())


@reader
def search(first: int, last: int, order: Small, world: World, room: Room, sums: Ints) -> None:
    """Add up some groups of needs: sums[0] is their margins, sums[b] the places of bands 1 to b."""
    needs, known = world.arrays.needs, world.arrays.known
    for g in range(first, last):
        begin, end = g * GROUP, min(g * GROUP + GROUP, order.size)
        left, right, bottom, top, allowance = np.inf, -np.inf, np.inf, -np.inf, -np.inf
        for i in range(begin, end):
            n = order[i]
            x, y = _place(needs.easting[n], needs.northing[n])
            left, right = min(left, x), max(right, x)
            bottom, top = min(bottom, y), max(top, y)
            allowance = max(allowance, np.float64(TRAVEL - 1 + PREFERENCE - world.threshold[n]))
        count = list_nearby(Box(left, right, bottom, top, allowance), world.seats, room.near)
        for i in range(begin, end):
            n = order[i]
            places, size = needs.places[n], 0
            for k in range(world.planned.start[n], world.planned.start[n + 1]):
                size = _offer(world.margin[k], size, places, room.best)
            if known.continuity_start[n + 1] > known.continuity_start[n] or (
                known.allowed_start[n + 1] > known.allowed_start[n]
            ):
                size = _try_recorded(n, size, world, room)
            weight = (5 - needs.band[n]) * world.prices.step
            level = room.best[0] - weight if size == places else -weight
            for k in range(_walk(n, level, count, world, room)):
                size = _try_found(n, room.found[k], size, world, room)
            for k in range(size):
                _add_up(room.best[k], weight, needs.band[n], world.prices.step, sums)


@part
def _place(easting: int, northing: int) -> tuple[float, float]:
    """A need of no known place stands as far from everybody as the maps of both reach."""
    if easting < 0:
        return -float(FAR), 0.0
    return float(easting), float(northing)


@reader
def _try_recorded(n: int, size: int, world: World, room: Room) -> int:
    """Try the pairs on record, which can have more points than others or rules waived."""
    known = world.arrays.known
    for k in range(known.continuity_start[n], known.continuity_start[n + 1]):
        if not _has(n, known.continuity[k], known.allowed_start, known.allowed):
            size = _try(n, known.continuity[k], size, world, room)
    for k in range(known.allowed_start[n], known.allowed_start[n + 1]):
        size = _try(n, known.allowed[k], size, world, room)
    return size


@reader
def _has(n: int, v: int, start: Ints, values: Ints) -> bool:
    at = listed(values, start[n], start[n + 1], v)
    return bool(0 <= at < start[n + 1])


@reader
def _try(n: int, v: int, size: int, world: World, room: Room) -> int:
    """Try a pair that is not planned by the rules, and put its margin into the heap."""
    arrays, prices = world.arrays, world.prices
    if _has(n, v, world.planned.start, world.planned.volunteer) or broken_rules(n, v, arrays):
        return size
    cost = cost_of(v, shared_slots(n, v, arrays), prices)
    margin = quality_of(n, v, arrays) + (5 - arrays.needs.band[n]) * prices.step - cost
    return _offer(margin, size, arrays.needs.places[n], room.best)


@reader
def _offer(margin: int, size: int, places: int, best: Ints) -> int:
    """Keep a margin above 0 if it is among the best, as many as there are places."""
    if margin <= 0 or (size == places and margin <= best[0]):
        return size
    if size < places:
        at = size
        while at > 0 and best[(at - 1) >> 1] > margin:
            best[at] = best[(at - 1) >> 1]
            at = (at - 1) >> 1
        best[at] = margin
        return size + 1
    at = 0
    while 2 * at + 1 < size:
        child = 2 * at + 1
        if child + 1 < size and best[child + 1] < best[child]:
            child += 1
        if best[child] >= margin:
            break
        best[at] = best[child]
        at = child
    best[at] = margin
    return size


@part
def _walk(n: int, level: int, count: int, world: World, room: Room) -> int:
    """Write who could have a margin above ``level`` with a need; how many they are."""
    seats, near, wanted, bounds = world.seats, room.near, room.wanted, room.near.bounds
    some = read_wants(n, world.arrays.needs, world.planes, wanted)
    bonus = float(PREFERENCE) if some else 0.0
    x, y = _place(world.arrays.needs.easting[n], world.arrays.needs.northing[n])
    allowance = float(TRAVEL - 1 - level)
    flag_nearby(
        x, y, allowance + bonus, count, bounds.left, bounds.right, bounds.bottom, bounds.top,
        bounds.reach, bounds.scale, bounds.potential, near.flag,
    )  # fmt: skip
    at_x, at_y = int(x), int(y)
    found = 0
    for i in range(count):
        if not near.flag[i]:
            continue
        octet = near.octet[i]
        lanes(seats.planes, octet, wanted, room.mask)
        for j in range(OCTET):
            mask = room.mask[j]
            b = octet * OCTET + j
            if not mask or not may_matter(seats.blocks, b, Box(x, x, y, y, allowance + bonus)):
                continue
            liked = likers(seats.planes, octet, j, wanted)
            if not may_matter(seats.blocks, b, Box(x, x, y, y, allowance)):
                mask &= liked
            while mask:
                low = mask & (~mask + _ONE)
                mask ^= low
                s = b * LANES + lane_of(low)
                e = TRAVEL - 1 + seats.potential[s] - level
                if liked & low:
                    e += PREFERENCE
                if e < 0:
                    continue
                dx, dy = seats.x[s] - at_x, seats.y[s] - at_y
                squared = dx * dx + dy * dy
                radius = seats.scale[s] * e * PER_POINT + SLACK_M
                if squared <= seats.limit[s] and (e >= TRAVEL or squared <= radius * radius):
                    room.found[found] = seats.row[s]
                    found += 1
    return found


@reader
def _try_found(n: int, v: int, size: int, world: World, room: Room) -> int:
    """Try a pair unless it was tried with those on record."""
    known = world.arrays.known
    if _has(n, v, known.continuity_start, known.continuity) or _has(
        n, v, known.allowed_start, known.allowed
    ):
        return size
    return _try(n, v, size, world, room)


@part
def _add_up(margin: int, weight: int, band: int, step: int, sums: Ints) -> None:
    """Add a margin, and its place to the bands in which it costs less than 5 - b steps."""
    sums[0] += margin
    steps = (2 * (weight - margin) + step) // (2 * step)
    for b in range(band, 5):
        if steps < 5 - b:
            sums[b] += 1
