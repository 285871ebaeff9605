"""Which blocks could matter to some needs near one another, and which of those to one of them.

A volunteer of potential p and scale s, d metres away, comes to p + 600 (1 - d/s) points, rounded
down, and the points for a kind they prefer. That exceeds a threshold t only where d is less than
s e/600 + 1, with e = 599 + preference + p - t (anywhere, within their limit, when e is 600 or
more). All is computed a little too wide, so that floating point cannot leave anybody out.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stepdown.matching.national.check_index import OCTET, WINDOW, Bounds, Seats
from stepdown.matching.national.check_kernel import part, reader
from stepdown.matching.national.check_order import Reals, Small
from stepdown.matching.scoring import TRAVEL

Flags = npt.NDArray[np.uint8]
SLACK_M = 1.5
PER_POINT = 1.0 / TRAVEL
_ANYWHERE = 1e30
_SHARE = WINDOW // OCTET


class Box(NamedTuple):
    """Where some needs are, and what the easiest of them lets in: 599 + preference - threshold."""

    left: float
    right: float
    bottom: float
    top: float
    allowance: float


class Near(NamedTuple):
    """The octets that could matter to a group of needs, copied together; room for all octets."""

    octet: Small
    bounds: Bounds
    flag: Flags


def room_for(octets: int) -> Near:
    """An empty list."""
    bounds = Bounds(*(np.zeros(octets, np.float64) for _ in Bounds._fields))
    return Near(np.empty(octets, np.int32), bounds, np.zeros(octets, np.uint8))


@part
def may_matter(bounds: Bounds, i: int, box: Box) -> bool:
    """Whether anybody within the bounds could matter to a need in the box."""
    e = box.allowance + bounds.potential[i]
    if e < 0.0:
        return False
    dx = max(0.0, bounds.left[i] - box.right, box.left - bounds.right[i])
    dy = max(0.0, bounds.bottom[i] - box.top, box.bottom - bounds.top[i])
    squared = dx * dx + dy * dy
    radius = bounds.scale[i] * e * PER_POINT + SLACK_M
    return bool(squared <= bounds.reach[i] and (e >= TRAVEL or squared <= radius * radius))


@reader
def list_nearby(box: Box, seats: Seats, near: Near) -> int:
    """Write the octets that could matter to anybody in the box; how many they are."""
    count = 0
    for w in range(seats.windows.left.size):
        if not may_matter(seats.windows, w, box):
            continue
        for o in range(w * _SHARE, w * _SHARE + _SHARE):
            if may_matter(seats.octets, o, box):
                near.octet[count] = o
                near.bounds.left[count] = seats.octets.left[o]
                near.bounds.right[count] = seats.octets.right[o]
                near.bounds.bottom[count] = seats.octets.bottom[o]
                near.bounds.top[count] = seats.octets.top[o]
                near.bounds.reach[count] = seats.octets.reach[o]
                near.bounds.scale[count] = seats.octets.scale[o]
                near.bounds.potential[count] = seats.octets.potential[o]
                count += 1
    return count


@reader
def flag_nearby(
    x: float, y: float, allowance: float, count: int, left: Reals, right: Reals, bottom: Reals,
    top: Reals, reach: Reals, scale: Reals, potential: Reals, flag: Flags,
) -> None:  # fmt: skip
    """Flag those of the first ``count`` octets listed that could matter to one need.

    `may_matter` without branches, so that it runs on several at a time.
    """
    for i in range(count):
        e = allowance + potential[i]
        radius = scale[i] * e * PER_POINT + SLACK_M
        furthest = radius * radius
        furthest = furthest if e < TRAVEL else _ANYWHERE
        furthest = furthest if furthest < reach[i] else reach[i]
        dx, other = left[i] - x, x - right[i]
        dx = dx if dx > other else other
        dx = dx if dx > 0.0 else 0.0
        dy, other = bottom[i] - y, y - top[i]
        dy = dy if dy > other else other
        dy = dy if dy > 0.0 else 0.0
        flag[i] = (dx * dx + dy * dy <= furthest) & (e >= 0.0)
