"""A plan: who is asked to fill which place, at which time, and the proof that none is better."""

from dataclasses import dataclass, field
from functools import cached_property
from time import perf_counter

import numpy as np

from stepdown.kernel.slots import SLOTS
from stepdown.matching.arrays import Ints
from stepdown.matching.candidates import find_edges
from stepdown.matching.certify import Certificate, Claim, certify
from stepdown.matching.eligibility import distance_m
from stepdown.matching.outlook import Outlook, capacity_gains, look
from stepdown.matching.problem import Problem
from stepdown.matching.search import planned
from stepdown.matching.solve import Progress, Solution, solve


@dataclass(frozen=True)
class Pair:
    """One volunteer for one place of a need. ``distance_m`` is None where a position is unknown."""

    need_id: str
    volunteer_id: str
    slot: str | None
    band: int
    quality: int
    distance_m: int | None


@dataclass(frozen=True)
class Plan:
    """The optimum, by index into the problem's canonical order: one row a place filled.

    ``seconds`` is by phase. ``solution`` is what `stepdown.matching.relax` starts from.
    """

    need: Ints
    volunteer: Ints
    slot: Ints
    pair_quality: Ints
    certificate: Certificate
    seconds: dict[str, float]
    problem: Problem = field(repr=False)
    solution: Solution = field(repr=False)

    @property
    def filled(self) -> int:
        """Places filled."""
        return int(self.need.size)

    @property
    def filled_by_band(self) -> tuple[int, int, int, int]:
        """Places filled in bands 1 to 4."""
        return self.certificate.filled_by_band

    @property
    def quality(self) -> int:
        """The total quality of the pairs."""
        return self.certificate.quality

    @property
    def sound(self) -> bool:
        """Whether everything that has to be proved of it is."""
        return self.certificate.ok

    @property
    def places(self) -> int:
        """Places that were open."""
        return sum(need.open_places for need in self.problem.needs)

    def got(self, need_id: str) -> int:
        """Places this plan fills of one need."""
        return int(self.solution.flow.got[self.problem.need_index[need_id]])

    def unfilled(self) -> list[str]:
        """The needs with a place that stays empty: most urgent first, then by id."""
        short = [n for n in self.problem.needs if self.got(n.id) < n.open_places]
        return [need.id for need in sorted(short, key=lambda need: (need.band, need.id))]

    @cached_property
    def outlook(self) -> Outlook:
        """What one more pair would be worth, worked out when first asked for."""
        return look(self.solution, self.problem.arrays.needs.places)

    @cached_property
    def capacity_gains(self) -> tuple[Ints, Ints]:
        """What one more unit of each volunteer's capacity gains, and the need that would get it."""
        return capacity_gains(self.problem.arrays, self.solution, self.outlook)

    def pairs(self) -> list[Pair]:
        """The pairs, most urgent band first, then by need and volunteer."""
        return pairs_of(self.problem, self.need, self.volunteer, self.slot, self.pair_quality)


def pairs_of(
    problem: Problem, need: Ints, volunteer: Ints, slot: Ints, quality: Ints
) -> list[Pair]:
    """Rows of a plan by name: most urgent band first, then by need and volunteer."""
    rows = zip(need.tolist(), volunteer.tolist(), slot.tolist(), quality.tolist(), strict=True)
    pairs = []
    for n, v, at, points in rows:
        wanted, person = problem.needs[n], problem.volunteers[v]
        when = None if at < 0 else SLOTS[at]
        metres = distance_m(person, wanted)
        pairs.append(Pair(wanted.id, person.id, when, wanted.band, points, metres))
    return sorted(pairs, key=lambda pair: (pair.band, pair.need_id, pair.volunteer_id))


def plan(problem: Problem, *, progress: Progress | None = None) -> Plan:
    """Find the best plan and prove it. ``progress`` hears (phase, done, total) as it goes."""
    seconds: dict[str, float] = {}
    clock = perf_counter()

    def mark(phase: str) -> None:
        nonlocal clock
        now = perf_counter()
        seconds[phase] = now - clock
        clock = now
        if progress is not None:
            progress(phase, 1, 1)

    edges = find_edges(problem.arrays)
    mark("candidates")
    solution = solve(problem, edges, progress)
    mark("solve")
    claim, quality = claim_of(solution)
    certificate = certify(problem, claim)
    mark("certify")
    return Plan(
        claim.need, claim.volunteer, claim.slot, quality, certificate, seconds, problem, solution
    )


def claim_of(solution: Solution) -> tuple[Claim, Ints]:
    """What the certificate is asked to prove: the pairs, the prices; and each pair's quality."""
    graph, flow = solution.graph, solution.flow
    edges, slots = planned(graph, flow)
    owners = np.repeat(np.arange(graph.capacity.size), graph.capacity)
    extra = flow.holding_price - flow.volunteer_price[owners]
    dear = np.flatnonzero((flow.holding_slot >= 0) & (extra > 0))
    claim = Claim(
        need=graph.need[edges].astype(np.int64),
        volunteer=graph.volunteer[edges].astype(np.int64),
        slot=slots,
        capacity_price=flow.volunteer_price,
        slot_volunteer=owners[dear],
        slot_bit=flow.holding_slot[dear],
        slot_price=extra[dear],
        step=solution.step,
    )
    return claim, graph.quality[edges].astype(np.int64)
