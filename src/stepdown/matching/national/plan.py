"""A plan for a whole country: who is asked to fill which place, and the proof that none is better.

The definition is that of `stepdown.matching.plan`; the problem comes as columns, and the plan goes
back as rows of them.
"""

from dataclasses import dataclass, field
from time import monotonic, perf_counter

import numpy as np

from stepdown.matching.arrays import Arrays, Ints
from stepdown.matching.certify import Certificate, Claim
from stepdown.matching.national.blocks import MEMBER
from stepdown.matching.national.solve import Progress, pairs_of, prefetch, solve
from stepdown.matching.national.state import COST, FILL, FIRST, PRICE, SLOT, State, begin


@dataclass(frozen=True)
class NationalPlan:
    """One row a place filled, by need and then volunteer: rows of the columns, a slot or -1."""

    need: Ints
    volunteer: Ints
    slot: Ints
    pair_quality: Ints
    claim: Claim
    certificate: Certificate
    seconds: dict[str, float]
    finished: bool
    state: State = field(repr=False)


def plan_arrays(
    arrays: Arrays,
    *,
    threads: int = 2,
    time_limit: float | None = None,
    progress: Progress | None = None,
) -> NationalPlan:
    """Find the best plan and prove it; with a ``time_limit`` (seconds) the best so far, with what
    the certificate can still say of it. ``progress`` hears (phase, done, total)."""
    seconds: dict[str, float] = {}
    clock = perf_counter()
    until = None if time_limit is None else monotonic() + time_limit

    def mark(phase: str) -> None:
        nonlocal clock
        now = perf_counter()
        seconds[phase] = now - clock
        clock = now

    state = begin(arrays, 2)
    mark("index")
    prefetch(state, threads, progress)
    mark("candidates")
    state, finished = solve(state, threads=threads, until=until, progress=progress)
    mark("solve")
    claim, quality = claim_of(state, arrays)
    mark("claim")
    return prove(state, arrays, claim, quality, seconds, finished, threads, progress)


def prove(
    state: State,
    arrays: Arrays,
    claim: Claim,
    quality: Ints,
    seconds: dict[str, float],
    finished: bool,
    threads: int,
    progress: Progress | None,
) -> NationalPlan:
    """Have a claim checked, and write it down as a plan."""
    from stepdown.matching.national.certify import certify_arrays

    clock = perf_counter()
    certificate = certify_arrays(arrays, claim, threads=threads, progress=progress)
    seconds["certify"] = perf_counter() - clock
    return NationalPlan(
        claim.need, claim.volunteer, claim.slot, quality, claim, certificate, seconds, finished,
        state,
    )  # fmt: skip


def claim_of(state: State, arrays: Arrays) -> tuple[Claim, Ints]:
    """What the certificate is asked to prove, and the quality of each pair."""
    want, seat, slot, quality = pairs_of(state)
    flow, member = state.flow, state.index.blocks.lane[:, MEMBER]
    need = state.index.wants.row[want].astype(np.int64)
    volunteer = member[seat]
    order = np.lexsort((volunteer, need))
    price = np.zeros(arrays.volunteers.capacity.size, np.int64)
    held = member >= 0
    price[member[held]] = flow.seat[:-1, PRICE][held]
    owners = np.repeat(np.arange(member.size), np.diff(flow.seat[:, FIRST]))
    live = np.arange(owners.size) - flow.seat[owners, FIRST] < flow.seat[owners, FILL]
    extra = flow.hold[:, COST] - flow.seat[owners, PRICE]
    dear = np.flatnonzero(live & (flow.hold[:, SLOT] >= 0) & (extra > 0))
    claim = Claim(
        need=need[order],
        volunteer=volunteer[order],
        slot=slot[order],
        capacity_price=price,
        slot_volunteer=member[owners[dear]],
        slot_bit=flow.hold[dear, SLOT],
        slot_price=extra[dear],
        step=state.step,
    )
    return claim, quality[order]
