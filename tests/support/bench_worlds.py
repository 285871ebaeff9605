"""A small country for the benchmarks' generators, and comparisons of what they make."""

import numpy as np

from benchmarks.positions import Positions
from stepdown.matching.arrays import Arrays
from stepdown.matching.candidates import Edges


def valley(size: int = 2_000, across: int = 12_000) -> Positions:
    """A few thousand postcodes in a valley that does not exist."""
    pick = np.random.default_rng(3)
    return Positions(
        350_000 + pick.integers(0, across, size), 430_000 + pick.integers(0, across, size), "none"
    )


def same(one: Arrays, other: Arrays) -> bool:
    return all(
        np.array_equal(column, others)
        for columns, other_columns in zip(one, other, strict=True)
        for column, others in zip(columns, other_columns, strict=True)
    )


def same_pairs(one: Edges, other: Edges) -> bool:
    columns, others = one._asdict(), other._asdict()
    return all(np.array_equal(columns[name], others[name]) for name in columns)
