"""Why places stay empty, for all needs of a national plan, as columns.

The answer for each need is that of `stepdown.matching.explain.why_unfilled`: how many volunteers
pass every rule, and for each rule how many break that one alone, over all volunteers. Far from a
need everybody breaks the rule of distance, so there only those who pass all the others count: few
words a block tell. Near it `judge` tells them apart.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from stepdown.matching.arrays import Arrays, Ints, Known, Words
from stepdown.matching.kernel import kernel
from stepdown.matching.national.asked import (
    DISTANCE,
    RULES,
    Asked,
    Census,
    ask,
    pass_words,
    room_for_asked,
    take_census,
)
from stepdown.matching.national.everyone import ones_in
from stepdown.matching.national.judge import NO_RULE, judge
from stepdown.matching.national.order import Small, along_the_ground
from stepdown.matching.national.pair import own_rules, recorded, with_records
from stepdown.matching.national.plan import NationalPlan
from stepdown.matching.rules import Rule, Unfilled

CODES = ("nobody", "near-misses", "taken", "too-few")
PART = 512  # needs at a time


class Shortfalls(NamedTuple):
    """One row a need with an empty place, in the order of the needs."""

    need: Ints
    band: Ints
    places: Ints
    missing: Ints
    eligible: Ints  # pass every rule
    elsewhere: Ints  # of those, not on this need in the plan
    only: Ints  # [needs, rules]: break this one rule and no other, in the order of `Rule`
    code: Ints  # into CODES
    volunteers: int


def why_unfilled(
    arrays: Arrays, plan: NationalPlan, *, threads: int = 2, census: Census | None = None
) -> Shortfalls:
    """Why each need with an empty place has it. The answer does not depend on threads."""
    needs = arrays.needs
    got = np.bincount(plan.need, minlength=needs.band.size)
    rows = np.flatnonzero(got < needs.places)
    if census is None:
        census = take_census(arrays, rows)
    only, eligible = count_rules(arrays, rows, census, threads=threads)
    places, got = needs.places[rows], got[rows]
    near = only.sum(axis=1) > 0
    code = np.where(got > 0, CODES.index("too-few"), near * CODES.index("near-misses"))
    code[eligible > got] = CODES.index("taken")
    return Shortfalls(
        rows, needs.band[rows], places, places - got, eligible, eligible - got, only, code,
        arrays.volunteers.capacity.size,
    )  # fmt: skip


def as_reason(shortfalls: Shortfalls, row: int, need_id: str) -> Unfilled:
    """One row as `stepdown.matching.words.say` takes it."""
    places, missing = int(shortfalls.places[row]), int(shortfalls.missing[row])
    eligible = int(shortfalls.eligible[row])
    counts = {rule: int(shortfalls.only[row, i]) for i, rule in enumerate(Rule)}
    ordered = sorted(((r, c) for r, c in counts.items() if c), key=lambda item: -item[1])
    values = {
        "places": places,
        "missing": missing,
        "eligible": eligible,
        "elsewhere": int(shortfalls.elsewhere[row]),
        "band": int(shortfalls.band[row]),
        "volunteers": shortfalls.volunteers,
    }
    code = CODES[int(shortfalls.code[row])]
    return Unfilled(code, values, need_id, places, missing, eligible, dict(ordered))


def count_rules(
    arrays: Arrays, rows: Ints, census: Census, *, threads: int = 2
) -> tuple[Ints, Ints]:
    """For each of these needs: [needs, rules] who break one rule alone, and who break none."""
    only = np.zeros((rows.size, RULES), np.int64)
    eligible = np.zeros(rows.size, np.int64)
    number = np.arange(rows.size, dtype=np.int32)
    order = along_the_ground(
        number, arrays.needs.easting[rows], arrays.needs.northing[rows], np.zeros_like(number)
    )

    def work(first: int) -> None:
        _count_needs(
            order[first : first + PART], rows, census, arrays.known, room_for_asked(arrays),
            only, eligible,
        )  # fmt: skip

    with ThreadPoolExecutor(max(1, threads)) as pool:
        list(pool.map(work, range(0, rows.size, PART)))
    return only, eligible


@kernel
def _count_needs(
    order: Small, rows: Ints, census: Census, known: Known, asked: Asked, only: Ints, eligible: Ints
) -> None:
    size = census.everyone.present.size
    good, look = np.empty(size, np.uint64), np.empty(size, np.uint64)
    near, words = np.empty(size, np.int64), np.empty((size, NO_RULE + 1), np.uint64)
    for i in range(order.size):
        row = order[i]
        n = rows[row]
        ask(n, census, asked)
        pass_words(n, census, asked, good, look)
        count = judge(n, 0, census, asked, near, words)
        eligible[row] += _count_words(count, good, near, words, only[row])
        eligible[row] += _count_known(n, census, known, only[row])


@kernel
def _count_words(count: int, good: Words, near: Ints, words: Words, only: Ints) -> int:
    """Count, records aside; returns how many break no rule. Far off, everybody is too far."""
    eligible, far = 0, 0
    for b in range(good.size):
        far += ones_in(good[b])
    for i in range(count):
        far -= ones_in(good[near[i]])
        eligible += ones_in(words[i, NO_RULE])
        for rule in range(NO_RULE):
            if words[i, rule]:
                only[rule] += ones_in(words[i, rule])
    only[DISTANCE] += far
    return eligible


@kernel
def _count_known(n: int, census: Census, known: Known, only: Ints) -> int:
    """Count again those about whom something is recorded with this need."""
    eligible = 0
    for k in range(known.excluded_start[n], known.excluded_start[n + 1]):
        eligible += _recount(known.excluded[k], n, census, known, only)
    for k in range(known.held_start[n], known.held_start[n + 1]):
        v = known.held[k]
        if recorded(v, n, known.excluded_start, known.excluded) < 0:
            eligible += _recount(v, n, census, known, only)
    for k in range(known.allowed_start[n], known.allowed_start[n + 1]):
        v = known.allowed[k]
        if (
            recorded(v, n, known.excluded_start, known.excluded) < 0
            and recorded(v, n, known.held_start, known.held) < 0
        ):
            eligible += _recount(v, n, census, known, only)
    return eligible


@kernel
def _recount(v: int, n: int, census: Census, known: Known, only: Ints) -> int:
    before = own_rules(v, n, census.people, census.needs)
    after = with_records(v, n, before, known)
    return _swap(before, after, only)


@kernel
def _swap(before: int, after: int, only: Ints) -> int:
    """Take a volunteer out of one count and put them into another."""
    for rule in range(RULES):
        if before == 1 << rule:
            only[rule] -= 1
        if after == 1 << rule:
            only[rule] += 1
    return int(after == 0) - int(before == 0)
