"""Outlines of places, from GeoJSON into OSGB metres.

GeoJSON: RFC 7946. Longitude and latitude as that standard asks, or National Grid metres where the
file declares EPSG:27700, as some of the Office for National Statistics' downloads do.
"""

import itertools
import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .osgb import to_grid
from .sources import Problems, Source

Point = tuple[int, int]
Ring = tuple[Point, ...]

# Statistical levels from small to large: a feature's own level is the first that it names, its
# parent's the next. Editions put the year in the middle: WD13CD, LAD25NM.
_LEVELS = ("WD", "LAD", "UTLA", "CTYUA", "CTY", "CAUTH", "PFA", "RGN", "CTRY", "NAT")
_CODE_IN_NAME = re.compile(r"[EWS]\d{8}")
_SUFFIXES = (".geojson", ".json")
_METRES = re.compile(r"EPSG:+27700$")
_DEGREES = re.compile(r"(CRS84|EPSG:+4326)$")


@dataclass(frozen=True, slots=True)
class Boundary:
    """A place's outline. ``rings`` are closed, in whole OSGB metres, holes among them.

    What lies within an odd number of rings is inside (the even-odd rule), so the rings of several
    places side by side, such as a district's wards, can be put together and drawn as one.
    ``parent`` is the code of the place around it, where the file tells it.
    """

    code: str
    name: str
    parent: str | None
    rings: tuple[Ring, ...]

    def contains(self, easting: float, northing: float) -> bool:
        """Whether the point lies inside. On the line itself either answer may come."""
        crossings = 0
        for ring in self.rings:
            for (x1, y1), (x2, y2) in itertools.pairwise(ring):
                if (y1 > northing) != (y2 > northing):
                    crossings += easting < x1 + (northing - y1) * (x2 - x1) / (y2 - y1)
        return crossings % 2 == 1


def looks_like_boundaries(source: Source) -> bool:
    return bool(_files(source))


def read_boundaries(path: Path) -> list[Boundary]:
    """The outlines in a GeoJSON file, or in all those of a folder or zip; ordered by code.

    Where a feature does not name its parent, a code in the file's name
    (``wards-E07000123.geojson``) is taken for it. Raises `PlacesFileError` with all
    problems, and then gives nothing.
    """
    source = Source(path)
    problems = Problems()
    found: dict[str, Boundary] = {}
    names = _files(source)
    if not names:
        problems.add(f"{path.name}: has no GeoJSON file")
    for name in names:
        for number, boundary in _features(source, name, problems):
            if boundary.code in found:
                problems.add(f"{name}, feature {number}: the code {boundary.code} comes twice")
            found[boundary.code] = boundary
    problems.raise_any()
    return [found[code] for code in sorted(found)]


def _files(source: Source) -> list[str]:
    return sorted(name for name in source.names if name.lower().endswith(_SUFFIXES))


def _features(source: Source, name: str, problems: Problems) -> Iterator[tuple[int, Boundary]]:
    try:
        document = json.loads(source.text(name))
    except (ValueError, RecursionError):
        problems.add(f"{name}: is not JSON")
        return
    kind = document.get("type") if isinstance(document, dict) else None
    features = document.get("features") if kind == "FeatureCollection" else [document]
    if kind not in ("FeatureCollection", "Feature") or not isinstance(features, list):
        problems.add(f"{name}: is not a GeoJSON Feature or FeatureCollection")
        return
    try:
        in_metres = _in_metres(document)
    except ValueError as problem:
        problems.add(f"{name}: {problem}")
        return
    around = _CODE_IN_NAME.search(Path(name).name)
    for number, feature in enumerate(features, start=1):
        try:
            boundary = _boundary(feature, in_metres, around[0] if around else None)
        except ValueError as problem:
            problems.add(f"{name}, feature {number}: {problem}")
        else:
            yield number, boundary


def _in_metres(document: dict[str, Any]) -> bool:
    crs = document.get("crs")
    if crs is None:
        return False
    try:
        name = str(crs["properties"]["name"])
    except (KeyError, TypeError):
        name = ""
    if _METRES.search(name):
        return True
    if not _DEGREES.search(name):
        raise ValueError(
            "its coordinates are neither longitude and latitude (CRS84) nor National Grid "
            "metres (EPSG:27700)"
        )
    return False


def _boundary(feature: object, in_metres: bool, around: str | None) -> Boundary:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise ValueError("is not a Feature")
    properties = feature.get("properties")
    geometry = feature.get("geometry")
    if not isinstance(properties, dict) or not isinstance(geometry, dict):
        raise ValueError("has no properties or no geometry")
    code, name, parent = _names(properties)
    if parent is None and around != code:
        parent = around
    shape, coordinates = geometry.get("type"), geometry.get("coordinates")
    if shape not in ("Polygon", "MultiPolygon") or not isinstance(coordinates, list):
        raise ValueError("is not a Polygon or MultiPolygon")
    polygons = [coordinates] if shape == "Polygon" else coordinates
    if not all(isinstance(polygon, list) for polygon in polygons):
        raise ValueError("has an outline that is not a list of rings")
    rings = tuple(_ring(ring, in_metres) for polygon in polygons for ring in polygon)
    if not rings:
        raise ValueError("has no outline")
    return Boundary(code, name, parent, rings)


def _names(properties: dict[str, Any]) -> tuple[str, str, str | None]:
    """Code, name and parent's code."""
    given = {key.upper(): value for key, value in properties.items() if isinstance(value, str)}
    codes = []
    for level in _LEVELS:
        for key in sorted(given):
            if re.fullmatch(rf"{level}\d\dCD", key) and given[key]:
                codes.append((given[key], given.get(f"{key[:-2]}NM", "")))
                break
    if not codes:
        raise ValueError("names no code such as WD25CD or LAD25CD")
    code, name = codes[0]
    if not name:
        raise ValueError(f"{code} has no name")
    return code, name, codes[1][0] if len(codes) > 1 else None


def _ring(ring: object, in_metres: bool) -> Ring:
    try:
        # A third number, the height, is allowed and left out.
        pairs = np.array([point[:2] for point in ring], dtype=np.float64)  # type: ignore[attr-defined]
    except (TypeError, ValueError, KeyError):
        raise ValueError("has a ring that is not a list of coordinates") from None
    if pairs.ndim != 2 or pairs.shape[1] != 2 or len(pairs) < 4:
        raise ValueError("has a ring of fewer than four points")
    if not (pairs[0] == pairs[-1]).all():
        raise ValueError("has a ring that is not closed")
    if in_metres:
        easting, northing = pairs[:, 0], pairs[:, 1]
    else:
        _check_degrees(pairs)
        easting, northing = to_grid(pairs[:, 0], pairs[:, 1])
    whole = zip(np.rint(easting).tolist(), np.rint(northing).tolist(), strict=True)
    return tuple((int(x), int(y)) for x, y in whole)


def _check_degrees(pairs: NDArray[np.float64]) -> None:
    # The land the grid is for, with room to spare; also catches latitude written first, and NaN.
    low, high = pairs.min(axis=0).tolist(), pairs.max(axis=0).tolist()
    inside = -10 <= low[0] <= high[0] <= 4 and 48 <= low[1] <= high[1] <= 62
    if not inside or not all(map(math.isfinite, (*low, *high))):
        raise ValueError("lies outside Great Britain: coordinates are longitude, then latitude")
