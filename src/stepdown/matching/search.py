"""One place at a time: the cheapest way to fill it (Dijkstra on reduced costs), compiled.

From a need, a path takes a volunteer, perhaps from another need, which takes another volunteer, and
so on, until someone has room or a less valuable place is given up. Integer reduced costs are never
negative, so the first end settled is the cheapest, and after each path the plan is the optimum for
the places tried so far (successive shortest paths: Ahuja, Magnanti and Orlin, Network Flows, 9.7).
"""

import numpy as np

from stepdown.matching.arrays import Ints
from stepdown.matching.flow import Flow, Graph, Scratch
from stepdown.matching.heap import SETTLED, UNSEEN, raise_node, take_nearest
from stepdown.matching.kernel import kernel

NOWHERE = -1


@kernel
def reach(node: int, d: int, parent: int, arc: int, s: Scratch) -> None:
    """Record a way to a node if it is the nearest so far."""
    position = s.position
    at = position[node]
    if at == SETTLED:
        return
    if at == UNSEEN:
        s.touched[s.size[1]] = node
        s.size[1] += 1
    elif d >= s.dist[node]:
        return
    s.dist[node] = d
    s.parent[node] = parent
    s.arc[node] = arc
    raise_node(node, s.dist, s.heap, position, s.size)


@kernel
def from_need(n: int, best: int, ends: bool, g: Graph, f: Flow, s: Scratch) -> tuple[int, int]:
    """Offer the need's pairs from a settled need: the nearest volunteer with room, if any.

    Here and below, ``ends`` says whether a path may end; without it every node is reached.
    """
    needs, people = g.band_weight.size, g.capacity.size
    base = s.dist[n] + f.need_rent[n] - g.band_weight[n]
    end = NOWHERE
    for e in range(g.start[n], g.start[n + 1]):
        cost = base - g.quality[e]
        if cost >= best:  # the row falls in quality and no price is below 0
            break
        if f.taken[e]:
            continue
        v = g.volunteer[e]
        shared = g.shared[e]
        slotless = shared == 0 or g.single[v]
        if slotless or shared & ~f.used[v]:
            d = cost + f.volunteer_price[v]
            if d < best:
                reach(needs + v, d, n, e, s)
                if ends and f.fill[v] < g.capacity[v]:
                    best = d
                    end = needs + v
        if not slotless and shared & f.used[v]:
            first = g.hold_start[v]
            for h in range(first, first + f.fill[v]):
                if f.holding_slot[h] >= 0 and shared >> f.holding_slot[h] & 1:
                    d = cost + f.holding_price[h]
                    if d < best:
                        reach(needs + people + h, d, n, e, s)
    return best, end


@kernel
def from_volunteer(v: int, best: int, ends: bool, g: Graph, f: Flow, s: Scratch) -> tuple[int, int]:
    """One unit of capacity too many: some holding must give its unit up."""
    needs, people = g.band_weight.size, g.capacity.size
    node = needs + v
    d = s.dist[node]
    end = NOWHERE
    first = g.hold_start[v]
    for h in range(first, first + f.fill[v]):
        if f.holding_slot[h] < 0:
            best, end = _give_up(h, d - f.volunteer_price[v], node, best, end, ends, g, f, s)
        else:
            on = d + f.holding_price[h] - f.volunteer_price[v]
            if on < best:
                reach(needs + people + h, on, node, h, s)
    return best, end


@kernel
def from_holding(
    h: int, v: int, best: int, ends: bool, g: Graph, f: Flow, s: Scratch
) -> tuple[int, int]:
    """The holding's slot is wanted: its need moves to another of their slots, or gives up."""
    needs, people = g.band_weight.size, g.capacity.size
    node = needs + people + h
    base = s.dist[node] - f.holding_price[h]
    best, end = _give_up(h, base, node, best, NOWHERE, ends, g, f, s)
    shared = g.shared[f.holding_edge[h]]
    if shared & ~f.used[v]:
        d = base + f.volunteer_price[v]
        if d < best:
            reach(needs + v, d, node, h, s)
            if ends and f.fill[v] < g.capacity[v]:
                best = d
                end = needs + v
    first = g.hold_start[v]
    for other in range(first, first + f.fill[v]):
        if other != h and f.holding_slot[other] >= 0 and shared >> f.holding_slot[other] & 1:
            d = base + f.holding_price[other]
            if d < best:
                reach(needs + people + other, d, node, other, s)
    return best, end


@kernel
def _give_up(
    h: int, base: int, node: int, best: int, end: int, ends: bool, g: Graph, f: Flow, s: Scratch
) -> tuple[int, int]:
    """The need of a holding loses it: it looks elsewhere, or its place stays empty (an end)."""
    e = f.holding_edge[h]
    n = g.need[e]
    d = base + g.band_weight[n] + g.quality[e] - f.need_rent[n]
    if d < best:
        reach(n, d, node, h, s)
        if ends and d + f.need_rent[n] < best:
            best = d + f.need_rent[n]
            end = n
    return best, end


@kernel
def owner_of(h: int, g: Graph, f: Flow) -> int:
    """The volunteer of a holding."""
    return int(g.volunteer[f.holding_edge[h]])


@kernel
def step_from(node: int, best: int, ends: bool, g: Graph, f: Flow, s: Scratch) -> tuple[int, int]:
    """Reach on from a settled node of any kind: the best end so far, and the node if it is new."""
    needs, people = g.band_weight.size, g.capacity.size
    if node < needs:
        return from_need(node, best, ends, g, f, s)
    if node < needs + people:
        return from_volunteer(node - needs, best, ends, g, f, s)
    h = node - needs - people
    return from_holding(h, owner_of(h, g, f), best, ends, g, f, s)


@kernel
def fill_place(n: int, g: Graph, f: Flow, s: Scratch) -> bool:
    """Fill one more place of a need if that makes the plan better; prices move with it."""
    needs, people = g.band_weight.size, g.capacity.size
    s.size[:] = 0
    best = f.need_rent[n]
    end = NOWHERE
    reach(n, 0, NOWHERE, NOWHERE, s)
    settled = 0
    while s.size[0] > 0:
        if s.dist[s.heap[0]] >= best:
            break
        node = take_nearest(s.dist, s.heap, s.position, s.size)
        s.path[settled] = node
        settled += 1
        best, found = step_from(node, best, True, g, f, s)
        if found != NOWHERE:
            end = found
    for i in range(settled):
        node = s.path[i]
        rise = best - s.dist[node]
        if node < needs:
            f.need_rent[node] -= rise
        elif node < needs + people:
            f.volunteer_price[node - needs] += rise
        else:
            f.holding_price[node - needs - people] += rise
    if end != NOWHERE:
        _apply(n, end, g, f, s)
    for i in range(s.size[1]):
        s.position[s.touched[i]] = UNSEEN
    return end != NOWHERE


@kernel
def _lowest(mask: int) -> int:
    slot = 0
    while not mask >> slot & 1:
        slot += 1
    return slot


@kernel
def _free_slot(e: int, v: int, g: Graph, f: Flow) -> int:
    """The first slot a pair could take that is not in use, -1 where it takes none."""
    if g.shared[e] == 0 or g.single[v]:
        return -1
    return _lowest(g.shared[e] & ~f.used[v])


@kernel
def _apply(n: int, end: int, g: Graph, f: Flow, s: Scratch) -> None:
    """Walk a path from its need to its end, moving pairs as it says."""
    needs, people = g.band_weight.size, g.capacity.size
    path = s.path
    length = 0
    node = end
    while node != NOWHERE:
        path[length] = node
        length += 1
        node = s.parent[node]
    carried = -1  # the pair on its way to a place
    slot = -1  # the free slot it has been given
    for i in range(length - 2, -1, -1):
        before, node = path[i + 1], path[i]
        arc = s.arc[node]
        if before < needs:
            carried = arc
            f.taken[carried] = 1
        if node < needs:
            if before < needs + people:  # a holding without a slot gives its unit up
                leaving = f.holding_edge[arc]
                _put(arc, carried, slot, f.volunteer_price[before - needs], f)
                carried = leaving
            f.taken[carried] = 0
        elif node < needs + people:
            slot = _free_slot(carried, node - needs, g, f)
        else:
            h = node - needs - people
            leaving = f.holding_edge[h]
            if needs <= before < needs + people:  # the unit comes from here, the slot falls free
                _put(h, carried, slot, f.volunteer_price[before - needs], f)
            else:
                f.holding_edge[h] = carried
            carried = leaving
    f.got[n] += 1
    if end < needs:
        f.got[end] -= 1
    else:
        v = end - needs
        _put(g.hold_start[v] + f.fill[v], carried, slot, f.volunteer_price[v], f)
        f.fill[v] += 1
    for i in range(length):
        node = path[i]
        if needs <= node < needs + people:
            _mark_used(node - needs, g, f)
        elif node >= needs + people:
            _mark_used(owner_of(node - needs - people, g, f), g, f)


@kernel
def _put(h: int, e: int, slot: int, price: int, f: Flow) -> None:
    f.holding_edge[h] = e
    f.holding_slot[h] = slot
    f.holding_price[h] = price


@kernel
def _mark_used(v: int, g: Graph, f: Flow) -> None:
    used = 0
    for h in range(g.hold_start[v], g.hold_start[v] + f.fill[v]):
        if f.holding_slot[h] >= 0:
            used |= 1 << f.holding_slot[h]
    f.used[v] = used


@kernel
def fill_places(order: Ints, first: int, last: int, g: Graph, f: Flow, s: Scratch) -> None:
    """Fill the places of needs order[first:last], one after another."""
    for i in range(first, last):
        n = order[i]
        if g.places[n] == 0:
            continue
        f.need_rent[n] = g.band_weight[n] + g.quality[g.start[n]]
        for _ in range(g.places[n]):
            if not fill_place(n, g, f, s):
                break


@kernel
def slot_of(h: int, v: int, g: Graph, f: Flow) -> int:
    """The slot of a holding, -1 for none; a volunteer with one place takes the first they share."""
    if g.single[v]:
        shared = g.shared[f.holding_edge[h]]
        return _lowest(int(shared)) if shared else -1
    return int(f.holding_slot[h])


@kernel
def planned(g: Graph, f: Flow) -> tuple[Ints, Ints]:
    """The edges of the plan, ascending, and the slot each takes (-1 for none)."""
    edges = np.flatnonzero(f.taken)
    slots = np.full(f.taken.size, -1, np.int64)
    for v in range(g.capacity.size):
        for h in range(g.hold_start[v], g.hold_start[v] + f.fill[v]):
            slots[f.holding_edge[h]] = slot_of(h, v, g, f)
    return edges, slots[edges]
