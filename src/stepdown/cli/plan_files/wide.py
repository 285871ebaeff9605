"""A plan made from columns alone, on several machines or within a time, with names again."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from stepdown.cli.trouble import Unavailable
from stepdown.matching.arrays import Ints
from stepdown.matching.certify import Certificate
from stepdown.matching.national.keep import Kept
from stepdown.matching.national.plan import NationalPlan, plan_arrays
from stepdown.matching.national.solve import Progress
from stepdown.matching.plan import Pair, pairs_of
from stepdown.matching.problem import Problem


@dataclass(frozen=True)
class WidePlan:
    """What the files of a plan are written from: as `stepdown.matching.plan.Plan`."""

    problem: Problem
    made: NationalPlan
    kept: Kept | None = None
    """What it keeps of an earlier plan, where there was one."""

    @property
    def held_back(self) -> bool:
        """Whether it is less than the best plan, so that less changes."""
        return self.kept is not None and self.kept.held_back > 0

    @property
    def need(self) -> Ints:
        """The need of each place filled, by row."""
        return self.made.need

    @property
    def volunteer(self) -> Ints:
        """And the volunteer."""
        return self.made.volunteer

    @property
    def certificate(self) -> Certificate:
        """What is proved of it."""
        return self.made.certificate

    @property
    def sound(self) -> bool:
        """Whether everything is proved of it that has to be: of a plan that ran out of time, or
        holds changes back, that every pair stands, not that there is no better plan."""
        proof = self.certificate
        short = (proof.filled_by_band != proof.optimum_by_band) + (proof.gap != 0)
        less = self.held_back or not self.made.finished
        return proof.ok or (less and len(proof.faults) == short)

    @property
    def filled(self) -> int:
        """Places filled."""
        return int(self.made.need.size)

    @property
    def filled_by_band(self) -> tuple[int, int, int, int]:
        """Places filled in bands 1 to 4."""
        return self.certificate.filled_by_band

    @property
    def quality(self) -> int:
        """The total quality of the pairs."""
        return self.certificate.quality

    @property
    def places(self) -> int:
        """Places that were open."""
        return sum(need.open_places for need in self.problem.needs)

    @cached_property
    def _got(self) -> Ints:
        return np.bincount(self.made.need, minlength=len(self.problem.needs))

    def got(self, need_id: str) -> int:
        """Places this plan fills of one need."""
        return int(self._got[self.problem.need_index[need_id]])

    def unfilled(self) -> list[str]:
        """The needs with a place that stays empty: most urgent first, then by id."""
        short = [n for n in self.problem.needs if self.got(n.id) < n.open_places]
        return [need.id for need in sorted(short, key=lambda need: (need.band, need.id))]

    def pairs(self) -> list[Pair]:
        """The pairs, most urgent band first, then by need and volunteer."""
        made = self.made
        return pairs_of(self.problem, made.need, made.volunteer, made.slot, made.pair_quality)


def plan_wide(
    problem: Problem, address: str | None, time_limit: float | None, progress: Progress
) -> WidePlan:
    """Plan on a cluster where one is named, and no longer than the time limit where there is one.

    Unavailable where the cluster is not there.
    """
    if address is None:
        made = plan_arrays(problem.arrays, time_limit=time_limit, progress=progress)
        return WidePlan(problem, made)
    from stepdown.adapters.cluster import ClusterUnavailable, cluster
    from stepdown.matching.cluster.plan import engine, plan_on

    try:
        with cluster(address, engine) as crew:
            made = plan_on(crew, problem.arrays, time_limit=time_limit, progress=progress)
    except ClusterUnavailable as error:
        raise Unavailable(str(error)) from error
    return WidePlan(problem, made)
