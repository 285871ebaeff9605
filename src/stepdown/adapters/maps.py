"""Maps of places, needs and volunteers, drawn on the server.

Outlines and points come in OSGB metres and are fitted to the picture's pixels here, so that what
the page carries is a few kilobytes: corners of an outline that share a pixel are drawn as one, and
so are points of one kind.
A map never shows more than it is handed: hand it `coarsen`-ed positions for people, and none at all
for a shielded address.
"""

import functools
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .svg import BLUE, FONT, INK, ORANGE, Rows, draw

Kind = Literal["volunteer", "need", "you"]

# Told apart by shape as well as colour, and the colours also by people who do not see red and green
# alike (Okabe and Ito, Color universal design, 2008: blue and orange). Drawn in this order.
_SYMBOLS: dict[Kind, tuple[str, str]] = {
    "volunteer": ("circle", BLUE),
    "need": ("triangle-up", ORANGE),
    "you": ("diamond", INK),
}
_LABELS: dict[Kind, str] = {"volunteer": "Volunteer", "need": "Need", "you": "You"}

_MARGIN = 12  # pixels between the outlines and the picture's edge
_LEAST_SPAN = 4_000  # metres: one point alone is shown with its surroundings


@dataclass(frozen=True, slots=True)
class Shape:
    """An outline: closed rings of (easting, northing) in OSGB metres, holes among them.

    ``chosen`` picks the place that the page is about out of its neighbours.
    """

    rings: Sequence[Sequence[Sequence[float]]]
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class MapPoint:
    """Something at a position in OSGB metres; ``count`` of them there draw it larger."""

    easting: int
    northing: int
    kind: Kind
    count: int = 1


def coarsen(easting: int, northing: int, grid_m: int = 1_000) -> tuple[int, int]:
    """The centre of the position's grid square: near enough to plan by, too far to find a home."""
    half = grid_m // 2
    return easting // grid_m * grid_m + half, northing // grid_m * grid_m + half


def place_map(
    shapes: Sequence[Shape],
    points: Sequence[MapPoint],
    *,
    title: str,
    description: str,
    width: int = 400,
    height: int = 380,
    legend: Mapping[Kind, str] | None = None,
) -> str:
    """An SVG map to stand inside a page; ``width`` and ``height`` in pixels, without the legend.

    ``legend`` gives the words for each kind, in the reader's language. ``description`` says in
    words what the map shows, for people who do not see it. Raises ``ValueError`` where there is
    nothing to show.
    """
    outlines = [
        (shape.chosen, [np.asarray(ring, dtype=np.float64) for ring in shape.rings if len(ring)])
        for shape in shapes
    ]
    fit = _fit(outlines, points, width, height)
    words = {**_LABELS, **(legend or {})}
    present = tuple(kind for kind in _SYMBOLS if any(point.kind == kind for point in points))
    return draw(
        _specification(width, height, tuple((words[kind], *_SYMBOLS[kind]) for kind in present)),
        {
            "shapes": [_feature(rings, chosen, fit) for chosen, rings in outlines],
            "points": _marks(points, fit, words),
            "scale": [_scale_bar(fit, height)],
        },
        title=title,
        description=description,
    )


@dataclass(frozen=True, slots=True)
class _Fit:
    """From metres to pixels: north is up, so the second axis turns."""

    west: float
    north: float
    metres_a_pixel: float

    def pixels(self, metres: NDArray[np.float64]) -> NDArray[np.float64]:
        flipped = (metres - (self.west, self.north)) * (1, -1)
        return np.asarray(flipped / self.metres_a_pixel)


def _fit(
    outlines: Sequence[tuple[bool, list[NDArray[np.float64]]]],
    points: Sequence[MapPoint],
    width: int,
    height: int,
) -> _Fit:
    corners = [ring for _, rings in outlines for ring in rings]
    if points:
        corners.append(np.array([(p.easting, p.northing) for p in points], dtype=np.float64))
    if not corners:
        raise ValueError("a map needs an outline or a point")
    low = np.min([ring.min(axis=0) for ring in corners], axis=0)
    high = np.max([ring.max(axis=0) for ring in corners], axis=0)
    middle = (low + high) / 2
    span = np.maximum(high - low, _LEAST_SPAN)
    inner = np.array([width - 2 * _MARGIN, height - 2 * _MARGIN])
    scale = float((span / inner).max())
    return _Fit(float(middle[0]) - scale * width / 2, float(middle[1]) + scale * height / 2, scale)


def _feature(rings: list[NDArray[np.float64]], chosen: bool, fit: _Fit) -> Mapping[str, Any]:
    """A GeoJSON feature in pixels, of one polygon with all rings: even-odd makes the holes."""
    drawn = []
    for ring in rings:
        # Neighbours share their corners, and so are rounded alike and leave no gap between them.
        pixels = np.rint(fit.pixels(ring)).astype(int)
        moved = np.ones(len(pixels), dtype=bool)
        moved[1:] = (pixels[1:] != pixels[:-1]).any(axis=1)
        if moved.sum() >= 4:
            drawn.append(pixels[moved].tolist())
    return {
        "type": "Feature",
        "chosen": chosen,
        "geometry": {"type": "MultiPolygon", "coordinates": [drawn]},
    }


def _marks(points: Sequence[MapPoint], fit: _Fit, words: Mapping[Kind, str]) -> Rows:
    together: Counter[tuple[Kind, int, int]] = Counter()
    for point in points:
        x, y = fit.pixels(np.array([point.easting, point.northing], dtype=np.float64)).tolist()
        together[point.kind, round(x), round(y)] += point.count
    order = list(_SYMBOLS)
    # The larger first, so that none is wholly hidden by another of its kind.
    ordered = sorted(together.items(), key=lambda row: (order.index(row[0][0]), -row[1], row[0]))
    return [
        # Area in square pixels, growing with the number up to a limit.
        {"x": x, "y": y, "what": words[kind], "area": min(70 + 25 * (count - 1), 500)}
        for (kind, x, y), count in ordered
    ]


def _scale_bar(fit: _Fit, height: int) -> Mapping[str, Any]:
    """A round distance of at most 100 pixels: 1, 2 or 5 times a power of ten."""
    most = 100 * fit.metres_a_pixel
    power = 10.0 ** math.floor(math.log10(most))
    metres = max(step * power for step in (1, 2, 5) if step * power <= most)
    text = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    length = round(metres / fit.metres_a_pixel, 1)
    return {"from": _MARGIN, "to": _MARGIN + length, "y": height - 8, "text": text}


@functools.lru_cache(maxsize=64)
def _specification(
    width: int, height: int, kinds: tuple[tuple[str, str, str], ...]
) -> dict[str, Any]:
    """The picture without its data. Kept, since it is the same for every map of its size."""
    # Half its first drawing's time is this import: pages without a map do without it.
    import altair as alt

    across = alt.Scale(domain=[0, width], nice=False, zero=False)
    down = alt.Scale(domain=[0, height], reverse=True, nice=False, zero=False)
    outlines = (
        alt.Chart(alt.NamedData(name="shapes"))
        .mark_geoshape(stroke="#858686", strokeWidth=0.75, strokeJoin="round")
        .encode(fill=alt.condition("datum.chosen", alt.value("#d2e2f1"), alt.value("#f3f3f3")))
        .project(type="identity", scale=1, translate=[0, 0])
    )
    labels = [label for label, _, _ in kinds]
    marks = (
        alt.Chart(alt.NamedData(name="points"))
        .mark_point(filled=True, stroke=INK, strokeWidth=0.75, opacity=0.9)
        .encode(
            x=alt.X("x:Q", scale=across, axis=None),
            y=alt.Y("y:Q", scale=down, axis=None),
            size=alt.Size("area:Q", scale=None, legend=None),
            shape=alt.Shape(
                "what:N",
                scale=alt.Scale(domain=labels, range=[symbol for _, symbol, _ in kinds]),
                legend=alt.Legend(
                    title=None,
                    orient="bottom",
                    labelFontSize=16,
                    labelColor=INK,
                    labelLimit=0,
                    symbolSize=140,
                ),
            ),
            color=alt.Color(
                "what:N", scale=alt.Scale(domain=labels, range=[colour for *_, colour in kinds])
            ),
        )
    )
    bar = alt.Chart(alt.NamedData(name="scale"))
    scale = bar.mark_rule(color=INK, strokeWidth=2).encode(
        x=alt.X("from:Q", scale=across, axis=None),
        x2="to:Q",
        y=alt.Y("y:Q", scale=down, axis=None),
    )
    text = bar.mark_text(
        align="left", baseline="bottom", dy=-3, fontSize=14, font=FONT, color=INK
    ).encode(
        x=alt.X("from:Q", scale=across, axis=None),
        y=alt.Y("y:Q", scale=down, axis=None),
        text="text:N",
    )
    layers = [outlines, scale, text, *([marks] if kinds else [])]
    chart = alt.layer(*layers).properties(width=width, height=height)
    specification: dict[str, Any] = chart.to_dict()
    return specification
