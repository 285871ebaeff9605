"""Who could fill a place of a need if one thing changed: candidates in the order they are tried."""

import numpy as np

from stepdown.matching.arrays import Arrays, Ints, Words
from stepdown.matching.kernel import kernel
from stepdown.matching.national.asked import BUSY, DISTANCE, REQUIREMENTS, SKILL, SLOT, Census
from stepdown.matching.national.bits import trailing_zeros
from stepdown.matching.national.blocks import FAIR, LANES, MEMBER, SCALE
from stepdown.matching.national.gather import travel
from stepdown.matching.national.judge import NO_RULE
from stepdown.matching.national.pair import (
    metres_of,
    own_rules,
    recorded,
    squared_metres,
    terms_of,
    with_records,
)
from stepdown.matching.national.probe import Tools, limit_of
from stepdown.matching.national.state import PRICE
from stepdown.matching.relax import MOST_EXTRA_M
from stepdown.matching.scoring import CONTINUITY, PREFERENCE

TIMES, JOURNEY, CHECK, ABILITY = range(4)
"""Kinds of change that concern one pair: another slot, a longer journey, a credential, a skill."""

_NONE = np.uint64(0)
_ONE = np.uint64(1)
_IDS = (1 << 32) - 1
_EXTRA = (1 << 15) - 1


@kernel
def volunteer_of(key: int) -> int:
    """The volunteer of a candidate."""
    return int(_IDS - (key & _IDS))


@kernel
def points_in(key: int) -> int:
    """The quality of a candidate's pair."""
    return int(key >> 32 & 0x7FF)


@kernel
def _key(v: int, points: int, extra: int) -> int:
    """Candidates by the least extra journey, then the best quality, then id: the highest first."""
    return int((_EXTRA - extra) << 43 | points << 32 | (_IDS - v))


@kernel
def collect(
    kind: int, n: int, m: int, blocks: int, near: Ints, words: Words, arrays: Arrays,
    census: Census, t: Tools, keys: Ints,
) -> int:  # fmt: skip
    """Write the candidates for a kind of change; returns how many.

    Those are left out at once who are dearer than the place is worth: no chain of moves makes room
    for less than a volunteer's price.
    """
    needs, known = arrays.needs, arrays.known
    everyone = census.everyone
    lane, planes, seat_x, seat_y = everyone.lane, everyone.planes, everyone.x, everyone.y
    limits, seat_of, price = everyone.limit, t.lookup.blocks.seat, t.flow.seat
    x, y = needs.easting[n], needs.northing[n]
    excluded_start, excluded = known.excluded_start, known.excluded
    held_start, held = known.held_start, known.held
    allowed_start, allowed = known.allowed_start, known.allowed
    helped_start, helped = known.continuity_start, known.continuity
    some_known = (
        excluded_start[n + 1] - excluded_start[n]
        + held_start[n + 1] - held_start[n]
        + allowed_start[n + 1] - allowed_start[n]
    )  # fmt: skip
    some_helped = helped_start[n + 1] > helped_start[n]
    kind_plane = -1
    for w in range(needs.kind.shape[1]):
        if needs.kind[n, w]:
            kind_plane = census.planes.kind[64 * w + trailing_zeros(needs.kind[n, w])]
    worth = limit_of(m, 0, t)
    size = 0
    for i in range(blocks):
        lanes = _lanes(kind, words, i)
        if not lanes:
            continue
        b = near[i]
        liked = _NONE
        if kind_plane >= 0:
            liked = planes[kind_plane, b]
        while lanes:
            low = lanes & (~lanes + _ONE)
            lanes ^= low
            s = b * LANES + trailing_zeros(low)
            v = lane[s, MEMBER]
            at = seat_of[v]
            if at < 0:
                continue
            if some_known and (
                recorded(v, n, excluded_start, excluded) >= 0
                or recorded(v, n, held_start, held) >= 0
                or recorded(v, n, allowed_start, allowed) >= 0
            ):
                continue
            points, extra = lane[s, FAIR], 0
            if x >= 0 and seat_x[s] >= 0:
                dx, dy = np.int64(seat_x[s]) - x, np.int64(seat_y[s]) - y
                squared = dx * dx + dy * dy
                points += travel(squared, lane[s, SCALE])
                if kind == JOURNEY:
                    extra = metres_of(squared) + 1 - metres_of(limits[s])
            elif kind == JOURNEY:
                continue
            if extra > MOST_EXTRA_M:
                continue
            if liked & low:
                points += PREFERENCE
            if some_helped and recorded(v, n, helped_start, helped) >= 0:
                points += CONTINUITY
            if price[at, PRICE] < worth + points:
                keys[size] = _key(v, points, extra)
                size += 1
    if some_known:
        size = _add_known(kind, n, worth, arrays, t, keys, size)
    return size


@kernel
def _lanes(kind: int, words: Words, i: int) -> np.uint64:
    lanes: np.uint64 = words[i, SKILL]
    if kind == TIMES:
        lanes = words[i, NO_RULE] | words[i, SLOT] | words[i, BUSY]
    elif kind == JOURNEY:
        lanes = words[i, DISTANCE]
    elif kind == CHECK:
        lanes = words[i, REQUIREMENTS]
    return lanes


@kernel
def _is_of(kind: int, mask: int) -> bool:
    """Whether breaking these rules makes a candidate for the kind of change."""
    if kind == TIMES:
        return mask == 0 or mask == 1 << SLOT or mask == 1 << BUSY
    if kind == JOURNEY:
        return mask == 1 << DISTANCE
    return mask == 1 << REQUIREMENTS if kind == CHECK else mask == 1 << SKILL


@kernel
def _add_known(
    kind: int, n: int, worth: int, arrays: Arrays, t: Tools, keys: Ints, size: int
) -> int:
    """Those about whom something is recorded with the need, each by the rules they break with it.

    One who is excluded or on the need already breaks a rule that no change waives, unless it is
    waived for the pair.
    """
    people, needs, known = arrays
    for k in range(known.allowed_start[n], known.allowed_start[n + 1]):
        v = known.allowed[k]
        at = t.lookup.blocks.seat[v]
        mask = with_records(v, n, own_rules(v, n, people, needs), known)
        if at < 0 or not _is_of(kind, mask):
            continue
        metres, near, liked, before, fair = terms_of(v, n, people, needs, known)
        extra = 0
        if kind == JOURNEY:
            if squared_metres(v, n, people, needs) < 0:
                continue
            extra = metres + 1 - metres_of(people.limit_squared[v])
        points = near + liked + before + fair
        if extra <= MOST_EXTRA_M and t.flow.seat[at, PRICE] < worth + points:
            keys[size] = _key(v, points, extra)
            size += 1
    return size
