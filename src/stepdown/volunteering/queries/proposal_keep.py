"""Holding back changes to the last plan: which of its matches could stay, and what that costs."""

from collections.abc import Iterator
from time import perf_counter

import numpy as np

from stepdown.matching.arrays import Arrays, Ints
from stepdown.matching.national.keep import NO_LIMIT, Pairs, keep
from stepdown.matching.national.keep import Kept as Engine
from stepdown.matching.national.pair import failing_rules, shared_slots
from stepdown.matching.national.plan import NationalPlan, plan_arrays, prove
from stepdown.matching.problem import Problem
from stepdown.volunteering.models import Plan, PlanPair
from stepdown.volunteering.queries.plan import newest
from stepdown.volunteering.queries.plan_changes import untouched
from stepdown.volunteering.queries.proposal import Keeping, Kept, Progress

Row = tuple[int, int, int]
_AT_ONCE = 1_000  # matches between two words of how far it is


def hold_back(
    problem: Problem,
    made: NationalPlan,
    keeping: Keeping,
    progress: Progress | None,
    time_limit: float | None,
) -> tuple[NationalPlan, Kept | None]:
    """The plan, less what it changes of the last one for too little; proved again if it is.

    None where there is no plan before. The time limit is that of the whole, the proofs aside.
    """
    last = newest()
    if last is None:
        return made, None
    clock = perf_counter()
    kept = keep(
        problem.arrays,
        _possible(problem, last, progress),
        Pairs(made.need, made.volunteer, made.slot),
        sticky=keeping.sticky,
        most=NO_LIMIT if keeping.most is None else keeping.most,
    )
    seconds = {**made.seconds, "keep": perf_counter() - clock}
    sound = made.certificate.ok
    if kept.held_back:
        spent = sum(seconds.values()) - seconds["certify"]
        left = None if time_limit is None else max(0.0, time_limit - spent)
        pairs, quality, finished = _filled_up(problem.arrays, kept, progress, left)
        claim = made.claim._replace(**pairs._asdict())
        seconds["keep"] = perf_counter() - clock
        made = prove(
            made.state,
            problem.arrays,
            claim,
            quality,
            dict(seconds),
            made.finished and finished,
            2,
            progress,
        )
        made.seconds["certify"] += seconds["certify"]
        proof = made.certificate
        short = (proof.filled_by_band != proof.optimum_by_band) + (proof.gap != 0)
        sound = sound and len(proof.faults) == short
    else:
        made.seconds["keep"] = seconds["keep"]
    return made, Kept(
        most=keeping.most,
        sticky=keeping.sticky,
        possible=kept.possible,
        changed=kept.changed,
        held_back=kept.held_back,
        sound=sound,
    )


def _filled_up(
    arrays: Arrays, kept: Engine, progress: Progress | None, time_limit: float | None
) -> tuple[Pairs, Ints, bool]:
    """What stays and what is changed, and the best plan of whoever and whatever that leaves over:
    a place is not left empty for a change that was held back if somebody is free to fill it.
    With the quality of each pair, and whether there was time for it."""
    people, needs, _known = arrays
    pairs = kept.pairs
    capacity, places, free = people.capacity.copy(), needs.places.copy(), people.free.copy()
    np.subtract.at(capacity, pairs.volunteer, 1)
    np.subtract.at(places, pairs.need, 1)
    timed = pairs.slot >= 0
    np.bitwise_and.at(
        free, pairs.volunteer[timed], ~(np.int64(1) << pairs.slot[timed]).astype(free.dtype)
    )
    left = arrays._replace(
        volunteers=people._replace(capacity=capacity, free=free),
        needs=needs._replace(places=places),
    )
    more = plan_arrays(left, time_limit=time_limit, progress=progress)
    # Whoever has one place of a need is not given another.
    keys = (_key(arrays, more.need, more.volunteer), _key(arrays, pairs.need, pairs.volunteer))
    new = ~np.isin(*keys)
    parts = [pairs, Pairs(more.need[new], more.volunteer[new], more.slot[new])]
    all_pairs = Pairs(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    order = np.lexsort((all_pairs.volunteer, all_pairs.need))
    quality = np.concatenate([kept.quality, more.pair_quality[new]])
    return all_pairs.rows(order), quality[order], more.finished


def _key(arrays: Arrays, need: Ints, volunteer: Ints) -> Ints:
    return need * arrays.volunteers.capacity.size + volunteer


def _possible(problem: Problem, last: Plan, progress: Progress | None) -> Pairs:
    """The matches of the last plan that nobody was asked about and that could all be planned again.

    Where a need has fewer places than it had, or a volunteer less time, none of theirs are.
    """
    rows = np.array(sorted(_standing(problem, last, progress)), np.int64).reshape(-1, 3)
    need, volunteer, slot = (np.ascontiguousarray(column) for column in rows.T)
    columns = problem.arrays
    room = np.bincount(need)[need] <= columns.needs.places[need]
    room &= np.bincount(volunteer)[volunteer] <= columns.volunteers.capacity[volunteer]
    return Pairs(need[room], volunteer[room], slot[room])


def _standing(problem: Problem, last: Plan, progress: Progress | None) -> Iterator[Row]:
    """Those that break no rule, by rows."""
    needs, people = problem.need_index, problem.volunteer_index
    found = untouched(PlanPair.objects.filter(plan=last))
    named = list(found.values_list("need_id", "volunteer_id", "slot"))
    for done, (need_id, volunteer_id, bit) in enumerate(named):
        if progress is not None and done % _AT_ONCE == 0:
            progress("keep", done, len(named))
        need, volunteer = str(need_id), str(volunteer_id)
        if need in needs and volunteer in people:
            row = needs[need], people[volunteer], -1 if bit is None else bit
            if _stands(problem, *row):
                yield row


def _stands(problem: Problem, n: int, v: int, slot: int) -> bool:
    if failing_rules(problem.arrays, v, n):
        return False
    shared = shared_slots(v, n, *problem.arrays)
    return slot < 0 if shared == 0 else slot >= 0 and bool(shared >> slot & 1)
