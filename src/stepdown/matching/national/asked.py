"""What one need asks for, as planes of `everyone`; and who passes every rule but distance."""

from typing import NamedTuple

import numpy as np

from stepdown.matching.arrays import Arrays, Ints, Needs, Volunteers, Words
from stepdown.matching.kernel import kernel
from stepdown.matching.national.bits import trailing_zeros
from stepdown.matching.national.blocks import LANES, MEMBER, SLOT_COUNT, Planes
from stepdown.matching.national.everyone import Everyone, build, old_enough
from stepdown.matching.national.order import Small, Table
from stepdown.matching.rules import Rule

RULES = len(Rule)
_ORDER = list(Rule)
CAPACITY = _ORDER.index(Rule.CAPACITY)
WEEKLY_LOAD = _ORDER.index(Rule.WEEKLY_LOAD)
AGE = _ORDER.index(Rule.AGE)
GENDER = _ORDER.index(Rule.GENDER)
LANGUAGE = _ORDER.index(Rule.LANGUAGE)
SKILL = _ORDER.index(Rule.SKILL)
REQUIREMENTS = _ORDER.index(Rule.REQUIREMENTS)
ROLE_CONFLICT = _ORDER.index(Rule.ROLE_CONFLICT)
DISTANCE = _ORDER.index(Rule.DISTANCE)
SLOT = _ORDER.index(Rule.SLOT)
BUSY = _ORDER.index(Rule.BUSY)
# Rows of ``counts``: how many planes a need has of each kind.
SKILLS, TONGUES, ROLES, CHECKS, SLOTS, ADULT, SEX = range(7)
_NONE = np.uint64(0)
_ONE = np.uint64(1)


class Census(NamedTuple):
    """Everyone, and which of them are old enough for each latest day of birth asked for."""

    everyone: Everyone
    planes: Planes
    days: Ints
    adults: Words  # [days, blocks]
    people: Volunteers
    needs: Needs


class Asked(NamedTuple):
    """The planes of one need, by kind: the first ``counts`` of each are its own."""

    counts: Ints
    skill: Small
    language: Small
    role: Small
    check: Small  # credential bits, not planes
    slot: Small


def take_census(arrays: Arrays, rows: Ints) -> Census:
    """All volunteers as these needs are held against them."""
    everyone, planes = build(arrays)
    days = np.unique(arrays.needs.born_by[rows])
    days = days[days >= 0]
    adults = np.zeros((days.size, everyone.present.size), np.uint64)
    old_enough(days, everyone, adults)
    return Census(everyone, planes, days, adults, arrays.volunteers, arrays.needs)


def room_for_asked(arrays: Arrays) -> Asked:
    """Room for what any one need asks for."""
    needs = arrays.needs

    def room(words: int) -> Small:
        return np.zeros(64 * words, np.int32)

    return Asked(
        np.zeros(7, np.int64),
        room(needs.skills.shape[1]),
        room(needs.languages.shape[1]),
        room(needs.excluded_roles.shape[1]),
        room(needs.credentials.shape[1]),
        np.zeros(SLOT_COUNT, np.int32),
    )


@kernel
def _list(words: Words, n: int, places: Small, into: Small) -> int:
    at = 0
    for w in range(words.shape[1]):
        word = words[n, w]
        while word:
            low = word & (~word + _ONE)
            word ^= low
            into[at] = places[64 * w + trailing_zeros(low)]
            at += 1
    return at


@kernel
def ask(n: int, census: Census, asked: Asked) -> None:
    """Note what a need asks for."""
    needs, planes, count = census.needs, census.planes, asked.counts
    count[SKILLS] = _list(needs.skills, n, planes.skill, asked.skill)
    count[TONGUES] = _list(needs.languages, n, planes.language, asked.language)
    count[ROLES] = _list(needs.excluded_roles, n, planes.role, asked.role)
    count[CHECKS], count[SLOTS], count[ADULT], count[SEX] = 0, 0, -1, -1
    for k in range(needs.asked_start[n], needs.asked_start[n + 1]):
        asked.check[count[CHECKS]] = needs.asked_bit[k]
        count[CHECKS] += 1
    for slot in range(SLOT_COUNT):
        if needs.slots[n] >> slot & 1:
            asked.slot[count[SLOTS]] = slot
            count[SLOTS] += 1
    if needs.born_by[n] >= 0:
        count[ADULT] = np.searchsorted(census.days, needs.born_by[n])
    if needs.gender[n] > 0:
        count[SEX] = planes.gender[needs.gender[n]]


@kernel
def pass_words(n: int, census: Census, asked: Asked, good: Words, look: Words) -> None:
    """For each block, who passes every rule but distance, records between two aside.

    One pass over the words of each attribute; then dates, one by one, where they could fail.
    """
    everyone, count = census.everyone, asked.counts
    planes = everyone.planes
    for b in range(good.size):
        good[b] = everyone.present[b] & ~everyone.full[b] & ~everyone.loaded[b]
        look[b] = _NONE
    if count[SLOTS]:
        for i in range(count[SLOTS]):
            row = planes[asked.slot[i]]
            for b in range(good.size):
                look[b] |= row[b]
        for b in range(good.size):
            good[b] &= look[b]
            look[b] = _NONE
    _keep_with(asked.skill, count[SKILLS], planes, good)
    _keep_with(asked.language, count[TONGUES], planes, good)
    for i in range(count[ROLES]):
        row = planes[asked.role[i]]
        for b in range(good.size):
            good[b] &= ~row[b]
    if count[SEX] >= 0:
        row = planes[count[SEX]]
        for b in range(good.size):
            good[b] &= row[b]
    if count[ADULT] >= 0:
        row = census.adults[count[ADULT]]
        for b in range(good.size):
            good[b] &= row[b]
    if count[CHECKS]:
        for i in range(count[CHECKS]):
            sure = planes[census.planes.credential[asked.check[i]]]
            perhaps = planes[census.planes.doubtful[asked.check[i]]]
            for b in range(good.size):
                good[b] &= sure[b] | perhaps[b]
                look[b] |= perhaps[b]
        people, seats = census.people, everyone.lane
        first, last = census.needs.first[n], census.needs.last[n]
        start, bit, begins, ends = (
            people.held_start, people.held_bit, people.held_from, people.held_to,
        )  # fmt: skip
        for b in range(good.size):
            if good[b] & look[b]:
                good[b] &= ~out_of_date(
                    b * LANES, good[b] & look[b], first, last, asked.check, count[CHECKS], seats,
                    start, bit, begins, ends,
                )  # fmt: skip


@kernel
def _keep_with(which: Small, count: int, planes: Words, good: Words) -> None:
    for i in range(count):
        row = planes[which[i]]
        for b in range(good.size):
            good[b] &= row[b]


@kernel
def out_of_date(
    base: int, lanes: np.uint64, first: int, last: int, check: Small, checks: int, seats: Table,
    start: Ints, bit: Ints, begins: Ints, ends: Ints,
) -> np.uint64:  # fmt: skip
    """Who of the lanes from seat ``base`` does not hold all ``checks`` from the first day to the
    last."""
    late = _NONE
    while lanes:
        low = lanes & (~lanes + _ONE)
        lanes ^= low
        v = seats[base + trailing_zeros(low), MEMBER]
        for i in range(checks):
            good = False
            for k in range(start[v], start[v + 1]):
                if bit[k] == check[i]:
                    good = begins[k] <= first and ends[k] >= last
                    break
            if not good:
                late |= low
                break
    return late
