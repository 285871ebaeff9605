"""The best rows of an index for one need: what a shortlist is then made from."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import numpy.typing as npt

from stepdown.matching.arrays import Arrays, Ints, Known, Needs
from stepdown.matching.candidates import failure_masks, quality_of
from stepdown.matching.national.people import ID, Rows
from stepdown.matching.national.seats import Seats
from stepdown.matching.national.shortlist import shortlist_rows
from stepdown.matching.scoring import MAX_QUALITY

_OUT = np.int64(1 << 40)


@dataclass(frozen=True)
class Pairs:
    """Who may not be asked for the need, is on it already, or has helped its person before."""

    excluded: frozenset[UUID] = frozenset()
    held: frozenset[UUID] = frozenset()
    continuity: frozenset[UUID] = frozenset()


def best_rows(
    rows: Rows,
    needs: Needs,
    pairs: Pairs,
    k: int,
    *,
    eligible_only: bool,
    seen: npt.NDArray[np.bool_] | None = None,
    without: Ints | None = None,
) -> Ints:
    """The ``k`` best rows for the only need of ``needs``, in the order of `shortlist`.

    Only rows that are ``seen`` (all, where None) and not among ``without`` count.
    """
    arrays = Arrays(rows.people, needs, _known(rows, pairs))
    masks = failure_masks(arrays, 0)
    if without is not None:
        masks[without] = _OUT
    if seen is not None:
        masks[~seen] = _OUT
    chosen = np.flatnonzero(masks == 0 if eligible_only else masks < _OUT)
    points = quality_of(arrays, 0, chosen)
    broken = np.bitwise_count(masks[chosen]).astype(np.int64)
    rank = (broken * (MAX_QUALITY + 1) + MAX_QUALITY - points << 40) | chosen
    k = min(max(0, k), rank.size)
    if k < rank.size:
        rank = np.partition(rank, k)[:k]
    return np.asarray(np.sort(rank) & (1 << 40) - 1)


def best_seated(
    rows: Rows, seats: Seats, needs: Needs, pairs: Pairs, k: int, without: Ints
) -> Ints:
    """The same out of blocks that are kept, for those who may be asked: nobody else is read."""
    blocks, planes = seats
    arrays = Arrays(rows.people, needs, _known(rows, pairs))
    best = shortlist_rows(arrays, blocks, planes, 0, k + without.size).volunteer
    return np.asarray(best[~np.isin(best, without)][:k])


def _known(rows: Rows, pairs: Pairs) -> Known:
    none, nobody = np.zeros(2, np.int64), np.zeros(0, np.int64)
    apart, held, before = (
        _rows_of(rows, found) for found in (pairs.excluded, pairs.held, pairs.continuity)
    )
    return Known(
        _one(apart), apart, _one(held), held, _one(before), before,
        none, nobody, nobody, nobody,
    )  # fmt: skip


def _one(who: Ints) -> Ints:
    """Where the rows of the only need begin and end."""
    return np.array([0, who.size], np.int64)


def _rows_of(rows: Rows, ids: Iterable[UUID]) -> Ints:
    sought = np.frombuffer(b"".join(sorted(one.bytes for one in ids)), ID)
    at, found = rows.find(sought)
    return np.ascontiguousarray(at[found])
