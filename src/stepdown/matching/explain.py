"""Why this volunteer, why not that one, and why a place is still empty."""

from collections import Counter
from typing import Protocol

import numpy as np

from stepdown.matching.candidates import failure_masks
from stepdown.matching.eligibility import failures
from stepdown.matching.problem import Problem
from stepdown.matching.rules import Failure, Rule, Term, Unfilled, rules_of
from stepdown.matching.scoring import terms


class Filling(Protocol):
    """What an explanation asks of a plan."""

    def got(self, need_id: str) -> int:
        """Places it fills of one need."""


def why_this(problem: Problem, volunteer_id: str, need_id: str) -> list[Term]:
    """The terms of the pair's quality, with their points."""
    return terms(problem, problem.volunteer(volunteer_id), problem.need(need_id))


def why_not(problem: Problem, volunteer_id: str, need_id: str) -> list[Failure]:
    """Every hard rule that the pair breaks, with its values; empty when it breaks none."""
    return failures(problem, problem.volunteer(volunteer_id), problem.need(need_id))


def why_unfilled(problem: Problem, plan: Filling, need_id: str) -> Unfilled:
    """Why a need has places left in a plan, counted over all volunteers."""
    n = problem.need_index[need_id]
    need = problem.needs[n]
    masks = failure_masks(problem.arrays, n)
    eligible = int((masks == 0).sum())
    single = masks[np.bitwise_count(masks) == 1]
    counts = Counter(single.tolist())
    only = {rules_of(mask)[0]: times for mask, times in counts.items()}
    ordered = dict(sorted(only.items(), key=lambda item: (-item[1], list(Rule).index(item[0]))))
    got = plan.got(need_id)
    code = _story(eligible, got, bool(ordered))
    values = {
        "places": need.open_places,
        "missing": need.open_places - got,
        "eligible": eligible,
        "elsewhere": eligible - got,
        "band": need.band,
        "volunteers": len(problem.volunteers),
    }
    short = need.open_places - got
    return Unfilled(code, values, need_id, need.open_places, short, eligible, ordered)


def _story(eligible: int, got: int, near: bool) -> str:
    if eligible > got:
        return "taken"
    if got:
        return "too-few"
    return "near-misses" if near else "nobody"
