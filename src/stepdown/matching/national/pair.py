"""One pair at a time: the rules it breaks and the terms of its quality, from the columns.

The rules are those of `stepdown.matching.eligibility`, the points those of `scoring`; tests hold
them equal. This is for the few pairs that are shown or tried out, not for looking for pairs.
"""

import math

from stepdown.matching.arrays import Arrays, Ints, Known, Needs, Volunteers
from stepdown.matching.kernel import kernel
from stepdown.matching.rules import Rule
from stepdown.matching.scoring import CONTINUITY, PREFERENCE, TRAVEL

UNKNOWN_M = -1
"""The metres between two where the position of one is not known."""

_EXCLUDED = Rule.EXCLUDED.bit
_HELD = Rule.ALREADY_HELD.bit
_AGE = Rule.AGE.bit
_GENDER = Rule.GENDER.bit
_LANGUAGE = Rule.LANGUAGE.bit
_SKILL = Rule.SKILL.bit
_REQUIREMENTS = Rule.REQUIREMENTS.bit
_ROLE = Rule.ROLE_CONFLICT.bit
_DISTANCE = Rule.DISTANCE.bit
_SLOT = Rule.SLOT.bit
_BUSY = Rule.BUSY.bit


def failing_rules(arrays: Arrays, volunteer: int, need: int) -> int:
    """The mask of every rule that a named volunteer breaks for a need, 0 when they break none."""
    people, needs, known = arrays
    return int(with_records(volunteer, need, own_rules(volunteer, need, people, needs), known))


@kernel
def recorded(v: int, n: int, start: Ints, who: Ints) -> int:
    """Where a volunteer stands among those recorded with a need, -1 where they do not."""
    for k in range(start[n], start[n + 1]):
        if who[k] == v:
            return int(k)
    return -1


@kernel
def with_records(v: int, n: int, mask: int, known: Known) -> int:
    """The rules broken when what is recorded between the two counts as well."""
    if recorded(v, n, known.excluded_start, known.excluded) >= 0:
        mask |= _EXCLUDED
    if recorded(v, n, known.held_start, known.held) >= 0:
        mask |= _HELD
    k = recorded(v, n, known.allowed_start, known.allowed)
    if k >= 0:
        mask &= ~known.allowed_rules[k]
    return int(mask)


@kernel
def shared_slots(v: int, n: int, people: Volunteers, needs: Needs, known: Known) -> int:
    """The slots that the need asks for and the volunteer has free."""
    shared = needs.slots[n] & people.free[v]
    k = recorded(v, n, known.allowed_start, known.allowed)
    if k >= 0:
        shared |= known.allowed_slots[k]
    return int(shared)


@kernel
def squared_metres(v: int, n: int, people: Volunteers, needs: Needs) -> int:
    """Squared metres between the two, UNKNOWN_M where a position is not known."""
    if people.easting[v] < 0 or needs.easting[n] < 0:
        return UNKNOWN_M
    dx = people.easting[v] - needs.easting[n]
    dy = people.northing[v] - needs.northing[n]
    return int(dx * dx + dy * dy)


@kernel
def metres_of(squared: int) -> int:
    """The whole part of the square root, exact; UNKNOWN_M stays what it is."""
    if squared < 0:
        return UNKNOWN_M
    root = int(math.sqrt(squared))
    while root * root > squared:
        root -= 1
    while (root + 1) * (root + 1) <= squared:
        root += 1
    return root


@kernel
def own_rules(v: int, n: int, people: Volunteers, needs: Needs) -> int:
    """The mask of rules the pair breaks by what the two are, records between them aside."""
    mask = people.blocked[v]
    limit = people.limit_squared[v]
    if limit >= 0:
        squared = squared_metres(v, n, people, needs)
        if squared < 0 or squared > limit:
            mask |= _DISTANCE
    slots = needs.slots[n]
    if slots and not slots & people.offered[v]:
        mask |= _SLOT
    elif slots and not slots & people.free[v]:
        mask |= _BUSY
    born_by = needs.born_by[n]
    if born_by >= 0 and (people.born[v] < 0 or people.born[v] > born_by):
        mask |= _AGE
    if needs.gender[n] > 0 and people.gender[v] != needs.gender[n]:
        mask |= _GENDER
    for w in range(needs.skills.shape[1]):
        if needs.skills[n, w] & ~people.skills[v, w]:
            mask |= _SKILL
    for w in range(needs.languages.shape[1]):
        if needs.languages[n, w] & ~people.languages[v, w]:
            mask |= _LANGUAGE
    for w in range(needs.excluded_roles.shape[1]):
        if needs.excluded_roles[n, w] & people.roles[v, w]:
            mask |= _ROLE
    if not _in_date(v, n, people, needs):
        mask |= _REQUIREMENTS
    return int(mask)


@kernel
def _in_date(v: int, n: int, people: Volunteers, needs: Needs) -> bool:
    for a in range(needs.asked_start[n], needs.asked_start[n + 1]):
        k = people.held_start[v]
        while k < people.held_start[v + 1] and people.held_bit[k] != needs.asked_bit[a]:
            k += 1
        if k == people.held_start[v + 1]:
            return False
        if people.held_from[k] > needs.first[n] or people.held_to[k] < needs.last[n]:
            return False
    return True


@kernel
def terms_of(
    v: int, n: int, people: Volunteers, needs: Needs, known: Known
) -> tuple[int, int, int, int, int]:
    """Metres between the two, then the points of travel, preference, continuity and fairness."""
    metres = metres_of(squared_metres(v, n, people, needs))
    travel, liked, helped = 0, 0, 0
    if metres == 0:
        travel = TRAVEL
    elif 0 < metres < people.scale[v]:
        travel = TRAVEL * (people.scale[v] - metres) // people.scale[v]
    for w in range(needs.kind.shape[1]):
        if needs.kind[n, w] & people.preferred[v, w]:
            liked = PREFERENCE
    if recorded(v, n, known.continuity_start, known.continuity) >= 0:
        helped = CONTINUITY
    return metres, travel, liked, helped, people.fairness[v]
