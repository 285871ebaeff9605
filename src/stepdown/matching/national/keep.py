"""Fewer changes: of what a new plan changes in an earlier one, only that which is worth a change.

Where two plans differ, they differ in pieces that have no need and no volunteer in common; each
piece can be taken from either plan. A piece that fills more places, band by band, is taken from the
new plan; one that only earns more quality, if it earns more than the stated points for each pairing
it changes. With a limit, the pieces that give most for a change come first.
"""

from typing import NamedTuple

import numpy as np

from stepdown.matching.arrays import Arrays, Ints
from stepdown.matching.kernel import lean
from stepdown.matching.national.terms import terms_of_pairs
from stepdown.matching.problem import BANDS

NO_LIMIT = 1 << 60


class Pairs(NamedTuple):
    """Pairs by rows of the new columns; a slot or -1."""

    need: Ints
    volunteer: Ints
    slot: Ints

    def rows(self, chosen: Ints) -> "Pairs":
        """Some of them."""
        return Pairs(self.need[chosen], self.volunteer[chosen], self.slot[chosen])


class Kept(NamedTuple):
    """The plan that keeps more; ``changed`` earlier pairs are not in it, of the ``possible`` ones.

    ``held_back`` pieces of the new plan were not taken.
    """

    pairs: Pairs
    quality: Ints
    possible: int
    changed: int
    held_back: int


def keep(
    arrays: Arrays, earlier: Pairs, new: Pairs, *, sticky: int = 0, most: int = NO_LIMIT
) -> Kept:
    """Take up the pieces of the new plan that are worth their changes.

    ``earlier`` are those pairs of the earlier plan that are possible still. A change that only
    earns quality must earn more than ``sticky`` points; no more than ``most`` pairs are changed.
    """
    points = [_quality(arrays, pairs) for pairs in (earlier, new)]
    # Who stays together at another time has not changed, but belongs to the piece.
    same_pair = [_in(a, b, slots=False) for a, b in ((earlier, new), (new, earlier))]
    alike = [_in(a, b, slots=True) for a, b in ((earlier, new), (new, earlier))]
    gone, come = np.flatnonzero(~alike[0]), np.flatnonzero(~alike[1])
    people, wanted = arrays.volunteers.capacity.size, arrays.needs.band.size
    piece = np.arange(wanted + people)
    for pairs, rows in ((earlier, gone), (new, come)):
        _join(pairs.need[rows], wanted + pairs.volunteer[rows], piece)
    _flatten(piece)
    count = wanted + people
    gains = np.zeros((len(BANDS), count), np.int64)
    worth, changes = np.zeros(count, np.int64), np.zeros(count, np.int64)
    for pairs, rows, quality, sign in ((earlier, gone, points[0], -1), (new, come, points[1], 1)):
        home = piece[pairs.need[rows]]
        np.add.at(gains, (arrays.needs.band[pairs.need[rows]] - 1, home), sign)
        np.add.at(worth, home, sign * quality[rows])
    np.add.at(changes, piece[earlier.need[gone]], (~same_pair[0][gone]).astype(np.int64))
    pieces = np.unique(np.concatenate([piece[earlier.need[gone]], piece[new.need[come]]]))
    taken = _chosen(pieces, gains, worth, changes, sticky, most)
    stay = gone[~taken[piece[earlier.need[gone]]]]
    both = np.flatnonzero(alike[1])
    go = come[taken[piece[new.need[come]]]]
    parts = [new.rows(both), new.rows(go), earlier.rows(stay)]
    pairs = Pairs(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    quality = np.concatenate([points[1][both], points[1][go], points[0][stay]])
    order = np.lexsort((pairs.volunteer, pairs.need))
    return Kept(
        pairs.rows(order),
        quality[order],
        int(earlier.need.size),
        int(changes[pieces[taken[pieces]]].sum()),
        int((~taken[pieces]).sum()),
    )


def count_changed(earlier: Pairs, new: Pairs) -> int:
    """How many earlier pairs the new plan does not have."""
    return int(earlier.need.size - _in(earlier, new, slots=False).sum())


def _quality(arrays: Arrays, pairs: Pairs) -> Ints:
    terms = terms_of_pairs(arrays, pairs.volunteer, pairs.need)
    total: Ints = terms.travel.astype(np.int64)
    return total + terms.preference + terms.continuity + terms.fairness


def _in(one: Pairs, other: Pairs, *, slots: bool) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which pairs the other plan has too, at the same time where that counts."""
    wide = int(max(one.volunteer.max(initial=0), other.volunteer.max(initial=0))) + 1
    keys = [
        (pairs.need * wide + pairs.volunteer) * 32 + ((pairs.slot + 1) if slots else 0)
        for pairs in (one, other)
    ]
    return np.isin(keys[0], keys[1])


def _chosen(
    pieces: Ints, gains: Ints, worth: Ints, changes: Ints, sticky: int, most: int
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which pieces to take from the new plan: most places first, then most for a change."""
    taken = np.zeros(worth.size, np.bool_)
    each = worth[pieces] / np.maximum(1, changes[pieces])
    order = np.lexsort((pieces, -each, *(-gains[band, pieces] for band in (3, 2, 1, 0))))
    left = most
    for p in pieces[order].tolist():
        places = tuple(gains[:, p].tolist())
        nothing = (0,) * len(BANDS)
        better = places > nothing or (places == nothing and worth[p] > sticky * changes[p])
        if (better or changes[p] == 0) and changes[p] <= left:
            taken[p] = True
            left -= int(changes[p])
    return taken


@lean
def _root(node: int, piece: Ints) -> int:
    while piece[node] != node:
        piece[node] = piece[piece[node]]
        node = piece[node]
    return node


@lean
def _join(one: Ints, other: Ints, piece: Ints) -> None:
    """Put what belongs together into one piece, named after its lowest member."""
    for i in range(one.size):
        a, b = _root(one[i], piece), _root(other[i], piece)
        piece[max(a, b)] = min(a, b)


@lean
def _flatten(piece: Ints) -> None:
    for node in range(piece.size):
        piece[node] = _root(node, piece)
