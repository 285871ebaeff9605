"""Candidates by public parts: a bin join in polars, under the full hard rules.

Volunteers stand in every square of a grid that their circle touches; needs meet those of their
square who have the rarest skill they ask for. Requirements are one word a volunteer, so that all of
them are one AND. Chunks of squares bound the memory. The best pairs of each need are kept, best
quality first and then by volunteer, as a solver of the kind in `peer_solvers` can take no more.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from stepdown.matching.arrays import NONE, Arrays, Ints, Needs, Volunteers, Words
from stepdown.matching.candidates import Edges
from stepdown.matching.scoring import CONTINUITY, MAX_QUALITY, PREFERENCE, TRAVEL

KEEP = 64
CELL_M = 4_000
ACROSS = 1 << 12  # squares in a row of the grid: more than any grid has
CHUNK = 8_000_000  # places in squares joined at a time
NO_SKILL = 64
_CREDENTIALS, _LANGUAGES, _ROLES, _GENDERS = 24, 32, 44, 48  # first bits in the one word
# A pair as one number that sorts as rows do: the need, the points short of the most, the volunteer.
_NEED_BITS, _POINT_BITS, _VOLUNTEER_BITS = 29, 10, 24

Progress = Callable[[str, int, int], None]
Days = npt.NDArray[np.int32]


class Kept(NamedTuple):
    """The best pairs of each need, and how many were feasible in all."""

    edges: Edges
    feasible: int


def best_pairs(arrays: Arrays, keep: int = KEEP, progress: Progress | None = None) -> Kept:
    """The ``keep`` best feasible pairs of each need. All volunteers must have a travel limit."""
    people, needs, known = arrays
    assert (people.limit_squared != NONE).all()
    assert known.allowed.size == 0
    assert needs.band.size < 1 << _NEED_BITS
    assert people.capacity.size < 1 << _VOLUNTEER_BITS
    n, v = _needs(people, needs), _volunteers(people)
    spread = _squares(people)
    dates = [_dates(people, check) for check in range(_LANGUAGES - _CREDENTIALS)]
    excluded = _known(known.excluded_start, known.excluded)
    never = pl.concat([excluded, _known(known.held_start, known.held)]).unique()
    helped = _known(known.continuity_start, known.continuity).with_columns(again=pl.lit(True))
    feasible = 0
    parts = []
    for pairs in _chunks(n, v, spread, progress):
        pairs = _valid(pairs, needs, dates)
        pairs = pairs.join(never, on=["n", "v"], how="anti")
        feasible += pairs.height
        parts.append(_best(pairs, helped, keep))
    found = pl.concat(parts).sort("key")
    key = found["key"].to_numpy()
    start = np.zeros(needs.band.size + 1, np.int64)
    owner = key >> (_VOLUNTEER_BITS + _POINT_BITS)
    np.cumsum(np.bincount(owner, minlength=needs.band.size), out=start[1:])
    less = key >> _VOLUNTEER_BITS & ((1 << _POINT_BITS) - 1)
    edges = Edges(
        start,
        (key & ((1 << _VOLUNTEER_BITS) - 1)).astype(np.int32),
        (MAX_QUALITY - less).astype(np.int32),
        found["shared"].to_numpy(),
    )
    return Kept(edges, feasible)


def _flags(codes: Ints) -> Words:
    flags: Words = np.where(codes > 0, np.uint64(1) << codes.astype(np.uint64), np.uint64(0))
    return flags


def _word(skills: Words, checks: Words, tongues: Words, lacked: Words, genders: Ints) -> Words:
    """All that can be asked for with a yes or no: of roles, that somebody does not have them."""
    word: Words = skills[:, 0] | checks[:, 0] << np.uint64(_CREDENTIALS)
    word |= tongues[:, 0] << np.uint64(_LANGUAGES) | lacked[:, 0] << np.uint64(_ROLES)
    word |= _flags(genders) << np.uint64(_GENDERS)
    return word


def _volunteers(people: Volunteers) -> pl.DataFrame:
    none = ~people.roles & np.uint64(15)
    word = _word(people.skills, people.credentials, people.languages, none, people.gender)
    return pl.DataFrame(
        {
            "v": np.arange(people.capacity.size, dtype=np.int32),
            "x": people.easting.astype(np.int32),
            "y": people.northing.astype(np.int32),
            "limit": people.limit_squared.astype(np.int32),
            "word": word,
            "free": people.free.astype(np.int32),
            # Nobody of unknown age meets an age.
            "born": np.where(people.born < 0, 1 << 30, people.born).astype(np.int32),
            "scale": people.scale.astype(np.int32),
            "fairness": people.fairness.astype(np.int16),
            "likes": people.preferred[:, 0].astype(np.int16),
        }
    )


def _needs(people: Volunteers, needs: Needs) -> pl.DataFrame:
    asked = _word(
        needs.skills, needs.credentials, needs.languages, needs.excluded_roles, needs.gender
    )
    common = [
        int((people.skills[:, 0] >> np.uint64(bit) & np.uint64(1)).sum()) for bit in range(24)
    ]
    rarest = np.full(needs.band.size, NO_SKILL)
    for bit in np.argsort(common)[::-1].tolist():
        rarest[needs.skills[:, 0] >> np.uint64(bit) & np.uint64(1) == 1] = bit
    rows = np.flatnonzero(needs.places > 0)
    table: dict[str, npt.NDArray[Any]] = {
        "n": np.arange(needs.band.size, dtype=np.int32),
        "square": _square(needs.easting, needs.northing),
        "nx": needs.easting.astype(np.int32),
        "ny": needs.northing.astype(np.int32),
        "asked": asked,
        "slots": needs.slots.astype(np.int32),
        "born_by": np.where(needs.born_by < 0, (1 << 30) + 1, needs.born_by).astype(np.int32),
        "kind": needs.kind[:, 0].astype(np.int16),
        "rarest": rarest,
    }
    return pl.DataFrame({name: column[rows] for name, column in table.items()}).sort("square")


def _square(east: Ints, north: Ints) -> Ints:
    square: Ints = (north // CELL_M) * ACROSS + east // CELL_M
    return square


def _squares(people: Volunteers) -> pl.DataFrame:
    """(square, volunteer) for every square a volunteer's circle touches, by square."""
    able = np.flatnonzero((people.blocked == 0) & (people.capacity > 0) & (people.easting >= 0))
    able = able[np.argsort(-people.scale[able], kind="stable")]  # who goes furthest first
    east, north, limit = people.easting[able], people.northing[able], people.limit_squared[able]
    column, row = east // CELL_M, north // CELL_M
    reach = -people.scale[able]
    most = int(-reach.min(initial=0)) // CELL_M + 1
    squares, owners = [], []
    for right in range(-most, most + 1):
        for up in range(-most, most + 1):
            # A square that many squares away is at least this far for anybody.
            near = CELL_M * np.hypot(max(abs(right) - 1, 0), max(abs(up) - 1, 0))
            some = slice(0, int(np.searchsorted(reach, -near, side="right")))
            left, bottom = (column[some] + right) * CELL_M, (row[some] + up) * CELL_M
            dx = east[some] - np.clip(east[some], left, left + CELL_M - 1)
            dy = north[some] - np.clip(north[some], bottom, bottom + CELL_M - 1)
            touched = np.flatnonzero(dx * dx + dy * dy <= limit[some])
            squares.append((row[touched] + up) * ACROSS + column[touched] + right)
            owners.append(able[touched].astype(np.int32))
    table = {"square": np.concatenate(squares), "v": np.concatenate(owners)}
    return pl.DataFrame(table).sort("square")


def _chunks(
    n: pl.DataFrame, v: pl.DataFrame, spread: pl.DataFrame, progress: Progress | None
) -> Iterator[pl.DataFrame]:
    """Pairs that pass what can be told from the joined columns, some squares at a time."""
    squares = spread["square"].to_numpy()
    begin = 0
    while begin < squares.size:
        last = squares[min(begin + CHUNK, squares.size) - 1]
        end = int(np.searchsorted(squares, last, side="right"))
        here = n.filter(pl.col("square").is_between(squares[begin], last))
        people = spread[begin:end].join(v, on="v", how="left")
        parts = []
        for wanted in here.partition_by("rarest"):
            skill = int(wanted["rarest"][0])
            have = people
            if skill != NO_SKILL:
                have = people.filter(pl.col("word") & (1 << skill) != 0)
            parts.append(_joined(wanted, have))
        if parts:
            yield pl.concat(parts)
        begin = end
        if progress is not None:
            progress("polars", end, squares.size)


def _joined(wanted: pl.DataFrame, have: pl.DataFrame) -> pl.DataFrame:
    x, y = pl.col("x") - pl.col("nx"), pl.col("y") - pl.col("ny")
    slots, shared = pl.col("slots"), pl.col("slots") & pl.col("free")
    return (
        wanted.lazy()
        .join(have.lazy(), on="square", how="inner")
        .filter(pl.col("asked") & pl.col("word") == pl.col("asked"))
        .filter((slots == 0) | (shared != 0))
        .with_columns(squared=x * x + y * y)
        .filter((pl.col("squared") <= pl.col("limit")) & (pl.col("born") <= pl.col("born_by")))
        .select(
            "n", "v", "squared", "scale", "fairness", shared=shared,
            likes=pl.col("likes") & pl.col("kind") != 0,
        )
        .collect(engine="streaming")
    )  # fmt: skip


def _valid(pairs: pl.DataFrame, needs: Needs, dates: list[tuple[Days, Days]]) -> pl.DataFrame:
    """Without those whose credentials do not last from the first day of the need to its last."""
    n, v = pairs["n"].to_numpy(), pairs["v"].to_numpy()
    bad = np.zeros(pairs.height, np.bool_)
    first, last = needs.first.astype(np.int32), needs.last.astype(np.int32)
    for check, (begins, ends) in enumerate(dates):
        asked = needs.credentials[:, 0] >> np.uint64(check) & np.uint64(1) == 1
        some = np.flatnonzero(asked[n])
        whom, who = n[some], v[some]
        bad[some] |= (begins[who] > first[whom]) | (ends[who] < last[whom])
    return pairs.filter(~bad)


def _dates(people: Volunteers, check: int) -> tuple[Days, Days]:
    """From when to when each volunteer's credential is good."""
    owner = np.repeat(np.arange(people.capacity.size), np.diff(people.held_start))
    of = people.held_bit == check
    begins = np.zeros(people.capacity.size, np.int32)
    ends = np.zeros(people.capacity.size, np.int32)
    begins[owner[of]], ends[owner[of]] = people.held_from[of], people.held_to[of]
    return begins, ends


def _known(start: Ints, rows: Ints) -> pl.DataFrame:
    owner = np.repeat(np.arange(start.size - 1, dtype=np.int32), np.diff(start))
    return pl.DataFrame({"n": owner, "v": rows.astype(np.int32)}).unique()


def _place_in_row() -> pl.Expr:
    """Sorted by need, how many of the same need stand before."""
    at = pl.int_range(pl.len(), dtype=pl.Int64)
    first = pl.col("n") != pl.col("n").shift(1)
    return at - pl.when(first.fill_null(True)).then(at).forward_fill()


def _best(pairs: pl.DataFrame, helped: pl.DataFrame, keep: int) -> pl.DataFrame:
    """Scored, and the best of each need."""
    # Whole metres: squares below 2 ** 53 have exact roots rounded down.
    metres = pl.col("squared").cast(pl.Float64).sqrt().floor().cast(pl.Int32)
    scale = pl.col("scale")
    travel = TRAVEL * (scale - metres) // scale
    near = pl.when(metres < scale).then(travel).when(metres == 0).then(TRAVEL).otherwise(0)
    points = near + pl.col("fairness") + PREFERENCE * pl.col("likes").cast(pl.Int32)
    again = CONTINUITY * pl.col("again").fill_null(False).cast(pl.Int32)
    need = pl.col("n").cast(pl.Int64) * (1 << _POINT_BITS)
    key = (need + MAX_QUALITY - pl.col("quality")) * (1 << _VOLUNTEER_BITS) + pl.col("v")
    return (
        pairs.lazy()
        .join(helped.lazy(), on=["n", "v"], how="left")
        .with_columns(quality=points + again)
        .select("n", "shared", key=key)
        .sort("key")
        .filter(_place_in_row() < keep)
        .select("key", "shared")
        .collect()
    )
