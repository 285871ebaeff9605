"""HiGHS on the definition's own network, as one linear programme (through SciPy).

The limits are two laminar families, so the matrix is totally unimodular and a vertex is whole.
"""

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from stepdown.matching.problem import Problem
from tests.support.matching_oracle import Pair


def scalar(filled_by_band: tuple[int, int, int, int], quality: int, step: int) -> int:
    """Places by band and quality as the one number that the programme makes most of."""
    return step * sum((4 - b) * count for b, count in enumerate(filled_by_band)) + quality


def step_for(problem: Problem) -> int:
    """More than all the quality there could be."""
    return 1000 * sum(need.open_places for need in problem.needs) + 1


def highs(problem: Problem, pairs: list[Pair]) -> int:
    """The most that any plan is worth, by `scalar` with `step_for`."""
    if not pairs:
        return 0
    step = step_for(problem)
    rows: dict[tuple[str, int, int], int] = {}
    limit: list[int] = []
    worth: list[int] = []
    entries: list[tuple[int, int]] = []

    def row(kind: str, a: int, b: int, most: int) -> int:
        key = (kind, a, b)
        if key not in rows:
            rows[key] = len(limit)
            limit.append(most)
        return rows[key]

    for pair in pairs:
        need, volunteer = problem.needs[pair.need], problem.volunteers[pair.volunteer]
        for slot in pair.slots or (-1,):
            column = len(worth)
            worth.append((5 - need.band) * step + pair.quality)
            spare = max(0, volunteer.capacity - volunteer.held)
            held = [
                row("need", pair.need, 0, need.open_places),
                row("volunteer", pair.volunteer, 0, spare),
                row("pair", pair.volunteer, pair.need, 1),
            ]
            if slot >= 0:
                held.append(row("slot", pair.volunteer, slot, 1))
            entries += [(at, column) for at in held]
    at, columns = np.array(entries).T
    matrix = csr_matrix((np.ones(at.size), (at, columns)), shape=(len(limit), len(worth)))
    found = linprog(-np.array(worth, float), A_ub=matrix, b_ub=limit, method="highs")
    assert found.status == 0, found.message
    best = -float(found.fun)
    assert abs(best - round(best)) < 0.01, best
    return round(best)
