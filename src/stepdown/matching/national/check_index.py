"""The certificate's own index of who may be asked: blocks of 64, with bounds and bit planes.

A block knows a box about its volunteers, their longest travel limit and scale, and the best of
their potential: fairness points less the price of their capacity. Whoever is in a block passed over
could not have changed the bound. It is made from the arrays each time: it is part of the proof.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from stepdown.matching.arrays import Ints, Volunteers, Words
from stepdown.matching.kernel import kernel
from stepdown.matching.national.check_kernel import reader
from stepdown.matching.national.check_order import (
    CLASS,
    Reals,
    Small,
    in_order,
    place_key,
    split,
)
from stepdown.matching.national.check_planes import Planes, transpose, write_row

LANES = 64
OCTET = 8  # blocks
WINDOW = 32  # blocks
FAR = 1 << 24  # metres east: where a volunteer stands who has no position
_NO_LIMIT = 1 << 62  # squared metres
_LOWEST = -(1 << 52)  # a potential below this is of no use to anybody
_ONE = np.uint64(1)
_NOBODY = -1

Parallel = Callable[[Callable[[int, int], None], int], None]


class Bounds(NamedTuple):
    """What holds for all in a block, or in a window of blocks: all as floating point numbers."""

    left: Reals
    right: Reals
    bottom: Reals
    top: Reals
    reach: Reals  # squared metres
    scale: Reals
    potential: Reals


class Seats(NamedTuple):
    """Volunteers by seat: block b has seats 64 b to 64 b + 63, the last of them perhaps empty."""

    row: Small
    x: Small
    y: Small
    scale: Small
    limit: Ints  # squared metres
    potential: Ints  # fairness points less price
    planes: Words  # [octets, planes, 8 blocks]
    blocks: Bounds
    octets: Bounds
    windows: Bounds


class Desk(NamedTuple):
    """Where one thread works."""

    traits: Reals
    order: Small
    stack: Ints
    bits: Words
    column: Words


def _desk(planes: Planes) -> Desk:
    return Desk(
        np.empty((4, WINDOW * LANES)),
        np.empty(WINDOW * LANES, np.int32),
        np.empty(128, np.int64),
        np.empty((LANES, (planes.planes + 63) >> 6), np.uint64),
        np.empty(LANES, np.uint64),
    )


@kernel
def _who(people: Volunteers) -> tuple[Small, Small]:
    """The rows of who may be asked, and their keys: the limited, then the unlimited."""
    rows = np.empty(people.capacity.size, np.int32)
    keys = np.empty(people.capacity.size, np.int32)
    count = 0
    for v in range(rows.size):
        limited, known = people.limit_squared[v] >= 0, people.easting[v] >= 0
        if people.blocked[v] or people.capacity[v] <= 0 or (limited and not known):
            continue
        kept_apart = 0 if limited else 1 if known else 2
        rows[count] = v
        keys[count] = place_key(people.easting[v], people.northing[v]) | kept_apart << CLASS
        count += 1
    return keys[:count].copy(), rows[:count].copy()


def _bounds(size: int) -> Bounds:
    low, high = np.full((2, size), -np.inf), np.full((2, size), np.inf)
    # An empty box: no place is in it, and nothing is reached from it.
    return Bounds(high[0], low[0], high[1], low[1], *np.full((3, size), -np.inf))


def take_seats(
    people: Volunteers, price: Ints, planes: Planes, asked: Words, parallel: Parallel
) -> Seats:
    """Seat everybody who may be asked, at these prices of their capacity."""
    rows = in_order(*_who(people))
    blocks = -(-rows.size // LANES)
    windows = -(-blocks // WINDOW)
    octets = windows * (WINDOW // OCTET)
    size = blocks * LANES
    seats = Seats(
        np.full(size, _NOBODY, np.int32),
        np.zeros(size, np.int32),
        np.zeros(size, np.int32),
        np.ones(size, np.int32),
        np.zeros(size, np.int64),
        np.full(size, _LOWEST, np.int64),
        np.zeros((octets, planes.planes, OCTET), np.uint64),
        _bounds(octets * OCTET),
        _bounds(octets),
        _bounds(windows),
    )

    def fill(first: int, last: int) -> None:
        _fill(first, last, rows, people, price, planes, asked, seats, _desk(planes))

    parallel(fill, windows)
    return seats


@reader
def _fill(
    first: int, last: int, rows: Small, people: Volunteers, price: Ints, planes: Planes,
    asked: Words, seats: Seats, desk: Desk,
) -> None:  # fmt: skip
    """Fill the seats of some windows."""
    traits, order, bits, column = desk.traits, desk.order, desk.bits, desk.column
    for w in range(first, last):
        begin = w * WINDOW * LANES
        count = min(WINDOW * LANES, rows.size - begin)
        for i in range(count):
            v = rows[begin + i]
            order[i] = i
            traits[0, i], traits[1, i] = people.easting[v], people.northing[v]
            traits[2, i], traits[3, i] = people.fairness[v] - price[v], people.scale[v]
        split(order, count, LANES, traits, desk.stack)
        for i in range(count):
            _sit(begin + i, rows[begin + order[i]], people, price, seats)
        for b in range(w * WINDOW, w * WINDOW + (count + LANES - 1) // LANES):
            _bound(b, w, seats)
            for lane in range(LANES):
                v = seats.row[b * LANES + lane]
                if v >= 0:
                    write_row(bits[lane], v, people, planes, asked)
                else:
                    for word in range(bits.shape[1]):
                        bits[lane, word] = np.uint64(0)
            for word in range(bits.shape[1]):
                for lane in range(LANES):
                    column[lane] = bits[lane, word]
                transpose(column)
                for plane in range(word * 64, min(planes.planes, word * 64 + 64)):
                    seats.planes[b // OCTET, plane, b % OCTET] = column[plane & 63]


@reader
def _sit(s: int, v: int, people: Volunteers, price: Ints, seats: Seats) -> None:
    known, limit = people.easting[v] >= 0, people.limit_squared[v]
    seats.row[s] = v
    seats.x[s] = people.easting[v] if known else FAR
    seats.y[s] = people.northing[v] if known else 0
    seats.scale[s] = people.scale[v]
    seats.limit[s] = limit if limit >= 0 else _NO_LIMIT
    seats.potential[s] = max(people.fairness[v] - price[v], _LOWEST)


@reader
def _bound(b: int, w: int, seats: Seats) -> None:
    """Stretch the bounds of a block, its octet and its window about its volunteers."""
    for bounds, i in ((seats.blocks, b), (seats.octets, b // OCTET), (seats.windows, w)):
        for s in range(b * LANES, b * LANES + LANES):
            if seats.row[s] < 0:
                continue
            bounds.left[i] = min(bounds.left[i], seats.x[s])
            bounds.right[i] = max(bounds.right[i], seats.x[s])
            bounds.bottom[i] = min(bounds.bottom[i], seats.y[s])
            bounds.top[i] = max(bounds.top[i], seats.y[s])
            bounds.reach[i] = max(bounds.reach[i], np.float64(seats.limit[s]))
            bounds.scale[i] = max(bounds.scale[i], np.float64(seats.scale[s]))
            bounds.potential[i] = max(bounds.potential[i], np.float64(seats.potential[s]))
