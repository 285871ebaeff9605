"""The engine's blocks over everybody and every attribute: kept beside the columns of a snapshot, so
that a shortlist needs no building."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from stepdown.matching.arrays import NONE, OPEN_END, OPEN_START, Arrays, Known, Needs, Words
from stepdown.matching.national.blocks import Blocks, Planes, build
from stepdown.matching.national.people import Rows, Tables
from stepdown.matching.national.snapshot import BLOCKS

Seats = tuple[Blocks, Planes]


def seats_of(rows: Rows, tables: Tables) -> Seats:
    """Everybody seated, as if one need asked for all there is and for no day in particular: so no
    check counts as good before its dates are looked at."""
    return build(Arrays(rows.widened(tables).people, _everything(tables), _nothing()))


def flat(seats: Seats) -> dict[str, npt.NDArray[np.generic]]:
    """The arrays by name."""
    found: dict[str, npt.NDArray[np.generic]] = {}
    parts: tuple[Any, ...] = seats
    for prefix, part in zip(BLOCKS, parts, strict=True):
        for name, value in part._asdict().items():
            found[prefix + name] = np.asarray(value)
    return found


def seated(columns: Mapping[str, npt.NDArray[np.generic]]) -> Seats:
    """The blocks again from their arrays; KeyError or TypeError where they are others."""
    blocks, planes = (
        {
            name.removeprefix(prefix): column
            for name, column in columns.items()
            if name.startswith(prefix)
        }
        for prefix in BLOCKS
    )
    count = int(planes.pop("count").reshape(-1)[0])
    return Blocks(**blocks), Planes(**planes, count=count)  # type: ignore[arg-type]


def _everything(tables: Tables) -> Needs:
    numbers = tables.numbering
    checks = np.arange(len(tables.credentials), dtype=np.int64)

    def one(value: int) -> npt.NDArray[np.int64]:
        return np.array([value], np.int64)

    return Needs(
        easting=one(NONE),
        northing=one(NONE),
        band=one(4),
        places=one(1),
        skills=_all(len(numbers.skills)),
        credentials=_all(len(numbers.credentials)),
        languages=_all(len(numbers.languages)),
        excluded_roles=_all(len(numbers.roles)),
        kind=_all(len(numbers.kinds)),
        gender=one(len(numbers.genders)),
        born_by=one(NONE),
        slots=one(0),
        first=one(OPEN_START),
        last=one(OPEN_END),
        asked_start=np.array([0, checks.size], np.int64),
        asked_bit=checks,
    )


def _all(names: int) -> Words:
    bits = np.zeros(64 * max(1, -(-names // 64)), np.uint8)
    bits[:names] = 1
    return np.packbits(bits, bitorder="little").view(np.uint64).reshape(1, -1)


def _nothing() -> Known:
    none, nobody = np.zeros(2, np.int64), np.zeros(0, np.int64)
    return Known(none, nobody, none, nobody, none, nobody, none, nobody, nobody, nobody)
