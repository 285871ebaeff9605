"""An order of places for the certificate: neighbours together (Morton, IBM report, 1966).

Also the splitting of neighbours into blocks of volunteers who are alike.
"""

import numpy as np
import numpy.typing as npt

from stepdown.matching.arrays import Ints
from stepdown.matching.kernel import kernel
from stepdown.matching.national.check_kernel import inner
from stepdown.matching.scoring import TRAVEL

Small = npt.NDArray[np.int32]
Reals = npt.NDArray[np.float64]

_CELL = 10  # cells of 1,024 m
_MOST_X = 1023
_MOST_Y = 2047
CLASS = 22  # the bits of a place; above them stands a class that is kept apart
_DIGIT = 13
_NEAR_M = 3000.0  # how far away a volunteer is when their travel limit begins to matter
_POTENTIAL = 700.0  # differences above this are all alike


@inner
def _spread(value: int) -> int:
    """The bits of a number below 2,048, one apart."""
    value = (value | value << 8) & 0x00FF00FF
    value = (value | value << 4) & 0x0F0F0F0F
    value = (value | value << 2) & 0x33333333
    return (value | value << 1) & 0x55555555


@inner
def place_key(easting: int, northing: int) -> int:
    """The Morton code of a place; 0 where it is not known."""
    if easting < 0:
        return 0
    x, y = min(easting >> _CELL, _MOST_X), min(northing >> _CELL, _MOST_Y)
    return _spread(x) | _spread(y) << 1


@kernel
def in_order(keys: Small, rows: Small) -> Small:
    """The rows by ascending key, equal keys as they come: two passes of a radix sort."""
    for shift in (0, _DIGIT):
        counts = np.zeros((1 << _DIGIT) + 1, np.int64)
        for i in range(keys.size):
            counts[(keys[i] >> shift & (1 << _DIGIT) - 1) + 1] += 1
        for digit in range(1 << _DIGIT):
            counts[digit + 1] += counts[digit]
        new_keys, new_rows = np.empty_like(keys), np.empty_like(rows)
        for i in range(keys.size):
            digit = keys[i] >> shift & (1 << _DIGIT) - 1
            new_keys[counts[digit]] = keys[i]
            new_rows[counts[digit]] = rows[i]
            counts[digit] += 1
        keys, rows = new_keys, new_rows
    return rows


@inner
def _range(order: Small, first: int, last: int, trait: Reals) -> tuple[float, float]:
    low = high = trait[order[first]]
    for i in range(first, last, max(1, (last - first) >> 5)):
        low, high = min(low, trait[order[i]]), max(high, trait[order[i]])
    return low, high


@inner
def _widest(order: Small, first: int, last: int, traits: Reals) -> int:
    """The trait in which some volunteers differ most, counted in points."""
    shortest, longest = _range(order, first, last, traits[3])
    best, most = (
        3,
        TRAVEL * _NEAR_M * (1.0 / max(1.0, shortest) - 1.0 / max(1.0, longest)),
    )
    for t in range(3):
        low, high = _range(order, first, last, traits[t])
        spread = min(high - low, _POTENTIAL)
        if t < 2:
            spread = (high - low) * TRAVEL / max(1.0, 0.5 * (shortest + longest))
        if spread > most:
            best, most = t, spread
    return best


@inner
def _halve(order: Small, first: int, last: int, middle: int, key: Reals) -> None:
    """Reorder so that nobody before ``middle`` has a larger key than anybody after (Hoare 1961)."""
    last -= 1
    while first < last:
        pivot = key[order[(first + last) >> 1]]
        i, j = first, last
        while i <= j:
            while key[order[i]] < pivot:
                i += 1
            while key[order[j]] > pivot:
                j -= 1
            if i <= j:
                order[i], order[j] = order[j], order[i]
                i += 1
                j -= 1
        if middle <= j:
            last = j
        elif middle >= i:
            first = i
        else:
            return


@inner
def split(order: Small, count: int, size: int, traits: Reals, stack: Ints) -> None:
    """Reorder ``count`` volunteers so that each run of ``size`` is alike in its four traits.

    ``traits`` are easting, northing, potential and scale; ``stack`` has room for 128 numbers.
    """
    stack[0], stack[1] = 0, -(-count // size)
    depth = 1
    while depth:
        depth -= 1
        low, high = stack[2 * depth], stack[2 * depth + 1]
        if high - low < 2:
            continue
        middle = (low + high) >> 1
        last = min(count, high * size)
        trait = _widest(order, low * size, last, traits)
        _halve(order, low * size, last, middle * size, traits[trait])
        stack[2 * depth], stack[2 * depth + 1] = low, middle
        stack[2 * depth + 2], stack[2 * depth + 3] = middle, high
        depth += 2
