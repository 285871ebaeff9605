"""The grid square of a shielded place: all that matching may know of where somebody hides."""

from stepdown.hub.queries.shielded import Kept
from stepdown.kernel.shielded import Shielded, reveal

GRID_M = 5_000
"""Shielded positions are measured from the middle of a square of this side, in metres."""


def coarse(metres: int) -> int:
    """The middle of the grid square that a shielded coordinate lies in.

    The grid is fixed, so that asking again from elsewhere never narrows the square down.
    """
    return metres // GRID_M * GRID_M + GRID_M // 2


def cell(kept: Shielded[Kept] | None) -> tuple[int | None, int | None]:
    """The square's middle in OSGB metres; Nones where there is no place or no position of it."""
    where = {} if kept is None else reveal(kept)
    easting, northing = where.get("easting"), where.get("northing")
    if easting is None or northing is None:
        return None, None
    return coarse(easting), coarse(northing)
