"""Planning again after a change: from the last plan and its prices, to the same proof.

Needs without a place look for a volunteer (`fill`), then volunteers with room and a price look for
a need (`release`): both keep the rules that prove a plan, so the result is an optimum of the new
problem, whatever has changed. What has not changed is not looked at again.
"""

from dataclasses import dataclass
from time import monotonic, perf_counter

import numpy as np

from stepdown.matching.arrays import Arrays, Ints, Known
from stepdown.matching.certify import Claim
from stepdown.matching.kernel import lean
from stepdown.matching.national import demand as demand_module
from stepdown.matching.national.demand import Asked, Demand, room_for_asked
from stepdown.matching.national.fill import NOWHERE
from stepdown.matching.national.gather import Found, Index, room_for
from stepdown.matching.national.keep import NO_LIMIT, Pairs, count_changed, keep
from stepdown.matching.national.order import Small
from stepdown.matching.national.plan import NationalPlan, claim_of, prove
from stepdown.matching.national.release import FULL, release
from stepdown.matching.national.resume import open_known, resume, turned
from stepdown.matching.national.rows import FLOOR, LENGTH, SEAT, START, Rows, with_more_room
from stepdown.matching.national.seekers import Seekers, add_seeker, make_seekers
from stepdown.matching.national.solve import DONE, Progress, fill_queue, in_turn, look_again
from stepdown.matching.national.state import (
    FILL,
    FIRST,
    GOT,
    MOST_AT_ONCE,
    PLACES,
    PRICE,
    RENT,
    WEIGHT,
    Flow,
    Scratch,
    State,
    scratch_for,
    search_room,
)

CHUNK = 256


@dataclass(frozen=True)
class Replan:
    """The new plan, and what became of the pairs of the old one.

    ``possible`` counts those whose need and volunteer are both unchanged, ``changed`` how many of
    them the plan pairs otherwise; ``held_back`` counts the pieces of the best plan that were not
    worth their changes. Where there are any, the certificate says what they cost.
    """

    plan: NationalPlan
    possible: int
    changed: int
    held_back: int


def replan_arrays(
    arrays: Arrays,
    before: Claim,
    need_was: Ints,
    volunteer_was: Ints,
    *,
    like: Index | None = None,
    sticky: int = 0,
    most_changes: int | None = None,
    threads: int = 2,
    time_limit: float | None = None,
    progress: Progress | None = None,
) -> Replan:
    """The best plan for new columns, begun from an earlier plan and its prices.

    A change of an earlier pairing that fills no more places is made only where it earns more than
    ``sticky`` points, and no more than ``most_changes`` pairings are changed (`keep`).

    ``need_was`` and ``volunteer_was`` have the earlier row of each row, -1 for who is new or has
    changed in anything, what is known between them included. Where no volunteer has changed,
    ``like`` (the index of the earlier plan's state) saves seating them again. ValueError where
    the rows are of another length than the columns.
    """
    if need_was.size != arrays.needs.band.size:
        raise ValueError("need_was must have one row a need")
    if volunteer_was.size != arrays.volunteers.capacity.size:
        raise ValueError("volunteer_was must have one row a volunteer")
    clock = perf_counter()
    until = None if time_limit is None else monotonic() + time_limit
    state = resume(arrays, before, need_was, volunteer_was, like)
    resumed = perf_counter()
    state, finished = settle(state, until, progress)
    solved = perf_counter()
    seconds = {"resume": resumed - clock, "solve": solved - resumed}
    claim, quality = claim_of(state, arrays)
    earlier = _earlier(before, need_was, volunteer_was)
    new = Pairs(claim.need, claim.volunteer, claim.slot)
    possible, changed, held_back = int(earlier.need.size), count_changed(earlier, new), 0
    if changed and (sticky or most_changes is not None):
        most = NO_LIMIT if most_changes is None else most_changes
        kept = keep(arrays, earlier, new, sticky=sticky, most=most)
        changed, held_back = kept.changed, kept.held_back
        if held_back:
            claim, quality = claim._replace(**kept.pairs._asdict()), kept.quality
    seconds["keep"] = perf_counter() - solved
    plan = prove(state, arrays, claim, quality, seconds, finished, threads, progress)
    return Replan(plan, possible, changed, held_back)


def _earlier(before: Claim, need_was: Ints, volunteer_was: Ints) -> Pairs:
    """Those of the earlier pairs whose need and volunteer are both unchanged, by their new rows."""
    need = turned(need_was, before.need)
    volunteer = turned(volunteer_was, before.volunteer)
    here = np.flatnonzero((need >= 0) & (volunteer >= 0))
    return Pairs(need, volunteer, before.slot).rows(here)


def settle(state: State, until: float | None, progress: Progress | None) -> tuple[State, bool]:
    """Fill what is empty and release who has room and a price, until the plan is the best."""
    look_again(state.bounds, state.flow.seat)
    order = in_turn(state.index.wants.band)
    want = state.flow.want
    queue = order[(want[order, GOT] < want[order, PLACES]) & (want[order, RENT] > 0)]
    state, finished = fill_queue(state, queue, until, progress)
    if not finished:
        return state, False
    return release_all(state, until, progress)


def release_all(state: State, until: float | None, progress: Progress | None) -> tuple[State, bool]:
    """Release every volunteer who has room and a price."""
    seat = state.flow.seat
    room = seat[1:, FIRST] - seat[:-1, FIRST]
    turn = np.flatnonzero((seat[:-1, PRICE] > 0) & (seat[:-1, FILL] < room)).astype(np.int32)
    if not turn.size:
        return state, True
    demand = demand_module.build(state.index, state.known)
    count = state.flow.want.shape[0]
    seekers = make_seekers(room.size, max(4096, 8 * count))
    scratch, asked = scratch_for(state), room_for_asked(demand)
    found, one = room_for(MOST_AT_ONCE, count), room_for(1, 0)
    _, kept = search_room(state)
    marks = room_for(MOST_AT_ONCE, room.size)
    while not (
        open_known(state.index, state.known, state.rows, marks, kept)
        and list_known(state.index, state.known, state.rows, seekers)
    ):
        state, seekers = _more_room(state, seekers)
    while turn.size:
        for first in range(0, turn.size, CHUNK):
            if until is not None and monotonic() > until:
                return state, False
            if first % 4096 == 0:
                demand_module.look_again(demand, state.flow.want)
            last = min(first + CHUNK, turn.size)
            _release(
                turn, first, last, state.index, state.known, demand, state.rows, seekers,
                state.flow, scratch, found, one, asked,
            )  # fmt: skip
            if progress is not None:
                progress("release", last, turn.size)
        turn = turn[turn != DONE]
        if turn.size:
            state, seekers = _more_room(state, seekers)
    # Prices have fallen: of a pair left out it is only known that it pays no more than the rent.
    state.rows.row[:, FLOOR] = np.maximum(
        state.rows.row[:, FLOOR], state.flow.want[:, RENT] - state.flow.want[:, WEIGHT]
    )
    return state, True


def _more_room(state: State, seekers: Seekers) -> tuple[State, Seekers]:
    pair = np.empty((2 * seekers.pair.shape[0], 2), np.int32)
    pair[: seekers.pair.shape[0]] = seekers.pair
    return state._replace(rows=with_more_room(state.rows)), seekers._replace(pair=pair)


@lean
def list_known(index: Index, known: Known, rows: Rows, k: Seekers) -> bool:
    """Pairs known beforehand are not found by searching: list them with the volunteers too. False
    where there is no room. May be repeated."""
    for m in range(index.wants.row.size):
        n = index.wants.row[m]
        some = known.continuity_start[n + 1] - known.continuity_start[n]
        if some + known.allowed_start[n + 1] - known.allowed_start[n] == 0:
            continue
        start = rows.row[m, START]
        for i in range(rows.row[m, LENGTH]):
            s = rows.pair[start + i, SEAT]
            listed = False
            for j in range(k.row[s, START], k.row[s, START] + k.row[s, LENGTH]):
                if k.pair[j, 0] == m:
                    listed = True
            if not listed and not add_seeker(s, m, i, k):
                return False
    return True


@lean
def _release(
    turn: Small, first: int, last: int, index: Index, known: Known, demand: Demand, rows: Rows,
    k: Seekers, f: Flow, x: Scratch, found: Found, one: Found, asked: Asked,
) -> None:  # fmt: skip
    seat = f.seat
    for i in range(first, last):
        s = turn[i]
        status = NOWHERE
        while (
            seat[s, PRICE] > 0
            and seat[s, FILL] < seat[s + 1, FIRST] - seat[s, FIRST]
            and status != FULL
        ):
            status = release(s, index, known, demand, rows, k, f, x, found, one, asked)
        if status != FULL:
            turn[i] = DONE
