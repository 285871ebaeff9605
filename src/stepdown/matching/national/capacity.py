"""Where one more place of a volunteer's capacity would fill an empty place, in the whole plan.

One pass over the residual network of a finished plan, from all empty places at once, as in
`stepdown.matching.outlook`: what lies on the way is full, or the place would have been filled.
"""

from typing import NamedTuple

import numpy as np

from stepdown.matching.arrays import Arrays, Ints, Known, Needs, Volunteers
from stepdown.matching.kernel import kernel
from stepdown.matching.national.asked import (
    CAPACITY,
    RULES,
    Asked,
    Census,
    ask,
    room_for_asked,
)
from stepdown.matching.national.bits import trailing_zeros
from stepdown.matching.national.blocks import LANES, MEMBER
from stepdown.matching.national.fill import NOWHERE, lowest, owner_of
from stepdown.matching.national.heap import forget, reach, take_nearest
from stepdown.matching.national.judge import judge
from stepdown.matching.national.pair import own_rules, terms_of, with_records
from stepdown.matching.national.probe import Tools
from stepdown.matching.national.rows import (
    FLOOR,
    HELD,
    LENGTH,
    QUALITY,
    SEAT,
    SHARED,
    START,
    extend,
    with_more_room,
)
from stepdown.matching.national.state import (
    COST,
    FILL,
    FIRST,
    GOT,
    MOST_AT_ONCE,
    NO_SLOT,
    PAIR,
    PARENT,
    PLACES,
    PRICE,
    RENT,
    SLOT,
    USED,
    WANT,
    WEIGHT,
)

MOST_REACHED = 20_000
"""Needs looked at on the way, at most: all their pairs are listed."""

FAR = 1 << 60
_ALL = -(1 << 59)
_DONE, _CUT_SHORT, _NO_POOL = 0, 1, 2
_ONE = np.uint64(1)


class _Reached(NamedTuple):
    """Reduced distance from the nearest empty place, and the want that has it, by node."""

    distance: Ints
    root: Ints


def best_uses(
    arrays: Arrays, rows: Ints, want_of: Ints, census: Census, tools: Tools
) -> tuple[Ints, bool, Tools]:
    """For each of these needs with an empty place, the volunteer of the best quality for it for
    whom it is the best use of one more place; -1 for none. And whether all was looked at."""
    flow = tools.flow
    empty = np.flatnonzero(flow.want[:, GOT] < flow.want[:, PLACES])
    nodes = flow.want.shape[0] + flow.seat.shape[0] - 1 + flow.hold.shape[0]
    reached = _Reached(np.full(nodes, FAR, np.int64), np.full(nodes, NOWHERE, np.int64))
    while (status := _spread(empty, tools, reached)) == _NO_POOL:
        tools = tools._replace(rows=with_more_room(tools.rows))
        reached.distance[:] = FAR
    people = arrays.volunteers.capacity.size
    gain, root = np.full(people, -FAR, np.int64), np.full(people, NOWHERE, np.int64)
    _gains_of_seated(tools, reached, gain, root)
    _gains_of_full(arrays, census, room_for_asked(arrays), tools, reached, gain, root)
    best = np.full(flow.want.shape[0], -1, np.int64)
    _choose(arrays, tools, gain, root, best)
    return best[want_of[rows]], status == _DONE, tools


@kernel
def _rent(m: int, t: Tools) -> int:
    """A need with an empty place has no rent."""
    want = t.flow.want
    return 0 if want[m, GOT] < want[m, PLACES] else int(want[m, RENT])


@kernel
def _pair_of(h: int, t: Tools) -> int:
    hold, rows = t.flow.hold, t.rows
    return int(rows.row[hold[h, WANT], START] + hold[h, PAIR])


@kernel
def _slot_of(h: int, v: int, t: Tools) -> int:
    """The slot of a holding. Who has one place takes the first they share: with one more they could
    be asked for two at once."""
    seat = t.flow.seat
    shared = t.rows.pair[_pair_of(h, t), SHARED]
    if seat[v + 1, FIRST] - seat[v, FIRST] == 1:
        return lowest(shared) if shared else NO_SLOT
    return int(t.flow.hold[h, SLOT])


@kernel
def _cost_of(h: int, v: int, t: Tools) -> int:
    seat = t.flow.seat
    if seat[v + 1, FIRST] - seat[v, FIRST] == 1:
        return int(seat[v, PRICE])
    return int(t.flow.hold[h, COST])


@kernel
def _used_by(v: int, t: Tools) -> int:
    seat = t.flow.seat
    first = seat[v, FIRST]
    if seat[v + 1, FIRST] - first != 1:
        return int(seat[v, USED])
    slot = _slot_of(first, v, t) if seat[v, FILL] else NO_SLOT
    return 0 if slot < 0 else 1 << slot


@kernel
def _spread(empty: Ints, t: Tools, reached: _Reached) -> int:
    """Reach everything that can be from the empty places."""
    s = t.scratch
    wants, seats = t.flow.want.shape[0], t.flow.seat.shape[0] - 1
    status, count = _DONE, 0
    for i in range(empty.size):
        reach(empty[i], 0, NOWHERE, NOWHERE, s)
    while s.size[0] > 0 and status == _DONE:
        node = take_nearest(s)
        d = s.dist[node]
        before = s.way[node, PARENT]
        reached.distance[node] = d
        reached.root[node] = node if before == NOWHERE else reached.root[before]
        if node < wants:
            count += 1
            if count > MOST_REACHED:
                status = _CUT_SHORT
            elif not _list_all(node, t):
                status = _NO_POOL
            else:
                _from_want(node, d, t)
        elif node < wants + seats:
            v = node - wants
            first = t.flow.seat[v, FIRST]
            base = d - t.flow.seat[v, PRICE]
            for h in range(first, first + t.flow.seat[v, FILL]):
                if _slot_of(h, v, t) < 0:
                    _give_up(h, base, node, t)
                else:
                    reach(wants + seats + h, base + _cost_of(h, v, t), node, h, s)
        else:
            _from_holding(node, d, t)
    forget(s)
    return status


@kernel
def _list_all(m: int, t: Tools) -> bool:
    while t.rows.row[m, FLOOR] > _ALL:
        if not extend(
            m, MOST_AT_ONCE, _ALL, -1, t.lookup, t.known, t.bounds, t.rows, t.flow.seat, t.found,
            t.kept,
        ):  # fmt: skip
            return False
    return True


@kernel
def _from_want(m: int, d: int, t: Tools) -> None:
    seat, pair, s = t.flow.seat, t.rows.pair, t.scratch
    wants, seats = t.flow.want.shape[0], seat.shape[0] - 1
    base = d + _rent(m, t) - t.flow.want[m, WEIGHT]
    start = t.rows.row[m, START]
    for e in range(start, start + t.rows.row[m, LENGTH]):
        if pair[e, HELD] >= 0:
            continue
        v, shared = pair[e, SEAT], pair[e, SHARED]
        used = _used_by(v, t)
        cost = base - pair[e, QUALITY]
        if shared == 0 or shared & ~used:
            reach(wants + v, cost + seat[v, PRICE], m, e - start, s)
        if shared & used:
            first = seat[v, FIRST]
            for h in range(first, first + seat[v, FILL]):
                slot = _slot_of(h, v, t)
                if slot >= 0 and shared >> slot & 1:
                    reach(wants + seats + h, cost + _cost_of(h, v, t), m, e - start, s)


@kernel
def _from_holding(node: int, d: int, t: Tools) -> None:
    seat, s = t.flow.seat, t.scratch
    wants, seats = t.flow.want.shape[0], seat.shape[0] - 1
    h = node - wants - seats
    v = owner_of(h, t.rows, t.flow)
    shared = t.rows.pair[_pair_of(h, t), SHARED]
    base = d - _cost_of(h, v, t)
    _give_up(h, base, node, t)
    if shared & ~_used_by(v, t):
        reach(wants + v, base + seat[v, PRICE], node, h, s)
    for other in range(seat[v, FIRST], seat[v, FIRST] + seat[v, FILL]):
        slot = _slot_of(other, v, t)
        if other != h and slot >= 0 and shared >> slot & 1:
            reach(wants + seats + other, base + _cost_of(other, v, t), node, h, s)


@kernel
def _give_up(h: int, base: int, node: int, t: Tools) -> None:
    """The need of a holding looks elsewhere."""
    m = t.flow.hold[h, WANT]
    lost = t.flow.want[m, WEIGHT] + t.rows.pair[_pair_of(h, t), QUALITY] - _rent(m, t)
    reach(m, base + lost, node, h, t.scratch)


@kernel
def _gains_of_seated(t: Tools, reached: _Reached, gain: Ints, root: Ints) -> None:
    lane, seat = t.lookup.blocks.lane, t.flow.seat
    wants = t.flow.want.shape[0]
    for s in range(seat.shape[0] - 1):
        v = lane[s, MEMBER]
        if v >= 0 and reached.distance[wants + s] < FAR:
            gain[v] = seat[s, PRICE] - reached.distance[wants + s]
            root[v] = reached.root[wants + s]


@kernel
def _gains_of_full(
    arrays: Arrays, census: Census, asked: Asked, t: Tools, reached: _Reached, gain: Ints,
    root: Ints,
) -> None:  # fmt: skip
    """Who holds all they can is not in the plan: their pairs are looked for here."""
    people, needs, known = arrays
    size = census.everyone.present.size
    near, words = np.empty(size, np.int64), np.empty((size, RULES + 1), np.uint64)
    row, want = t.lookup.wants.row, t.flow.want
    for m in range(want.shape[0]):
        if reached.distance[m] == FAR:
            continue
        n = row[m]
        worth = want[m, WEIGHT] - reached.distance[m] - _rent(m, t)
        ask(n, census, asked)
        for i in range(judge(n, 0, census, asked, near, words)):
            lanes = words[i, CAPACITY]
            while lanes:
                v = census.everyone.lane[near[i] * LANES + trailing_zeros(lanes), MEMBER]
                lanes &= lanes - _ONE
                _gain_of(v, n, worth, reached.root[m], people, needs, known, gain, root)
        for k in range(known.allowed_start[n], known.allowed_start[n + 1]):
            v = known.allowed[k]
            _gain_of(v, n, worth, reached.root[m], people, needs, known, gain, root)


@kernel
def _gain_of(
    v: int, n: int, worth: int, from_: int, people: Volunteers, needs: Needs, known: Known,
    gain: Ints, root: Ints,
) -> None:  # fmt: skip
    if with_records(v, n, own_rules(v, n, people, needs), known) != 1 << CAPACITY:
        return
    _, near, liked, helped, fair = terms_of(v, n, people, needs, known)
    worth += near + liked + helped + fair
    if worth > gain[v]:
        gain[v], root[v] = worth, from_


@kernel
def _choose(arrays: Arrays, t: Tools, gain: Ints, root: Ints, best: Ints) -> None:
    """Of the volunteers for whom a need is the best use, its own best by quality, then by id."""
    people, needs, known = arrays
    most = np.full(best.size, -1, np.int64)
    for v in range(gain.size):
        if root[v] < 0 or 2 * gain[v] < t.step:
            continue
        _, near, liked, helped, fair = terms_of(
            v, t.lookup.wants.row[root[v]], people, needs, known
        )
        points = near + liked + helped + fair
        if points > most[root[v]]:
            most[root[v]], best[root[v]] = points, v
