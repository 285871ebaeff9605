"""The ground of a place's map: outlines where they are loaded, else the squares people live in."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any

from stepdown.hub.models import Place, Postcode
from stepdown.hub.queries.reader import as_hub
from stepdown.kernel import clock
from stepdown.people.models import ShieldedAddress
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission
from stepdown.volunteering.models import NeedLocation
from stepdown.volunteering.queries.coverage import needs_told, volunteers_in

Cell = tuple[int, int]
Cells = frozenset[Cell]

# Inhabited squares: finer for a district than for a county, whose edge would else be all teeth.
SQUARE_M, COUNTY_SQUARE_M = 1_000, 2_000
# Volunteers are shown in the smallest squares that still hold enough of them together.
GRIDS_M = (1_000, 2_000, 5_000, 10_000)
NEEDS_GRID_M = 5_000
LEAST = 5
"""Fewer people than this in a square are not shown, and fewer than this in a figure not told."""


@dataclass(frozen=True)
class Ground:
    """One part of the map. ``rings`` as they were loaded, else squares of ``side_m`` metres."""

    code: str
    name: str
    rings: Any = None
    cells: Cells = frozenset()
    side_m: int = SQUARE_M


@dataclass(frozen=True)
class Spread:
    """Counts by square of ``grid_m`` metres. ``left_out`` are in squares with too few of them.

    ``middles`` is where to mark each square, easting and northing: the middle of what is inhabited
    of the place in it, whoever is counted. It tells no more than the square does.
    """

    grid_m: int
    counts: dict[Cell, int]
    left_out: int
    middles: dict[Cell, Cell] = field(default_factory=dict)

    @property
    def shown(self) -> int:
        """How many the squares show together."""
        return sum(self.counts.values())


@as_hub("figures of an area count whom nobody is shown")
def ground_of(place: Place) -> tuple[Ground, ...]:
    """The place, or its districts. Squares are worked out once a day in each process."""
    if place.rings or place.kind != Place.Kind.COUNTY:
        return (_part(place, SQUARE_M),)
    children = Place.objects.filter(parent=place).order_by("name")
    return tuple(_part(child, COUNTY_SQUARE_M) for child in children)


@as_hub("figures of an area count whom nobody is shown")
def volunteers_on_map(by: Actor, place: Place) -> Spread:
    """Active volunteers by square, where at least ``LEAST`` share one. One query.

    The grid is the finest that shows half of them, so that a town is shown finely and a moor not.
    Addresses that are kept secret are on no map.
    """
    require(by, Permission.PLACE_VIEW)
    found = volunteers_in(place).filter(person__address__easting__isnull=False)
    rows = found.values_list("person__address__easting", "person__address__northing")
    places = [(east, north) for east, north in rows if east is not None and north is not None]
    spread = Spread(GRIDS_M[0], {}, 0)
    for grid in GRIDS_M:
        spread = _spread(places, grid, LEAST)
        if spread.shown * 2 >= len(places):
            break
    return _marked(place, spread)


@as_hub("figures of an area count whom nobody is shown")
def needs_on_map(by: Actor, place: Place, *, all_seen: bool) -> Spread:
    """Open needs by square of 5 km. One query.

    ``all_seen``: the actor may open each of them, so that a single one is no secret; for others
    only squares with enough of them. Places that are kept secret are on no map.
    """
    require(by, Permission.PLACE_VIEW)
    hidden = ShieldedAddress.objects.values("person")
    found = NeedLocation.objects.filter(need__in=needs_told(by, place).values("pk"))
    found = found.exclude(need__person__in=hidden)
    rows = found.values_list("easting", "northing")
    return _marked(place, _spread(rows, NEEDS_GRID_M, 1 if all_seen else LEAST))


def _spread(places: Iterable[tuple[int, int]], grid: int, least: int) -> Spread:
    found = Counter((e // grid, n // grid) for e, n in places)
    counts = {cell: many for cell, many in found.items() if many >= least}
    return Spread(grid, counts, sum(found.values()) - sum(counts.values()))


def _marked(place: Place, spread: Spread) -> Spread:
    """With the middles of its squares."""
    if not spread.counts:
        return spread
    inhabited: dict[Cell, list[Cell]] = defaultdict(list)
    if place.kind == Place.Kind.COUNTY:
        codes = Place.objects.filter(parent=place).values_list("pk", flat=True)
        parts = [(code, Place.Kind.DISTRICT.value, COUNTY_SQUARE_M) for code in codes]
    else:
        parts = [(place.pk, place.kind, SQUARE_M)]
    for code, kind, side in parts:
        for x, y in _squares(code, kind, side, clock.today()):
            east, north = x * side + side // 2, y * side + side // 2
            inhabited[east // spread.grid_m, north // spread.grid_m].append((east, north))
    grid = spread.grid_m
    middles = {}
    for cell in spread.counts:
        found = inhabited.get(cell) or [(cell[0] * grid + grid // 2, cell[1] * grid + grid // 2)]
        middles[cell] = (
            sum(east for east, _north in found) // len(found),
            sum(north for _east, north in found) // len(found),
        )
    return replace(spread, middles=middles)


def _part(place: Place, side_m: int) -> Ground:
    if place.rings:
        return Ground(place.pk, place.name, rings=place.rings)
    cells = _squares(place.pk, place.kind, side_m, clock.today())
    return Ground(place.pk, place.name, cells=cells, side_m=side_m)


@lru_cache(maxsize=256)
def _squares(code: str, kind: str, side_m: int, on: date) -> Cells:
    """The squares in which the place has postcodes. ``on`` lets a new day see new postcodes."""
    column = "ward_code" if kind == Place.Kind.WARD else "district_code"
    rows = Postcode.objects.filter(**{column: code}).values_list("easting", "northing")
    return frozenset((e // side_m, n // side_m) for e, n in rows.iterator())
