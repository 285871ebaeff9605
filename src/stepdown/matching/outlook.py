"""What one more pair, or one more unit of somebody's capacity, would be worth to a finished plan.

Two passes over the residual graph of a solved plan answer it for every volunteer at once:

* ``to_go``: what it costs to take a volunteer (or one of their slots) for one pair more: 0 where
  they have room, else what is lost by the cheapest chain of moves that makes room;
* ``from_empty``: the best use of one more unit of a volunteer's capacity: which empty place would
  be filled by the best chain of moves that ends there.

By the theory of successive shortest paths the answer is the change of the exact optimum: it is what
solving again would find.
"""

from typing import NamedTuple

import numpy as np

from stepdown.matching.arrays import Arrays, Ints, Known, Needs, Volunteers
from stepdown.matching.candidates import mask_row, quality_row
from stepdown.matching.flow import NO_SLOT, Flow, Graph, Scratch, scratch_for
from stepdown.matching.heap import take_nearest
from stepdown.matching.kernel import kernel
from stepdown.matching.rules import Rule
from stepdown.matching.search import NOWHERE, owner_of, planned, reach, step_from
from stepdown.matching.solve import Solution

FAR = 1 << 60
_CAPACITY = Rule.CAPACITY.bit


class Outlook(NamedTuple):
    """Arrays of weights (see `flow.band_step`): FAR where there is no way at all."""

    used: Ints  # mask of slots the plan uses of each volunteer
    hold_start: Ints  # holdings of each volunteer
    holding_slot: Ints  # NO_SLOT where none
    volunteer_to_go: Ints
    holding_to_go: Ints
    least_to_go: Ints  # the least of a volunteer's own and their holdings'
    need_from_empty: Ints  # what the best chain from an empty place loses on its way to the need
    need_root: Ints  # the need with the empty place, NOWHERE where none
    volunteer_gain: Ints  # what one more unit of capacity gains
    volunteer_root: Ints


def look(solution: Solution, open_places: Ints) -> Outlook:
    """Both passes. ``open_places`` are the places of each need that the plan was asked to fill."""
    graph, flow = solution.graph, solution.flow
    # A need with an empty place has no rent; one with fewer pairs than places may still carry some.
    rent = np.where(flow.got < open_places, 0, flow.need_rent)
    graph, flow = _with_slots(graph, flow._replace(need_rent=rent))
    by_volunteer = np.argsort(graph.volunteer, kind="stable")
    starts = np.zeros(graph.capacity.size + 1, np.int64)
    np.cumsum(np.bincount(graph.volunteer, minlength=graph.capacity.size), out=starts[1:])
    needs, people = graph.band_weight.size, graph.capacity.size
    prices = np.concatenate((-rent, flow.volunteer_price, flow.holding_price))
    back = _to_go(starts, by_volunteer, graph, flow, scratch_for(graph))
    cost = np.where(back < FAR, back + prices, FAR)
    empty = np.flatnonzero(flow.got < open_places)
    ahead, root = _from_empty(empty, graph, flow, scratch_for(graph))
    lost = np.where(ahead < FAR, ahead - prices, FAR)
    least = cost[needs : needs + people].copy()
    owners = np.repeat(np.arange(people), graph.capacity)
    np.minimum.at(least, owners, cost[needs + people :])
    return Outlook(
        flow.used,
        graph.hold_start,
        flow.holding_slot,
        cost[needs : needs + people],
        cost[needs + people :],
        least,
        lost[:needs],
        root[:needs],
        -lost[needs : needs + people],
        root[needs : needs + people],
    )


def capacity_gains(arrays: Arrays, solution: Solution, outlook: Outlook) -> tuple[Ints, Ints]:
    """What one more unit of each volunteer's capacity gains, and the need that would get it.

    Volunteers with nothing left are not in the graph: their pairs are found again here.
    """
    gain, root = outlook.volunteer_gain.copy(), outlook.volunteer_root.copy()
    _gains_of_full(*arrays, solution.graph.band_weight, outlook, gain, root)
    return gain, root


@kernel
def _gains_of_full(
    people: Volunteers,
    needs: Needs,
    known: Known,
    band_weight: Ints,
    outlook: Outlook,
    gain: Ints,
    root: Ints,
) -> None:
    masks = np.empty(gain.size, np.int64)
    for n in range(band_weight.size):
        lost = outlook.need_from_empty[n]
        if lost >= FAR:
            continue
        mask_row(n, people, needs, known, masks)
        full = np.flatnonzero(masks == _CAPACITY)
        points = quality_row(n, full, people, needs, known)
        for i in range(full.size):
            worth = band_weight[n] + points[i] - lost
            if worth > gain[full[i]]:
                gain[full[i]] = worth
                root[full[i]] = outlook.need_root[n]


def _with_slots(graph: Graph, flow: Flow) -> tuple[Graph, Flow]:
    """Volunteers with one place get slot nodes too: one unit more could double-book them."""
    owners = np.repeat(np.arange(graph.capacity.size), graph.capacity)
    edges, slots = planned(graph, flow)
    slot = flow.holding_slot.copy()
    price = flow.holding_price.copy()
    used = flow.used.copy()
    chosen = np.full(flow.taken.size, NO_SLOT, np.int64)
    chosen[edges] = slots
    first = graph.hold_start[:-1]
    single = np.flatnonzero((graph.single == 1) & (flow.fill == 1))
    at = first[single]
    slot[at] = chosen[flow.holding_edge[at]]
    price[at] = flow.volunteer_price[owners[at]]
    used[single] = np.where(slot[at] >= 0, 1 << np.maximum(slot[at], 0), 0)
    return (
        graph._replace(single=np.zeros_like(graph.single)),
        flow._replace(holding_slot=slot, holding_price=price, used=used),
    )


@kernel
def _holding_of_edge(g: Graph, f: Flow) -> Ints:
    holdings = np.full(f.taken.size, -1, np.int64)
    for v in range(g.capacity.size):
        for h in range(g.hold_start[v], g.hold_start[v] + f.fill[v]):
            holdings[f.holding_edge[h]] = h
    return holdings


@kernel
def _to_go(starts: Ints, by_volunteer: Ints, g: Graph, f: Flow, s: Scratch) -> Ints:
    """Reduced distance from each node to the nearest end, walking the residual graph backwards."""
    needs, people = g.band_weight.size, g.capacity.size
    holdings = _holding_of_edge(g, f)
    for v in range(people):
        if f.fill[v] < g.capacity[v]:
            reach(needs + v, 0, NOWHERE, NOWHERE, s)
    for n in range(needs):
        if f.got[n] > 0:
            reach(n, f.need_rent[n], NOWHERE, NOWHERE, s)
    result = np.full(s.dist.size, FAR, np.int64)
    while s.size[0] > 0:
        node = take_nearest(s.dist, s.heap, s.position, s.size)
        result[node] = s.dist[node]
        if node < needs:
            _into_need(node, holdings, g, f, s)
        elif node < needs + people:
            _into_volunteer(node - needs, starts, by_volunteer, g, f, s)
        else:
            _into_holding(node - needs - people, starts, by_volunteer, g, f, s)
    return result


@kernel
def _into_need(n: int, holdings: Ints, g: Graph, f: Flow, s: Scratch) -> None:
    needs, people = g.band_weight.size, g.capacity.size
    for e in range(g.start[n], g.start[n + 1]):
        if not f.taken[e]:
            continue
        h = holdings[e]
        v = g.volunteer[e]
        d = s.dist[n] + g.band_weight[n] + g.quality[e] - f.need_rent[n]
        if f.holding_slot[h] < 0:
            reach(needs + v, d - f.volunteer_price[v], NOWHERE, NOWHERE, s)
        else:
            reach(needs + people + h, d - f.holding_price[h], NOWHERE, NOWHERE, s)


@kernel
def _into_volunteer(
    v: int, starts: Ints, by_volunteer: Ints, g: Graph, f: Flow, s: Scratch
) -> None:
    needs, people = g.band_weight.size, g.capacity.size
    d = s.dist[needs + v] + f.volunteer_price[v]
    for k in range(starts[v], starts[v + 1]):
        e = by_volunteer[k]
        slotless = g.shared[e] == 0 or g.single[v]
        if not f.taken[e] and (slotless or g.shared[e] & ~f.used[v]):
            n = g.need[e]
            weight = g.band_weight[n] + g.quality[e]
            reach(n, d + f.need_rent[n] - weight, NOWHERE, NOWHERE, s)
    for h in range(g.hold_start[v], g.hold_start[v] + f.fill[v]):
        if f.holding_slot[h] >= 0 and g.shared[f.holding_edge[h]] & ~f.used[v]:
            reach(needs + people + h, d - f.holding_price[h], NOWHERE, NOWHERE, s)


@kernel
def _into_holding(h: int, starts: Ints, by_volunteer: Ints, g: Graph, f: Flow, s: Scratch) -> None:
    needs, people = g.band_weight.size, g.capacity.size
    v = owner_of(h, g, f)
    slot = f.holding_slot[h]
    d = s.dist[needs + people + h] + f.holding_price[h]
    reach(needs + v, d - f.volunteer_price[v], NOWHERE, NOWHERE, s)
    for k in range(starts[v], starts[v + 1]):
        e = by_volunteer[k]
        if not f.taken[e] and g.shared[e] >> slot & 1:
            n = g.need[e]
            weight = g.band_weight[n] + g.quality[e]
            reach(n, d + f.need_rent[n] - weight, NOWHERE, NOWHERE, s)
    for other in range(g.hold_start[v], g.hold_start[v] + f.fill[v]):
        if other == h or f.holding_slot[other] < 0:
            continue
        if g.shared[f.holding_edge[other]] >> slot & 1:
            reach(needs + people + other, d - f.holding_price[other], NOWHERE, NOWHERE, s)


@kernel
def _from_empty(empty: Ints, g: Graph, f: Flow, s: Scratch) -> tuple[Ints, Ints]:
    """Reduced distance to each node from the nearest empty place, and the need that has it."""
    for i in range(empty.size):
        reach(empty[i], 0, NOWHERE, NOWHERE, s)
    result = np.full(s.dist.size, FAR, np.int64)
    root = np.full(s.dist.size, NOWHERE, np.int64)
    while s.size[0] > 0:
        node = take_nearest(s.dist, s.heap, s.position, s.size)
        result[node] = s.dist[node]
        root[node] = node if s.parent[node] == NOWHERE else root[s.parent[node]]
        step_from(node, FAR, False, g, f, s)
    return result, root
