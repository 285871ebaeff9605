"""The other way round: a place of a volunteer falls free, and goes where it is worth most.

`fill` begins at a need and looks for a volunteer; this begins at a volunteer who has room and yet a
price, and looks for a need (Dijkstra on the same reduced costs, against the arrows). The path ends
at a need with an empty place, or at a volunteer whose place stays unused: prices on the way fall,
rents rise, and the rules of `stepdown.matching.flow` hold again. Needed to plan again after a
change: whoever a need that has gone leaves free may be what another has wanted all along.
"""

from stepdown.matching.arrays import Known
from stepdown.matching.kernel import lean
from stepdown.matching.national.demand import Asked, Demand, gather_wants
from stepdown.matching.national.fill import NOWHERE, free_slot, mark_used, owner_of, put
from stepdown.matching.national.gather import Found, Index
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
    append,
    place_in_row,
)
from stepdown.matching.national.seekers import Seekers, add_seeker
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
    PLACES,
    PRICE,
    RENT,
    SLOT,
    USED,
    WANT,
    WEIGHT,
    Flow,
    Scratch,
)

RELEASED, FULL = 1, 2
_ANY = -(1 << 59)


@lean
def _extend(
    s: int, more: int, cut: int, index: Index, known: Known, demand: Demand, rows: Rows,
    k: Seekers, f: Flow, found: Found, one: Found, asked: Asked,
) -> bool:  # fmt: skip
    """List more needs of a seat, in the needs' rows too; False where a pool is full."""
    found.serial[0] += 1
    for i in range(k.row[s, LENGTH]):
        found.mark[k.pair[k.row[s, START] + i, 0]] = found.serial[0]
    count, floor = gather_wants(s, more, cut, index, known, demand, f.want, found, asked)
    for i in range(count):
        m = found.seat[i]
        at = place_in_row(m, s, rows)
        if at == NOWHERE:
            at = rows.row[m, LENGTH]
            one.seat[0], one.quality[0], one.shared[0] = s, found.quality[i], found.shared[i]
            # A row is sorted piece by piece only, so that places in it stay what they are.
            if not append(m, 1, rows.next.size - 1, rows, one):
                return False
        if not add_seeker(s, m, at, k):
            return False
    k.row[s, FLOOR] = min(floor, k.row[s, FLOOR])
    return True


@lean
def _to_wants(
    node: int, s: int, slot: int, cost: int, read: int, best: int, rows: Rows, k: Seekers,
    f: Flow, x: Scratch,
) -> tuple[int, int]:  # fmt: skip
    """Offer a place (any free slot, or one slot) to the needs listed with a seat."""
    want, seat, pair = f.want, f.seat, rows.pair
    first = k.row[s, START]
    single = seat[s + 1, FIRST] - seat[s, FIRST] == 1
    d = x.dist[node] + cost
    end = NOWHERE
    for i in range(read, k.row[s, LENGTH]):
        m, at = k.pair[first + i, 0], k.pair[first + i, 1]
        e = rows.row[m, START] + at
        if pair[e, HELD] >= 0:
            continue
        on = d + want[m, RENT] - want[m, WEIGHT] - pair[e, QUALITY]
        if on >= best:
            continue
        shared = pair[e, SHARED]
        if slot >= 0:
            if not shared >> slot & 1:
                continue
        elif not (shared == 0 or single or shared & ~seat[s, USED]):
            continue
        reach(m, on, node, at, x)
        if want[m, GOT] < want[m, PLACES] and want[m, RENT] == 0:
            best, end = on, m
    return best, end


@lean
def _from_want(m: int, best: int, rows: Rows, f: Flow, x: Scratch) -> None:
    """A need that has been given a place can give up any other that it holds."""
    want, seat, hold, pair = f.want, f.seat, f.hold, rows.pair
    wants, seats = want.shape[0], seat.shape[0] - 1
    start = rows.row[m, START]
    for e in range(start, start + rows.row[m, LENGTH]):
        h = pair[e, HELD]
        if h < 0:
            continue
        d = x.dist[m] + want[m, WEIGHT] + pair[e, QUALITY] - want[m, RENT]
        s = pair[e, SEAT]
        if hold[h, SLOT] < 0:
            if d - seat[s, PRICE] < best:
                reach(wants + s, d - seat[s, PRICE], m, h, x)
        elif d - hold[h, COST] < best:
            reach(wants + seats + h, d - hold[h, COST], m, h, x)


@lean
def release(
    origin: int, index: Index, known: Known, demand: Demand, rows: Rows, k: Seekers, f: Flow,
    x: Scratch, found: Found, one: Found, asked: Asked,
) -> int:  # fmt: skip
    """Give one free place of a seat with a price to the need that gains most by it, or leave it
    free at a lower price. FULL leaves the plan as it was: pools must grow first."""
    want, seat, hold = f.want, f.seat, f.hold
    wants, seats = want.shape[0], seat.shape[0] - 1
    best, end, settled, status = seat[origin, PRICE], wants + origin, 0, RELEASED
    reach(wants + origin, 0, NOWHERE, NOWHERE, x)
    while x.size[0] > 0 and x.dist[x.heap[0]] < best:
        node = take_nearest(x)
        x.path[settled] = node
        settled += 1
        if node < wants:
            _from_want(node, best, rows, f, x)
            continue
        if node < wants + seats:
            s, slot, cost = node - wants, NO_SLOT, seat[node - wants, PRICE]
            if x.dist[node] + cost < best:
                best, end = x.dist[node] + cost, node
        else:
            h = node - wants - seats
            s, slot, cost = owner_of(h, rows, f), hold[h, SLOT], hold[h, COST]
        # Other holdings of theirs could move to the slot, or to a free one, and set theirs free.
        for other in range(seat[s, FIRST], seat[s, FIRST] + seat[s, FILL]):
            if hold[other, SLOT] < 0 or wants + seats + other == node:
                continue
            shared = rows.pair[rows.row[hold[other, WANT], START] + hold[other, PAIR], SHARED]
            fits = shared & ~seat[s, USED] if slot < 0 else shared >> slot & 1
            on = x.dist[node] + cost - hold[other, COST]
            if fits and on < best:
                reach(wants + seats + other, on, node, other, x)
        if slot >= 0 and x.dist[node] + cost - seat[s, PRICE] < best:
            reach(wants + s, x.dist[node] + cost - seat[s, PRICE], node, node - wants - seats, x)
        read = 0
        while True:
            best, new = _to_wants(node, s, slot, cost, read, best, rows, k, f, x)
            if new != NOWHERE:
                end = new
            if x.dist[node] + cost - k.row[s, FLOOR] >= best:
                break
            read = k.row[s, LENGTH]
            more = min(MOST_AT_ONCE, max(LISTED_FIRST, read))
            cut = x.dist[node] + cost - best
            if not _extend(s, more, cut, index, known, demand, rows, k, f, found, one, asked):
                status = FULL
                break
        if status == FULL:
            break
    x.size[2] += settled
    x.size[3] += 1
    if status == RELEASED:
        for i in range(settled):
            node = x.path[i]
            fall = best - x.dist[node]
            if node < wants:
                want[node, RENT] += fall
            elif node < wants + seats:
                seat[node - wants, PRICE] -= fall
            else:
                hold[node - wants - seats, COST] -= fall
        _apply(origin, end, rows, f, x)
    forget(x)
    return status


@lean
def _apply(origin: int, end: int, rows: Rows, f: Flow, x: Scratch) -> None:
    """Walk a path from the seat with a place to its end, moving pairs as it says."""
    want, seat, hold, way = f.want, f.seat, f.hold, x.way
    wants, seats = want.shape[0], seat.shape[0] - 1
    path = x.path
    length = 0
    node = end
    while node != NOWHERE:
        path[length] = node
        length += 1
        node = way[node, PARENT]
    s = origin
    hole = NOWHERE  # the holding that has been emptied, NOWHERE where the seat has room besides
    for i in range(length - 2, -1, -1):
        before, node = path[i + 1], path[i]
        arc = way[node, ARC]
        if node < wants:
            if before < wants + seats:
                slot = free_slot(node, arc, rows, f)
                hole = _hole_or_new(hole, s, f)
                put(hole, node, arc, slot, seat[s, PRICE], rows, f)
            else:
                put(hole, node, arc, hold[hole, SLOT], hold[hole, COST], rows, f)
            mark_used(s, f)
            hole = NOWHERE
            if i == 0:
                want[node, GOT] += 1
        elif before < wants:
            hole = arc
            s = owner_of(hole, rows, f)
            pair = rows.row[hold[hole, WANT], START] + hold[hole, PAIR]
            rows.pair[pair, HELD] = NOBODY
            if node < wants + seats:
                hold[hole, SLOT] = NO_SLOT
                _mark_used_but(s, hole, f)
        elif node < wants + seats:  # the slot falls free with the place
            hold[hole, SLOT] = NO_SLOT
            _mark_used_but(s, hole, f)
        else:  # another holding moves, and leaves its slot
            other = node - wants - seats
            mover, pair = hold[other, WANT], hold[other, PAIR]
            if before < wants + seats:
                slot = free_slot(mover, pair, rows, f)
                hole = _hole_or_new(hole, s, f)
                put(hole, mover, pair, slot, seat[s, PRICE], rows, f)
            else:
                put(hole, mover, pair, hold[hole, SLOT], hold[hole, COST], rows, f)
            mark_used(s, f)
            hole = other
    if end >= wants and hole != NOWHERE:
        _close(hole, s, rows, f)


@lean
def _hole_or_new(hole: int, s: int, f: Flow) -> int:
    """The emptied holding, or the seat's next."""
    if hole != NOWHERE:
        return hole
    f.seat[s, FILL] += 1
    return int(f.seat[s, FIRST] + f.seat[s, FILL] - 1)


@lean
def _mark_used_but(s: int, hole: int, f: Flow) -> None:
    """The slots in use without those of an emptied holding."""
    used = 0
    for h in range(f.seat[s, FIRST], f.seat[s, FIRST] + f.seat[s, FILL]):
        if h != hole and f.hold[h, SLOT] >= 0:
            used |= 1 << f.hold[h, SLOT]
    f.seat[s, USED] = used


@lean
def _close(hole: int, s: int, rows: Rows, f: Flow) -> None:
    """An emptied holding goes: the seat's last one takes its place."""
    hold = f.hold
    last = f.seat[s, FIRST] + f.seat[s, FILL] - 1
    if hole != last:
        put(hole, hold[last, WANT], hold[last, PAIR], hold[last, SLOT], hold[last, COST], rows, f)
    f.seat[s, FILL] -= 1
    mark_used(s, f)
