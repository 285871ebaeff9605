"""What one need asks of a block, as planes to be combined."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stepdown.matching.arrays import Ints, Needs, Words
from stepdown.matching.national.check_kernel import part
from stepdown.matching.national.check_order import Small
from stepdown.matching.national.check_planes import MOST, SLOT_COUNT, Planes

_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_ONE = np.uint64(1)
_NONE = np.uint64(0)
_NO_PLANE = -1
_LANES = (np.uint64(1) << np.arange(64, dtype=np.uint64)) % np.uint64(67)
LANE_OF = np.zeros(67, np.int64)
LANE_OF[_LANES.astype(np.int64)] = np.arange(64)


class Wanted(NamedTuple):
    """Lists of planes: the first entry says how many follow."""

    must: Small
    bar: Small
    slot: Small
    kind: Small  # _NO_PLANE where nobody knows who prefers it: then all might


def room_for_wants() -> Wanted:
    """Nothing wanted."""
    return Wanted(*np.zeros((4, MOST + 1), np.int32))


@part
def _add(plane: int, planes: Small) -> None:
    planes[0] += 1
    planes[planes[0]] = plane


@part
def _add_bits(words: npt.NDArray[np.uint64], first: Ints, planes: Small) -> None:
    for w in range(words.size):
        word = words[w]
        plane = first[w]
        while word and plane >= 0:
            if word & _ONE:
                _add(plane, planes)
            word >>= _ONE
            plane += 1


@part
def read_wants(n: int, needs: Needs, planes: Planes, wanted: Wanted) -> bool:
    """Write what need ``n`` asks for; whether it is of any kind that can be preferred."""
    wanted.must[0] = wanted.bar[0] = wanted.slot[0] = wanted.kind[0] = 0
    _add_bits(needs.skills[n], planes.skill, wanted.must)
    _add_bits(needs.languages[n], planes.language, wanted.must)
    _add_bits(needs.excluded_roles[n], planes.role, wanted.bar)
    _add_bits(needs.kind[n], planes.kind, wanted.kind)
    if planes.credentials:
        for k in range(needs.asked_start[n], needs.asked_start[n + 1]):
            _add(planes.credential + needs.asked_bit[k], wanted.must)
    if 0 < needs.gender[n] <= planes.genders:
        _add(planes.gender + needs.gender[n] - 1, wanted.must)
    for slot in range(SLOT_COUNT):
        if needs.slots[n] >> slot & 1:
            _add(slot, wanted.slot)
    some = False
    for w in range(planes.kind.size):
        if needs.kind[n, w]:
            some = True
            if planes.kind[w] < 0:
                wanted.kind[0] = 1
                wanted.kind[1] = _NO_PLANE
                break
    return some


@part
def lanes(planes: Words, octet: int, wanted: Wanted, mask: Words) -> None:
    """Write who in each block of an octet has all that is asked for, as far as planes know.

    One name for each of the eight words: kept in an array, they would be written out every time.
    """
    a = b = c = d = e = f = g = h = _NONE if wanted.slot[0] else _ALL
    for k in range(1, wanted.slot[0] + 1):
        p = wanted.slot[k]
        a |= planes[octet, p, 0]
        b |= planes[octet, p, 1]
        c |= planes[octet, p, 2]
        d |= planes[octet, p, 3]
        e |= planes[octet, p, 4]
        f |= planes[octet, p, 5]
        g |= planes[octet, p, 6]
        h |= planes[octet, p, 7]
    for k in range(1, wanted.must[0] + 1):
        p = wanted.must[k]
        a &= planes[octet, p, 0]
        b &= planes[octet, p, 1]
        c &= planes[octet, p, 2]
        d &= planes[octet, p, 3]
        e &= planes[octet, p, 4]
        f &= planes[octet, p, 5]
        g &= planes[octet, p, 6]
        h &= planes[octet, p, 7]
    for k in range(1, wanted.bar[0] + 1):
        p = wanted.bar[k]
        a &= ~planes[octet, p, 0]
        b &= ~planes[octet, p, 1]
        c &= ~planes[octet, p, 2]
        d &= ~planes[octet, p, 3]
        e &= ~planes[octet, p, 4]
        f &= ~planes[octet, p, 5]
        g &= ~planes[octet, p, 6]
        h &= ~planes[octet, p, 7]
    mask[0], mask[1], mask[2], mask[3] = a, b, c, d
    mask[4], mask[5], mask[6], mask[7] = e, f, g, h


@part
def likers(planes: Words, octet: int, j: int, wanted: Wanted) -> np.uint64:
    """Who in block ``j`` of an octet might prefer this kind of need."""
    some = _NONE
    for k in range(1, wanted.kind[0] + 1):
        some |= _ALL if wanted.kind[k] == _NO_PLANE else planes[octet, wanted.kind[k], j]
    return some


@part
def lane_of(power: np.uint64) -> int:
    """The number of the only bit that is set: no two powers of 2 leave the same rest by 67."""
    return int(LANE_OF[power % np.uint64(67)])
