"""The exact optimum over the complete graph of a country, in two halves at once and then as one.

Needs are filled most urgent band first, neighbours together. While the halves are solved apart, a
need whose best volunteers may lie across the line is left for the end: successive shortest paths
are exact in any order. The halves depend on the rows alone, so the plan does not depend on threads.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import numpy as np

from stepdown.matching.arrays import Ints, Known
from stepdown.matching.kernel import kernel, lean
from stepdown.matching.national.blocks import BOTTOM, GROUP, LANES, TOP
from stepdown.matching.national.fill import EMPTY, FILLED, NOWHERE, fill_place, lowest, put
from stepdown.matching.national.gather import Bounds, Found, Index
from stepdown.matching.national.order import Small, Table
from stepdown.matching.national.rows import (
    FLOOR,
    HELD,
    LENGTH,
    LISTED_FIRST,
    QUALITY,
    SEAT,
    SHARED,
    START,
    Rows,
    extend,
    with_more_room,
)
from stepdown.matching.national.state import (
    FILL,
    FIRST,
    GOT,
    NO_SLOT,
    PAIR,
    PLACES,
    PRICE,
    RENT,
    SLOT,
    USED,
    WANT,
    WEIGHT,
    Flow,
    Scratch,
    State,
    scratch_for,
    search_room,
)

Progress = Callable[[str, int, int], None]
CHUNK = 4096
_ANY = -(1 << 59)
APART = 20_000  # fewer needs than these are solved as one
DONE = -1


def prefetch(state: State, threads: int, progress: Progress | None) -> None:
    """List the best few pairs of every need: prices are 0, so the order of needs cannot matter."""
    count = state.flow.want.shape[0]
    parts = [(first, min(first + CHUNK, count)) for first in range(0, count, CHUNK)]
    rooms = [search_room(state) for _ in range(max(1, threads))]

    def work(room: int) -> None:
        found, kept = rooms[room]
        for first, last in parts[room :: len(rooms)]:
            _prefetch(
                first, last, state.index, state.known, state.bounds, state.rows, state.flow.seat,
                found, kept,
            )  # fmt: skip

    _together(work, len(rooms), len(rooms))
    if progress is not None:
        progress("candidates", count, count)


@lean
def _prefetch(
    first: int, last: int, index: Index, known: Known, bounds: Bounds, rows: Rows, seat: Table,
    found: Found, kept: Found,
) -> None:  # fmt: skip
    for m in range(first, last):
        n = index.wants.row[m]
        # Pairs known beforehand may need more room than a new row has: those wait for the solver.
        some = known.continuity_start[n + 1] - known.continuity_start[n]
        if some + known.allowed_start[n + 1] - known.allowed_start[n] == 0:
            extend(m, LISTED_FIRST, _ANY, -1, index, known, bounds, rows, seat, found, kept)


def _together(task: Callable[[int], None], times: int, threads: int) -> None:
    """Do a task for each number below ``times``; which thread does it changes nothing."""
    with ThreadPoolExecutor(max(1, threads)) as pool:
        list(pool.map(task, range(times)))


def in_turn(band: Small) -> Small:
    """The order in which needs are filled: by band, and inside a band all over the country at once
    (by the reversed bits of their place), so that no corner runs out long before the others: a
    search for somebody with room then never has far to go."""
    count = band.size
    number = np.arange(count)
    turned = np.zeros(count, np.int64)
    for bit in range(max(1, count - 1).bit_length()):
        turned = turned << 1 | number >> bit & 1
    return np.lexsort((turned, band)).astype(np.int32)


def solve(
    state: State,
    *,
    threads: int = 2,
    until: float | None = None,
    progress: Progress | None = None,
) -> tuple[State, bool]:
    """Fill every place that makes the plan better. Returns the state, and whether it was finished
    in time (``until`` on the monotonic clock). The state may have been given larger pools."""
    band = state.index.wants.band
    order = in_turn(band)
    finished = True
    if order.size >= APART:
        part_of = _halves(state)
        queues = [order[part_of[order] == half] for half in range(2)]
        results = [True, True]

        def work(half: int) -> None:
            results[half] = _run(state, queues[half], half, until, None)

        _together(work, 2, threads)
        finished = all(results)
        order = order[np.isin(order, np.concatenate(queues))]
        look_again(state.bounds, state.flow.seat)
    return fill_queue(state, order, until, progress) if finished else (state, False)


def fill_queue(
    state: State, queue: Small, until: float | None, progress: Progress | None
) -> tuple[State, bool]:
    """Fill the needs of a queue, with more room for pairs where they want it."""
    finished = True
    while finished and queue.size:
        finished = _run(state, queue, -1, until, progress)
        queue = queue[queue != DONE]
        if queue.size and finished:
            state = state._replace(rows=with_more_room(state.rows))
    return state, finished


def _halves(state: State) -> Small:
    """North and south, as many needs in each; blocks go by the middle of their group."""
    blocks, wants = state.index.blocks, state.index.wants
    line = int(np.median(wants.y))
    middle = (blocks.group[:, BOTTOM] + blocks.group[:, TOP]) // 2
    state.bounds.part[:] = np.repeat(middle > line, GROUP)
    return (wants.y > line).astype(np.int32)


def _run(
    state: State, queue: Small, part: int, until: float | None, progress: Progress | None
) -> bool:
    """Fill the needs of a queue; those done are struck out. False when time ran out."""
    scratch = scratch_for(state)
    found, kept = search_room(state)
    for first in range(0, queue.size, CHUNK):
        if until is not None and monotonic() > until:
            return False
        last = min(first + CHUNK, queue.size)
        _fill(
            queue, first, last, part, state.index, state.known, state.bounds, state.rows,
            state.flow, scratch, found, kept,
        )  # fmt: skip
        if part < 0:
            look_again(state.bounds, state.flow.seat)
        if progress is not None:
            progress("solve", last, queue.size)
    return True


@lean
def _fill(
    queue: Small, first: int, last: int, part: int, index: Index, known: Known, bounds: Bounds,
    rows: Rows, f: Flow, s: Scratch, found: Found, kept: Found,
) -> None:  # fmt: skip
    for i in range(first, last):
        m = queue[i]
        status = FILLED
        while f.want[m, GOT] < f.want[m, PLACES] and status == FILLED:
            if not _direct(m, part, bounds, rows, f):
                status = fill_place(m, part, index, known, bounds, rows, f, s, found, kept)
        if status in (FILLED, EMPTY):
            queue[i] = DONE


@lean
def _direct(m: int, part: int, bounds: Bounds, rows: Rows, f: Flow) -> bool:
    """Give the need its best pair where that volunteer has room: nobody moves."""
    want, seat, pair, parts = f.want, f.seat, rows.pair, bounds.part
    best, at = -1, NOWHERE
    start, length = rows.row[m, START], rows.row[m, LENGTH]
    for e in range(start, start + length):
        if pair[e, HELD] >= 0 or pair[e, QUALITY] <= best:
            continue
        v = pair[e, SEAT]
        if part >= 0 and parts[v // LANES] != part:
            return False
        if pair[e, QUALITY] - seat[v, PRICE] > best:
            best, at = pair[e, QUALITY] - seat[v, PRICE], e
    if at == NOWHERE or rows.row[m, FLOOR] > best:
        return False
    v, shared = pair[at, SEAT], pair[at, SHARED]
    first, fill = seat[v, FIRST], seat[v, FILL]
    room = seat[v + 1, FIRST] - first
    slot = NO_SLOT
    if fill == room:
        return False
    if shared and room > 1:
        free = shared & ~seat[v, USED]
        if not free:
            return False
        slot = lowest(free)
        seat[v, USED] |= 1 << slot
    put(first + fill, m, at - start, slot, seat[v, PRICE], rows, f)
    seat[v, FILL] += 1
    want[m, GOT] += 1
    want[m, RENT] = want[m, WEIGHT] + best
    return True


@kernel
def look_again(bounds: Bounds, seat: Table) -> None:
    """Look at the least price of each block and group again."""
    blocks = bounds.block.size
    for b in range(blocks):
        least = seat[b * LANES, PRICE]
        for v in range(b * LANES + 1, (b + 1) * LANES):
            least = min(least, seat[v, PRICE])
        bounds.block[b] = least
    for g in range(blocks // GROUP):
        bounds.group[g] = bounds.block[g * GROUP : (g + 1) * GROUP].min()


def pairs_of(state: State) -> tuple[Ints, Ints, Ints, Ints]:
    """Wants, seats, slots and quality of the pairs of a plan."""
    size = int(state.flow.seat[:, FILL].sum())
    want, seat, slot, quality = (np.empty(size, np.int64) for _ in range(4))
    _list_pairs(state.rows, state.flow, want, seat, slot, quality)
    return want, seat, slot, quality


@lean
def _list_pairs(rows: Rows, f: Flow, want: Ints, seats: Ints, slots: Ints, points: Ints) -> None:
    seat, hold = f.seat, f.hold
    count = 0
    for v in range(seat.shape[0] - 1):
        first = seat[v, FIRST]
        single = seat[v + 1, FIRST] - first == 1
        for h in range(first, first + seat[v, FILL]):
            e = rows.row[hold[h, WANT], START] + hold[h, PAIR]
            shared = rows.pair[e, SHARED]
            slot = hold[h, SLOT]
            if single and shared:
                slot = lowest(shared)
            want[count], seats[count], slots[count] = hold[h, WANT], v, slot
            points[count] = rows.pair[e, QUALITY]
            count += 1
