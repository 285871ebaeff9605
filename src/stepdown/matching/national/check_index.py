"""The certificate's own index of who may be asked: blocks of 64, with bounds and bit planes.

A block knows a box about its volunteers, their longest travel limit and scale, and the best of
their potential: fairness points less the price of their capacity. Whoever is in a block passed over
could not have changed the bound. It is made from the arrays each time: it is part of the proof.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stepdown.matching.arrays import Ints, Volunteers, Words
from stepdown.matching.kernel import kernel
from stepdown.matching.national.check_ahead import touch_attributes
from stepdown.matching.national.check_kernel import inner, reader
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

Bounds = npt.NDArray[np.float64]
Parallel = Callable[[Callable[[int, int], object], int, int], None]


# The columns of bounds: what holds for all in a block, or in some blocks.
LEFT, RIGHT, BOTTOM, TOP, REACH, SCALE, POTENTIAL = range(7)
_COLUMNS = 7
# The columns of a card: what is asked of a volunteer first. A limit is in squared metres; a
# potential is fairness points less the price of capacity. In columns of two numbers, the first
# takes the upper 32 bits.
CARD_PLACE, CARD_SCALE_ROW, CARD_LIMIT, CARD_POTENTIAL = range(4)
LOWER = (1 << 32) - 1


class Seats(NamedTuple):
    """Volunteers by seat: block b has seats 64 b to 64 b + 63, the last of them perhaps empty."""

    card: Ints  # [seats, 4]
    planes: Words  # [octets, planes, 8 blocks]
    blocks: Bounds  # [octets, 7, 8 blocks]
    octets: Reals  # [octets, 7]
    windows: Reals  # [windows, 7]


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


def _bounds(*shape: int) -> Reals:
    """Empty boxes: no place is in them, and nothing is reached from them."""
    bounds = np.full(shape, -np.inf)
    bounds[:, [LEFT, BOTTOM]] = np.inf
    return bounds


def take_seats(
    people: Volunteers, price: Ints, planes: Planes, asked: Words, parallel: Parallel
) -> Seats:
    """Seat everybody who may be asked, at these prices of their capacity."""
    rows = in_order(*_who(people))
    windows = -(-rows.size // (WINDOW * LANES))
    octets = windows * (WINDOW // OCTET)
    seats = Seats(
        np.empty((octets * OCTET * LANES, 4), np.int64),
        np.zeros((octets, planes.planes, OCTET), np.uint64),
        _bounds(octets, _COLUMNS, OCTET),
        _bounds(octets, _COLUMNS),
        _bounds(windows, _COLUMNS),
    )
    seats.card[rows.size :] = (0, 0, 0, _LOWEST)

    def fill(first: int, last: int) -> None:
        _fill(first, last, rows, people, price, planes, asked, seats, _desk(planes))

    parallel(fill, windows, 4)
    return seats


@reader
def _fill(
    first: int, last: int, rows: Small, people: Volunteers, price: Ints, planes: Planes,
    asked: Words, seats: Seats, desk: Desk,
) -> int:  # fmt: skip
    """Fill the seats of some windows."""
    touched = 0
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
            _sit(begin + i, rows[begin + order[i]], people, price, seats.card)
        for b in range(w * WINDOW, w * WINDOW + (count + LANES - 1) // LANES):
            seated = min(LANES, rows.size - b * LANES)
            _bound(b, seated, seats)
            for lane in range(seated):
                order[lane] = seats.card[b * LANES + lane, CARD_SCALE_ROW] & LOWER
            touched += touch_attributes(order, seated, people)
            for lane in range(LANES):
                if lane < seated:
                    write_row(bits[lane], order[lane], people, planes, asked)
                else:
                    for word in range(bits.shape[1]):
                        bits[lane, word] = np.uint64(0)
            for word in range(bits.shape[1]):
                for lane in range(LANES):
                    column[lane] = bits[lane, word]
                transpose(column)
                for plane in range(word * 64, min(planes.planes, word * 64 + 64)):
                    seats.planes[b // OCTET, plane, b % OCTET] = column[plane & 63]
    return touched


@inner
def _sit(s: int, v: int, people: Volunteers, price: Ints, card: Ints) -> None:
    known, limit = people.easting[v] >= 0, people.limit_squared[v]
    x, y = (people.easting[v], people.northing[v]) if known else (FAR, 0)
    card[s, CARD_PLACE] = x << 32 | y
    card[s, CARD_SCALE_ROW] = people.scale[v] << 32 | v
    card[s, CARD_LIMIT] = limit if limit >= 0 else _NO_LIMIT
    card[s, CARD_POTENTIAL] = max(people.fairness[v] - price[v], _LOWEST)


@inner
def _bound(b: int, seated: int, seats: Seats) -> None:
    """Stretch the bounds of a block, its octet and its window about its volunteers."""
    left, right, bottom, top = np.inf, -np.inf, np.inf, -np.inf
    reach, scale, potential = -np.inf, -np.inf, -np.inf
    for s in range(b * LANES, b * LANES + seated):
        x, y = seats.card[s, CARD_PLACE] >> 32, seats.card[s, CARD_PLACE] & LOWER
        left, right = min(left, float(x)), max(right, float(x))
        bottom, top = min(bottom, float(y)), max(top, float(y))
        reach = max(reach, float(seats.card[s, CARD_LIMIT]))
        scale = max(scale, float(seats.card[s, CARD_SCALE_ROW] >> 32))
        potential = max(potential, float(seats.card[s, CARD_POTENTIAL]))
    found = (left, right, bottom, top, reach, scale, potential)
    octet, window = b // OCTET, b // WINDOW
    for column in range(_COLUMNS):
        value = found[column]
        seats.blocks[octet, column, b % OCTET] = value
        if column in (LEFT, BOTTOM):
            seats.octets[octet, column] = min(seats.octets[octet, column], value)
            seats.windows[window, column] = min(seats.windows[window, column], value)
        else:
            seats.octets[octet, column] = max(seats.octets[octet, column], value)
            seats.windows[window, column] = max(seats.windows[window, column], value)
