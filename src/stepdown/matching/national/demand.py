"""The needs as blocks of 64, to find the best needs of one volunteer: `gather` from the other side.

A need counts by its worth: the weight of its band and the quality of the pair, less its rent. While
volunteers are released rents only rise, so a most seen earlier is still a bound.
"""

from typing import NamedTuple

import numpy as np

from stepdown.matching.arrays import Ints, Known, Words
from stepdown.matching.kernel import kernel, lean
from stepdown.matching.national.bits import trailing_zeros
from stepdown.matching.national.blocks import (
    BORN,
    BOTTOM,
    FAIR,
    FREE,
    GROUP,
    LANES,
    LEFT,
    LIMIT,
    MEMBER,
    RIGHT,
    SCALE,
    SLOT_COUNT,
    TOP,
    X,
    Y,
)
from stepdown.matching.national.gather import (
    Found,
    Index,
    dates_hold,
    gap_squared,
    sift_down,
    sift_up,
    too_little,
    travel,
)
from stepdown.matching.national.order import Small, Table
from stepdown.matching.scoring import PREFERENCE

_NONE = np.uint64(0)
_ONE = np.uint64(1)
_EVERYWHERE = 1 << 21
_LOW = -(1 << 60)


class Demand(NamedTuple):
    """Want m is lane m % 64 of block m // 64. Planes are numbered as those of volunteers, and two
    more: needs that take no slot, and needs with pairs known beforehand."""

    planes: Words
    open: Words
    box: Table  # [blocks, 4]
    group: Table  # [groups, 4]
    worth: Ints  # [blocks] weight less rent at most, when last looked at
    group_worth: Ints
    must: Small  # planes a need may ask for: skills, languages, gender
    bar: Small  # planes a need may bar: roles
    good: Small  # planes of credentials,
    doubtful: Small  # and of those that must be looked at
    kind: Small


def build(index: Index, known: Known) -> Demand:
    """The open needs as blocks."""
    wants, planes = index.wants, index.planes
    count = wants.row.size
    blocks = -(-count // (LANES * GROUP)) * GROUP

    def used(*places: Small) -> Small:
        chosen = np.concatenate(places)
        return chosen[chosen >= 0].astype(np.int32)

    good = used(planes.credential)
    doubtful = planes.doubtful[planes.credential >= 0]
    box = np.empty((blocks, 4), np.int64)
    box[:] = (_EVERYWHERE, _EVERYWHERE, -1, -1)
    demand = Demand(
        np.zeros((blocks, planes.count + 2), np.uint64),
        np.zeros(blocks, np.uint64),
        box,
        np.empty((blocks // GROUP, 4), np.int64),
        np.zeros(blocks, np.int64),
        np.zeros(blocks // GROUP, np.int64),
        used(planes.skill, planes.language, planes.gender[1:]),
        used(planes.role),
        good,
        doubtful.astype(np.int32),
        used(planes.kind),
    )
    _fill(index, known, demand)
    return demand


@kernel
def _fill(index: Index, known: Known, demand: Demand) -> None:
    wants, planes, count = index.wants, demand.planes, index.planes.count
    for m in range(wants.row.size):
        b, lane, n = m // LANES, _ONE << np.uint64(m % LANES), wants.row[m]
        demand.open[b] |= lane
        slots = wants.slots[m]
        if slots == 0:
            planes[b, count] |= lane
        for slot in range(SLOT_COUNT):
            if slots >> slot & 1:
                planes[b, slot] |= lane
        for k in range(wants.must_start[m], wants.must_start[m + 1]):
            planes[b, wants.must[k]] |= lane
        for k in range(wants.bar_start[m], wants.bar_start[m + 1]):
            planes[b, wants.bar[k]] |= lane
        for k in range(wants.check_start[m], wants.check_start[m + 1]):
            planes[b, index.planes.credential[wants.check[k]]] |= lane
        if wants.kind[m] >= 0:
            planes[b, wants.kind[m]] |= lane
        some = known.excluded_start[n + 1] - known.excluded_start[n]
        some += known.held_start[n + 1] - known.held_start[n]
        some += known.continuity_start[n + 1] - known.continuity_start[n]
        some += known.allowed_start[n + 1] - known.allowed_start[n]
        if some:
            planes[b, count + 1] |= lane
        box = demand.box[b]
        if wants.x[m] < 0:
            box[:2] = -1
            box[2:] = _EVERYWHERE
        else:
            box[0], box[1] = min(box[0], wants.x[m]), min(box[1], wants.y[m])
            box[2], box[3] = max(box[2], wants.x[m]), max(box[3], wants.y[m])
    for g in range(demand.group.shape[0]):
        for side in range(4):
            edge = demand.box[g * GROUP : (g + 1) * GROUP, side]
            demand.group[g, side] = edge.min() if side < 2 else edge.max()


@kernel
def look_again(demand: Demand, want: Table) -> None:
    """Look at the most that each block and group is worth again (weight less rent)."""
    for b in range(demand.worth.size):
        most = _LOW
        for m in range(b * LANES, min((b + 1) * LANES, want.shape[0])):
            most = max(most, want[m, 0] - want[m, 1])
        demand.worth[b] = most
    for g in range(demand.group_worth.size):
        demand.group_worth[g] = demand.worth[g * GROUP : (g + 1) * GROUP].max()


@lean
def _known_pair(n: int, v: int, known: Known) -> bool:
    """Whether the pair is barred, or was listed beforehand."""
    for k in range(known.excluded_start[n], known.excluded_start[n + 1]):
        if known.excluded[k] == v:
            return True
    for k in range(known.held_start[n], known.held_start[n + 1]):
        if known.held[k] == v:
            return True
    for k in range(known.continuity_start[n], known.continuity_start[n + 1]):
        if known.continuity[k] == v:
            return True
    for k in range(known.allowed_start[n], known.allowed_start[n + 1]):
        if known.allowed[k] == v:
            return True
    return False


class Asked(NamedTuple):
    """Room for what one volunteer offers, as lists of planes."""

    slots: Small
    bar: Small
    check: Small
    like: Small


def room_for_asked(demand: Demand) -> Asked:
    """Room for any volunteer."""
    planes = demand.planes.shape[1]
    return Asked(*(np.empty(planes, np.int32) for _ in range(4)))


@lean
def gather_wants(
    s: int, k: int, cut: int, index: Index, known: Known, demand: Demand, want: Table,
    found: Found, asked: Asked,
) -> tuple[int, int]:  # fmt: skip
    """Keep the ``k`` best unmarked needs of a seat that are worth more than ``cut``.

    Returns how many there are and the worth that no other unmarked need exceeds. ``found.seat``
    holds wants here, and marks are on wants.
    """
    lane, rows, own = index.blocks.lane, demand.planes, index.blocks.planes
    wants, worth, group_worth = index.wants, demand.worth, demand.group_worth
    box, group, available = demand.box, demand.group, demand.open
    slots, bar, check, like = asked.slots, asked.bar, asked.check, asked.like
    mark, serial = found.mark, found.serial[0]
    bit = np.uint64(s % LANES)
    home = s // LANES
    if not index.blocks.open[home] >> bit & _ONE:
        return 0, cut
    slot_count, bar_count, check_count, like_count = 0, 0, 0, 0
    for slot in range(SLOT_COUNT):
        if lane[s, FREE] >> slot & 1:
            slots[slot_count] = slot
            slot_count += 1
    slots[slot_count] = rows.shape[1] - 2
    slot_count += 1
    for i in range(demand.must.size):
        if not own[home, demand.must[i]] >> bit & _ONE:
            bar[bar_count] = demand.must[i]
            bar_count += 1
    for i in range(demand.bar.size):
        if own[home, demand.bar[i]] >> bit & _ONE:
            bar[bar_count] = demand.bar[i]
            bar_count += 1
    for i in range(demand.good.size):
        if own[home, demand.good[i]] >> bit & _ONE:
            continue
        if own[home, demand.doubtful[i]] >> bit & _ONE:
            check[check_count] = demand.good[i]
            check_count += 1
        else:
            bar[bar_count] = demand.good[i]
            bar_count += 1
    for i in range(demand.kind.size):
        if own[home, demand.kind[i]] >> bit & _ONE:
            like[like_count] = demand.kind[i]
            like_count += 1
    x, y, limit, scale = lane[s, X], lane[s, Y], lane[s, LIMIT], lane[s, SCALE]
    fair, born, v = lane[s, FAIR], lane[s, BORN], lane[s, MEMBER]
    count, lowest = 0, cut
    for g in range(group.shape[0]):
        squared = gap_squared(
            x, y, group[g, LEFT], group[g, BOTTOM], group[g, RIGHT], group[g, TOP]
        )
        if limit >= 0 and squared > limit:
            continue
        if too_little(x, squared, scale, lowest - group_worth[g] - fair - PREFERENCE):
            continue
        for b in range(g * GROUP, (g + 1) * GROUP):
            squared = gap_squared(x, y, box[b, LEFT], box[b, BOTTOM], box[b, RIGHT], box[b, TOP])
            if limit >= 0 and squared > limit:
                continue
            if too_little(x, squared, scale, lowest - worth[b] - fair - PREFERENCE):
                continue
            some = _NONE
            for i in range(slot_count):
                some |= rows[b, slots[i]]
            mask = available[b] & some
            for i in range(bar_count):
                mask &= ~rows[b, bar[i]]
            if not mask:
                continue
            look, liked = _NONE, _NONE
            for i in range(check_count):
                look |= rows[b, check[i]]
            for i in range(like_count):
                liked |= rows[b, like[i]]
            pairs = rows[b, rows.shape[1] - 1]
            while mask:
                low = mask & (~mask + _ONE)
                mask ^= low
                m = b * LANES + trailing_zeros(low)
                points = fair
                if x < 0 or wants.x[m] < 0:
                    if limit >= 0:
                        continue
                else:
                    dx, dy = x - wants.x[m], y - wants.y[m]
                    squared = dx * dx + dy * dy
                    if limit >= 0 and squared > limit:
                        continue
                    points += travel(squared, scale)
                if liked & low:
                    points += PREFERENCE
                value = points + want[m, 0] - want[m, 1]
                if value <= lowest or mark[m] == serial:
                    continue
                if wants.born_by[m] >= 0 and (born < 0 or born > wants.born_by[m]):
                    continue
                if look & low and not dates_hold(
                    v, wants.first[m], wants.last[m], wants.check, wants.check_start[m],
                    wants.check_start[m + 1], index.people.held_start, index.people.held_bit,
                    index.people.held_from, index.people.held_to,
                ):  # fmt: skip
                    continue
                if pairs & low and _known_pair(wants.row[m], v, known):
                    continue
                if count < k:
                    sift_up(value, m, points, wants.slots[m] & lane[s, FREE], count, found)
                    count += 1
                else:
                    sift_down(value, m, points, wants.slots[m] & lane[s, FREE], count, found)
                if count == k:
                    lowest = found.margin[0]
    return count, lowest
