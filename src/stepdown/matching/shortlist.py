"""The best volunteers for one need, whoever is planned where."""

from dataclasses import dataclass

import numpy as np

from stepdown.kernel.slots import names_of
from stepdown.matching.candidates import failure_masks, quality_of
from stepdown.matching.eligibility import distance_m, failures, shared_slots
from stepdown.matching.problem import Problem
from stepdown.matching.rules import Failure, Term
from stepdown.matching.scoring import terms


@dataclass(frozen=True)
class Candidate:
    """One volunteer for one need: ``slots`` are those both have free, ``failures`` is empty when
    they may be asked."""

    volunteer_id: str
    quality: int
    terms: list[Term]
    distance_m: int | None
    slots: list[str]
    failures: list[Failure]


def shortlist(
    problem: Problem, need_id: str, k: int, *, eligible_only: bool = True
) -> list[Candidate]:
    """The ``k`` best: those who may be asked first, then the fewest failing rules, then quality.

    Ties go by id. A need whose places are all held still has a shortlist.
    """
    n = problem.need_index[need_id]
    masks = failure_masks(problem.arrays, n)
    chosen = np.flatnonzero(masks == 0) if eligible_only else np.arange(masks.size)
    points = quality_of(problem.arrays, n, chosen)
    broken = np.bitwise_count(masks[chosen])
    order = np.lexsort((chosen, -points, broken))[: max(0, k)]
    return [_candidate(problem, int(chosen[i]), n, int(points[i])) for i in order]


def _candidate(problem: Problem, v: int, n: int, points: int) -> Candidate:
    volunteer, need = problem.volunteers[v], problem.needs[n]
    return Candidate(
        volunteer.id,
        points,
        terms(problem, volunteer, need),
        distance_m(volunteer, need),
        names_of(shared_slots(problem, volunteer, need)),
        failures(problem, volunteer, need),
    )
