"""Attributes as bit planes, for the certificate: which bit of a volunteer stands in which plane.

Planes only pass over pairs that cannot be: every pair they let through is tried by all the rules.
So rare attributes may be left out of them, and are when there are more than ``MOST``.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stepdown.kernel.slots import SLOTS
from stepdown.matching.arrays import Ints, Needs, Volunteers, Words
from stepdown.matching.national.check_kernel import inner

MOST = 256
SLOT_COUNT = len(SLOTS)
_SLOTS = (1 << SLOT_COUNT) - 1
Row = npt.NDArray[np.uint64]


class Planes(NamedTuple):
    """The first plane of each word of attributes, -1 for one left out; slots stand in 0 to 20."""

    kind: Ints
    skill: Ints
    language: Ints
    role: Ints
    credential: int
    credentials: int  # how many have a plane
    gender: int  # the plane of code 1
    genders: int
    planes: int


def lay_out(needs: Needs) -> Planes:
    """Give planes to what the needs ask for."""
    count = SLOT_COUNT

    def take(bits: int) -> int:
        nonlocal count
        if not bits or count + bits > MOST:
            return -1
        count += bits
        return count - bits

    def words(masks: Words) -> Ints:
        asked = np.bitwise_or.reduce(masks, axis=0, initial=0)
        return np.array([take(int(word).bit_length()) for word in asked], np.int64)

    kind, skill = words(needs.kind), words(needs.skills)
    credentials = int(needs.asked_bit.max(initial=-1)) + 1
    credential = take(credentials)
    language = words(needs.languages)
    genders = int(needs.gender.max(initial=0))
    gender = take(genders)
    role = words(needs.excluded_roles)
    return Planes(
        kind,
        skill,
        language,
        role,
        credential,
        credentials if credential >= 0 else 0,
        gender,
        genders if gender >= 0 else 0,
        count,
    )


@inner
def _write(row: Row, plane: int, word: int) -> None:
    """Put a word of attributes into a volunteer's row of planes from that plane on."""
    w, shift = plane >> 6, np.uint64(plane & 63)
    row[w] |= np.uint64(word) << shift
    if shift and w + 1 < row.size:
        row[w + 1] |= np.uint64(word) >> np.uint64(64 - (plane & 63))


@inner
def _write_all(row: Row, first: Ints, words: Row, asked: Row) -> None:
    for w in range(words.size):
        if first[w] >= 0 and words[w] & asked[w]:
            _write(row, first[w], words[w] & asked[w])


@inner
def write_row(row: Row, v: int, people: Volunteers, planes: Planes, asked: Words) -> None:
    """A volunteer's bits, one a plane. ``asked`` are the kinds, skills, languages and roles that
    some need asks for, [4, words]."""
    for w in range(row.size):
        row[w] = np.uint64(0)
    _write(row, 0, people.free[v] & _SLOTS)
    _write_all(row, planes.kind, people.preferred[v], asked[0])
    _write_all(row, planes.skill, people.skills[v], asked[1])
    _write_all(row, planes.language, people.languages[v], asked[2])
    _write_all(row, planes.role, people.roles[v], asked[3])
    for k in range(people.held_start[v], people.held_start[v + 1]):
        if people.held_bit[k] < planes.credentials:
            _write(row, planes.credential + people.held_bit[k], 1)
    if 1 <= people.gender[v] <= planes.genders:
        _write(row, planes.gender + people.gender[v] - 1, 1)


def asked_words(needs: Needs) -> Words:
    """The kinds, skills, languages and roles that some need asks for, as `write_row` takes them."""
    rows = [
        np.bitwise_or.reduce(masks, axis=0, initial=0)
        for masks in (needs.kind, needs.skills, needs.languages, needs.excluded_roles)
    ]
    asked = np.zeros((4, max(row.size for row in rows)), np.uint64)
    for i, row in enumerate(rows):
        asked[i, : row.size] = row
    return asked


@inner
def transpose(bits: Words) -> None:
    """Turn 64 rows of 64 bits about their diagonal (Warren, Hacker's Delight, 7-3)."""
    width, mask = 32, np.uint64(0xFFFFFFFF)
    while width:
        shift = np.uint64(width)
        k = 0
        while k < 64:
            swapped = ((bits[k] >> shift) ^ bits[k + width]) & mask
            bits[k] ^= swapped << shift
            bits[k + width] ^= swapped
            k = (k + width + 1) & ~width
        width >>= 1
        mask ^= mask << np.uint64(width)
