"""What the needs add to the bound: the best margins of each over the complete feasible graph.

Each need begins with the margins of its planned pairs. A pair left out only counts when its margin
is above the least of them (above 0 while a place is empty), and for almost all volunteers the
bounds of their block, or of its window, show that it is not. Whoever is left is tried by the rules
themselves, so that only time depends on how tight the bounds are.
"""

import numpy as np

from stepdown.matching.arrays import Arrays, Ints
from stepdown.matching.kernel import kernel
from stepdown.matching.national.check_ahead import touch_needs, touch_people
from stepdown.matching.national.check_kernel import inner, part, reader
from stepdown.matching.national.check_near import (
    Box,
    list_nearby,
)
from stepdown.matching.national.check_order import CLASS, Small, in_order, place_key
from stepdown.matching.national.check_pairs import (
    broken_rules,
    cost_of,
    listed,
    quality_of,
    shared_slots,
)
from stepdown.matching.national.check_walk import GROUP, Room, World, place, walk
from stepdown.matching.scoring import PREFERENCE, TRAVEL

_CLASSES = 8


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
def search(first: int, last: int, order: Small, world: World, room: Room, sums: Ints) -> int:
    """Add up some groups of needs: sums[0] is their margins, sums[b] the places of bands 1 to b."""
    needs, people, seats = (
        world.arrays.needs,
        world.arrays.volunteers,
        world.seats.card.shape[0],
    )
    touched = 0
    for g in range(first, last):
        begin, end = g * GROUP, min(g * GROUP + GROUP, order.size)
        touched += touch_needs(order, begin, end, needs, world.planned.start)
        left, right, bottom, top, allowance = np.inf, -np.inf, np.inf, -np.inf, -np.inf
        for i in range(begin, end):
            n = order[i]
            x, y = place(needs.easting[n], needs.northing[n])
            left, right = min(left, x), max(right, x)
            bottom, top = min(bottom, y), max(top, y)
            allowance = max(allowance, np.float64(TRAVEL - 1 + PREFERENCE - world.threshold[n]))
        count = list_nearby(
            Box(left, right, bottom, top, allowance),
            world.seats.windows,
            world.seats.octets,
            room.near,
        )
        ahead = begin
        while ahead < end:
            start, found = ahead, 0
            while ahead < end and found <= seats:
                room.start[ahead - start] = found
                found = walk(order[ahead], found, count, world, room)
                ahead += 1
            room.start[ahead - start] = found
            touched += touch_people(room.found, found, people)
            for i in range(start, ahead):
                _settle(
                    order[i],
                    room.start[i - start],
                    room.start[i - start + 1],
                    world,
                    room,
                    sums,
                )
    return touched


@inner
def _settle(n: int, first: int, last: int, world: World, room: Room, sums: Ints) -> None:
    """Add up the best margins of a need: of pairs planned, on record, and found."""
    known, planned, step = world.arrays.known, world.planned, world.prices.step
    places, band, size = world.arrays.needs.places[n], world.arrays.needs.band[n], 0
    for k in range(planned.start[n], planned.start[n + 1]):
        size = _offer(world.margin[k], size, places, room.best)
    for k in range(known.continuity_start[n], known.continuity_start[n + 1]):
        v = known.continuity[k]
        if not _has(n, v, planned.start, planned.volunteer):
            size = _try(n, v, size, world, room.best)
    for k in range(known.allowed_start[n], known.allowed_start[n + 1]):
        v = known.allowed[k]
        if not _has(n, v, planned.start, planned.volunteer) and not _has(
            n, v, known.continuity_start, known.continuity
        ):
            size = _try(n, v, size, world, room.best)
    for k in range(first, last):
        v = room.found[k]
        if not (
            _has(n, v, planned.start, planned.volunteer)
            or _has(n, v, known.continuity_start, known.continuity)
            or _has(n, v, known.allowed_start, known.allowed)
        ):
            size = _try(n, v, size, world, room.best)
    for k in range(size):
        _add_up(room.best[k], (5 - band) * step, band, step, sums)


@inner
def _has(n: int, v: int, start: Ints, values: Ints) -> bool:
    at = listed(values, start[n], start[n + 1], v)
    return bool(0 <= at < start[n + 1])


@inner
def _try(n: int, v: int, size: int, world: World, best: Ints) -> int:
    """Try a pair that is not planned by the rules, and put its margin into the heap."""
    arrays, prices = world.arrays, world.prices
    if _has(n, v, world.planned.start, world.planned.volunteer) or broken_rules(n, v, arrays):
        return size
    cost = cost_of(v, shared_slots(n, v, arrays), prices)
    margin = quality_of(n, v, arrays) + (5 - arrays.needs.band[n]) * prices.step - cost
    return _offer(margin, size, arrays.needs.places[n], best)


@inner
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
def _add_up(margin: int, weight: int, band: int, step: int, sums: Ints) -> None:
    """Add a margin, and its place to the bands in which it costs less than 5 - b steps."""
    sums[0] += margin
    steps = (2 * (weight - margin) + step) // (2 * step)
    for b in range(band, 5):
        if steps < 5 - b:
            sums[b] += 1
