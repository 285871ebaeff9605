"""Reading ahead: rows that lie anywhere in memory are fetched many at a time before they are used.

One row after another would wait for memory at every column. A sum over a few dozen rows waits for
nothing, and leaves them in the cache. The sums mean nothing.
"""

import numpy as np

from stepdown.matching.arrays import Ints, Needs, Volunteers
from stepdown.matching.national.check_kernel import inner
from stepdown.matching.national.check_order import Small

AHEAD = 64  # rows


@inner
def touch_people(rows: Small | Ints, count: int, people: Volunteers) -> int:
    """Read what the rules ask of some volunteers."""
    total = np.int64(0)
    for i in range(count):
        v = rows[i]
        total += people.easting[v] + people.northing[v] + people.scale[v] + people.born[v]
        total += people.limit_squared[v] + people.fairness[v] + people.capacity[v]
        total += people.blocked[v]
    return int(total) + touch_attributes(rows, count, people)


@inner
def touch_attributes(rows: Small | Ints, count: int, people: Volunteers) -> int:
    """Read what the planes are made of."""
    total, bits = np.int64(0), np.uint64(0)
    for i in range(count):
        v = rows[i]
        total += people.held_start[v] + people.free[v] + people.gender[v]
        bits |= people.skills[v, 0] | people.preferred[v, 0] | people.languages[v, 0]
        bits |= people.roles[v, 0]
    for i in range(count):
        k = people.held_start[rows[i]]
        if k < people.held_bit.size:
            total += people.held_bit[k] + people.held_from[k] + people.held_to[k]
    return int(total + np.int64(bits & np.uint64(1)))


@inner
def touch_needs(rows: Small, first: int, last: int, needs: Needs, start: Ints) -> int:
    """Read what the search asks of some needs, and where in ``start`` their rows begin."""
    total, bits = np.int64(0), np.uint64(0)
    for i in range(first, last):
        n = rows[i]
        total += needs.easting[n] + needs.northing[n] + needs.band[n] + needs.places[n]
        total += needs.gender[n] + needs.slots[n] + needs.asked_start[n] + start[n]
        bits |= needs.skills[n, 0] | needs.languages[n, 0] | needs.excluded_roles[n, 0]
        bits |= needs.kind[n, 0]
    for i in range(first, last):
        k = needs.asked_start[rows[i]]
        if k < needs.asked_bit.size:
            total += needs.asked_bit[k]
    return int(total + np.int64(bits & np.uint64(1)))
