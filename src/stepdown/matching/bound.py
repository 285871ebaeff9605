"""The feasible pairs of each need once more, in NumPy: the certificate's own way to them.

It shares no code with the compiled candidates, so that a mistake there cannot hide here.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from stepdown.matching.arrays import Arrays, Ints, Words
from stepdown.matching.scoring import CONTINUITY, PREFERENCE, TRAVEL

Bools = npt.NDArray[np.bool_]
Row = tuple[Ints, Ints, Ints]


def pair_rows(arrays: Arrays) -> Iterator[Row]:
    """For each need: its feasible volunteers, their quality, and the slots they share with it."""
    empty = np.empty(0, np.int64)
    holders = _Holders(arrays)
    for n in range(arrays.needs.band.size):
        if arrays.needs.places[n] == 0:
            yield empty, empty, empty
        else:
            yield _row(arrays, holders, n)


class _Holders:
    """Who holds each credential, and from when to when."""

    def __init__(self, arrays: Arrays) -> None:
        people = arrays.volunteers
        order = np.argsort(people.held_bit, kind="stable")
        owners = np.repeat(np.arange(people.born.size), np.diff(people.held_start))
        self._bit = people.held_bit[order]
        self._columns = (owners[order], people.held_from[order], people.held_to[order])
        self._count = people.born.size

    def in_date(self, bit: int, first: int, last: int) -> Bools:
        """[volunteers]: whether they hold it through those days."""
        begin, end = np.searchsorted(self._bit, [bit, bit + 1])
        owners, begins, ends = (column[begin:end] for column in self._columns)
        held = np.zeros(self._count, np.bool_)
        held[owners[(begins <= first) & (ends >= last)]] = True
        return held


def _row(arrays: Arrays, holders: _Holders, n: int) -> Row:
    people, needs, known = arrays.volunteers, arrays.needs, arrays.known
    # A waived rule only matters for pairs tried out: those few are given their own answer below.
    begin, end = known.allowed_start[n], known.allowed_start[n + 1]
    waived = {
        int(v): (int(rules), int(slots))
        for v, rules, slots in zip(
            known.allowed[begin:end],
            known.allowed_rules[begin:end],
            known.allowed_slots[begin:end],
            strict=True,
        )
    }
    squared = _squared(arrays, n)
    near = (people.limit_squared < 0) | ((squared >= 0) & (squared <= people.limit_squared))
    chosen = np.flatnonzero(near & (people.blocked == 0) & (people.capacity > 0))
    chosen = chosen[_rest(arrays, holders, n, chosen)]
    barred = np.concatenate(
        (
            known.excluded[known.excluded_start[n] : known.excluded_start[n + 1]],
            known.held[known.held_start[n] : known.held_start[n + 1]],
        )
    )
    if barred.size:
        chosen = chosen[~np.isin(chosen, barred)]
    if waived:
        chosen = np.union1d(chosen, np.array(list(waived), np.int64))
    points = _points(arrays, n, chosen, squared[chosen])
    shared = needs.slots[n] & people.free[chosen]
    for v, (_, slots) in waived.items():
        shared[chosen == v] |= slots
    return chosen, points, shared


def _squared(arrays: Arrays, n: int) -> Ints:
    people, needs = arrays.volunteers, arrays.needs
    dx = people.easting - needs.easting[n]
    dy = people.northing - needs.northing[n]
    squared: Ints = dx * dx + dy * dy
    if needs.easting[n] < 0:
        squared[:] = -1
    squared[people.easting < 0] = -1
    return squared


def _covers(wanted: npt.NDArray[np.uint64], held: Words) -> Bools:
    covered: Bools = ((wanted & ~held) == 0).all(axis=1)
    return covered


def _rest(arrays: Arrays, holders: _Holders, n: int, chosen: Ints) -> Bools:
    """Which of the chosen pass every rule but distance, availability and exclusion."""
    people, needs = arrays.volunteers, arrays.needs
    good: Bools = np.ones(chosen.size, np.bool_)
    if needs.slots[n]:
        good &= (needs.slots[n] & people.free[chosen]) != 0
    for wanted, held in (
        (needs.skills[n], people.skills),
        (needs.languages[n], people.languages),
    ):
        if wanted.any():
            good &= _covers(wanted, held[chosen])
    if needs.excluded_roles[n].any():
        good &= ((needs.excluded_roles[n] & people.roles[chosen]) == 0).all(axis=1)
    if needs.gender[n]:
        good &= people.gender[chosen] == needs.gender[n]
    if needs.born_by[n] >= 0:
        good &= (people.born[chosen] >= 0) & (people.born[chosen] <= needs.born_by[n])
    for bit in needs.asked_bit[needs.asked_start[n] : needs.asked_start[n + 1]].tolist():
        good &= holders.in_date(bit, int(needs.first[n]), int(needs.last[n]))[chosen]
    return good


def _points(arrays: Arrays, n: int, chosen: Ints, squared: Ints) -> Ints:
    people, needs, known = arrays.volunteers, arrays.needs, arrays.known
    metres = np.sqrt(np.maximum(squared, 0).astype(np.float64)).astype(np.int64)
    metres -= metres * metres > squared.clip(0)
    metres += (metres + 1) * (metres + 1) <= squared.clip(0)
    scale = people.scale[chosen]
    travel = np.where(metres == 0, TRAVEL, TRAVEL * np.maximum(scale - metres, 0) // scale)
    points: Ints = people.fairness[chosen] + np.where(squared < 0, 0, travel)
    liked = (needs.kind[n] & people.preferred[chosen]).any(axis=1)
    points += PREFERENCE * liked
    before = known.continuity[known.continuity_start[n] : known.continuity_start[n + 1]]
    if before.size:
        points += CONTINUITY * np.isin(chosen, before)
    return points
