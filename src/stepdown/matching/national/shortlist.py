"""The best volunteers for one need out of a whole country, whoever is planned where.

The answer is that of `stepdown.matching.shortlist` for those who may be asked: best quality first,
ties by the order of ids. Groups of blocks are read best bound first, until none left could hold
anybody better than the last one kept.
"""

from typing import NamedTuple

import numpy as np

from stepdown.matching.arrays import Arrays, Ints, Known, Needs, Volunteers, Words
from stepdown.matching.kernel import kernel
from stepdown.matching.national.bits import trailing_zeros
from stepdown.matching.national.blocks import (
    BORN,
    BOTTOM,
    FAIR,
    GROUP,
    LANES,
    LEFT,
    LIMIT,
    MEMBER,
    NO_PLANE,
    POINTS,
    REACH,
    RIGHT,
    SCALE,
    SLOT_COUNT,
    TOP,
    WIDEST,
    YOUNGEST,
    Blocks,
    Planes,
    X,
    Y,
)
from stepdown.matching.national.gather import dates_hold, travel
from stepdown.matching.national.order import Small
from stepdown.matching.national.pair import (
    own_rules,
    recorded,
    shared_slots,
    terms_of,
    with_records,
)
from stepdown.matching.scoring import FAIRNESS, PREFERENCE, TRAVEL

_NONE = np.uint64(0)
_ONE = np.uint64(1)
_IDS = (1 << 32) - 1
_MOST = TRAVEL + PREFERENCE + FAIRNESS


class Shortlist(NamedTuple):
    """One row a volunteer, best first. The points of the four terms add up to the quality."""

    volunteer: Ints
    quality: Ints
    metres: Ints  # -1 where a position is not known
    travel: Ints
    preference: Ints
    continuity: Ints
    fairness: Ints
    shared: Ints  # mask of the slots both have free


class Room(NamedTuple):
    """Room for one shortlist at a time: kept, it saves making it anew for every need."""

    rank: Ints  # quality and row of those kept, as one number, best first
    must: Small
    bar: Small
    check: Small
    head: Small  # by bound, the first group that has it, -1 for none
    next: Small  # the next group with the same bound


def room_for_shortlists(arrays: Arrays, blocks: Blocks, k: int) -> Room:
    """Room for shortlists of at most ``k``."""
    needs = arrays.needs
    words = needs.skills.shape[1] + needs.languages.shape[1]
    return Room(
        np.zeros(max(1, k) + 1, np.int64),
        np.zeros(64 * words + 1, np.int32),
        np.zeros(64 * needs.excluded_roles.shape[1], np.int32),
        np.zeros(64 * needs.credentials.shape[1], np.int32),
        np.full(_MOST + 2, -1, np.int32),
        np.zeros(blocks.group.shape[0], np.int32),
    )


def shortlist_rows(
    arrays: Arrays, blocks: Blocks, planes: Planes, need: int, k: int, room: Room | None = None
) -> Shortlist:
    """The ``k`` best who may be asked for a need, by row. ``blocks`` and ``planes`` are those of
    `blocks.build` over planes that number all that the need asks for; a need without a place left
    still has a shortlist."""
    if room is None or room.rank.size <= k:
        room = room_for_shortlists(arrays, blocks, k)
    out = np.empty((len(Shortlist._fields), max(0, k)), np.int64)
    count = _shortlist(need, max(0, k), *arrays, blocks, planes, room, out) if k > 0 else 0
    return Shortlist(*out[:, :count])


@kernel
def _shortlist(
    n: int, k: int, people: Volunteers, needs: Needs, known: Known, blocks: Blocks, planes: Planes,
    room: Room, out: Ints,
) -> int:  # fmt: skip
    count = _put_known(n, k, people, needs, known, room.rank)
    count = _put_best(n, k, count, people, needs, known, blocks, planes, room)
    for i in range(count):
        v = _IDS - (room.rank[i] & _IDS)
        metres, near, liked, helped, fair = terms_of(v, n, people, needs, known)
        out[0, i], out[1, i], out[2, i] = v, room.rank[i] >> 32, metres
        out[3, i], out[4, i], out[5, i], out[6, i] = near, liked, helped, fair
        out[7, i] = shared_slots(v, n, people, needs, known)
    return count


@kernel
def _put(v: int, points: int, k: int, count: int, rank: Ints) -> int:
    """Keep a volunteer among the best ``k``; returns how many there are."""
    one = points << 32 | (_IDS - v)
    if count == k:
        if one <= rank[k - 1]:
            return count
        count -= 1
    at = count
    while at > 0 and rank[at - 1] < one:
        rank[at] = rank[at - 1]
        at -= 1
    rank[at] = one
    return count + 1


@kernel
def _put_known(n: int, k: int, people: Volunteers, needs: Needs, known: Known, rank: Ints) -> int:
    """Those who have helped before, or for whom a rule is waived, are few: each is looked at."""
    count = 0
    for i in range(known.continuity_start[n], known.continuity_start[n + 1]):
        count = _judge(known.continuity[i], n, k, count, people, needs, known, rank)
    for i in range(known.allowed_start[n], known.allowed_start[n + 1]):
        v = known.allowed[i]
        if recorded(v, n, known.continuity_start, known.continuity) < 0:
            count = _judge(v, n, k, count, people, needs, known, rank)
    return count


@kernel
def _judge(
    v: int, n: int, k: int, count: int, people: Volunteers, needs: Needs, known: Known,
    rank: Ints,
) -> int:  # fmt: skip
    if with_records(v, n, own_rules(v, n, people, needs), known):
        return count
    _, near, liked, helped, fair = terms_of(v, n, people, needs, known)
    return int(_put(v, near + liked + helped + fair, k, count, rank))


@kernel
def _list(words: Words, n: int, places: Small, into: Small, at: int) -> int:
    for w in range(words.shape[1]):
        word = words[n, w]
        while word:
            into[at] = places[64 * w + trailing_zeros(word)]
            at += 1
            word &= word - _ONE
    return at


@kernel
def _gap_squared(x: int, y: int, box: Ints) -> int:
    if x < 0:
        return 0
    dx = max(0, box[LEFT] - x, x - box[RIGHT])
    dy = max(0, box[BOTTOM] - y, y - box[TOP])
    return int(dx * dx + dy * dy)


@kernel
def _bound(x: int, gap: int, box: Ints, liked: int) -> int:
    """No volunteer over so wide a gap (squared metres) is worth more points."""
    points = box[POINTS] + liked
    if x >= 0:
        metres = np.floor(np.sqrt(float(gap)))
        if metres < box[WIDEST]:
            points += min(TRAVEL, int(TRAVEL * (box[WIDEST] - metres) / box[WIDEST]) + 1)
    return int(points)


@kernel
def _rank_groups(x: int, y: int, liked: int, blocks: Blocks, head: Small, next_: Small) -> int:
    """Chain the groups in reach by their bound; returns the best bound."""
    group = blocks.group
    head[:] = -1
    best = -1
    for g in range(group.shape[0]):
        gap = _gap_squared(x, y, group[g])
        if gap <= group[g, REACH]:
            bound = _bound(x, gap, group[g], liked)
            next_[g] = head[bound]
            head[bound] = g
            best = max(best, bound)
    return best


@kernel
def _put_best(
    n: int, k: int, count: int, people: Volunteers, needs: Needs, known: Known, blocks: Blocks,
    planes: Planes, room: Room,
) -> int:  # fmt: skip
    """Read the groups, best bound first. One long function: its arrays are looked up once."""
    rows, lane, block, available = blocks.planes, blocks.lane, blocks.block, blocks.open
    rank, must, bar, check = room.rank, room.must, room.bar, room.check
    head, next_ = room.head, room.next
    credential, doubtful = planes.credential, planes.doubtful
    held_start, held_bit = people.held_start, people.held_bit
    held_from, held_to = people.held_from, people.held_to
    x, y, born_by = needs.easting[n], needs.northing[n], needs.born_by[n]
    first, last, slots = needs.first[n], needs.last[n], needs.slots[n]
    some_known = (
        known.excluded_start[n + 1] - known.excluded_start[n]
        + known.held_start[n + 1] - known.held_start[n]
        + known.continuity_start[n + 1] - known.continuity_start[n]
        + known.allowed_start[n + 1] - known.allowed_start[n]
    )  # fmt: skip
    musts = _list(needs.skills, n, planes.skill, must, 0)
    musts = _list(needs.languages, n, planes.language, must, musts)
    if needs.gender[n] > 0:
        must[musts] = planes.gender[needs.gender[n]]
        musts += 1
    bars = _list(needs.excluded_roles, n, planes.role, bar, 0)
    checks = 0
    for a in range(needs.asked_start[n], needs.asked_start[n + 1]):
        check[checks] = needs.asked_bit[a]
        checks += 1
    kind = NO_PLANE
    for w in range(needs.kind.shape[1]):
        if needs.kind[n, w]:
            kind = planes.kind[64 * w + trailing_zeros(needs.kind[n, w])]
    bound = _rank_groups(x, y, PREFERENCE if kind != NO_PLANE else 0, blocks, head, next_)
    while bound >= 0 and (count < k or bound >= rank[k - 1] >> 32):
        g = head[bound]
        if g < 0:
            bound -= 1
            continue
        head[bound] = next_[g]
        for b in range(g * GROUP, (g + 1) * GROUP):
            gap = _gap_squared(x, y, block[b])
            liked = _NONE
            if kind != NO_PLANE:
                liked = rows[b, kind]
            if gap > block[b, REACH] or not available[b]:
                continue
            if count == k:
                most = _bound(x, gap, block[b], PREFERENCE if liked else 0)
                if most < rank[k - 1] >> 32:
                    continue
            mask = available[b]
            if slots:
                free = _NONE
                for slot in range(SLOT_COUNT):
                    if slots >> slot & 1:
                        free |= rows[b, slot]
                mask &= free
            for i in range(musts):
                mask &= rows[b, must[i]]
            for i in range(bars):
                mask &= ~rows[b, bar[i]]
            look = _NONE
            for i in range(checks):
                perhaps = rows[b, doubtful[check[i]]]
                mask &= rows[b, credential[check[i]]] | perhaps
                look |= perhaps
            young = born_by >= 0 and block[b, YOUNGEST] > born_by
            while mask:
                low = mask & (~mask + _ONE)
                mask ^= low
                s = b * LANES + trailing_zeros(low)
                v = lane[s, MEMBER]
                points = lane[s, FAIR]
                if x < 0 or lane[s, X] < 0:
                    if lane[s, LIMIT] >= 0:
                        continue
                else:
                    dx, dy = lane[s, X] - x, lane[s, Y] - y
                    squared = dx * dx + dy * dy
                    if squared > lane[s, LIMIT] and lane[s, LIMIT] >= 0:
                        continue
                    points += travel(squared, lane[s, SCALE])
                if liked & low:
                    points += PREFERENCE
                if count == k and points << 32 | (_IDS - v) <= rank[k - 1]:
                    continue
                if young and (lane[s, BORN] < 0 or lane[s, BORN] > born_by):
                    continue
                if look & low and not dates_hold(
                    v, first, last, check, 0, checks, held_start, held_bit, held_from, held_to
                ):
                    continue
                if some_known and (
                    recorded(v, n, known.excluded_start, known.excluded) >= 0
                    or recorded(v, n, known.held_start, known.held) >= 0
                    or recorded(v, n, known.continuity_start, known.continuity) >= 0
                    or recorded(v, n, known.allowed_start, known.allowed) >= 0
                ):
                    continue
                count = _put(v, points, k, count, rank)
    return count
