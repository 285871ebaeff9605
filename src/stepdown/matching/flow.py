"""The state of a plan while it is being made: who holds what, and the integer prices that prove it.

The network is volunteer → (volunteer, slot) → (volunteer, need) → need. Prices keep complementary
slackness exactly, at every step:

* ``need_rent[n]``: at least weight - price for every pair the need does not hold, at most that for
  every pair it holds; 0 once the need has an unfilled place that cannot be filled;
* ``volunteer_price[v]``: what one unit of their capacity is worth; 0 while they have one free;
* ``holding_price[h]``: what the slot of a holding is worth, with the capacity: at least the
  volunteer's price. A slot not in use costs the volunteer's price, so only slots in use are nodes.

A volunteer with one place left cannot be double-booked: their slot is chosen after solving and they
need no slot nodes. Nodes are numbered needs first, then volunteers, then holdings.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stepdown.matching.arrays import Ints
from stepdown.matching.candidates import Edges

Bytes = npt.NDArray[np.uint8]


class Graph(NamedTuple):
    """What does not change while solving."""

    start: Ints
    volunteer: npt.NDArray[np.int32]
    quality: npt.NDArray[np.int32]
    shared: npt.NDArray[np.int32]
    need: npt.NDArray[np.int32]  # of each edge
    band_weight: Ints  # of each need
    capacity: Ints  # of each volunteer, at most one more than their edges
    places: Ints  # of each need, no more than its edges
    hold_start: Ints  # [volunteers + 1]
    single: Bytes  # 1 for volunteers with one place, whose slot is chosen after solving


class Flow(NamedTuple):
    """What does."""

    need_rent: Ints
    got: Ints
    volunteer_price: Ints
    fill: Ints
    used: Ints  # mask of slots in use
    holding_edge: Ints
    holding_slot: Ints  # NO_SLOT where none is taken or the choice is left for later
    holding_price: Ints
    taken: Bytes  # of each edge


class Scratch(NamedTuple):
    """Room for one search at a time. Arrays run over nodes."""

    dist: Ints
    parent: Ints
    arc: Ints
    heap: Ints
    position: Ints
    touched: Ints
    path: Ints
    size: Ints  # heap size, touched, settled


NO_SLOT = -1


def band_step(edges: Edges, places: Ints, most: int) -> int:
    """The step by which band weights fall.

    Any step above D·Q (D places that can be filled, Q the best quality) makes one scalar objective
    exact. Twice that with a place to spare lets a difference of two objectives, and a plan with one
    place more, still be read back as (places by band, quality).
    """
    reachable = int(np.minimum(places, np.diff(edges.start)).sum())
    return 2 * (reachable + 1) * most + 1


def make_graph(edges: Edges, capacity: Ints, places: Ints, band: Ints, step: int) -> Graph:
    """The graph of the solver, from the feasible pairs and what remains of capacity and places."""
    degree = np.bincount(edges.volunteer, minlength=capacity.size)
    # One to spare, so that a pair tried out later finds the room it would have.
    limited = np.minimum(capacity, degree + 1)
    hold_start = np.zeros(capacity.size + 1, np.int64)
    np.cumsum(limited, out=hold_start[1:])
    rows = np.diff(edges.start)
    need = np.repeat(np.arange(band.size, dtype=np.int32), rows)
    weight = (5 - band) * step
    single = (limited == 1).astype(np.uint8)
    return Graph(*edges, need, weight, limited, np.minimum(places, rows), hold_start, single)


def empty_flow(graph: Graph) -> Flow:
    """Nobody planned, every price 0."""
    needs, people = graph.band_weight.size, graph.capacity.size
    holdings = int(graph.hold_start[-1])

    def zeros(size: int) -> Ints:
        return np.zeros(size, np.int64)

    return Flow(
        zeros(needs),
        zeros(needs),
        zeros(people),
        zeros(people),
        zeros(people),
        zeros(holdings),
        np.full(holdings, NO_SLOT, np.int64),
        zeros(holdings),
        np.zeros(graph.volunteer.size, np.uint8),
    )


def scratch_for(graph: Graph) -> Scratch:
    """Room for searches over this graph."""
    nodes = graph.band_weight.size + graph.capacity.size + int(graph.hold_start[-1])

    def room(value: int = 0) -> Ints:
        return np.full(nodes, value, np.int64)

    return Scratch(
        room(), room(-1), room(-1), room(), room(-1), room(), room(), np.zeros(2, np.int64)
    )
