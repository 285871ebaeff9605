"""A binary heap of nodes by distance, with decrease-key: ties go to the lower node number.

``position[node]`` is its place in the heap, UNSEEN, or SETTLED once taken out. Distances live in
the caller's array, so a node is never in the heap twice. ``size`` is an array of one number.
"""

from stepdown.matching.arrays import Ints
from stepdown.matching.kernel import kernel

UNSEEN = -1
SETTLED = -2


@kernel
def _before(a: int, b: int, dist: Ints) -> bool:
    return bool(dist[a] < dist[b] or (dist[a] == dist[b] and a < b))


@kernel
def raise_node(node: int, dist: Ints, heap: Ints, position: Ints, size: Ints) -> None:
    """Put a node in, or move it up after its distance fell."""
    at = position[node]
    if at < 0:
        at = size[0]
        size[0] += 1
    while at > 0:
        up = (at - 1) // 2
        if not _before(node, heap[up], dist):
            break
        heap[at] = heap[up]
        position[heap[at]] = at
        at = up
    heap[at] = node
    position[node] = at


@kernel
def take_nearest(dist: Ints, heap: Ints, position: Ints, size: Ints) -> int:
    """Take the nearest node out and mark it settled. The heap must not be empty."""
    top = heap[0]
    position[top] = SETTLED
    size[0] -= 1
    if size[0] > 0:
        node = heap[size[0]]
        at = 0
        while True:
            down = 2 * at + 1
            if down >= size[0]:
                break
            if down + 1 < size[0] and _before(heap[down + 1], heap[down], dist):
                down += 1
            if not _before(heap[down], node, dist):
                break
            heap[at] = heap[down]
            position[heap[at]] = at
            at = down
        heap[at] = node
        position[node] = at
    return int(top)
