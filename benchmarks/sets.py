"""Made-up countries to plan: seeded columns straight to `Arrays`, on real postcodes.

No record stands behind a row: row order is the order of ids. The part of the country grows with the
set, so that people live as densely in all of them (`nation` apart, which is the whole country more
densely). Rates are round numbers, chosen so that the sets have about as many feasible pairs as the
literature's: see docs/performance.md for those found.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from benchmarks.attributes import known, needs, volunteers
from benchmarks.positions import Positions, draw, nearest, positions
from stepdown.matching.arrays import Arrays, Ints, Known, Needs


@dataclass(frozen=True)
class Shape:
    """What a set is made from.

    ``country`` is the share of the postcodes, those nearest to Preston. ``pairs`` of needs ask for
    two people. ``reach`` bends travel limits: 2 km + 23 km x u ** reach for u uniform in 0 to 1.
    ``scarcity`` multiplies how often volunteers have a skill or credential. A ``plain`` set has one
    place a need, one a volunteer, and no slots: an assignment problem.
    """

    volunteers: int
    needs: int
    country: float
    says: str
    pairs: float = 0.5
    reach: float = 4.0
    scarcity: float = 1.0
    plain: bool = False


SETS: Mapping[str, Shape] = MappingProxyType(
    {
        "plain": Shape(5_000, 4_000, 1 / 150, "one place each, no slots", 0, plain=True),
        "small": Shape(5_000, 1_000, 1 / 150, "well supplied"),
        "medium": Shape(75_000, 25_000, 1 / 10, "well supplied"),
        "large": Shape(750_000, 250_000, 1, "well supplied"),
        "mbal": Shape(50_000, 75_000, 1 / 8, "contended", 0.17, scarcity=0.8),
        "mskill": Shape(75_000, 75_000, 1 / 10, "contended, scarce skills", 0.5, scarcity=0.5),
        "lbal": Shape(500_000, 750_000, 1, "contended", 0.17, scarcity=0.8),
        "nation": Shape(5_000_000, 2_000_000, 1, "well supplied"),
    }
)
USUAL = ("small", "medium", "large", "mbal")


def make(name: str, places: Positions | None = None) -> Arrays:
    """A set by name: the same columns on every machine with the same postcodes."""
    return make_shape(SETS[name], places, seed=sum(name.encode()))


def make_shape(shape: Shape, places: Positions | None = None, seed: int = 1) -> Arrays:
    """A set of any shape. ``places`` are all postcodes, where they have been read already."""
    # Volunteers, needs and what is known between them each have a stream of their own.
    streams = [np.random.default_rng([seed, part]) for part in range(3)]
    homes = nearest(places or positions(), shape.country)
    east, north = draw(homes, shape.volunteers, streams[0])
    people = volunteers(
        streams[0], east, north, reach=shape.reach, scarcity=shape.scarcity, plain=shape.plain
    )
    east, north = draw(homes, shape.needs, streams[1])
    wanted = needs(streams[1], east, north, pairs=shape.pairs, plain=shape.plain)
    return Arrays(people, wanted, known(streams[2], people, wanted))


def scaled(name: str, by: float) -> Shape:
    """The same set with fewer people in as much less of the country."""
    shape = SETS[name]
    return replace(
        shape,
        volunteers=round(shape.volunteers * by),
        needs=round(shape.needs * by),
        country=shape.country * by,
    )


def subset(arrays: Arrays, rows: Ints) -> Arrays:
    """The same volunteers with some of the needs, ``rows`` ascending."""
    owned = {"asked_start", "asked_bit"}
    columns = {
        field: column[rows]
        for field, column in arrays.needs._asdict().items()
        if field not in owned
    }
    starts, bits = _rows(arrays.needs.asked_start, arrays.needs.asked_bit, rows)
    wanted = Needs(**columns, asked_start=starts, asked_bit=bits)
    old = arrays.known
    allowed_start, allowed = _rows(old.allowed_start, old.allowed, rows)
    return Arrays(
        arrays.volunteers,
        wanted,
        Known(
            *_rows(old.excluded_start, old.excluded, rows),
            *_rows(old.held_start, old.held, rows),
            *_rows(old.continuity_start, old.continuity, rows),
            allowed_start,
            allowed,
            _rows(old.allowed_start, old.allowed_rules, rows)[1],
            _rows(old.allowed_start, old.allowed_slots, rows)[1],
        ),
    )


def turnover(
    arrays: Arrays, share: float = 0.01, seed: int = 1
) -> tuple[Arrays, Ints, Arrays, Ints]:
    """The same country on two days between which needs left and others joined.

    Both days lack a ``share`` of the needs, different ones: (before, its rows, after, its rows).
    """
    count = arrays.needs.band.size
    few = round(share * count)
    shuffled = np.random.default_rng(seed).permutation(count)
    before, after = np.sort(shuffled[few:]), np.sort(np.delete(shuffled, np.s_[few : 2 * few]))
    return subset(arrays, before), before, subset(arrays, after), after


def _rows(start: Ints, values: Ints, rows: Ints) -> tuple[Ints, Ints]:
    """Some rows of a ragged column."""
    sizes = start[rows + 1] - start[rows]
    starts = np.zeros(rows.size + 1, np.int64)
    np.cumsum(sizes, out=starts[1:])
    at = np.arange(starts[-1]) + np.repeat(start[rows] - starts[:-1], sizes)
    return starts, values[at]
