"""National plans made in several ways, and what they are compared by."""

import random
from collections import Counter
from dataclasses import replace

from stepdown.matching.eligibility import failures, shared_slots
from stepdown.matching.national import solve
from stepdown.matching.national.plan import NationalPlan, plan_arrays
from stepdown.matching.problem import Problem
from tests.support.matching_oracle import Optimum

COLUMNS = ("need", "volunteer", "slot", "pair_quality")


def optimum_of(found: NationalPlan) -> Optimum:
    """Places by band and quality, as the certificate counted them."""
    return Optimum(found.certificate.filled_by_band, found.certificate.quality)


def same(one: NationalPlan, other: NationalPlan) -> bool:
    """Whether two plans are alike byte for byte: the rows, and the proof."""
    return one.certificate == other.certificate and all(
        getattr(one, column).tobytes() == getattr(other, column).tobytes() for column in COLUMNS
    )


def shuffled(problem: Problem, seed: int) -> Problem:
    """The same records, put in in another order."""
    pick = random.Random(seed)
    people, needs = list(problem.volunteers), list(problem.needs)
    pick.shuffle(people)
    pick.shuffle(needs)
    other = Problem.build(
        people, needs, on=problem.on, exclusions=problem.exclusions,
        held_pairs=problem.held_pairs, continuity=problem.continuity,
    )  # fmt: skip
    return replace(other, allowances=problem.allowances[::-1])


def in_halves(problem: Problem, threads: int) -> NationalPlan:
    """The plan, with north and south solved apart first however small the world is."""
    before = solve.APART
    solve.APART = 1
    try:
        return plan_arrays(problem.arrays, threads=threads)
    finally:
        solve.APART = before


def faults_in(problem: Problem, found: NationalPlan) -> list[str]:
    """What is wrong with the rows of a plan, by the plain rules."""
    faults = []
    rows = list(
        zip(found.need.tolist(), found.volunteer.tolist(), found.slot.tolist(), strict=True)
    )
    for n, v, slot in rows:
        need, volunteer = problem.needs[n], problem.volunteers[v]
        broken = failures(problem, volunteer, need)
        faults += [f"{need.id} and {volunteer.id}: {failure.code}" for failure in broken]
        shared = shared_slots(problem, volunteer, need)
        if need.slots and (slot < 0 or not shared >> slot & 1):
            faults.append(f"{need.id} and {volunteer.id}: not a slot they share")
        if not need.slots and slot != -1:
            faults.append(f"{need.id} takes no slot")
    for (v, slot), times in Counter((v, slot) for _, v, slot in rows if slot >= 0).items():
        if times > 1:
            faults.append(f"{problem.volunteers[v].id} is asked twice for slot {slot}")
    for v, times in Counter(v for _, v, _ in rows).items():
        if times > problem.volunteers[v].capacity - problem.volunteers[v].held:
            faults.append(f"{problem.volunteers[v].id} is asked for too much")
    for n, times in Counter(n for n, _, _ in rows).items():
        if times > problem.needs[n].open_places:
            faults.append(f"{problem.needs[n].id} is filled beyond its places")
    if len({(n, v) for n, v, _ in rows}) < len(rows):
        faults.append("a pair is planned twice")
    if rows != sorted(rows):
        faults.append("rows are out of order")
    return faults
