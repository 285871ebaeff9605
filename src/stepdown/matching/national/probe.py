"""Whether one pair more would fill a place, read off a finished plan that stays as it is.

The search is that of `fill`, begun at the volunteer: the cheapest chain of moves that makes room
for them. Its end is found or not; nothing is applied and no price moves. Rows may list further
pairs, which changes no plan.
"""

from typing import NamedTuple

from stepdown.matching.arrays import Known
from stepdown.matching.kernel import kernel
from stepdown.matching.national.fill import (
    FILLED,
    NOWHERE,
    _from_holding,
    _from_seat,
    _read_row,
)
from stepdown.matching.national.gather import Bounds, Found, Index
from stepdown.matching.national.heap import forget, reach, take_nearest
from stepdown.matching.national.rows import FLOOR, LENGTH, LISTED_FIRST, Rows, extend
from stepdown.matching.national.state import (
    COST,
    FILL,
    FIRST,
    MOST_AT_ONCE,
    PRICE,
    RENT,
    SLOT,
    USED,
    WEIGHT,
    Flow,
    Scratch,
    State,
    scratch_for,
    search_room,
)

NO_ROOM = -2
"""The pool of rows is full: to be tried again with more room."""
ANY_TIME = -1
_NO, _YES, _NO_POOL = 0, 1, 2


class Tools(NamedTuple):
    """A finished plan, and room for searches over it."""

    lookup: Index
    known: Known
    bounds: Bounds
    rows: Rows
    flow: Flow
    scratch: Scratch
    found: Found
    kept: Found
    step: int


def tools_for(state: State) -> Tools:
    """Room for probes of a plan."""
    found, kept = search_room(state)
    return Tools(
        state.index, state.known, state.bounds, state.rows, state.flow, scratch_for(state), found,
        kept, state.step,
    )  # fmt: skip


@kernel
def limit_of(m: int, points: int, t: Tools) -> int:
    """What making room may cost for a pair of so many points: less than this.

    A gain counts when it is one whole step between bands, to the nearest.
    """
    return int(t.flow.want[m, WEIGHT] + points - (t.step + 1) // 2 + 1)


@kernel
def gains(s: int, slots: int, limit: int, t: Tools) -> int:
    """The slots among ``slots`` by which a pair with this seat would fill a place; ANY_TIME where
    it takes none (``slots`` 0); 0 when it would not; NO_ROOM."""
    seat, hold = t.flow.seat, t.flow.hold
    wants, seats = t.flow.want.shape[0], seat.shape[0] - 1
    first = seat[s, FIRST]
    room = seat[s + 1, FIRST] - first
    price = seat[s, PRICE]
    if room == 0:
        return 0
    if slots == 0 or room == 1:
        found = _makes_room(wants + s, price, limit, t)
        if found == _NO_POOL:
            return NO_ROOM
        return (slots if slots else ANY_TIME) if found == _YES else 0
    good = 0
    if slots & ~seat[s, USED]:
        found = _makes_room(wants + s, price, limit, t)
        if found == _NO_POOL:
            return NO_ROOM
        if found == _YES:
            good = slots & ~seat[s, USED]
    for h in range(first, first + seat[s, FILL]):
        if hold[h, SLOT] >= 0 and slots >> hold[h, SLOT] & 1:
            found = _makes_room(wants + seats + h, hold[h, COST], limit, t)
            if found == _NO_POOL:
                return NO_ROOM
            if found == _YES:
                good |= 1 << hold[h, SLOT]
    return int(good)


@kernel
def _makes_room(start: int, cost: int, limit: int, t: Tools) -> int:
    """Whether a chain of moves from a seat or holding ends at less than the limit."""
    f, s, rows = t.flow, t.scratch, t.rows
    want, seat = f.want, f.seat
    wants, seats = want.shape[0], seat.shape[0] - 1
    if cost >= limit:
        return _NO
    if start < wants + seats:
        v = start - wants
        if seat[v, FILL] < seat[v + 1, FIRST] - seat[v, FIRST]:
            return _YES
    answer, best = _NO, limit
    reach(start, cost, NOWHERE, NOWHERE, s)
    while answer == _NO and s.size[0] > 0 and s.dist[s.heap[0]] < best:
        node = take_nearest(s)
        if node < wants:
            answer = _from_want(node, best, t)
        elif node < wants + seats:
            _, end = _from_seat(node - wants, best, rows, f, s)
            answer = _NO if end == NOWHERE else _YES
        else:
            _, end = _from_holding(node - wants - seats, best, rows, f, s)
            answer = _NO if end == NOWHERE else _YES
    forget(s)
    return answer


@kernel
def _from_want(node: int, best: int, t: Tools) -> int:
    """Offer a need's pairs, listing more while they could matter."""
    f, s, rows = t.flow, t.scratch, t.rows
    row, read = rows.row, 0
    base = s.dist[node] + f.want[node, RENT] - f.want[node, WEIGHT]
    while True:
        _, end, status = _read_row(node, read, base, best, -1, t.bounds, rows, f, s)
        if end != NOWHERE:
            return _YES
        if status != FILLED or base - row[node, FLOOR] >= best:
            return _NO
        read = row[node, LENGTH]
        more = min(MOST_AT_ONCE, max(LISTED_FIRST, read))
        if not extend(
            node, more, base - best, -1, t.lookup, t.known, t.bounds, rows, f.seat, t.found, t.kept
        ):
            return _NO_POOL
