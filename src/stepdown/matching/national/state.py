"""A national plan while it is being made: who holds what, and the prices that prove it.

The network and the rules that prices keep are those of `stepdown.matching.flow`; what differs is
that pairs are listed as they are needed (`rows`). A pair is known by its want and its place in the
want's row. Nodes are numbered wants first, then seats, then holdings. What is read together lies
together: each table is one array with named columns.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stepdown.matching.arrays import Arrays, Ints, Known
from stepdown.matching.national import blocks as blocks_module
from stepdown.matching.national import wants as wants_module
from stepdown.matching.national.gather import Bounds, Found, Index, room_for
from stepdown.matching.national.order import Small, Table
from stepdown.matching.national.rows import Rows, make_rows
from stepdown.matching.scoring import MAX_QUALITY

# Columns of ``want``: the weight of its band, its rent, places got and places asked for.
WEIGHT, RENT, GOT, PLACES = 0, 1, 2, 3
# Columns of ``seat``: price of a place, places taken, mask of slots in use, its first holding. One
# row more than there are seats, so that the next row's first holding ends this one's.
PRICE, FILL, USED, FIRST = 0, 1, 2, 3
# Columns of ``hold``: the want, the pair in its row, the slot taken (NO_SLOT where there is none or
# the choice is left for later), and what the slot costs with the place.
WANT, PAIR, SLOT, COST = 0, 1, 2, 3
NO_SLOT = -1
# Columns of ``way``: the node before, the pair or holding between, the place in the heap.
PARENT, ARC, AT = 0, 1, 2

MOST_AT_ONCE = 256  # pairs listed by one search
_MOST = 1 << 62


class Flow(NamedTuple):
    """Who holds what, at which price: see the columns above."""

    want: Table
    seat: Table
    hold: Table


class Scratch(NamedTuple):
    """Room for one search at a time. Arrays run over nodes; ``AT`` is 0 for nodes not seen."""

    dist: Ints
    way: npt.NDArray[np.int32]
    heap: Small
    touched: Small
    path: Small
    size: Ints  # nodes in the heap, touched; settled and searches so far


class State(NamedTuple):
    """Everything a plan is made of."""

    index: Index  # type: ignore[assignment]  # it hides tuple.index, which nobody needs
    known: Known
    bounds: Bounds
    rows: Rows
    flow: Flow
    step: int


def band_step(places: int) -> int:
    """The step by which band weights fall (see `stepdown.matching.flow.band_step`).

    ValueError where a sum of weights might not fit 64 bits.
    """
    step = 2 * (places + 1) * MAX_QUALITY + 1
    if 8 * step * (places + 1) > _MOST:
        raise ValueError(f"{places:,} places are more than one plan can hold")
    return step


def begin(arrays: Arrays, parts: int, *, step: int = 0, like: Index | None = None) -> State:
    """An empty plan: nobody planned, every price 0, nothing listed.

    Band weights fall by ``step`` where that is enough, so that earlier prices still mean the same.
    Volunteers who are the same columns as those of ``like`` keep their blocks.
    """
    if (
        like is not None
        and like.people is arrays.volunteers
        and arrays.known.allowed.size == 0
        and blocks_module.still_good(like.planes, arrays)
    ):
        blocks, planes = like.blocks, like.planes
    else:
        blocks, planes = blocks_module.build(arrays)
    wants = wants_module.build(arrays, blocks, planes)
    index = Index(blocks, planes, wants, arrays.volunteers)
    seats, count = blocks.capacity.size, wants.row.size
    bounds = Bounds(
        np.zeros(blocks.open.size, np.int64),
        np.zeros(blocks.group.shape[0], np.int64),
        np.zeros(blocks.open.size, np.uint8),
    )
    places = int(wants.places.sum(dtype=np.int64))
    if not band_step(places) <= step <= _MOST // (8 * places + 8):
        step = band_step(places)
    want = np.zeros((count, 4), np.int64)
    want[:, WEIGHT] = (5 - wants.band.astype(np.int64)) * step
    want[:, RENT] = want[:, WEIGHT] + MAX_QUALITY
    want[:, PLACES] = wants.places
    seat = np.zeros((seats + 1, 4), np.int64)
    # One place more than there are needs, so that who could never be full never has a price.
    np.cumsum(np.minimum(blocks.capacity, count + 1), out=seat[1:, FIRST])
    flow = Flow(want, seat, np.zeros((int(seat[-1, FIRST]), 4), np.int64))
    spare = max(4096, 128 * count)
    return State(index, arrays.known, bounds, make_rows(count, parts, spare), flow, step)


def scratch_for(state: State) -> Scratch:
    """Room for searches over this plan: memory is touched where a search goes."""
    flow = state.flow
    nodes = flow.want.shape[0] + flow.seat.shape[0] - 1 + flow.hold.shape[0]
    return Scratch(
        np.empty(nodes, np.int64),
        np.zeros((nodes, 3), np.int32),
        np.empty(nodes, np.int32),
        np.empty(nodes, np.int32),
        np.empty(nodes, np.int32),
        np.zeros(4, np.int64),
    )


def search_room(state: State) -> tuple[Found, Found]:
    """Room for looking pairs up: for searches, and for the pairs known beforehand."""
    known = state.known
    most = int(np.diff(known.continuity_start).max(initial=0))
    most += int(np.diff(known.allowed_start).max(initial=0))
    seats = state.index.blocks.capacity.size
    return room_for(MOST_AT_ONCE, seats), room_for(most + 1, 0)
