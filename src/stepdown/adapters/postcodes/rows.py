"""Postcodes as they come out of a file: one row each, with a tally of what was left out."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Self

from stepdown.adapters.sources import Problems, Source

from .position import normalise

# The National Grid's extent in metres (Ordnance Survey, A guide to coordinate systems in Great
# Britain, section 7.1): 700 km by 1,300 km.
_MOST_EASTING, _MOST_NORTHING = 700_000, 1_300_000

NO_POSITION = "no position"
TERMINATED = "terminated"
IRISH_GRID = "Northern Ireland, on another map grid"


class PostcodeRow(NamedTuple):
    """A live postcode of Great Britain. OSGB metres; codes as the file gives them, or empty."""

    postcode: str
    easting: int
    northing: int
    district: str
    ward: str | None


class BadRow(Exception):
    """Says what is wrong; the reader adds the file and the row."""


class Skip(Exception):
    """This row is rightly left out; the text is the kind it is counted under."""


class PostcodeFile(Iterator[PostcodeRow]):
    """Iterates over the rows of the files named, in order.

    Raises `PlacesFileError` at the end with all problems (at most 20), never yielding a row after
    the first: so take the rows in a transaction. ``skipped`` counts what was left out, by kind;
    ``bytes_read`` out of ``bytes_total`` says how far it has come.
    """

    def __init__(
        self,
        source: Source,
        names: Sequence[str],
        parse: Callable[[list[str]], PostcodeRow],
        *,
        has_header: bool,
    ) -> None:
        self.skipped: Counter[str] = Counter()
        self.bytes_total = sum(source.sizes[name] for name in names)
        self.bytes_read = 0
        self._rows = self._read(source, names, parse, has_header)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> PostcodeRow:
        return next(self._rows)

    def _read(
        self,
        source: Source,
        names: Sequence[str],
        parse: Callable[[list[str]], PostcodeRow],
        has_header: bool,
    ) -> Iterator[PostcodeRow]:
        problems = Problems()
        done = 0
        for name in names:
            outward, seen = "", set[str]()
            for number, fields in enumerate(source.rows(name), start=1):
                self.bytes_read += sum(map(len, fields)) + len(fields)
                if not fields or (has_header and number == 1):
                    continue
                try:
                    row = parse(fields)
                    # Both files are in order, so a repeat lies near: one outward code is enough.
                    if row.postcode[:-4] != outward:
                        outward, seen = row.postcode[:-4], set()
                    if row.postcode in seen:
                        raise BadRow(f"the postcode {row.postcode} comes twice")
                    seen.add(row.postcode)
                except Skip as kind:
                    self.skipped[str(kind)] += 1
                except BadRow as problem:
                    problems.add(f"{name}, row {number}: {problem}")
                else:
                    if not problems.found:
                        yield row
            done += source.sizes[name]
            self.bytes_read = done
        problems.raise_any()


def take(postcode: str, easting: str, northing: str, district: str, ward: str) -> PostcodeRow:
    """A row from its fields, or `BadRow`."""
    canonical = normalise(postcode)
    if canonical is None:
        raise BadRow(f"{_shown(postcode)} is not a postcode")
    return PostcodeRow(
        canonical,
        metres(easting, "easting", _MOST_EASTING),
        metres(northing, "northing", _MOST_NORTHING),
        code(district, "district") or "",
        code(ward, "ward"),
    )


def metres(text: str, what: str, most: int) -> int:
    """Whole metres within the grid, or `BadRow`."""
    # ASCII digits only: int() also takes "1_000", "+1" and digits of other scripts.
    if not (text.isascii() and text.isdigit() and len(text) <= 8):
        raise BadRow(f"the {what} {_shown(text)} is not a whole number of metres")
    number = int(text)
    if not 0 < number <= most:
        raise BadRow(f"the {what} {_shown(text)} is off the map: it goes from 1 to {most:,}")
    return number


def code(text: str, what: str) -> str | None:
    """A nine-character area code, ``None`` where empty, or `BadRow`."""
    if not text:
        return None
    if len(text) != 9 or not text.isascii() or not text.isalnum():
        raise BadRow(f"the {what} code {_shown(text)} is not a letter and eight digits")
    return text


def _shown(text: str) -> str:
    short = text if len(text) <= 20 else f"{text[:20]}…"
    return repr(short)
