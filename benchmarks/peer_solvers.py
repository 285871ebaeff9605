"""Plans by public parts, from the same feasible pairs: OR-Tools, scipy, and greedily."""

from collections.abc import Callable
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit
from ortools.graph.python import min_cost_flow
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from stepdown.kernel.slots import SLOTS
from stepdown.matching.arrays import Arrays, Ints
from stepdown.matching.candidates import Edges
from stepdown.matching.scoring import MAX_QUALITY


class Answer(NamedTuple):
    """A plan's worth, and the seconds it took by phase."""

    filled_by_band: tuple[int, ...]
    quality: int
    seconds: dict[str, float]

    @property
    def worth(self) -> tuple[int, ...]:
        """What plans are compared by: places by band, then quality."""
        return (*self.filled_by_band, self.quality)


class _Arcs(NamedTuple):
    """A flow network. ``pair`` says which pair an arc stands for, -1 for none."""

    tail: npt.NDArray[np.int32]
    head: npt.NDArray[np.int32]
    capacity: Ints
    cost: Ints
    pair: Ints
    sink: int


def flow(arrays: Arrays, edges: Edges) -> Answer:
    """The best plan over these pairs, by OR-Tools' minimum-cost flow (cost scaling push-relabel).

    Weights that fall by more than places x best quality from band to band make one cost exact.
    """
    began = perf_counter()
    arcs = _network(arrays, edges)
    solver = min_cost_flow.SimpleMinCostFlow()
    # From people to needs: OR-Tools then takes half the time it takes the other way round.
    solver.add_arcs_with_capacity_and_unit_cost(arcs.head, arcs.tail, arcs.capacity, arcs.cost)
    places = arrays.needs.places
    solver.set_nodes_supplies(np.arange(places.size, dtype=np.int32), -places)
    solver.set_node_supply(arcs.sink, int(places.sum()))
    built = perf_counter()
    status = solver.solve()
    solved = perf_counter()
    assert status == solver.OPTIMAL, status
    some = np.flatnonzero(arcs.pair >= 0)
    carried = solver.flows(some.astype(np.int32)) > 0
    chosen = arcs.pair[some[carried]]
    assert np.unique(chosen).size == chosen.size
    return _answer(arrays, edges, chosen, {"network": built - began, "solve": solved - built})


def _owners(edges: Edges) -> Ints:
    return np.repeat(np.arange(edges.start.size - 1), np.diff(edges.start))


def _weights(arrays: Arrays, edges: Edges, need: Ints) -> Ints:
    reachable = int(np.minimum(arrays.needs.places, np.diff(edges.start)).sum())
    step = (reachable + 1) * MAX_QUALITY + 1
    weights: Ints = edges.quality + (5 - arrays.needs.band[need]) * step
    return weights


def _network(arrays: Arrays, edges: Edges) -> _Arcs:
    """Needs, volunteers and the sink, in that order; then slots and pairs where they are wanted.

    Only a volunteer with more than one place can be booked twice in a slot, so only theirs are
    nodes. Only a need of two places can take a volunteer twice, by two slots: only there is a pair
    a node. The cost of a pair is on its first arcs.
    """
    people, needs = arrays.volunteers, arrays.needs
    need = _owners(edges)
    weight = _weights(arrays, edges, need)
    volunteer = edges.volunteer.astype(np.int64)
    sink = needs.band.size + people.capacity.size
    by_slot = (edges.shared != 0) & (people.capacity[volunteer] > 1)
    several = by_slot & ((edges.shared & (edges.shared - 1)) != 0) & (needs.places[need] > 1)
    pair_node = np.full(need.size, -1)
    pair_node[several] = sink + 1 + np.arange(int(several.sum()))
    straight, through = np.flatnonzero(~by_slot), np.flatnonzero(several)
    parts: list[tuple[Any, ...]] = [  # tail, head, capacity, cost, pair
        (need[straight], needs.band.size + volunteer[straight], 1, -weight[straight], straight),
        (need[through], pair_node[through], 1, -weight[through], through),
    ]
    bits = np.arange(len(SLOTS), dtype=np.int32)
    timed = np.flatnonzero(by_slot)
    row, slot = np.nonzero(edges.shared[timed, None] >> bits & 1)
    pair = timed[row]
    used, number = np.unique(volunteer[pair] * len(SLOTS) + slot, return_inverse=True)
    first_slot = sink + 1 + through.size
    direct = ~several[pair]
    parts += [
        (need[pair[direct]], first_slot + number[direct], 1, -weight[pair[direct]], pair[direct]),
        (pair_node[pair[~direct]], first_slot + number[~direct], 1, 0, -1),
        (first_slot + np.arange(used.size), needs.band.size + used // len(SLOTS), 1, 0, -1),
        (needs.band.size + np.arange(people.capacity.size), sink, people.capacity, 0, -1),
        (np.arange(needs.band.size), sink, needs.places, 0, -1),  # left empty
    ]
    whole = [np.broadcast_arrays(*part) for part in parts]
    tail, head, capacity, cost, pairs = (
        np.concatenate(column) for column in zip(*whole, strict=True)
    )
    return _Arcs(
        tail.astype(np.int32),
        head.astype(np.int32),
        capacity.astype(np.int64),
        cost.astype(np.int64),
        pairs.astype(np.int64),
        sink,
    )


def assignment(arrays: Arrays, edges: Edges) -> Answer:
    """The best plan of a plain set by scipy (LAPJVsp): one place everywhere and no slots.

    Each need may also stay empty, as a column of its own that is worth nothing.
    """
    began = perf_counter()
    assert (arrays.needs.places == 1).all()
    assert (arrays.volunteers.capacity <= 1).all()
    assert not arrays.needs.slots.any()
    need, count = _owners(edges), arrays.needs.band.size
    empty = arrays.volunteers.capacity.size + np.arange(count)
    # One more for all, as a sparse matrix keeps no noughts.
    worth = np.concatenate([_weights(arrays, edges, need) + 1, np.ones(count, np.int64)])
    rows = np.concatenate([need, np.arange(count)])
    columns = np.concatenate([edges.volunteer, empty])
    table = csr_array((worth.astype(np.float64), (rows, columns)), (count, int(empty[-1]) + 1))
    built = perf_counter()
    row, column = min_weight_full_bipartite_matching(table, maximize=True)
    solved = perf_counter()
    filled = column < arrays.volunteers.capacity.size
    wanted = row[filled].astype(np.int64) << 32 | column[filled]
    chosen = np.flatnonzero(np.isin(need << 32 | edges.volunteer, wanted))
    return _answer(arrays, edges, chosen, {"network": built - began, "solve": solved - built})


def greedy(arrays: Arrays, edges: Edges) -> Answer:
    """Pair by pair, the most urgent band first and the best first, while there is room."""
    began = perf_counter()
    need = _owners(edges)
    order = np.lexsort((-edges.quality, arrays.needs.band[need]))
    volunteer = edges.volunteer
    chosen = _take(
        order,
        need,
        volunteer,
        edges.shared,
        arrays.needs.places.copy(),
        arrays.volunteers.capacity.copy(),
        np.zeros(arrays.volunteers.capacity.size, np.int64),
    )
    return _answer(arrays, edges, chosen, {"solve": perf_counter() - began})


def _take_rows(
    order: Ints,
    need: Ints,
    volunteer: npt.NDArray[np.int32],
    shared: npt.NDArray[np.int32],
    places: Ints,
    capacity: Ints,
    used: Ints,
) -> Ints:
    chosen = np.empty(order.size, np.int64)
    count = 0
    for i in range(order.size):
        edge = order[i]
        n, v = need[edge], volunteer[edge]
        free = shared[edge] & ~used[v]
        if places[n] == 0 or capacity[v] == 0 or (shared[edge] and not free):
            continue
        places[n] -= 1
        capacity[v] -= 1
        used[v] |= free & -free
        chosen[count] = edge
        count += 1
    return chosen[:count]


_take: Callable[..., Ints] = njit(nogil=True)(_take_rows)


def _answer(arrays: Arrays, edges: Edges, chosen: Ints, seconds: dict[str, float]) -> Answer:
    """What a choice of pairs is worth, once it is seen to keep within places and capacity."""
    need, volunteer = _owners(edges)[chosen], edges.volunteer[chosen]
    people, needs = arrays.volunteers, arrays.needs
    assert (np.bincount(need, minlength=needs.band.size) <= needs.places).all()
    assert (np.bincount(volunteer, minlength=people.capacity.size) <= people.capacity).all()
    counts = np.bincount(needs.band[need], minlength=5)[1:]
    return Answer(tuple(counts.tolist()), int(edges.quality[chosen].sum()), seconds)
