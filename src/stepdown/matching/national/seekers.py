"""The needs listed so far of each volunteer, for volunteers who look for a need (`release`)."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stepdown.matching.arrays import Ints
from stepdown.matching.kernel import lean
from stepdown.matching.national.order import Table
from stepdown.matching.national.rows import FLOOR, LENGTH, LISTED_FIRST, ROOM, START, UNREAD


class Seekers(NamedTuple):
    """The needs listed so far of each seat, like `rows.Rows`: want and place in the want's row.

    ``FLOOR`` is the worth (weight and quality, less rent) that no need left out exceeds.
    """

    row: Table
    pair: npt.NDArray[np.int32]
    next: Ints


def make_seekers(seats: int, spare: int) -> Seekers:
    """Nothing listed; untouched memory for ``spare`` needs in all."""
    row = np.zeros((seats, 4), np.int64)
    row[:, FLOOR] = UNREAD
    return Seekers(row, np.empty((spare, 2), np.int32), np.zeros(1, np.int64))


@lean
def add_seeker(s: int, m: int, at: int, k: Seekers) -> bool:
    """List a need with a seat; False where there is no room."""
    row, pair = k.row, k.pair
    length = row[s, LENGTH]
    if length == row[s, ROOM]:
        room = max(LISTED_FIRST, 2 * length)
        start = k.next[0]
        if start + room > pair.shape[0]:
            return False
        k.next[0] = start + room
        for i in range(length):
            pair[start + i, 0] = pair[row[s, START] + i, 0]
            pair[start + i, 1] = pair[row[s, START] + i, 1]
        row[s, START], row[s, ROOM] = start, room
    pair[row[s, START] + length, 0], pair[row[s, START] + length, 1] = m, at
    row[s, LENGTH] = length + 1
    return True
