"""Code-Point Open: every live postcode of Great Britain, with its ward. Ordnance Survey, OGL 3.0.

A zip or folder of ``Data/CSV/<area>.csv`` without headers; the order of the columns stands in a
file in ``Doc/``. https://www.ordnancesurvey.co.uk/products/code-point-open
"""

import re
from collections.abc import Collection
from pathlib import Path

from stepdown.adapters.sources import PlacesFileError, Source

from .rows import NO_POSITION, BadRow, PostcodeFile, PostcodeRow, Skip, take

_DATA = re.compile(r"(?:^|.*/)Data/CSV/([a-z]{1,2})\.csv", re.IGNORECASE)
_HEADER = re.compile(r"(?:^|.*/)Doc/[^/]*column[^/]*header[^/]*\.csv", re.IGNORECASE)
_NEEDED = ("PC", "PQ", "EA", "NO", "DC", "WC")
_QUALITIES = frozenset({"10", "20", "30", "40", "50", "60"})
_QUALITY_NO_POSITION = "90"


def looks_like_codepoint(source: Source) -> bool:
    return any(_DATA.fullmatch(name) for name in source.names)


def read_codepoint(path: Path, *, areas: Collection[str] | None = None) -> PostcodeFile:
    """The postcodes in a Code-Point Open zip or unpacked folder.

    ``areas`` (``{"PR", "BB"}``) reads those postcode areas only. Postcodes without a position
    (quality 90) are skipped and counted. The header is checked at once, rows as they are read.
    """
    source = Source(path)
    wanted = None if areas is None else {area.upper() for area in areas}
    files = {match[1].upper(): name for name in source.names if (match := _DATA.fullmatch(name))}
    if not files:
        raise PlacesFileError([f"{path.name}: has no Data/CSV folder with postcode files"])
    missing = sorted((wanted or set()) - set(files))
    if missing:
        raise PlacesFileError([f"{path.name}: has no file for area {area}" for area in missing])
    names = [name for area, name in sorted(files.items()) if wanted is None or area in wanted]
    header = _header(source)
    width = len(header)
    at_postcode, at_quality, at_easting, at_northing, at_district, at_ward = (
        header.index(column) for column in _NEEDED
    )

    def parse(fields: list[str]) -> PostcodeRow:
        if len(fields) != width:
            raise BadRow(f"has {len(fields)} columns, not {width}")
        quality = fields[at_quality]
        if quality == _QUALITY_NO_POSITION:
            raise Skip(NO_POSITION)
        if quality not in _QUALITIES:
            raise BadRow(f"the quality {quality[:20]!r} is not 10, 20, 30, 40, 50, 60 or 90")
        return take(
            fields[at_postcode],
            fields[at_easting],
            fields[at_northing],
            fields[at_district],
            fields[at_ward],
        )

    return PostcodeFile(source, names, parse, has_header=False)


def _header(source: Source) -> list[str]:
    """The short column names, in order: one row of the header file holds them all."""
    names = [name for name in source.names if _HEADER.fullmatch(name)]
    if not names:
        raise PlacesFileError(
            [f"{source.path.name}: the file of column headers is missing from its Doc folder"]
        )
    for row in source.rows(names[0]):
        columns = [column.strip().upper() for column in row]
        if set(_NEEDED) <= set(columns):
            return columns
    raise PlacesFileError([f"{names[0]}: has no row with the columns {', '.join(_NEEDED)}"])
