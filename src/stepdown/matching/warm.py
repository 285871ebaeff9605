"""Compile the engine's kernels into the on-disk cache: `python -m stepdown.matching.warm`.

Run at set-up, so that the first plan does not wait for the compiler. Running it again is quick.
"""

import sys
from datetime import date
from time import perf_counter

from stepdown.kernel.slots import mask_of
from stepdown.matching.explain import why_unfilled
from stepdown.matching.kernel import remove_stale
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
    remove_stale()
    return perf_counter() - began


if __name__ == "__main__":
    sys.stderr.write(f"The matching engine is compiled ({warm():.1f} s).\n")
