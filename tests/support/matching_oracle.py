"""Other ways to the same optimum: every plan tried, and OR-Tools.

They share no code with the engine but the plain hard rules and the plain quality.
"""

from itertools import combinations, product
from typing import NamedTuple

from ortools.graph.python import max_flow, min_cost_flow

from stepdown.matching.eligibility import failures, shared_slots
from stepdown.matching.problem import Problem
from stepdown.matching.scoring import quality


class Pair(NamedTuple):
    """A feasible pair: indices, quality, and the slots shared (None where the need takes none)."""

    volunteer: int
    need: int
    quality: int
    slots: tuple[int, ...] | None


class Optimum(NamedTuple):
    """What any best plan has."""

    filled_by_band: tuple[int, int, int, int]
    quality: int


def feasible_pairs(problem: Problem) -> list[Pair]:
    """Every pair that breaks no rule, from the plain rules."""
    pairs = []
    for n, need in enumerate(problem.needs):
        if need.open_places == 0:
            continue
        for v, volunteer in enumerate(problem.volunteers):
            if failures(problem, volunteer, need):
                continue
            mask = shared_slots(problem, volunteer, need)
            slots = tuple(s for s in range(21) if mask >> s & 1) if need.slots else None
            pairs.append(Pair(v, n, quality(problem, volunteer, need), slots))
    return pairs


def every_plan(problem: Problem) -> Optimum:
    """The best of all plans, by trying every choice of every volunteer. For very small worlds."""
    pairs = feasible_pairs(problem)
    places = tuple(need.open_places for need in problem.needs)
    best: dict[tuple[int, ...], int] = {tuple(0 for _ in places): 0}
    for v, volunteer in enumerate(problem.volunteers):
        mine = [pair for pair in pairs if pair.volunteer == v]
        room = max(0, volunteer.capacity - volunteer.held)
        options = [
            chosen
            for size in range(min(room, len(mine)) + 1)
            for chosen in combinations(mine, size)
            if _fits(chosen)
        ]
        grown: dict[tuple[int, ...], int] = {}
        for state, total in best.items():
            for chosen in options:
                counts = list(state)
                for pair in chosen:
                    counts[pair.need] += 1
                if all(count <= most for count, most in zip(counts, places, strict=True)):
                    key = tuple(counts)
                    worth = total + sum(pair.quality for pair in chosen)
                    grown[key] = max(grown.get(key, -1), worth)
        best = grown
    return max(
        (Optimum(_by_band(problem, state), total) for state, total in best.items()),
        key=lambda one: (one.filled_by_band, one.quality),
    )


def _fits(chosen: tuple[Pair, ...]) -> bool:
    """Whether these needs can be given different slots."""
    slotted = [pair.slots for pair in chosen if pair.slots is not None]
    return any(len(set(times)) == len(times) for times in product(*slotted))


def _by_band(problem: Problem, counts: tuple[int, ...]) -> tuple[int, int, int, int]:
    totals = [0, 0, 0, 0]
    for need, count in zip(problem.needs, counts, strict=True):
        totals[need.band - 1] += count
    return (totals[0], totals[1], totals[2], totals[3])


class Network:
    """The flow network of the definition, for OR-Tools: every slot a node, nothing left lazy."""

    def __init__(self, problem: Problem, pairs: list[Pair]) -> None:
        self.problem = problem
        self.pairs = pairs
        self.source, self.sink = 0, 1
        self.nodes = 2
        self.arcs: list[tuple[int, int, int, int]] = []  # tail, head, capacity, weight
        self._build()

    def _node(self) -> int:
        self.nodes += 1
        return self.nodes - 1

    def _build(self) -> None:
        needs = [self._node() for _ in self.problem.needs]
        people = [self._node() for _ in self.problem.volunteers]
        slots: dict[tuple[int, int], int] = {}
        for pair in self.pairs:
            if pair.slots is None:
                self.arcs.append((needs[pair.need], people[pair.volunteer], 1, pair.quality))
                continue
            node = self._node()
            self.arcs.append((needs[pair.need], node, 1, pair.quality))
            for slot in pair.slots:
                key = (pair.volunteer, slot)
                if key not in slots:
                    slots[key] = self._node()
                    self.arcs.append((slots[key], people[pair.volunteer], 1, 0))
                self.arcs.append((node, slots[key], 1, 0))
        for node, volunteer in zip(people, self.problem.volunteers, strict=True):
            self.arcs.append((node, self.sink, max(0, volunteer.capacity - volunteer.held), 0))
        self.needs = needs

    def most_filled(self, last_band: int) -> int:
        """The most places that any plan can fill in bands 1 to ``last_band``."""
        flow = max_flow.SimpleMaxFlow()
        for tail, head, capacity, _ in self.arcs:
            flow.add_arc_with_capacity(tail, head, capacity)
        for node, need in zip(self.needs, self.problem.needs, strict=True):
            if need.band <= last_band:
                flow.add_arc_with_capacity(self.source, node, need.open_places)
        assert flow.solve(self.source, self.sink) == flow.OPTIMAL
        return int(flow.optimal_flow())

    def best_quality(self, filled_by_band: tuple[int, int, int, int]) -> int:
        """The best quality of any plan that fills exactly these many places in each band."""
        flow = min_cost_flow.SimpleMinCostFlow()
        for tail, head, capacity, weight in self.arcs:
            flow.add_arc_with_capacity_and_unit_cost(tail, head, capacity, -weight)
        bands = [self.nodes + b for b in range(4)]
        for node, need in zip(self.needs, self.problem.needs, strict=True):
            flow.add_arc_with_capacity_and_unit_cost(
                bands[need.band - 1], node, need.open_places, 0
            )
        for node, count in zip(bands, filled_by_band, strict=True):
            flow.set_node_supply(node, count)
        flow.set_node_supply(self.sink, -sum(filled_by_band))
        assert flow.solve() == flow.OPTIMAL
        return -int(flow.optimal_cost())


def or_tools(problem: Problem) -> Optimum:
    """The optimum band by band: most places in band 1, then in 1 and 2, …, then the quality."""
    network = Network(problem, feasible_pairs(problem))
    reach = [network.most_filled(band) for band in (1, 2, 3, 4)]
    filled = (reach[0], reach[1] - reach[0], reach[2] - reach[1], reach[3] - reach[2])
    return Optimum(filled, network.best_quality(filled))
