"""A proposal by the engine for whole countries: its reasons come as columns, all needs at once."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from stepdown.kernel.slots import SLOTS
from stepdown.matching.arrays import Ints, numbering_of
from stepdown.matching.national.asked import take_census
from stepdown.matching.national.change import CODES, Changes, cheapest_changes
from stepdown.matching.national.crowd import Crowd
from stepdown.matching.national.people import uuids_of
from stepdown.matching.national.plan import NationalPlan, plan_arrays
from stepdown.matching.national.shortfall import Shortfalls, as_reason, why_unfilled
from stepdown.matching.national.terms import why_matched
from stepdown.matching.problem import Problem
from stepdown.matching.rules import Reason, Term
from stepdown.volunteering.queries.proposal import (
    HELD_BACK,
    NOT_FOUND,
    NOT_SOUGHT,
    Gap,
    Keeping,
    Match,
    Progress,
    Proposal,
    places_by_band,
)
from stepdown.volunteering.queries.proposal_fairness import stand_of, tables
from stepdown.volunteering.queries.proposal_keep import hold_back
from stepdown.volunteering.queries.reason import as_data, discreet
from stepdown.volunteering.queries.world import World

Bools = npt.NDArray[np.bool_]


def propose_large(
    world: World, progress: Progress | None, time_limit: float | None, keeping: Keeping
) -> Proposal:
    """Plan, hold back changes, prove and explain; looking no longer than the time limit, and then
    with what is proved."""
    problem = world.problem
    made = plan_arrays(problem.arrays, time_limit=time_limit, progress=progress)
    kept = None
    if keeping.wanted:
        made, kept = hold_back(problem, made, keeping, progress, time_limit)
    # What a change would do is worked out from the engine's own plan.
    unsought = HELD_BACK if kept is not None and kept.held_back else NOT_SOUGHT

    def tell(done: int) -> None:
        if progress is not None:
            progress("explain", done, 3)

    tell(0)
    got = np.bincount(made.need, minlength=len(problem.needs))
    census = take_census(problem.arrays, np.flatnonzero(got < problem.arrays.needs.places))
    short = why_unfilled(problem.arrays, made, census=census)
    tell(1)
    changes = None
    if made.finished and unsought != HELD_BACK:
        busy = stand_of(problem).busy
        changes = cheapest_changes(problem.arrays, made, busy=busy, census=census)
    tell(2)
    return Proposal(
        world=world,
        certificate=made.certificate,
        seconds=made.seconds,
        finished=made.finished,
        pairs=_matches(world, made),
        gaps=_gaps(world, short, changes, unsought),
        gap_count=int(short.need.size),
        places_by_band=places_by_band(world),
        fairness=tables(problem, made.need, made.volunteer),
        kept=kept,
    )


def _matches(world: World, made: NationalPlan) -> Iterator[Match]:
    """Most urgent band first, then by need and volunteer: rows are in the order of ids."""
    problem = world.problem
    band = problem.arrays.needs.band[made.need]
    order = np.lexsort((made.volunteer, made.need, band))
    need, volunteer = made.need[order], made.volunteer[order]
    terms = why_matched(problem.arrays, made)
    columns = zip(
        need.tolist(),
        _ids(problem, volunteer),
        made.slot[order].tolist(),
        band[order].tolist(),
        made.pair_quality[order].tolist(),
        stand_of(problem).asks[volunteer].tolist(),
        (_hidden_people(world)[volunteer] | _hidden_needs(world)[need]).tolist(),
        *(column[order].tolist() for column in terms),
        strict=True,
    )
    for n, who, slot, urgency, quality, asks, hidden, *points in columns:
        yield Match(
            need_id=problem.needs[n].id,
            volunteer_id=who,
            slot=None if slot < 0 else slot,
            band=urgency,
            quality=quality,
            terms=[as_data(one) for one in discreet(_terms(asks, *points), hidden=hidden)],
        )


def _terms(asks: int, metres: int, travel: int, liked: int, helped: int, fair: int) -> list[Term]:
    """The terms of `stepdown.matching.scoring`, out of their columns."""
    return [
        Term("travel", {"distance_m": metres}, travel)
        if metres >= 0
        else Term("travel-unknown", {}, travel),
        Term("preferred" if liked else "not-preferred", {}, liked),
        Term("continuity" if helped else "new-pair", {}, helped),
        Term("asked", {"asks": asks}, fair) if asks else Term("never-asked", {}, fair),
    ]


def _ids(problem: Problem, rows: Ints) -> Sequence[str]:
    people = problem.volunteers
    if isinstance(people, Crowd):
        return [str(one) for one in uuids_of(people.rows.ids[rows])]
    return [people[row].id for row in rows.tolist()]


def _hidden_people(world: World) -> Bools:
    people = world.problem.volunteers
    if isinstance(people, Crowd):
        return people.rows.more.hidden > 0
    return np.array([one.id in world.shielded_volunteers for one in people], np.bool_)


def _hidden_needs(world: World) -> Bools:
    return np.array([one.id in world.shielded_needs for one in world.problem.needs], np.bool_)


def _gaps(world: World, short: Shortfalls, changes: Changes | None, unsought: str) -> Iterator[Gap]:
    """Most urgent band first, then by need; ``unsought`` says why no changes were looked for."""
    names = _Names(world.problem)
    for row in np.lexsort((short.need, short.band)).tolist():
        need = world.problem.needs[int(short.need[row])]
        if changes is None:
            change: Reason | None = Reason(unsought)
        else:
            change = _change(world, changes, row, names)
        yield Gap(
            need_id=need.id,
            band=need.band,
            places_unfilled=int(short.missing[row]),
            why=as_data(as_reason(short, row, need.id)),
            change=None if change is None else as_data(change),
        )


class _Names:
    """What the bits of credentials and skills are called."""

    def __init__(self, problem: Problem) -> None:
        people = problem.volunteers
        known = (
            people.tables.numbering if isinstance(people, Crowd) else numbering_of(problem.needs)
        )
        self.credential = {bit: name for name, bit in known.credentials.items()}
        self.skill = {bit: name for name, bit in known.skills.items()}


def _change(world: World, changes: Changes, row: int, names: _Names) -> Reason | None:
    """One row as `stepdown.matching.relax` says it."""
    code, at = CODES[int(changes.code[row])], int(changes.volunteer[row])
    if at < 0:
        return None if changes.searched_all[row] else Reason(NOT_FOUND)
    volunteer = world.problem.volunteers[at]
    detail = int(changes.detail[row])
    more: dict[str, Any] = {}
    match code:
        case "change-need-slot" | "change-volunteer-slot":
            more = {"slot": SLOTS[detail]}
        case "change-distance":
            more = {"distance_m": detail, "limit_m": volunteer.limit_m}
        case "change-capacity":
            more = {"capacity": volunteer.capacity}
        case "change-renew" | "change-obtain":
            more = {"credential": names.credential[detail]}
        case "change-skill":
            more = {"skill": names.skill[detail]}
    need_id = world.problem.needs[int(changes.need[row])].id
    hidden = world.shielded(volunteer.id, need_id)
    return discreet([Reason(code, {"volunteer": volunteer.id, **more})], hidden=hidden)[0]
