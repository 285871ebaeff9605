"""A binary heap of nodes by distance, with decrease-key: ties go to the lower node number."""

from stepdown.matching.kernel import lean
from stepdown.matching.national.state import ARC, AT, PARENT, Scratch

SETTLED = -1


@lean
def reach(node: int, d: int, parent: int, arc: int, s: Scratch) -> None:
    """Record a way to a node if it is the nearest so far."""
    dist, way, heap, size = s.dist, s.way, s.heap, s.size
    at = way[node, AT]
    if at == SETTLED:
        return
    if at == 0:
        s.touched[size[1]] = node
        size[1] += 1
        at = size[0] + 1
        size[0] = at
    elif d >= dist[node]:
        return
    dist[node] = d
    way[node, PARENT], way[node, ARC] = parent, arc
    while at > 1:
        up = at >> 1
        other = heap[up - 1]
        if dist[other] < d or (dist[other] == d and other < node):
            break
        heap[at - 1] = other
        way[other, AT] = at
        at = up
    heap[at - 1] = node
    way[node, AT] = at


@lean
def take_nearest(s: Scratch) -> int:
    """Take the nearest node out and mark it settled. The heap must not be empty."""
    dist, way, heap = s.dist, s.way, s.heap
    top = heap[0]
    way[top, AT] = SETTLED
    size = s.size[0] - 1
    s.size[0] = size
    if size > 0:
        node = heap[size]
        d = dist[node]
        at = 1
        while True:
            down = 2 * at
            if down > size:
                break
            other = heap[down - 1]
            if down < size:
                sister = heap[down]
                if dist[sister] < dist[other] or (dist[sister] == dist[other] and sister < other):
                    down += 1
                    other = sister
            if d < dist[other] or (d == dist[other] and node < other):
                break
            heap[at - 1] = other
            way[other, AT] = at
            at = down
        heap[at - 1] = node
        way[node, AT] = at
    return int(top)


@lean
def forget(s: Scratch) -> None:
    """Make every node unseen again, for the next search."""
    for i in range(s.size[1]):
        s.way[s.touched[i], AT] = 0
    s.size[0] = 0
    s.size[1] = 0
