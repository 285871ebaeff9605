"""A solved tile taken over into the plan of the whole country.

Every rule that prices keep holds again at once: a need's rent is at least what any pair it does not
hold would be worth at the tile's prices, so its row needs to list only the pairs it holds, and its
rent bounds all those left out.
"""

import numpy as np

from stepdown.matching.arrays import Ints, Known
from stepdown.matching.cluster.solved import Solved
from stepdown.matching.kernel import kernel
from stepdown.matching.national.fill import NOWHERE, lowest, put
from stepdown.matching.national.gather import Bounds, Found, Index, room_for
from stepdown.matching.national.order import Table
from stepdown.matching.national.rows import (
    FLOOR,
    LENGTH,
    LISTED_FIRST,
    SEAT,
    START,
    Rows,
    append,
    extend,
    with_more_room,
)
from stepdown.matching.national.state import (
    FILL,
    FIRST,
    GOT,
    NO_SLOT,
    PRICE,
    RENT,
    USED,
    WEIGHT,
    Flow,
    State,
    search_room,
)

# Columns of the pairs of a solved tile.
_WANT, _SEAT, _QUALITY, _SHARED, _SLOT, _COST = range(6)
_ANY = -(1 << 59)
_WHOLE = -1  # all prices count


def take_over(state: State, found: Solved, needs: Ints, volunteers: Ints) -> tuple[State, Ints]:
    """Put a solved tile into the plan; ``needs`` and ``volunteers`` are the rows of its rows.

    Returns the state, whose pools may have grown, and the wants that are left to be settled.
    """
    blocks, wants, flow = state.index.blocks, state.index.wants, state.flow
    want_of = np.full(state.known.held_start.size - 1, NOWHERE, np.int64)
    want_of[wants.row] = np.arange(wants.row.size)
    seats = blocks.seat[volunteers]
    dear = found.price > 0
    flow.seat[seats[dear], PRICE] = found.price[dear]
    pairs = found.pairs.copy()
    pairs[:, _WANT] = want_of[needs[found.pairs[:, _WANT]]]
    pairs[:, _SEAT] = seats[found.pairs[:, _SEAT]]
    pairs = pairs[np.lexsort((pairs[:, _SEAT], pairs[:, _WANT]))]
    theirs = want_of[needs]
    here = theirs >= 0
    settled, rent = theirs[here], found.rent[here]
    tried = rent < flow.want[settled, RENT]
    flow.want[settled, RENT] = rent
    most = int(np.bincount(pairs[:, _WANT]).max(initial=0))
    begin, end = 0, 0
    while begin < settled.size or end < pairs.shape[0]:
        room, known = search_room(state)
        begin = _open_rows(
            begin, settled, tried, state.index, state.known, state.bounds, state.rows, flow,
            room, known,
        )  # fmt: skip
        if begin == settled.size:
            end = _hold(end, pairs, state.rows, flow, room_for(most, 0))
        if begin < settled.size or end < pairs.shape[0]:
            state = state._replace(rows=with_more_room(state.rows))
    return state, want_of[needs[found.left]]


@kernel
def _open_rows(
    begin: int, wants: Ints, tried: Table, index: Index, known: Known, bounds: Bounds, rows: Rows,
    f: Flow, found: Found, kept: Found,
) -> int:  # fmt: skip
    """Set what bounds the pairs a need does not list. Returns how many needs that was done for.

    Where helpers are known beforehand the row is begun as a search begins it, so that it lists
    them: what is known of them is not in the blocks.
    """
    for i in range(begin, wants.size):
        m = wants[i]
        n = index.wants.row[m]
        some = known.continuity_start[n + 1] - known.continuity_start[n]
        if some + known.allowed_start[n + 1] - known.allowed_start[n] > 0:
            if not extend(
                m, LISTED_FIRST, _ANY, _WHOLE, index, known, bounds, rows, f.seat, found, kept
            ):
                return i
        elif tried[i]:
            rows.row[m, FLOOR] = f.want[m, RENT] - f.want[m, WEIGHT]
    return int(wants.size)


@kernel
def _place(m: int, v: int, rows: Rows) -> int:
    """Where a need's row lists a seat."""
    start = rows.row[m, START]
    for i in range(rows.row[m, LENGTH]):
        if rows.pair[start + i, SEAT] == v:
            return i
    return NOWHERE


@kernel
def _hold(begin: int, pairs: Table, rows: Rows, f: Flow, kept: Found) -> int:
    """List and hold the pairs from ``begin`` on. Returns how far the room in the pool went."""
    seat = f.seat
    while begin < pairs.shape[0]:
        m, end, count = pairs[begin, _WANT], begin, 0
        while end < pairs.shape[0] and pairs[end, _WANT] == m:
            if _place(m, pairs[end, _SEAT], rows) == NOWHERE:
                kept.seat[count], kept.quality[count] = pairs[end, _SEAT], pairs[end, _QUALITY]
                kept.shared[count] = pairs[end, _SHARED]
                count += 1
            end += 1
        if not append(m, count, rows.next.size - 1, rows, kept):
            return begin
        for i in range(begin, end):
            v, slot, cost = pairs[i, _SEAT], pairs[i, _SLOT], pairs[i, _COST]
            first, fill = seat[v, FIRST], seat[v, FILL]
            if slot == NO_SLOT and pairs[i, _SHARED] and seat[v + 1, FIRST] - first > 1:
                # In a tile of one need nobody has two: which slot it is was left open.
                slot, cost = lowest(pairs[i, _SHARED] & ~seat[v, USED]), seat[v, PRICE]
            put(first + fill, m, _place(m, v, rows), slot, cost, rows, f)
            seat[v, FILL] = fill + 1
            if slot != NO_SLOT:
                seat[v, USED] |= 1 << slot
        f.want[m, GOT] += end - begin
        begin = end
    return begin
