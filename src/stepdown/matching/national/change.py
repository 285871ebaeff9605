"""The cheapest single change that would fill an empty place, for all needs of a national plan.

Changes, costs and order are those of `stepdown.matching.relax`; each is tried against the finished
plan by an exact search (`probe`). At most ``MOST_TRIED`` candidates of a kind are searched for one
need: where more were left, ``searched_all`` says so.
"""

from typing import NamedTuple

import numpy as np

from stepdown.matching.arrays import Arrays, Ints, Needs, Volunteers, Words
from stepdown.matching.kernel import kernel
from stepdown.matching.national.asked import Asked, Census, ask, room_for_asked, take_census
from stepdown.matching.national.candidates import (
    ABILITY,
    CHECK,
    JOURNEY,
    TIMES,
    collect,
    points_in,
    volunteer_of,
)
from stepdown.matching.national.capacity import best_uses
from stepdown.matching.national.judge import NO_RULE, judge
from stepdown.matching.national.pair import metres_of, squared_metres
from stepdown.matching.national.plan import NationalPlan
from stepdown.matching.national.probe import NO_ROOM, Tools, gains, limit_of, tools_for
from stepdown.matching.national.rows import with_more_room
from stepdown.matching.national.state import FILL, FIRST, WANT
from stepdown.matching.relax import (
    ANOTHER_SLOT,
    DROP_SKILL,
    LONGER_JOURNEY,
    MOST_EXTRA_M,
    OBTAIN_CREDENTIAL,
    ONE_MORE_PLACE,
    RENEW_CREDENTIAL,
)

CODES = (
    "no-change",
    "change-need-slot",
    "change-volunteer-slot",
    "change-distance",
    "change-capacity",
    "change-renew",
    "change-obtain",
    "change-skill",
)
NO_CHANGE, NEED_SLOT, VOLUNTEER_SLOT, DISTANCE, CAPACITY, RENEW, OBTAIN, SKILL = range(8)
MOST_TRIED = 64
_NOT_YET = -1


class Changes(NamedTuple):
    """One row a need with an empty place, in the order of the needs."""

    need: Ints
    code: Ints  # into CODES
    volunteer: Ints  # -1 where no change works
    cost: Ints
    detail: Ints  # the slot, the metres to travel, or the bit of the credential or skill; else -1
    searched_all: Ints  # 1 unless candidates were left untried before the answer


class _Work(NamedTuple):
    near: Ints
    words: Words
    keys: Ints
    result: Ints  # code, volunteer, cost, detail, searched all


def cheapest_changes(
    arrays: Arrays,
    plan: NationalPlan,
    *,
    rows: Ints | None = None,
    busy: Ints | None = None,
    census: Census | None = None,
    most_tried: int = MOST_TRIED,
) -> Changes:
    """The cheapest change for each need with an empty place (``rows``: some of them).

    ``busy`` are the slots each volunteer is taken at, whether they offer them or not; without it
    only those they offer are known. ValueError for a plan that was stopped before its end.
    """
    if not plan.finished:
        raise ValueError("What a change would do can only be read off a finished plan")
    needs, people = arrays.needs, arrays.volunteers
    got = np.bincount(plan.need, minlength=needs.band.size)
    if rows is None:
        rows = np.flatnonzero(got < needs.places)
    if busy is None:
        busy = people.offered & ~people.free
    busy = np.ascontiguousarray(busy)  # a column of a table would be compiled for once more
    if census is None:
        census = take_census(arrays, rows)
    want_of = np.full(needs.band.size, -1, np.int64)
    want_of[plan.state.index.wants.row] = np.arange(plan.state.index.wants.row.size)
    size = census.everyone.present.size
    work = _Work(
        np.empty(size, np.int64),
        np.empty((size, NO_RULE + 1), np.uint64),
        np.empty(people.capacity.size + 1, np.int64),
        np.full((rows.size, 5), (_NOT_YET, -1, 0, -1, 1), np.int64),
    )
    tools = tools_for(plan.state)
    asked = room_for_asked(arrays)

    def run(first: int, last: int, tools: Tools) -> Tools:
        at = 0
        while at < rows.size:
            at = _try_needs(
                at, first, last, rows, want_of, busy, most_tried, arrays, census, asked, tools,
                work,
            )  # fmt: skip
            if at < rows.size:
                tools = tools._replace(rows=with_more_room(tools.rows))
        return tools

    tools = run(TIMES, JOURNEY, tools)
    left = work.result[:, 0] == _NOT_YET
    if left.any():
        tools = _place_more(arrays, rows, want_of, census, tools, work.result)
        run(CHECK, ABILITY, tools)
    code, volunteer, cost, detail, searched = work.result.T
    return Changes(rows, np.where(code < 0, NO_CHANGE, code), volunteer, cost, detail, searched)


def _place_more(
    arrays: Arrays, rows: Ints, want_of: Ints, census: Census, tools: Tools, result: Ints
) -> Tools:
    """One place more for a volunteer, where the need is the best use of it in the whole plan."""
    best, whole, tools = best_uses(arrays, rows, want_of, census, tools)
    for i in np.flatnonzero(result[:, 0] == _NOT_YET):
        v = best[i]
        result[i, 4] &= whole
        if v >= 0:
            result[i, :4] = CAPACITY, v, ONE_MORE_PLACE, -1
    return tools


@kernel
def _try_needs(
    at: int, first: int, last: int, rows: Ints, want_of: Ints, busy: Ints, most_tried: int,
    arrays: Arrays, census: Census, asked: Asked, t: Tools, work: _Work,
) -> int:  # fmt: skip
    """Try kinds ``first`` to ``last`` for the needs from row ``at`` on; returns how far it came."""
    for i in range(at, rows.size):
        n, m = rows[i], want_of[rows[i]]
        if work.result[i, 0] != _NOT_YET:
            continue
        ask(n, census, asked)
        further = MOST_EXTRA_M if last >= JOURNEY > first else 0
        blocks = judge(n, further, census, asked, work.near, work.words)
        for kind in range(first, last + 1):
            if kind == TIMES and arrays.needs.slots[n] == 0:
                continue
            count = collect(kind, n, m, blocks, work.near, work.words, arrays, census, t, work.keys)
            if not _try_kind(
                kind, n, m, count, busy, most_tried, arrays, t, work.keys, work.result[i]
            ):
                return i
            if work.result[i, 0] != _NOT_YET:
                break
    return int(rows.size)


@kernel
def _try_kind(
    kind: int, n: int, m: int, count: int, busy: Ints, most_tried: int, arrays: Arrays, t: Tools,
    keys: Ints, result: Ints,
) -> bool:  # fmt: skip
    """Try candidates, best first, until one works. False where there is no room to list pairs."""
    people, needs = arrays.volunteers, arrays.needs
    phases = 2 if kind == CHECK else 1  # renewed by anybody before obtained by anybody
    for phase in range(phases):
        size, tried = 0, 0
        for k in range(count):
            if kind != ABILITY and kind != CHECK:
                size = count
                break
            lacking = _lacking(kind, volunteer_of(keys[k]), n, people, needs)
            if lacking >= 0 and lacking >> 16 == phase:
                keys[size], keys[k] = keys[k], keys[size]
                size += 1
        # Each turn moves the best left to the end of those left.
        while size > 0 and result[0] == _NOT_YET:
            best = 0
            for k in range(1, size):
                if keys[k] > keys[best]:
                    best = k
            size -= 1
            keys[best], keys[size] = keys[size], keys[best]
            v = volunteer_of(keys[size])
            s = t.lookup.blocks.seat[v]
            if kind == TIMES and _is_on(s, m, t):
                continue
            if tried == most_tried:
                result[4] = 0
                break
            tried += 1
            limit = limit_of(m, points_in(keys[size]), t)
            if kind == TIMES:
                slot = _slot(s, n, v, limit, busy, people, needs, t, result)
                if slot == NO_ROOM:
                    return False
                continue
            slots = needs.slots[n] & people.free[v]
            good = gains(s, slots, limit, t)
            if good == NO_ROOM:
                return False
            if good:
                bit = _lacking(kind, v, n, people, needs) & 0xFFFF
                _write(kind, phase, n, v, bit, people, needs, result)
    return True


@kernel
def _is_on(s: int, m: int, t: Tools) -> bool:
    seat, hold = t.flow.seat, t.flow.hold
    on = False
    for h in range(seat[s, FIRST], seat[s, FIRST] + seat[s, FILL]):
        on |= hold[h, WANT] == m
    return bool(on)


@kernel
def _slot(
    s: int, n: int, v: int, limit: int, busy: Ints, people: Volunteers, needs: Needs, t: Tools,
    result: Ints,
) -> int:  # fmt: skip
    """Another time for the need, else another time from the volunteer."""
    offers = people.free[v] & ~needs.slots[n]
    if offers:
        good = gains(s, offers, limit, t)
        if good == NO_ROOM:
            return NO_ROOM
        if good:
            result[0], result[1], result[2] = NEED_SLOT, v, ANOTHER_SLOT
            result[3] = _lowest(good)
            return 1
    more = needs.slots[n] & ~people.offered[v] & ~busy[v]
    if more:
        good = gains(s, more, limit, t)
        if good == NO_ROOM:
            return NO_ROOM
        if good:
            result[0], result[1], result[2] = VOLUNTEER_SLOT, v, ANOTHER_SLOT
            result[3] = _lowest(good)
            return 1
    return 0


@kernel
def _lowest(mask: int) -> int:
    slot = 0
    while not mask >> slot & 1:
        slot += 1
    return slot


@kernel
def _write(
    kind: int, phase: int, n: int, v: int, bit: int, people: Volunteers, needs: Needs, result: Ints
) -> None:
    result[1], result[3] = v, bit
    if kind == JOURNEY:
        metres = metres_of(squared_metres(v, n, people, needs))
        extra = metres + 1 - metres_of(people.limit_squared[v])
        result[0], result[2], result[3] = DISTANCE, LONGER_JOURNEY - -extra // 1000, metres
    elif kind == CHECK:
        result[0] = OBTAIN if phase else RENEW
        result[2] = OBTAIN_CREDENTIAL if phase else RENEW_CREDENTIAL
    else:
        result[0], result[2] = SKILL, DROP_SKILL


@kernel
def _lacking(kind: int, v: int, n: int, people: Volunteers, needs: Needs) -> int:
    """The only bit that is wanting, with 1 << 16 where a credential is not held at all; -1 where
    more than one is. 0 for kinds that ask for none."""
    if kind == CHECK:
        return _lacking_check(v, n, people, needs)
    if kind != ABILITY:
        return 0
    found = -1
    for w in range(needs.skills.shape[1]):
        missing = needs.skills[n, w] & ~people.skills[v, w]
        for bit in range(64):
            if missing >> np.uint64(bit) & np.uint64(1):
                if found >= 0:
                    return -1
                found = 64 * w + bit
    return found


@kernel
def _lacking_check(v: int, n: int, people: Volunteers, needs: Needs) -> int:
    found = -1
    for a in range(needs.asked_start[n], needs.asked_start[n + 1]):
        bit = needs.asked_bit[a]
        held, good = False, False
        for k in range(people.held_start[v], people.held_start[v + 1]):
            if people.held_bit[k] == bit:
                held = True
                good = people.held_from[k] <= needs.first[n] and people.held_to[k] >= needs.last[n]
        if good:
            continue
        if found >= 0:
            return -1
        found = bit if held else bit | 1 << 16
    return int(found)
