"""Compile the engine's kernels into the on-disk cache: `python -m stepdown.matching.warm`.

Run at set-up, so that the first plan does not wait for the compiler. Running it again is quick.
There is twice as much to compile as one core does in a minute, so it is done in two processes.
"""

import sys
from collections.abc import Callable
from datetime import date
from multiprocessing import get_context
from time import perf_counter
from uuid import UUID

import numpy as np

from stepdown.kernel.slots import mask_of
from stepdown.matching.arrays import Arrays, pack_needs
from stepdown.matching.certify import Certificate
from stepdown.matching.explain import why_unfilled
from stepdown.matching.kernel import remove_stale
from stepdown.matching.national.change import cheapest_changes
from stepdown.matching.national.nearest import Pairs, best_seated
from stepdown.matching.national.people import More, Rows, Tables, ids_of
from stepdown.matching.national.plan import NationalPlan, claim_of, plan_arrays
from stepdown.matching.national.replan import replan_arrays
from stepdown.matching.national.seats import seats_of
from stepdown.matching.national.shortfall import why_unfilled as why_so_few
from stepdown.matching.national.state import begin
from stepdown.matching.national.terms import why_matched
from stepdown.matching.plan import plan
from stepdown.matching.problem import Need, Problem, Volunteer
from stepdown.matching.relax import cheapest_change
from stepdown.matching.shortlist import shortlist

DAY = date(2026, 1, 5)
MORNING, EVENING = mask_of(["mon-am"]), mask_of(["mon-eve"])


def warm() -> float:
    """Plan and explain very small problems; the seconds it took."""
    began = perf_counter()
    warm_country()
    warm_reasons()
    warm_plain()
    return perf_counter() - began


def warm_country() -> None:
    """The engine for a whole country, with its proof; and again when a need has left."""
    problem = _problem(MORNING)
    made = plan_arrays(problem.arrays)
    rows = np.arange(len(problem.needs))
    people = np.arange(len(problem.volunteers))
    replan_arrays(problem.arrays, made.claim, np.where(rows == 0, -1, rows), people)


def warm_plain() -> None:
    """The plain engine, and shortlists."""
    problem = _problem(MORNING)
    made = plan(problem)
    for need_id in made.unfilled():
        why_unfilled(problem, made, need_id)
        cheapest_change(problem, made, need_id)
    made.capacity_gains  # noqa: B018
    shortlist(problem, "n0", 3)
    shortlist(problem, "n0", 3, eligible_only=False)
    _warm_index(problem)


def warm_reasons(country_is_there: Callable[[], object] = lambda: None) -> None:
    """What is said of a country's plan.

    First of an empty one: where nobody can do anything that is the best, and the engine need not
    be there. Then, when it is, of one with people in their places.
    """
    arrays = _problem(EVENING).arrays
    _explain(arrays, _empty_plan(arrays))
    country_is_there()
    arrays = _problem(MORNING).arrays
    _explain(arrays, plan_arrays(arrays))


def _explain(arrays: Arrays, made: NationalPlan) -> None:
    why_matched(arrays, made)
    why_so_few(arrays, made)
    cheapest_changes(arrays, made)


def _problem(asked: int) -> Problem:
    """Three people who are free on a morning, and six needs at a time that is asked."""
    both = frozenset(["a"])
    volunteers = [
        Volunteer(
            f"v{i}",
            300_000 + i,
            400_000,
            10_000,
            both,
            {"c": (None, DAY)},
            slots=MORNING,
            capacity=2,
        )
        for i in range(3)
    ]
    needs = [
        Need(f"n{i}", 300_000, 400_000, 1 + i % 4, 2, 0, both, frozenset(["c"]), slots=asked)
        for i in range(6)
    ]
    return Problem.build(volunteers, needs, on=DAY, exclusions=[("v0", "n0")])


def _empty_plan(arrays: Arrays) -> NationalPlan:
    state = begin(arrays, 2)
    claim, quality = claim_of(state, arrays)
    proof = Certificate((0, 0, 0, 0), (0, 0, 0, 0), 0, 0, 0, ok=True)
    return NationalPlan(
        claim.need, claim.volunteer, claim.slot, quality, claim, proof, {}, True, state
    )


def _warm_index(problem: Problem) -> None:
    """A shortlist out of the blocks that are kept with a snapshot."""
    people = problem.arrays.volunteers
    ids = ids_of([UUID(int=number) for number in range(people.capacity.size)])
    tables = Tables(skills=("a",), credentials=("c",))
    rows = Rows(ids, ids, people, More(*(people.capacity for _ in More._fields)))
    asked = Problem((), problem.needs[:1], problem.on, *(frozenset[tuple[str, str]](),) * 3)
    needs = pack_needs(asked, tables.numbering)
    best_seated(rows, seats_of(rows, tables), needs, Pairs(), 1, np.zeros(0, np.int64))


def main() -> int:
    """Both processes: the reasons in one of their own, told when the country's engine is there."""
    began = perf_counter()
    spawned = get_context("spawn")
    country_is_there = spawned.Event()
    other = spawned.Process(target=warm_reasons, args=(country_is_there.wait,))
    other.start()
    try:
        warm_country()
    finally:
        country_is_there.set()
    warm_plain()
    other.join()
    remove_stale()
    sys.stderr.write(f"The matching engine is compiled ({perf_counter() - began:.1f} s).\n")
    return other.exitcode or 0


if __name__ == "__main__":
    sys.exit(main())
