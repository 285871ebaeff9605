"""Who breaks exactly one rule of a need, and which, 64 volunteers at a time.

By carry-save: ``ones`` are the lanes that break a rule, ``twos`` those that break another as well.
"""

import numpy as np

from stepdown.matching.arrays import Ints, Words
from stepdown.matching.kernel import kernel
from stepdown.matching.national.asked import (
    ADULT,
    AGE,
    BUSY,
    CAPACITY,
    CHECKS,
    DISTANCE,
    GENDER,
    LANGUAGE,
    REQUIREMENTS,
    ROLE_CONFLICT,
    ROLES,
    RULES,
    SEX,
    SKILL,
    SKILLS,
    SLOT,
    SLOTS,
    TONGUES,
    WEEKLY_LOAD,
    Asked,
    Census,
    out_of_date,
)
from stepdown.matching.national.bits import trailing_zeros
from stepdown.matching.national.blocks import GROUP, LANES, REACH
from stepdown.matching.national.everyone import (
    NOWHERE_NEAR,
    gap_squared,
    most_squared,
)

NO_RULE = RULES
"""The column of those who pass every rule, after the columns of the rules."""

_NONE = np.uint64(0)
_ONE = np.uint64(1)


@kernel
def judge(n: int, further: int, census: Census, asked: Asked, near: Ints, words: Words) -> int:
    """For each block with anybody whose limit, or ``further`` metres more, reaches the need.

    ``near`` gets the blocks and ``words`` [blocks, rules + 1] who breaks that rule alone; records
    between two are left aside. Returns how many blocks there are.

    One long function: its arrays are looked up once, not for every block.
    """
    everyone, people, count = census.everyone, census.people, asked.counts
    planes, offered, present = everyone.planes, everyone.offered, everyone.present
    full, loaded, least = everyone.full, everyone.loaded, everyone.least
    block, group, seats = everyone.block, everyone.group, everyone.lane
    seat_x, seat_y, limit = everyone.x, everyone.y, everyone.limit
    skill, language, role = asked.skill, asked.language, asked.role
    check, slot = asked.check, asked.slot
    credential, doubtful = census.planes.credential, census.planes.doubtful
    held_start, held_bit = people.held_start, people.held_bit
    held_from, held_to = people.held_from, people.held_to
    skills, tongues, roles = count[SKILLS], count[TONGUES], count[ROLES]
    checks, slots, adult, sex = count[CHECKS], count[SLOTS], count[ADULT], count[SEX]
    adults = census.adults
    x, y = census.needs.easting[n], census.needs.northing[n]
    first, last = census.needs.first[n], census.needs.last[n]
    fails = np.zeros(RULES, np.uint64)
    found = 0
    for g in range(group.shape[0]):
        if _out_of_reach(gap_squared(x, y, group[g]), group[g, REACH], further):
            continue
        for b in range(g * GROUP, (g + 1) * GROUP):
            here = present[b]
            if not here or _out_of_reach(gap_squared(x, y, block[b]), block[b, REACH], further):
                continue
            fails[CAPACITY], fails[WEEKLY_LOAD] = full[b], loaded[b]
            if slots:
                free, offer = _NONE, _NONE
                for i in range(slots):
                    free |= planes[slot[i], b]
                    offer |= offered[slot[i], b]
                fails[SLOT], fails[BUSY] = here & ~offer, offer & ~free
            if skills:
                have = here
                for i in range(skills):
                    have &= planes[skill[i], b]
                fails[SKILL] = here & ~have
            if tongues:
                have = here
                for i in range(tongues):
                    have &= planes[language[i], b]
                fails[LANGUAGE] = here & ~have
            if roles:
                have = _NONE
                for i in range(roles):
                    have |= planes[role[i], b]
                fails[ROLE_CONFLICT] = have
            if sex >= 0:
                fails[GENDER] = here & ~planes[sex, b]
            if adult >= 0:
                fails[AGE] = here & ~adults[adult, b]
            fails[REQUIREMENTS] = _NONE
            look, have = _NONE, here
            for i in range(checks):
                perhaps = planes[doubtful[check[i]], b]
                have &= planes[credential[check[i]], b] | perhaps
                look |= perhaps
            look &= have
            ones, twos = here & ~have, _NONE
            for rule in range(RULES):
                twos |= ones & fails[rule]
                ones |= fails[rule]
            fails[REQUIREMENTS] = here & ~have
            # Dates and distance are looked at one by one: only of those whom they could decide.
            look &= ~twos
            if look:
                late = out_of_date(
                    b * LANES, look, first, last, check, checks, seats,
                    held_start, held_bit, held_from, held_to,
                )  # fmt: skip
                twos |= ones & late
                ones |= late
                fails[REQUIREMENTS] |= late
            distant = _NONE
            if most_squared(x, y, block[b]) > least[b]:
                lanes = here & ~twos
                while lanes:
                    low = lanes & (~lanes + _ONE)
                    lanes ^= low
                    s = b * LANES + trailing_zeros(low)
                    squared = NOWHERE_NEAR
                    if x >= 0 and seat_x[s] >= 0:
                        dx, dy = np.int64(seat_x[s]) - x, np.int64(seat_y[s]) - y
                        squared = dx * dx + dy * dy
                    if squared > limit[s]:
                        distant |= low
            single = ones & ~twos & ~distant
            for rule in range(RULES):
                words[found, rule] = fails[rule] & single
            words[found, DISTANCE] = distant & ~ones
            words[found, NO_RULE] = here & ~ones & ~distant
            near[found] = b
            found += 1
    return found


@kernel
def _out_of_reach(gap: int, reach: int, further: int) -> bool:
    """Whether a gap is wider than a reach (both squared metres) and ``further`` metres more."""
    if gap <= reach:
        return False
    if further == 0:
        return True
    most = np.sqrt(float(reach)) + further + 1.0
    return bool(float(gap) > most * most)
