"""How evenly a plan asks: worked out beside it, and never part of what decides it."""

from typing import Any, NamedTuple

import numpy as np

from stepdown.matching.arrays import Ints
from stepdown.matching.national.crowd import Crowd
from stepdown.matching.national.fairness import as_json, fairness
from stepdown.matching.problem import Problem


class Stand(NamedTuple):
    """How each volunteer stood before the plan, in the problem's order."""

    asks: Ints
    held: Ints
    busy: Ints  # slots they are taken at, whether they offer them or not


def stand_of(problem: Problem) -> Stand:
    """Offers ever made, places held and slots taken."""
    people = problem.volunteers
    if isinstance(people, Crowd):
        more = people.rows.more
        return Stand(more.asks, more.taken, more.busy)
    each = [(one.asks, one.held, one.busy_slots) for one in people]
    return Stand(*np.array(each, np.int64).reshape(len(each), 3).T)


def tables(problem: Problem, need: Ints, volunteer: Ints) -> dict[str, Any]:
    """Who was asked before and who carries how much, as plain data; of a plan by its rows."""
    stand = stand_of(problem)
    return as_json(fairness(problem.arrays, need, volunteer, asks=stand.asks, held=stand.held))
