"""A problem as integer arrays and bit masks: what the compiled kernels read.

Attributes (skills, credentials, languages) that some need asks for get a bit each, in words of 64:
attributes nobody asks for cannot matter and get none. Dates are proleptic ordinals.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from stepdown.matching.eligibility import age_cutoff, limit_squared
from stepdown.matching.problem import Need, Pair, Problem, Volunteer
from stepdown.matching.rules import Rule
from stepdown.matching.scoring import fairness_points, travel_scale

Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]

OPEN_START = 0
OPEN_END = 10_000_000
UNKNOWN = -1
NONE = -1


class Volunteers(NamedTuple):
    """One row a volunteer, in canonical order. Masks are [volunteers, words] of 64 bits."""

    easting: Ints
    northing: Ints
    limit_squared: Ints  # squared metres, NONE for no limit
    scale: Ints  # metres at which a journey earns nothing
    fairness: Ints  # points
    skills: Words
    credentials: Words
    languages: Words
    roles: Words
    preferred: Words
    gender: Ints  # code, 0 unknown
    born: Ints  # ordinal, UNKNOWN
    offered: Ints  # slot masks
    free: Ints
    capacity: Ints  # what remains
    blocked: Ints  # mask of the rules that stop them whoever the need is
    held_start: Ints  # [volunteers + 1] into held_*: credentials somebody asks for, by bit
    held_bit: Ints
    held_from: Ints
    held_to: Ints


class Needs(NamedTuple):
    """One row a need, in canonical order."""

    easting: Ints
    northing: Ints
    band: Ints
    places: Ints  # what remains
    skills: Words
    credentials: Words
    languages: Words
    excluded_roles: Words
    kind: Words  # at most one bit
    gender: Ints  # code, 0 for none asked
    born_by: Ints  # latest date of birth allowed (0: nobody is old enough), NONE for no minimum age
    slots: Ints
    first: Ints  # credentials must be valid from this day
    last: Ints  # through this day
    asked_start: Ints  # [needs + 1] into asked_bit: the credential bits the need asks for
    asked_bit: Ints


class Known(NamedTuple):
    """What is recorded between one volunteer and one need: rows by need, volunteers ascending."""

    excluded_start: Ints
    excluded: Ints
    held_start: Ints
    held: Ints
    continuity_start: Ints
    continuity: Ints
    allowed_start: Ints
    allowed: Ints
    allowed_rules: Ints  # mask of rules waived
    allowed_slots: Ints  # mask of slots added


class Arrays(NamedTuple):
    """The whole problem."""

    volunteers: Volunteers
    needs: Needs
    known: Known


class Numbering(NamedTuple):
    """The bit of each attribute, by its name; genders have codes from 0 here, one less than in the
    columns. Kinds are the names by which needs and preferences call what a need is."""

    skills: Mapping[str, int]
    credentials: Mapping[str, int]
    languages: Mapping[str, int]
    roles: Mapping[str, int]
    kinds: Mapping[str, int]
    genders: Mapping[str, int]


def pack(problem: Problem) -> Arrays:
    """Pack a problem; the canonical order of its records is the order of the rows."""
    numbering = numbering_of(problem.needs)
    return Arrays(
        pack_people(problem.volunteers, numbering),
        pack_needs(problem, numbering),
        pack_known(problem),
    )


def numbering_of(needs: Iterable[Need]) -> Numbering:
    """A bit for each attribute that one of the needs asks for."""
    needs = list(needs)
    return Numbering(
        skills=_numbering(name for need in needs for name in need.skills),
        credentials=_numbering(name for need in needs for name in need.credentials),
        languages=_numbering(name for need in needs for name in need.languages),
        roles=_numbering(name for need in needs for name in need.excluded_roles),
        kinds=_numbering(need.kind for need in needs if need.kind is not None),
        genders=_numbering(need.gender for need in needs if need.gender is not None),
    )


def pack_people(people: Sequence[Volunteer], numbering: Numbering) -> Volunteers:
    """The columns of volunteers, in their order."""
    checks, genders = numbering.credentials, numbering.genders
    held = [_held(person, checks) for person in people]
    return Volunteers(
        easting=_ints(people, lambda p: UNKNOWN if p.easting is None else p.easting),
        northing=_ints(people, lambda p: UNKNOWN if p.northing is None else p.northing),
        limit_squared=_ints(
            people, lambda p: NONE if p.limit_m is None else limit_squared(p.limit_m)
        ),
        scale=_ints(people, travel_scale),
        fairness=_ints(people, lambda p: fairness_points(p.asks)),
        skills=_masks([p.skills for p in people], numbering.skills),
        credentials=_masks([p.credentials for p in people], checks),
        languages=_masks([p.languages for p in people], numbering.languages),
        roles=_masks([p.roles for p in people], numbering.roles),
        preferred=_masks([p.preferred for p in people], numbering.kinds),
        # A gender that no need asks for can match none: any code above the others says so.
        gender=_ints(people, lambda p: 0 if p.gender is None else genders.get(p.gender, -2) + 1),
        born=_ints(
            people, lambda p: UNKNOWN if p.date_of_birth is None else p.date_of_birth.toordinal()
        ),
        offered=_ints(people, lambda p: p.slots),
        free=_ints(people, lambda p: p.slots & ~p.busy_slots),
        capacity=_ints(people, lambda p: max(0, p.capacity - p.held)),
        blocked=_ints(people, _blocked),
        held_start=_starts(held),
        held_bit=_flat(bit for rows in held for bit, _, _ in rows),
        held_from=_flat(begins for rows in held for _, begins, _ in rows),
        held_to=_flat(ends for rows in held for _, _, ends in rows),
    )


def pack_needs(problem: Problem, numbering: Numbering) -> Needs:
    """The columns of a problem's needs; KeyError on an attribute that has no bit."""
    needs, checks, genders = problem.needs, numbering.credentials, numbering.genders
    asked = [sorted(checks[name] for name in need.credentials) for need in needs]
    return Needs(
        easting=_ints(needs, lambda n: UNKNOWN if n.easting is None else n.easting),
        northing=_ints(needs, lambda n: UNKNOWN if n.northing is None else n.northing),
        band=_ints(needs, lambda n: n.band),
        places=_ints(needs, lambda n: n.open_places),
        skills=_masks([n.skills for n in needs], numbering.skills),
        credentials=_masks([n.credentials for n in needs], checks),
        languages=_masks([n.languages for n in needs], numbering.languages),
        excluded_roles=_masks([n.excluded_roles for n in needs], numbering.roles),
        kind=_masks([() if n.kind is None else (n.kind,) for n in needs], numbering.kinds),
        gender=_ints(needs, lambda n: 0 if n.gender is None else genders[n.gender] + 1),
        born_by=_ints(needs, lambda n: _born_by(problem, n)),
        slots=_ints(needs, lambda n: n.slots),
        first=_ints(needs, lambda n: problem.window(n)[0].toordinal()),
        last=_ints(needs, lambda n: problem.window(n)[1].toordinal()),
        asked_start=_starts(asked),
        asked_bit=_flat(bit for row in asked for bit in row),
    )


def _ints(records: Sequence[Any], value: Callable[[Any], int]) -> Ints:
    return np.fromiter((value(record) for record in records), np.int64, len(records))


def _flat(values: Iterable[int]) -> Ints:
    return np.array(list(values), np.int64)


def _starts(rows: Sequence[Sequence[Any]]) -> Ints:
    starts = np.zeros(len(rows) + 1, np.int64)
    np.cumsum(_ints(rows, len), out=starts[1:])
    return starts


def _numbering(names: Iterable[str]) -> dict[str, int]:
    return {name: bit for bit, name in enumerate(sorted(set(names)))}


def _masks(rows: Sequence[Iterable[str]], bits: Mapping[str, int]) -> Words:
    """[rows, words] of 64 bits; at least one word, so that kernels need no special case."""
    masks = np.zeros((len(rows), max(1, -(-len(bits) // 64))), np.uint64)
    for i, row in enumerate(rows):
        for name in row:
            bit = bits.get(name)
            if bit is not None:
                masks[i, bit >> 6] |= np.uint64(1 << (bit & 63))
    return masks


def _held(person: Volunteer, checks: Mapping[str, int]) -> list[tuple[int, int, int]]:
    """(bit, first good day, last good day) of the credentials that some need asks for, by bit."""
    return sorted(
        (
            checks[name],
            OPEN_START if begins is None else begins.toordinal(),
            OPEN_END if ends is None else ends.toordinal(),
        )
        for name, (begins, ends) in person.credentials.items()
        if name in checks
    )


def _blocked(person: Volunteer) -> int:
    mask = Rule.CAPACITY.bit if person.held >= person.capacity else 0
    if person.weekly_cap is not None and person.weekly_load >= person.weekly_cap:
        mask |= Rule.WEEKLY_LOAD.bit
    return mask


def _born_by(problem: Problem, need: Need) -> int:
    if need.minimum_age is None:
        return NONE
    cutoff = age_cutoff(need.minimum_age, problem.window(need)[0])
    return 0 if cutoff is None else cutoff.toordinal()


def _by_need(problem: Problem, pairs: Iterable[Pair]) -> tuple[Ints, Ints]:
    rows: list[list[int]] = [[] for _ in problem.needs]
    for volunteer_id, need_id in pairs:
        rows[problem.need_index[need_id]].append(problem.volunteer_index[volunteer_id])
    return _starts(rows), _flat(v for row in rows for v in sorted(row))


def pack_known(problem: Problem) -> Known:
    """What is recorded between the problem's volunteers and needs, as rows."""
    allowed: dict[Pair, tuple[int, int]] = {}
    for one in problem.allowances:
        rules, slots = allowed.get((one.volunteer_id, one.need_id), (0, 0))
        allowed[one.volunteer_id, one.need_id] = (rules | one.rule.bit, slots | one.slots)
    starts, people = _by_need(problem, allowed)
    ordered = sorted(allowed, key=lambda pair: (pair[1], pair[0]))
    return Known(
        *_by_need(problem, problem.exclusions),
        *_by_need(problem, problem.held_pairs),
        *_by_need(problem, problem.continuity),
        starts,
        people,
        _flat(allowed[pair][0] for pair in ordered),
        _flat(allowed[pair][1] for pair in ordered),
    )
