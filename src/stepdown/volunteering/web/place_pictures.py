"""A place drawn: its map, and how far its open needs are filled."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stepdown.adapters.charts import Bar, bar_chart
from stepdown.adapters.maps import MapPoint, Shape, place_map
from stepdown.adapters.squares import outline_of
from stepdown.volunteering.queries.coverage import BandCoverage
from stepdown.volunteering.queries.ground import Ground, Spread

if TYPE_CHECKING:
    from stepdown.adapters.maps import Kind


def map_of(
    name: str, ground: tuple[Ground, ...], volunteers: Spread, needs: Spread, *, chosen: bool
) -> str:
    """The map as SVG; empty where nothing is known of the place's ground.

    ``chosen``: the ground is the place itself, not the districts in it.
    """
    shapes = [Shape(_rings(one), chosen=chosen) for one in ground]
    if not any(shape.rings for shape in shapes):
        return ""
    points = [*_points(volunteers, "volunteer"), *_points(needs, "need")]
    return place_map(
        shapes,
        points,
        title=_("Map of %(place)s") % {"place": name},
        description=_(
            "Volunteers are shown in squares of %(volunteers)d km, open needs in squares of "
            "%(needs)d km. The figures on this page say the same in numbers."
        )
        % {"volunteers": volunteers.grid_m // 1000, "needs": needs.grid_m // 1000},
        width=520,
        height=480,
        legend={
            "volunteer": _("Volunteers"),
            "need": _("Open needs"),
        },
    )


def bands_chart(bands: tuple[BandCoverage, ...], names: Mapping[int, str], least: int) -> str:
    """How many places are filled in each band. ``least``: smaller figures are not told."""
    bars = []
    for one in bands:
        if not one.places:
            bars.append(Bar(names[one.band], 0, text=_("no open needs")))
            continue
        if one.places < least or 0 < one.placed < least:
            bars.append(Bar(names[one.band], None, text=_("too few to tell")))
            continue
        words = ngettext("%(filled)d of %(places)d place filled",
                         "%(filled)d of %(places)d places filled", one.places)  # fmt: skip
        bars.append(
            Bar(
                names[one.band],
                min(one.placed, one.places),
                of=one.places,
                text=words % {"filled": one.placed, "places": one.places},
            )
        )
    return bar_chart(
        bars,
        title=_("Places of open needs that are filled, by how urgent the need is"),
        description=_("A bar for each band. The table beside it gives the same numbers."),
        width=420,
    )


def _rings(part: Ground) -> list[list[tuple[float, float]]]:
    if part.rings:
        return [[(point[0], point[1]) for point in ring] for ring in part.rings]
    return [[(float(e), float(n)) for e, n in ring] for ring in outline_of(part.cells, part.side_m)]


def _points(spread: Spread, kind: "Kind") -> list[MapPoint]:
    """Volunteers stand a little west of their square's middle and needs a little east of it: both
    may be in one square, and one mark would hide the other."""
    aside = (-1 if kind == "volunteer" else 1) * spread.grid_m // 8
    return [
        MapPoint(e + aside, n, kind, spread.counts[cell]) for cell, (e, n) in spread.middles.items()
    ]
