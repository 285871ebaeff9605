"""Outlines of areas that are known by their squares only."""

from collections import defaultdict
from collections.abc import Set as AbstractSet
from functools import lru_cache

Corner = tuple[int, int]
Ring = tuple[Corner, ...]


@lru_cache(maxsize=64)
def outline_of(cells: AbstractSet[Corner], side_m: int) -> tuple[Ring, ...]:
    """The closed rings around a set of grid squares, holes among them, in metres.

    ``cells`` are frozen sets of (column, row); a square reaches from its column and row times
    ``side_m`` to the next. Squares that share a side have no line between them, so that a county
    of a thousand squares is drawn with its edge alone.
    """
    ways = _edges(cells)
    rings = []
    while ways:
        start = min(ways)
        ring, here, came = [start], start, (0, 0)
        while True:
            step = _turn(ways[here], came)
            ways[here].remove(step)
            if not ways[here]:
                del ways[here]
            if step == came:
                ring.pop()  # straight on: the corner before is none
            here = (here[0] + step[0], here[1] + step[1])
            ring.append(here)
            came = step
            if here == start:
                break
        rings.append(tuple((x * side_m, y * side_m) for x, y in ring))
    return tuple(rings)


def _edges(cells: AbstractSet[Corner]) -> dict[Corner, list[Corner]]:
    """Corner → steps along the edge from it, each with its square on the left."""
    ways: dict[Corner, list[Corner]] = defaultdict(list)
    for x, y in cells:
        for beside, start, step in (
            ((x, y - 1), (x, y), (1, 0)),
            ((x + 1, y), (x + 1, y), (0, 1)),
            ((x, y + 1), (x + 1, y + 1), (-1, 0)),
            ((x - 1, y), (x, y + 1), (0, -1)),
        ):
            if beside not in cells:
                ways[start].append(step)
    return ways


def _turn(steps: list[Corner], came: Corner) -> Corner:
    """Where two squares touch at a corner only, keep left: each stays a ring of its own."""
    left = (-came[1], came[0])
    return left if left in steps else steps[0]
