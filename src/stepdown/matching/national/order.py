"""Places in an order that keeps neighbours together, so that what is near in space is near in
memory. The order depends on the rows alone, never on threads."""

import numpy as np
import numpy.typing as npt

from stepdown.matching.arrays import Ints
from stepdown.matching.kernel import kernel

Small = npt.NDArray[np.int32]
Table = npt.NDArray[np.int64]

_SHIFT = 9  # cells of 512 m: 800 by 1,400 km is 11 by 12 bits
_BITS = 12
_DIGIT = 12
_NOWHERE = 1 << 2 * _BITS  # positions not known come last


@kernel
def _along_curve(x: int, y: int) -> int:
    """How far along Hilbert's curve a square lies (Hilbert 1891; Skilling 2004)."""
    distance = 0
    for level in range(_BITS - 1, -1, -1):
        right, up = x >> level & 1, y >> level & 1
        distance = distance << 2 | (3 * right ^ up)
        if not up:
            if right:
                x, y = ~x, ~y
            x, y = y, x
    return distance


@kernel
def _keys(rows: Small, easting: Ints, northing: Ints, apart: Small) -> Small:
    """Places along the curve; rows marked ``apart`` are kept away from the others."""
    keys = np.empty(rows.size, np.int32)
    for i in range(rows.size):
        x, y = easting[rows[i]], northing[rows[i]]
        key = _NOWHERE if x < 0 else _along_curve(x >> _SHIFT, y >> _SHIFT)
        keys[i] = key | apart[i] << 2 * _BITS + 1
    return keys


@kernel
def _by_digit(keys: Small, rows: Small, shift: int) -> tuple[Small, Small]:
    """One stable pass of a radix sort."""
    counts = np.zeros((1 << _DIGIT) + 1, np.int64)
    mask = (1 << _DIGIT) - 1
    for i in range(keys.size):
        counts[(keys[i] >> shift & mask) + 1] += 1
    for digit in range(1 << _DIGIT):
        counts[digit + 1] += counts[digit]
    sorted_keys, sorted_rows = np.empty_like(keys), np.empty_like(rows)
    for i in range(keys.size):
        digit = keys[i] >> shift & mask
        at = counts[digit]
        counts[digit] += 1
        sorted_keys[at] = keys[i]
        sorted_rows[at] = rows[i]
    return sorted_keys, sorted_rows


@kernel
def along_the_ground(rows: Small, easting: Ints, northing: Ints, apart: Small) -> Small:
    """The rows in the order of their places along the curve, ties as they come.

    Rows whose ``apart`` is 1 follow all the others.
    """
    keys = _keys(rows, easting, northing, apart)
    for shift in (0, _DIGIT, 2 * _DIGIT):
        keys, rows = _by_digit(keys, rows, shift)
    return rows
