"""What is true of a world and of a claim, worked out from the plain rules alone."""

from collections import Counter
from itertools import accumulate
from typing import NamedTuple

from stepdown.matching.certify import Certificate, Claim
from stepdown.matching.problem import Problem
from tests.support.matching_oracle import Optimum, Pair, every_plan, feasible_pairs


class Truth(NamedTuple):
    """The feasible pairs of a world by (need, volunteer), and the best that any plan can do."""

    problem: Problem
    pairs: dict[tuple[int, int], Pair]
    best: Optimum


def truth_of(problem: Problem, best: Optimum | None = None) -> Truth:
    """Try every plan, unless the best is known."""
    pairs = {(pair.need, pair.volunteer): pair for pair in feasible_pairs(problem)}
    return Truth(problem, pairs, every_plan(problem) if best is None else best)


def is_best(truth: Truth, claim: Claim) -> bool:
    """Whether a claim's pairs are a plan at all, and as good as any."""
    columns = (claim.need.tolist(), claim.volunteer.tolist(), claim.slot.tolist())
    rows = list(zip(*columns, strict=True))
    needs, people = truth.problem.needs, truth.problem.volunteers
    chosen = [truth.pairs.get((n, v)) for n, v, _ in rows]
    if len({(n, v) for n, v, _ in rows}) < len(rows) or None in chosen:
        return False
    for (_, _, slot), pair in zip(rows, chosen, strict=True):
        assert pair is not None
        if (slot != -1) if pair.slots is None else (slot not in pair.slots):
            return False
    times = Counter((v, slot) for _, v, slot in rows if slot >= 0)
    held, got = Counter(v for _, v, _ in rows), Counter(n for n, _, _ in rows)
    if any(count > 1 for count in times.values()):
        return False
    if any(count > people[v].capacity - people[v].held for v, count in held.items()):
        return False
    if any(count > needs[n].open_places for n, count in got.items()):
        return False
    bands = Counter(needs[n].band for n, _, _ in rows)
    quality = sum(pair.quality for pair in chosen if pair is not None)
    return Optimum((bands[1], bands[2], bands[3], bands[4]), quality) == truth.best


def faults_of_proof(truth: Truth, claim: Claim, proof: Certificate, *, right_prices: bool) -> str:
    """What a certificate says wrongly of a claim; nothing where it is right."""
    best = is_best(truth, claim)
    if proof.ok and not best:
        return "a plan that is not the best was certified"
    if best and right_prices and not proof.ok:
        return f"the best plan was refused: {proof.faults}"
    if claim.step < 2 * sum(truth.best.filled_by_band) * 1000:
        return ""  # rounding to whole steps says nothing at such a step
    if any(a < b for a, b in zip(accumulate(proof.optimum_by_band),
                                 accumulate(truth.best.filled_by_band), strict=True)):  # fmt: skip
        return f"a bound below the truth: {proof.optimum_by_band} for {truth.best.filled_by_band}"
    if best and proof.upper_bound < truth.best.quality:
        return f"a bound below the truth: {proof.upper_bound} for {truth.best.quality}"
    return ""
