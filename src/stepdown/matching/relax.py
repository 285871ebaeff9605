"""The cheapest single change that would fill a place left empty.

Changes are tried in the order of their published cost; the first that works is the answer. "Works"
means that the exact optimum with the change made has one place more in the need's band, none fewer
in any more urgent band, and that this need gains it (`stepdown.matching.outlook`). Never suggested:
to break an exclusion, a role conflict, an age, gender or language rule, or a weekly load.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from stepdown.kernel.slots import SLOTS
from stepdown.matching.arrays import Ints
from stepdown.matching.candidates import failure_masks, quality_of
from stepdown.matching.eligibility import distance_m, failures
from stepdown.matching.outlook import FAR, Outlook
from stepdown.matching.plan import Plan
from stepdown.matching.problem import Allowance, Problem
from stepdown.matching.rules import Reason, Rule

Bools = npt.NDArray[np.bool_]

ANOTHER_SLOT = 10
LONGER_JOURNEY = 20
ONE_MORE_PLACE = 50
RENEW_CREDENTIAL = 60
OBTAIN_CREDENTIAL = 70
DROP_SKILL = 80
MOST_EXTRA_M = 25_000
"""A longer journey costs LONGER_JOURNEY and 1 for each extra kilometre begun, up to 25."""


@dataclass(frozen=True)
class Change(Reason):
    """One relaxation. All but one more place of capacity are for this volunteer and need alone."""

    rule: Rule = Rule.SLOT
    need_id: str = ""
    volunteer_id: str = ""
    cost: int = 0
    slot: str | None = None


def cheapest_change(problem: Problem, plan: Plan, need_id: str) -> Change | None:
    """The cheapest change that fills a place of this need; None where no single one would."""
    n = problem.need_index[need_id]
    if plan.got(need_id) >= problem.needs[n].open_places:
        return None
    masks = failure_masks(problem.arrays, n)
    points = quality_of(problem.arrays, n, np.arange(masks.size))
    here = np.zeros(masks.size, np.bool_)
    here[plan.volunteer[plan.need == n]] = True
    view = _View(problem, plan, n, masks, points, here)
    for kind in (_another_slot, _longer_journey, _one_more_place, _credential, _skill):
        change = next(kind(view), None)
        if change is not None:
            return change
    return None


def apply(problem: Problem, change: Change) -> Problem:
    """The problem with the change made, to plan again from the beginning."""
    if change.rule is Rule.CAPACITY:
        people = tuple(
            replace(one, capacity=max(one.capacity, one.held) + 1)
            if one.id == change.volunteer_id
            else one
            for one in problem.volunteers
        )
        return replace(problem, volunteers=people)
    slots = 0 if change.slot is None else 1 << SLOTS.index(change.slot)
    allowed = Allowance(change.volunteer_id, change.need_id, change.rule, slots)
    return replace(problem, allowances=(*problem.allowances, allowed))


@dataclass(frozen=True)
class _View:
    """One need as its changes are looked for."""

    problem: Problem
    plan: Plan
    n: int
    masks: Ints
    points: Ints
    on_this_need: Bools

    @property
    def outlook(self) -> Outlook:
        return self.plan.outlook

    def only(self, rule: Rule) -> Ints:
        """The volunteers who break this rule and no other."""
        return np.flatnonzero(self.masks == rule.bit)

    def hopeful(self, volunteers: Ints) -> Ints:
        """Those for whom room could be made at all, at whatever time."""
        gain = self.weight + self.points[volunteers] - self.outlook.least_to_go[volunteers]
        step = self.plan.solution.step
        hope: Ints = volunteers[_whole_steps(gain, step) >= 1]
        return hope

    @property
    def weight(self) -> int:
        return (5 - self.problem.needs[self.n].band) * self.plan.solution.step

    def best_first(self, volunteers: Ints) -> list[int]:
        order = np.lexsort((volunteers, -self.points[volunteers]))
        chosen: list[int] = volunteers[order].tolist()
        return chosen

    def change(self, code: str, rule: Rule, v: int, cost: int, **values: Any) -> Change:
        need_id, volunteer_id = self.problem.needs[self.n].id, self.problem.volunteers[v].id
        values = {"volunteer": volunteer_id, **values}
        return Change(code, values, rule, need_id, volunteer_id, cost, values.get("slot"))

    def gains(self, v: int, slots: int) -> int:
        """The slots among ``slots`` by which the pair would fill a place, -1 for a need with none.

        0 when it would not. A mask of 0 asks about a need that takes no slot.
        """
        volunteer = int(self.outlook.volunteer_to_go[v])
        if not slots:
            return -1 if self._fills(v, volunteer) else 0
        good = 0
        used = int(self.outlook.used[v])
        if slots & ~used and self._fills(v, volunteer):
            good = slots & ~used
        for h in range(int(self.outlook.hold_start[v]), int(self.outlook.hold_start[v + 1])):
            slot = int(self.outlook.holding_slot[h])
            wanted = slot >= 0 and slots >> slot & 1
            if wanted and self._fills(v, int(self.outlook.holding_to_go[h])):
                good |= 1 << slot
        return good

    def _fills(self, v: int, to_go: int) -> bool:
        """Whether a new pair, with this much lost to make room, adds a place to the plan."""
        if to_go >= FAR:
            return False
        step = self.plan.solution.step
        return bool(_whole_steps(self.weight + int(self.points[v]) - to_go, step) >= 1)


def _whole_steps(gain: Any, step: int) -> Any:
    """A number of weights, or an array of them, in whole steps between bands, to the nearest."""
    return (2 * gain + step) // (2 * step)


def _another_slot(view: _View) -> Iterator[Change]:
    """The need at a time the volunteer offers and has free; or a time more from the volunteer."""
    need = view.problem.needs[view.n]
    if not need.slots:
        return
    close = (view.masks == 0) | (view.masks == Rule.SLOT.bit) | (view.masks == Rule.BUSY.bit)
    for v in view.best_first(view.hopeful(np.flatnonzero(close & ~view.on_this_need))):
        volunteer = view.problem.volunteers[v]
        free = volunteer.slots & ~volunteer.busy_slots & ~need.slots
        rule = Rule.BUSY if view.masks[v] == Rule.BUSY.bit else Rule.SLOT
        offered = view.gains(v, free) if free else 0
        new = need.slots & ~volunteer.slots & ~volunteer.busy_slots
        asked = view.gains(v, new) if new and not offered else 0
        if offered:
            slot = SLOTS[(offered & -offered).bit_length() - 1]
            yield view.change("change-need-slot", rule, v, ANOTHER_SLOT, slot=slot)
        elif asked:
            slot = SLOTS[(asked & -asked).bit_length() - 1]
            yield view.change("change-volunteer-slot", rule, v, ANOTHER_SLOT, slot=slot)


def _longer_journey(view: _View) -> Iterator[Change]:
    need = view.problem.needs[view.n]
    journeys = []
    for v in view.best_first(view.hopeful(view.only(Rule.DISTANCE))):
        volunteer = view.problem.volunteers[v]
        metres = distance_m(volunteer, need)
        if metres is not None and volunteer.limit_m is not None:
            extra = metres + 1 - int(volunteer.limit_m)
            if extra <= MOST_EXTRA_M:
                journeys.append((extra, v, metres))
    journeys.sort(key=lambda journey: journey[0])
    for extra, v, metres in journeys:
        if view.gains(v, _shared(view, v)):
            cost = LONGER_JOURNEY + -(-extra // 1000)
            limit = view.problem.volunteers[v].limit_m
            values = {"distance_m": metres, "limit_m": limit}
            yield view.change("change-distance", Rule.DISTANCE, v, cost, **values)


def _one_more_place(view: _View) -> Iterator[Change]:
    """A unit more for a volunteer, where this need is the best use of it in the whole plan."""
    gains, roots = view.plan.capacity_gains
    step = view.plan.solution.step
    for v in view.best_first(np.flatnonzero(roots == view.n)):
        if _whole_steps(int(gains[v]), step) >= 1:
            capacity = view.problem.volunteers[v].capacity
            yield view.change(
                "change-capacity", Rule.CAPACITY, v, ONE_MORE_PLACE, capacity=capacity
            )


def _credential(view: _View) -> Iterator[Change]:
    """One credential renewed, else one obtained."""
    need = view.problem.needs[view.n]
    people, asked = view.problem.arrays.volunteers, view.problem.arrays.needs
    near = view.hopeful(view.only(Rule.REQUIREMENTS))
    lacking = np.bitwise_count(asked.credentials[view.n] & ~people.credentials[near]).sum(axis=1)
    for missing, cost in ((0, RENEW_CREDENTIAL), (1, OBTAIN_CREDENTIAL)):
        for v in view.best_first(near[lacking == missing]):
            if not view.gains(v, _shared(view, v)):
                continue
            broken = failures(view.problem, view.problem.volunteers[v], need)
            if len(broken) == 1:
                code = "change-obtain" if missing else "change-renew"
                name = broken[0].values["credential"]
                yield view.change(code, Rule.REQUIREMENTS, v, cost, credential=name)


def _skill(view: _View) -> Iterator[Change]:
    people, asked = view.problem.arrays.volunteers, view.problem.arrays.needs
    near = view.hopeful(view.only(Rule.SKILL))
    lacking = np.bitwise_count(asked.skills[view.n] & ~people.skills[near]).sum(axis=1)
    for v in view.best_first(near[lacking == 1]):
        if view.gains(v, _shared(view, v)):
            volunteer, need = view.problem.volunteers[v], view.problem.needs[view.n]
            skill = next(iter(need.skills - volunteer.skills))
            yield view.change("change-skill", Rule.SKILL, v, DROP_SKILL, skill=skill)


def _shared(view: _View, v: int) -> int:
    volunteer = view.problem.volunteers[v]
    return view.problem.needs[view.n].slots & volunteer.slots & ~volunteer.busy_slots
