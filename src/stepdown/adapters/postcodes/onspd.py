"""The ONS Postcode Directory: one wide CSV, whose column names change from edition to edition.

Office for National Statistics, OGL 3.0. Seen: ``oslaua`` / ``laua`` / ``lad25cd`` for the district,
``osward`` / ``ward`` / ``wd25cd`` for the ward, ``oseast1m`` / ``east1m`` for the easting. So
columns are matched by pattern. Taken as the CSV, a zip or folder with it in ``Data/``, or one cut
up by area in ``multi_csv/``.
"""

import re
from pathlib import Path

from stepdown.adapters.sources import PlacesFileError, Source

from .position import area_of, normalise
from .rows import IRISH_GRID, NO_POSITION, TERMINATED, BadRow, PostcodeFile, PostcodeRow, Skip, take

_COLUMNS = {
    # The first pattern that a column matches wins: with its space first, then without.
    "postcode": ("pcds", "pcd8", "pcd", "pcd7", "pcd2"),
    "easting": ("oseast1m", "east1m"),
    "northing": ("osnrth1m", "north1m"),
    "district": ("oslaua", "laua", r"lad\d\dcd"),
    "ward": ("osward", "ward", r"wd\d\dcd"),
    "terminated": ("doterm",),
}
_WHOLE = re.compile(r"(?:.*/)?(?:ONSPD|NSPL)_[^/]*\.csv", re.IGNORECASE)
_PART = re.compile(r"(?:.*/)?(?:ONSPD|NSPL)_[^/]*_UK_[A-Z]{1,2}\.csv", re.IGNORECASE)


def looks_like_onspd(source: Source) -> bool:
    """Whether the first data file has postcodes and eastings; `read_onspd` says what it lacks."""
    names = _data_files(source)
    return bool(names) and {"postcode", "easting"} <= set(_match(_header(source, names[0])))


def read_onspd(path: Path) -> PostcodeFile:
    """The live postcodes of Great Britain in an ONS Postcode Directory.

    Terminated postcodes, those without a position and those of Northern Ireland (which are on the
    Irish grid) are skipped and counted. Headers are checked at once, rows as they are read.
    """
    source = Source(path)
    names = _data_files(source)
    if not names:
        raise PlacesFileError([f"{path.name}: has no CSV file of postcodes"])
    header = _header(source, names[0])
    columns = _match(header)
    problems = [f"{names[0]}: has no column for the {what}" for what in _missing(columns)]
    problems += [
        f"{name}: its columns are not those of {names[0]}"
        for name in names[1:]
        if _header(source, name) != header
    ]
    if problems:
        raise PlacesFileError(problems)
    width = len(header)
    at_postcode, at_easting, at_northing, at_district, at_ward, at_terminated = (
        columns[what]
        for what in ("postcode", "easting", "northing", "district", "ward", "terminated")
    )

    def parse(fields: list[str]) -> PostcodeRow:
        if len(fields) != width:
            raise BadRow(f"has {len(fields)} columns, not {width}")
        if fields[at_terminated].strip():
            raise Skip(TERMINATED)
        postcode = fields[at_postcode]
        if area_of(normalise(postcode) or "") == "BT" or fields[at_district][:1] == "N":
            raise Skip(IRISH_GRID)
        easting, northing = fields[at_easting].strip(), fields[at_northing].strip()
        # Channel Islands and Isle of Man have none; older editions write it as zero.
        if not easting.strip("0") and not northing.strip("0"):
            raise Skip(NO_POSITION)
        return take(
            postcode, easting, northing, fields[at_district].strip(), fields[at_ward].strip()
        )

    return PostcodeFile(source, names, parse, has_header=True)


def _data_files(source: Source) -> list[str]:
    """The one whole file where there is one, else its parts: editions hold the same rows twice."""
    if not source.path.is_dir() and source.names == [source.path.name]:
        return source.names if source.path.suffix.lower() == ".csv" else []
    parts = [name for name in source.names if _PART.fullmatch(name)]
    whole = [name for name in source.names if _WHOLE.fullmatch(name) and name not in parts]
    if len(whole) > 1:
        raise PlacesFileError(
            [f"{source.path.name}: holds more than one edition: give one of them"]
        )
    return whole or sorted(parts)


def _header(source: Source, name: str) -> list[str]:
    rows = source.rows(name)
    return [column.strip().lower() for column in next(rows, [])]


def _match(header: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for what, patterns in _COLUMNS.items():
        for pattern in patterns:
            hits = [at for at, column in enumerate(header) if re.fullmatch(pattern, column)]
            if hits:
                found[what] = hits[0]
                break
    return found


def _missing(columns: dict[str, int]) -> list[str]:
    said = {"terminated": "date of termination (doterm)"}
    return [said.get(what, what) for what in _COLUMNS if what not in columns]
