"""One pair by the definition, compiled for the certificate: its rules, quality, slots and price.

Nothing is shared with the engine's own kernels, so that a mistake there cannot hide here. Tests
hold these equal to the plain rules of `stepdown.matching.eligibility` and `scoring`.
"""

import math

import numpy as np
import numpy.typing as npt

from stepdown.matching.arrays import Arrays, Ints
from stepdown.matching.national.check_kernel import inner
from stepdown.matching.national.check_prices import Prices
from stepdown.matching.rules import Rule
from stepdown.matching.scoring import CONTINUITY, PREFERENCE, TRAVEL

_EXCLUDED = Rule.EXCLUDED.bit
_HELD = Rule.ALREADY_HELD.bit
_CAPACITY = Rule.CAPACITY.bit
_AGE = Rule.AGE.bit
_GENDER = Rule.GENDER.bit
_LANGUAGE = Rule.LANGUAGE.bit
_SKILL = Rule.SKILL.bit
_REQUIREMENTS = Rule.REQUIREMENTS.bit
_ROLE = Rule.ROLE_CONFLICT.bit
_DISTANCE = Rule.DISTANCE.bit
_SLOT = Rule.SLOT.bit
_BUSY = Rule.BUSY.bit

Row = npt.NDArray[np.uint64]


@inner
def listed(values: Ints, first: int, last: int, value: int) -> int:
    """Where a value stands among the ascending values[first:last], or -1."""
    while first < last:
        middle = (first + last) >> 1
        if values[middle] < value:
            first = middle + 1
        else:
            last = middle
    return first if first < values.size and values[first] == value else -1


@inner
def _in_row(start: Ints, values: Ints, row: int, value: int) -> int:
    first, last = start[row], start[row + 1]
    if first == last:
        return -1
    at = listed(values, first, last, value)
    return at if at < last else -1


@inner
def _lacks(wanted: Row, held: Row) -> bool:
    lacking = np.uint64(0)
    for w in range(wanted.size):
        if wanted[w]:
            lacking |= wanted[w] & ~held[w]
    return bool(lacking)


@inner
def _meets(one: Row, other: Row) -> bool:
    common = np.uint64(0)
    for w in range(one.size):
        if one[w]:
            common |= one[w] & other[w]
    return bool(common)


@inner
def squared_metres(n: int, v: int, arrays: Arrays) -> int:
    """The squared distance of a pair, -1 where a position is not known."""
    x, y = arrays.needs.easting[n], arrays.needs.northing[n]
    if x < 0 or arrays.volunteers.easting[v] < 0:
        return -1
    dx, dy = arrays.volunteers.easting[v] - x, arrays.volunteers.northing[v] - y
    return int(dx * dx + dy * dy)


@inner
def _out_of_date(n: int, v: int, arrays: Arrays) -> bool:
    """Whether a credential asked for is not held through all the days of the need."""
    people, needs = arrays.volunteers, arrays.needs
    for a in range(needs.asked_start[n], needs.asked_start[n + 1]):
        good = False
        for k in range(people.held_start[v], people.held_start[v + 1]):
            if people.held_bit[k] == needs.asked_bit[a]:
                good |= people.held_from[k] <= needs.first[n] and people.held_to[k] >= needs.last[n]
        if not good:
            return True
    return False


@inner
def broken_rules(n: int, v: int, arrays: Arrays) -> int:
    """The mask of hard rules that a pair breaks and that are not waived for it."""
    people, needs, known = arrays.volunteers, arrays.needs, arrays.known
    broken = people.blocked[v]
    if people.capacity[v] <= 0:
        broken |= _CAPACITY
    if _in_row(known.excluded_start, known.excluded, n, v) >= 0:
        broken |= _EXCLUDED
    if _in_row(known.held_start, known.held, n, v) >= 0:
        broken |= _HELD
    born_by = needs.born_by[n]
    if born_by >= 0 and (people.born[v] < 0 or people.born[v] > born_by):
        broken |= _AGE
    if needs.gender[n] > 0 and people.gender[v] != needs.gender[n]:
        broken |= _GENDER
    if _lacks(needs.languages[n], people.languages[v]):
        broken |= _LANGUAGE
    if _lacks(needs.skills[n], people.skills[v]):
        broken |= _SKILL
    if _out_of_date(n, v, arrays):
        broken |= _REQUIREMENTS
    if _meets(needs.excluded_roles[n], people.roles[v]):
        broken |= _ROLE
    if people.limit_squared[v] >= 0:
        squared = squared_metres(n, v, arrays)
        if squared < 0 or squared > people.limit_squared[v]:
            broken |= _DISTANCE
    if needs.slots[n] and not needs.slots[n] & people.free[v]:
        broken |= _BUSY if needs.slots[n] & people.offered[v] else _SLOT
    at = _in_row(known.allowed_start, known.allowed, n, v)
    return int(broken & ~known.allowed_rules[at] if at >= 0 else broken)


@inner
def shared_slots(n: int, v: int, arrays: Arrays) -> int:
    """The mask of slots that both have free; 0 where the need takes no slot."""
    if not arrays.needs.slots[n]:
        return 0
    shared = arrays.needs.slots[n] & arrays.volunteers.free[v]
    at = _in_row(arrays.known.allowed_start, arrays.known.allowed, n, v)
    return int(shared | arrays.known.allowed_slots[at] if at >= 0 else shared)


@inner
def _travel_points(squared: int, scale: int) -> int:
    if squared < 0:
        return 0
    metres = int(math.sqrt(squared))
    while metres * metres > squared:
        metres -= 1
    while (metres + 1) * (metres + 1) <= squared:
        metres += 1
    if metres >= scale:
        return TRAVEL if metres == 0 else 0
    return TRAVEL * (scale - metres) // scale


@inner
def quality_of(n: int, v: int, arrays: Arrays) -> int:
    """The quality of a pair, feasible or not."""
    people, known = arrays.volunteers, arrays.known
    points = people.fairness[v] + _travel_points(squared_metres(n, v, arrays), people.scale[v])
    if _meets(arrays.needs.kind[n], people.preferred[v]):
        points += PREFERENCE
    if _in_row(known.continuity_start, known.continuity, n, v) >= 0:
        points += CONTINUITY
    return int(points)


@inner
def cost_of(v: int, shared: int, prices: Prices) -> int:
    """The price of a volunteer by way of the cheapest of these slots, or of none if there are."""
    price = prices.capacity[v]
    first, last = prices.slot_start[v], prices.slot_start[v + 1]
    if not shared or first == last:
        return int(price)
    least = np.int64(1) << 62
    for k in range(first, last):
        if shared >> prices.slot_bit[k] & 1:
            shared &= ~(np.int64(1) << prices.slot_bit[k])
            least = min(least, prices.slot_price[k])
    return int(price if shared else least)
