"""One place at a time: the cheapest way to fill it, listing further pairs where they could matter.

The search is that of `stepdown.matching.search` (Dijkstra on reduced costs; successive shortest
paths: Ahuja, Magnanti and Orlin, Network Flows, 9.7). A row grows while a pair left out could still
improve the path: so the plan is the optimum over the complete graph, most of which is never listed.
"""

from stepdown.matching.arrays import Known
from stepdown.matching.kernel import lean
from stepdown.matching.national.blocks import LANES
from stepdown.matching.national.gather import Bounds, Found, Index
from stepdown.matching.national.heap import forget, reach, take_nearest
from stepdown.matching.national.rows import (
    FLOOR,
    HELD,
    LENGTH,
    LISTED_FIRST,
    NOBODY,
    QUALITY,
    SEAT,
    SHARED,
    START,
    Rows,
    extend,
)
from stepdown.matching.national.state import (
    ARC,
    COST,
    FILL,
    FIRST,
    GOT,
    MOST_AT_ONCE,
    NO_SLOT,
    PAIR,
    PARENT,
    PRICE,
    RENT,
    SLOT,
    USED,
    WANT,
    WEIGHT,
    Flow,
    Scratch,
)

NOWHERE = -1
EMPTY, FILLED, NO_ROOM, FOREIGN = 0, 1, 2, 3


@lean
def fill_place(
    m: int, part: int, index: Index, known: Known, bounds: Bounds, rows: Rows, f: Flow,
    s: Scratch, found: Found, kept: Found,
) -> int:  # fmt: skip
    """Fill one more place of a need if that makes the plan better; prices move with it.

    NO_ROOM and FOREIGN leave the plan as it was: the need must be tried again, with more room or
    when all parts of the country are solved.
    """
    want, seat, hold, row = f.want, f.seat, f.hold, rows.row
    wants, seats = want.shape[0], seat.shape[0] - 1
    best = want[m, RENT]
    end, settled, status = NOWHERE, 0, FILLED
    reach(m, 0, NOWHERE, NOWHERE, s)
    while s.size[0] > 0 and s.dist[s.heap[0]] < best:
        node = take_nearest(s)
        s.path[settled] = node
        settled += 1
        if node < wants:
            base = s.dist[node] + want[node, RENT] - want[node, WEIGHT]
            read = 0
            while True:
                best, new, status = _read_row(node, read, base, best, part, bounds, rows, f, s)
                if new != NOWHERE:
                    end = new
                # Where no pair left out can be better, the row has been read far enough.
                if status != FILLED or base - row[node, FLOOR] >= best:
                    break
                read = row[node, LENGTH]
                more = min(MOST_AT_ONCE, max(LISTED_FIRST, read))
                if not extend(
                    node, more, base - best, part, index, known, bounds, rows, seat, found, kept
                ):
                    status = NO_ROOM
                    break
            if status != FILLED:
                break
        elif node < wants + seats:
            best, new = _from_seat(node - wants, best, rows, f, s)
            if new != NOWHERE:
                end = new
        else:
            best, new = _from_holding(node - wants - seats, best, rows, f, s)
            if new != NOWHERE:
                end = new
    s.size[2] += settled
    s.size[3] += 1
    if status == FILLED:
        for i in range(settled):
            node = s.path[i]
            rise = best - s.dist[node]
            if node < wants:
                want[node, RENT] -= rise
            elif node < wants + seats:
                seat[node - wants, PRICE] += rise
            else:
                hold[node - wants - seats, COST] += rise
        if end != NOWHERE:
            _apply(m, end, rows, f, s)
        else:
            status = EMPTY
    forget(s)
    return status


@lean
def _read_row(
    m: int, read: int, base: int, best: int, part: int, bounds: Bounds, rows: Rows, f: Flow,
    s: Scratch,
) -> tuple[int, int, int]:  # fmt: skip
    """Offer a need's pairs from ``read`` on: the best end so far, the seat if it is new, status."""
    seat, hold, pair, parts = f.seat, f.hold, rows.pair, bounds.part
    wants, seats = f.want.shape[0], seat.shape[0] - 1
    start, length = rows.row[m, START], rows.row[m, LENGTH]
    end = NOWHERE
    for i in range(read, length):
        cost = base - pair[start + i, QUALITY]
        if cost >= best or pair[start + i, HELD] >= 0:
            continue
        v = pair[start + i, SEAT]
        if part >= 0 and parts[v // LANES] != part:
            return best, end, FOREIGN
        shared = pair[start + i, SHARED]
        first = seat[v, FIRST]
        room = seat[v + 1, FIRST] - first
        slotless = shared == 0 or room == 1
        if slotless or shared & ~seat[v, USED]:
            d = cost + seat[v, PRICE]
            if d < best:
                reach(wants + v, d, m, i, s)
                if seat[v, FILL] < room:
                    best, end = d, wants + v
        if not slotless and shared & seat[v, USED]:
            for h in range(first, first + seat[v, FILL]):
                if hold[h, SLOT] >= 0 and shared >> hold[h, SLOT] & 1:
                    d = cost + hold[h, COST]
                    if d < best:
                        reach(wants + seats + h, d, m, i, s)
    return best, end, FILLED


@lean
def _from_seat(v: int, best: int, rows: Rows, f: Flow, s: Scratch) -> tuple[int, int]:
    """One unit of capacity too many: some holding must give its unit up."""
    seat, hold = f.seat, f.hold
    wants, seats = f.want.shape[0], seat.shape[0] - 1
    node = wants + v
    d = s.dist[node] - seat[v, PRICE]
    end = NOWHERE
    first = seat[v, FIRST]
    for h in range(first, first + seat[v, FILL]):
        if hold[h, SLOT] < 0:
            best, end = _give_up(h, d, node, best, end, rows, f, s)
        elif d + hold[h, COST] < best:
            reach(wants + seats + h, d + hold[h, COST], node, h, s)
    return best, end


@lean
def _from_holding(h: int, best: int, rows: Rows, f: Flow, s: Scratch) -> tuple[int, int]:
    """The holding's slot is wanted: its need moves to another of their slots, or gives up."""
    seat, hold = f.seat, f.hold
    wants, seats = f.want.shape[0], seat.shape[0] - 1
    node = wants + seats + h
    base = s.dist[node] - hold[h, COST]
    best, end = _give_up(h, base, node, best, NOWHERE, rows, f, s)
    at = rows.row[hold[h, WANT], START] + hold[h, PAIR]
    v, shared = rows.pair[at, SEAT], rows.pair[at, SHARED]
    first = seat[v, FIRST]
    if shared & ~seat[v, USED]:
        d = base + seat[v, PRICE]
        if d < best:
            reach(wants + v, d, node, h, s)
            if seat[v, FILL] < seat[v + 1, FIRST] - first:
                best, end = d, wants + v
    for other in range(first, first + seat[v, FILL]):
        if other != h and hold[other, SLOT] >= 0 and shared >> hold[other, SLOT] & 1:
            d = base + hold[other, COST]
            if d < best:
                reach(wants + seats + other, d, node, h, s)
    return best, end


@lean
def _give_up(
    h: int, base: int, node: int, best: int, end: int, rows: Rows, f: Flow, s: Scratch
) -> tuple[int, int]:
    """The need of a holding loses it: it looks elsewhere, or its place stays empty (an end)."""
    m = f.hold[h, WANT]
    without = base + f.want[m, WEIGHT] + rows.pair[rows.row[m, START] + f.hold[h, PAIR], QUALITY]
    d = without - f.want[m, RENT]
    if d < best:
        reach(m, d, node, h, s)
        if without < best:
            best, end = without, m
    return best, end


@lean
def owner_of(h: int, rows: Rows, f: Flow) -> int:
    """The seat of a holding."""
    return int(rows.pair[rows.row[f.hold[h, WANT], START] + f.hold[h, PAIR], SEAT])


@lean
def lowest(mask: int) -> int:
    """The first slot of a mask that is not 0."""
    slot = 0
    while not mask >> slot & 1:
        slot += 1
    return slot


@lean
def free_slot(m: int, pair: int, rows: Rows, f: Flow) -> int:
    """The first slot a pair could take that is not in use, NO_SLOT where it takes none."""
    at = rows.row[m, START] + pair
    v, shared = rows.pair[at, SEAT], rows.pair[at, SHARED]
    if shared == 0 or f.seat[v + 1, FIRST] - f.seat[v, FIRST] == 1:
        return NO_SLOT
    return lowest(shared & ~f.seat[v, USED])


@lean
def put(h: int, m: int, pair: int, slot: int, cost: int, rows: Rows, f: Flow) -> None:
    """Write a pair into a holding."""
    hold = f.hold
    hold[h, WANT], hold[h, PAIR], hold[h, SLOT], hold[h, COST] = m, pair, slot, cost
    rows.pair[rows.row[m, START] + pair, HELD] = h


@lean
def mark_used(v: int, f: Flow) -> None:
    """Work out again which slots of a seat are in use."""
    seat, hold = f.seat, f.hold
    used = 0
    for h in range(seat[v, FIRST], seat[v, FIRST] + seat[v, FILL]):
        if hold[h, SLOT] >= 0:
            used |= 1 << hold[h, SLOT]
    seat[v, USED] = used


@lean
def _apply(m: int, end: int, rows: Rows, f: Flow, s: Scratch) -> None:
    """Walk a path from its need to its end, moving pairs as it says."""
    want, seat, hold, way = f.want, f.seat, f.hold, s.way
    wants, seats = want.shape[0], seat.shape[0] - 1
    path = s.path
    length = 0
    node = end
    while node != NOWHERE:
        path[length] = node
        length += 1
        node = way[node, PARENT]
    carrier, pair = NOWHERE, NOWHERE  # the pair on its way to a place
    slot = NO_SLOT  # the free slot it has been given
    for i in range(length - 2, -1, -1):
        before, node = path[i + 1], path[i]
        arc = way[node, ARC]
        if before < wants:
            carrier, pair = before, arc
        if node < wants:
            left, left_pair = carrier, pair
            if before < wants + seats:  # a holding without a slot gives its unit up
                left, left_pair = hold[arc, WANT], hold[arc, PAIR]
                put(arc, carrier, pair, slot, seat[before - wants, PRICE], rows, f)
            rows.pair[rows.row[left, START] + left_pair, HELD] = NOBODY
        elif node < wants + seats:
            slot = free_slot(carrier, pair, rows, f)
        else:
            h = node - wants - seats
            left, left_pair = hold[h, WANT], hold[h, PAIR]
            if wants <= before < wants + seats:  # the unit comes from here, the slot falls free
                put(h, carrier, pair, slot, seat[before - wants, PRICE], rows, f)
            else:
                put(h, carrier, pair, hold[h, SLOT], hold[h, COST], rows, f)
            carrier, pair = left, left_pair
    want[m, GOT] += 1
    if end < wants:
        want[end, GOT] -= 1
    else:
        v = end - wants
        put(seat[v, FIRST] + seat[v, FILL], carrier, pair, slot, seat[v, PRICE], rows, f)
        seat[v, FILL] += 1
    for i in range(length):
        node = path[i]
        if wants <= node < wants + seats:
            mark_used(node - wants, f)
        elif node >= wants + seats:
            mark_used(owner_of(node - wants - seats, rows, f), f)
