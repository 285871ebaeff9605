"""Compile the engine's kernels into the on-disk cache: `python -m stepdown.matching.warm`.

Run at set-up, so that the first plan does not wait for the compiler. Running it again is quick.
"""

import sys
from datetime import date
from time import perf_counter
from uuid import UUID

import numpy as np

from stepdown.kernel.slots import mask_of
from stepdown.matching.arrays import pack_needs
from stepdown.matching.explain import why_unfilled
from stepdown.matching.kernel import remove_stale
from stepdown.matching.national.nearest import Pairs, best_seated
from stepdown.matching.national.people import More, Rows, Tables, ids_of
from stepdown.matching.national.plan import plan_arrays
from stepdown.matching.national.replan import replan_arrays
from stepdown.matching.national.seats import seats_of
from stepdown.matching.plan import plan
from stepdown.matching.problem import Need, Problem, Volunteer
from stepdown.matching.relax import cheapest_change
from stepdown.matching.shortlist import shortlist


def warm() -> float:
    """Plan and explain a very small problem; the seconds it took."""
    began = perf_counter()
    day = date(2026, 1, 5)
    morning = mask_of(["mon-am"])
    both = frozenset(["a"])
    volunteers = [
        Volunteer(
            f"v{i}",
            300_000 + i,
            400_000,
            10_000,
            both,
            {"c": (None, day)},
            slots=morning,
            capacity=2,
        )
        for i in range(3)
    ]
    needs = [
        Need(f"n{i}", 300_000, 400_000, 1 + i % 4, 2, 0, both, frozenset(["c"]), slots=morning)
        for i in range(6)
    ]
    problem = Problem.build(volunteers, needs, on=day, exclusions=[("v0", "n0")])
    made = plan(problem)
    for need_id in made.unfilled():
        why_unfilled(problem, made, need_id)
        cheapest_change(problem, made, need_id)
    made.capacity_gains  # noqa: B018
    shortlist(problem, "n0", 3)
    shortlist(problem, "n0", 3, eligible_only=False)
    _warm_index(problem)
    _warm_country(problem)
    remove_stale()
    return perf_counter() - began


def _warm_index(problem: Problem) -> None:
    """A shortlist out of the blocks that are kept with a snapshot."""
    people = problem.arrays.volunteers
    ids = ids_of([UUID(int=number) for number in range(people.capacity.size)])
    tables = Tables(skills=("a",), credentials=("c",))
    rows = Rows(ids, ids, people, More(*(people.capacity for _ in More._fields)))
    asked = Problem((), problem.needs[:1], problem.on, *(frozenset[tuple[str, str]](),) * 3)
    needs = pack_needs(asked, tables.numbering)
    best_seated(rows, seats_of(rows, tables), needs, Pairs(), 1, np.zeros(0, np.int64))


def _warm_country(problem: Problem) -> None:
    """The engine for a whole country, with its proof; and again when a need has left."""
    made = plan_arrays(problem.arrays)
    rows = np.arange(len(problem.needs))
    people = np.arange(len(problem.volunteers))
    replan_arrays(problem.arrays, made.claim, np.where(rows == 0, -1, rows), people)


if __name__ == "__main__":
    sys.stderr.write(f"The matching engine is compiled ({warm():.1f} s).\n")
