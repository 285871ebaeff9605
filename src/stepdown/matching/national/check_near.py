"""Which blocks could matter to some needs near one another, and which of those to one of them.

A volunteer of potential p and scale s, d metres away, comes to p + 600 (1 - d/s) points, rounded
down, and the points for a kind they prefer. That exceeds a threshold t only where d is less than
s e/600 + 1, with e = 599 + preference + p - t (anywhere, within their limit, when e is 600 or
more). All is computed a little too wide, so that floating point cannot leave anybody out.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stepdown.matching.national.check_index import (
    BOTTOM,
    LEFT,
    OCTET,
    POTENTIAL,
    REACH,
    RIGHT,
    SCALE,
    TOP,
    WINDOW,
)
from stepdown.matching.national.check_kernel import inner, part
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
    bounds: Reals  # [7, octets]
    flag: Flags


def room_for(octets: int) -> Near:
    """An empty list."""
    return Near(np.empty(octets, np.int32), np.empty((7, octets)), np.empty(octets, np.uint8))


@part
def may_matter(bounds: Reals, i: int, box: Box) -> bool:
    """Whether anybody within the bounds could matter to a need in the box."""
    e = box.allowance + bounds[i, POTENTIAL]
    dx = max(0.0, bounds[i, LEFT] - box.right, box.left - bounds[i, RIGHT])
    dy = max(0.0, bounds[i, BOTTOM] - box.top, box.bottom - bounds[i, TOP])
    return within(e, dx * dx + dy * dy, bounds[i, SCALE], bounds[i, REACH])


@part
def within(e: float, squared: float, scale: float, reach: float) -> bool:
    """Whether so many squared metres leave enough points for the journey."""
    radius = scale * e * PER_POINT + SLACK_M
    near = e >= TRAVEL or squared <= radius * radius
    return bool(e >= 0.0 and squared <= reach and near)


@inner
def list_nearby(box: Box, windows: Reals, octets: Reals, near: Near) -> int:
    """Write the octets that could matter to anybody in the box; how many they are."""
    count = 0
    for w in range(windows.shape[0]):
        if not may_matter(windows, w, box):
            continue
        for o in range(w * _SHARE, w * _SHARE + _SHARE):
            if may_matter(octets, o, box):
                near.octet[count] = o
                for column in range(near.bounds.shape[0]):
                    near.bounds[column, count] = octets[o, column]
                count += 1
    return count


@part
def flag_within(
    x: float, y: float, allowance: float, count: int, bounds: Reals, flag: Flags
) -> None:
    """Flag which of the first ``count`` of these bounds, [7, bounds], could matter to one need.

    `may_matter` without branches, so that it runs on several at a time.
    """
    for i in range(count):
        e = allowance + bounds[POTENTIAL, i]
        radius = bounds[SCALE, i] * e * PER_POINT + SLACK_M
        furthest = radius * radius
        furthest = furthest if e < TRAVEL else _ANYWHERE
        furthest = min(bounds[REACH, i], furthest)
        dx, other = bounds[LEFT, i] - x, x - bounds[RIGHT, i]
        dx = max(other, dx)
        dx = max(0.0, dx)
        dy, other = bounds[BOTTOM, i] - y, y - bounds[TOP, i]
        dy = max(other, dy)
        dy = max(0.0, dy)
        flag[i] = (dx * dx + dy * dy <= furthest) & (e >= 0.0)
