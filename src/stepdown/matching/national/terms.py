"""Why each planned pair was chosen: the terms of its quality, as columns."""

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from stepdown.matching.arrays import Arrays, Ints, Known, Needs, Volunteers
from stepdown.matching.kernel import kernel
from stepdown.matching.national.order import Small
from stepdown.matching.national.pair import terms_of
from stepdown.matching.national.plan import NationalPlan

PART = 65_536  # pairs at a time


class Terms(NamedTuple):
    """One row a pair. The points of a pair add up to its quality."""

    metres: Small  # -1 where a position is not known
    travel: Small
    preference: Small
    continuity: Small
    fairness: Small


def why_matched(arrays: Arrays, plan: NationalPlan, *, threads: int = 2) -> Terms:
    """The terms of all pairs of a plan, in its order."""
    return terms_of_pairs(arrays, plan.volunteer, plan.need, threads=threads)


def terms_of_pairs(arrays: Arrays, volunteers: Ints, needs: Ints, *, threads: int = 2) -> Terms:
    """The terms of any pairs, feasible or not."""
    terms = Terms(*(np.empty(volunteers.size, np.int32) for _ in Terms._fields))

    def work(first: int) -> None:
        rows = slice(first, first + PART)
        _fill_terms(volunteers[rows], needs[rows], *arrays, Terms(*(one[rows] for one in terms)))

    with ThreadPoolExecutor(max(1, threads)) as pool:
        list(pool.map(work, range(0, volunteers.size, PART)))
    return terms


@kernel
def _fill_terms(
    volunteers: Ints, rows: Ints, people: Volunteers, needs: Needs, known: Known, into: Terms
) -> None:
    for i in range(volunteers.size):
        metres, travel, liked, helped, fair = terms_of(volunteers[i], rows[i], people, needs, known)
        into.metres[i], into.travel[i], into.preference[i] = metres, travel, liked
        into.continuity[i], into.fairness[i] = helped, fair
