"""All feasible pairs at once: the hard rules and the quality, compiled.

The rules are those of `stepdown.matching.eligibility`, the points those of `scoring`; tests hold
them equal pair by pair. This file is the seam for larger engines: whatever finds the edges, the
solver and the certificate read only `Edges`.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stepdown.matching.arrays import Arrays, Ints, Known, Needs, Volunteers, Words
from stepdown.matching.kernel import kernel
from stepdown.matching.rules import Rule
from stepdown.matching.scoring import CONTINUITY, MAX_QUALITY, PREFERENCE, TRAVEL

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


class Edges(NamedTuple):
    """Feasible pairs by need, best quality first (then by volunteer): row n is start[n]:start[n+1].

    ``shared`` is the mask of slots both have free, 0 where the need takes no slot.
    """

    start: Ints
    volunteer: npt.NDArray[np.int32]
    quality: npt.NDArray[np.int32]
    shared: npt.NDArray[np.int32]


def find_edges(arrays: Arrays) -> Edges:
    """The complete graph of feasible pairs between open needs and available volunteers."""
    return Edges(*_edges(arrays.volunteers, arrays.needs, arrays.known))


def failure_masks(arrays: Arrays, need: int) -> Ints:
    """For one need, the mask of failing rules of every volunteer."""
    masks: Ints = _masks_of_need(arrays.volunteers, arrays.needs, arrays.known, need)
    return masks


def quality_of(arrays: Arrays, need: int, volunteers: Ints) -> Ints:
    """For one need, the quality of each of these volunteers (ascending), feasible or not."""
    points: Ints = quality_row(need, volunteers, arrays.volunteers, arrays.needs, arrays.known)
    return points


@kernel
def _add_lacking(wanted: npt.NDArray[np.uint64], held: Words, bit: int, masks: Ints) -> None:
    """Rule ``bit`` fails where a volunteer's row of ``held`` lacks a bit that is wanted."""
    for w in range(wanted.size):
        word = wanted[w]
        if word:
            for v in range(masks.size):
                if word & ~held[v, w]:
                    masks[v] |= bit


@kernel
def _add_meeting(wanted: npt.NDArray[np.uint64], held: Words, bit: int, masks: Ints) -> None:
    """Rule ``bit`` fails where a volunteer's row of ``held`` has a bit that is barred."""
    for w in range(wanted.size):
        word = wanted[w]
        if word:
            for v in range(masks.size):
                if word & held[v, w]:
                    masks[v] |= bit


@kernel
def _add_far(x: int, y: int, easting: Ints, northing: Ints, limit: Ints, masks: Ints) -> None:
    for v in range(masks.size):
        dx = easting[v] - x
        dy = northing[v] - y
        squared = dx * dx + dy * dy
        known = x >= 0 and easting[v] >= 0
        if limit[v] >= 0 and (squared > limit[v] or not known):
            masks[v] |= _DISTANCE


@kernel
def _add_times(slots: int, offered: Ints, free: Ints, masks: Ints) -> None:
    for v in range(masks.size):
        if not slots & offered[v]:
            masks[v] |= _SLOT
        elif not slots & free[v]:
            masks[v] |= _BUSY


@kernel
def _add_personal(born_by: int, born: Ints, gender: int, genders: Ints, masks: Ints) -> None:
    for v in range(masks.size):
        if born_by >= 0 and (born[v] < 0 or born[v] > born_by):
            masks[v] |= _AGE
        if gender > 0 and genders[v] != gender:
            masks[v] |= _GENDER


@kernel
def _add_out_of_date(n: int, people: Volunteers, needs: Needs, masks: Ints) -> None:
    """A credential asked for and held must be good from the need's first day to its last."""
    asked = needs.asked_bit[needs.asked_start[n] : needs.asked_start[n + 1]]
    first, last = needs.first[n], needs.last[n]
    start, bits = people.held_start, people.held_bit
    begins, ends = people.held_from, people.held_to
    for v in range(masks.size):
        if masks[v] & _REQUIREMENTS:
            continue
        k = start[v]
        for a in range(asked.size):
            while bits[k] != asked[a]:
                k += 1
            if begins[k] > first or ends[k] < last:
                masks[v] |= _REQUIREMENTS


@kernel
def mask_row(n: int, people: Volunteers, needs: Needs, known: Known, masks: Ints) -> None:
    """For one need, write the mask of failing rules of every volunteer into ``masks``."""
    masks[:] = people.blocked
    _add_far(
        needs.easting[n],
        needs.northing[n],
        people.easting,
        people.northing,
        people.limit_squared,
        masks,
    )
    if needs.slots[n]:
        _add_times(needs.slots[n], people.offered, people.free, masks)
    if needs.born_by[n] >= 0 or needs.gender[n] > 0:
        _add_personal(needs.born_by[n], people.born, needs.gender[n], people.gender, masks)
    _add_lacking(needs.skills[n], people.skills, _SKILL, masks)
    _add_lacking(needs.languages[n], people.languages, _LANGUAGE, masks)
    if needs.asked_start[n + 1] > needs.asked_start[n]:
        _add_lacking(needs.credentials[n], people.credentials, _REQUIREMENTS, masks)
        _add_out_of_date(n, people, needs, masks)
    _add_meeting(needs.excluded_roles[n], people.roles, _ROLE, masks)
    for k in range(known.excluded_start[n], known.excluded_start[n + 1]):
        masks[known.excluded[k]] |= _EXCLUDED
    for k in range(known.held_start[n], known.held_start[n + 1]):
        masks[known.held[k]] |= _HELD
    for k in range(known.allowed_start[n], known.allowed_start[n + 1]):
        masks[known.allowed[k]] &= ~known.allowed_rules[k]


@kernel
def _masks_of_need(people: Volunteers, needs: Needs, known: Known, n: int) -> Ints:
    masks = np.empty(people.easting.size, np.int64)
    mask_row(n, people, needs, known, masks)
    return masks


@kernel
def _root(squared: int) -> int:
    """The whole part of the square root, exact whatever the floating point does."""
    root = int(math.sqrt(squared))
    while root * root > squared:
        root -= 1
    while (root + 1) * (root + 1) <= squared:
        root += 1
    return root


@kernel
def _add_travel(
    x: int, y: int, chosen: Ints, easting: Ints, northing: Ints, scale: Ints, points: Ints
) -> None:
    for i in range(chosen.size):
        v = chosen[i]
        if x < 0 or easting[v] < 0:
            continue
        dx = easting[v] - x
        dy = northing[v] - y
        metres = _root(dx * dx + dy * dy)
        if metres == 0:
            points[i] += TRAVEL
        elif metres < scale[v]:
            points[i] += TRAVEL * (scale[v] - metres) // scale[v]


@kernel
def quality_row(n: int, chosen: Ints, people: Volunteers, needs: Needs, known: Known) -> Ints:
    """For one need, the quality of each volunteer in ``chosen`` (ascending)."""
    points = np.empty(chosen.size, np.int64)
    for i in range(chosen.size):
        points[i] = people.fairness[chosen[i]]
    _add_travel(
        needs.easting[n],
        needs.northing[n],
        chosen,
        people.easting,
        people.northing,
        people.scale,
        points,
    )
    for w in range(needs.kind.shape[1]):
        word = needs.kind[n, w]
        if word:
            for i in range(chosen.size):
                if word & people.preferred[chosen[i], w]:
                    points[i] += PREFERENCE
    i = 0
    for k in range(known.continuity_start[n], known.continuity_start[n + 1]):
        while i < chosen.size and chosen[i] < known.continuity[k]:
            i += 1
        if i < chosen.size and chosen[i] == known.continuity[k]:
            points[i] += CONTINUITY
    return points


@kernel
def shared_row(n: int, chosen: Ints, people: Volunteers, needs: Needs, known: Known) -> Ints:
    """For one need, the slots each volunteer in ``chosen`` (ascending) shares with it."""
    shared: Ints = needs.slots[n] & people.free[chosen]
    i = 0
    for k in range(known.allowed_start[n], known.allowed_start[n + 1]):
        while i < chosen.size and chosen[i] < known.allowed[k]:
            i += 1
        if i < chosen.size and chosen[i] == known.allowed[k]:
            shared[i] |= known.allowed_slots[k]
    return shared


@kernel
def _edges(
    people: Volunteers, needs: Needs, known: Known
) -> tuple[Ints, npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    rows = needs.easting.size
    start = np.zeros(rows + 1, np.int64)
    size = max(1024, 8 * people.easting.size)
    volunteer = np.empty(size, np.int32)
    quality = np.empty(size, np.int32)
    shared = np.empty(size, np.int32)
    masks = np.empty(people.easting.size, np.int64)
    counts = np.zeros(MAX_QUALITY + 2, np.int64)
    for n in range(rows):
        begin = start[n]
        start[n + 1] = begin
        if needs.places[n] == 0:
            continue
        mask_row(n, people, needs, known, masks)
        chosen = np.flatnonzero(masks == 0)
        end = begin + chosen.size
        start[n + 1] = end
        if end > volunteer.size:
            size = max(2 * volunteer.size, end)
            volunteer = _grown(volunteer, size)
            quality = _grown(quality, size)
            shared = _grown(shared, size)
        points = quality_row(n, chosen, people, needs, known)
        slots = shared_row(n, chosen, people, needs, known)
        counts[:] = 0  # a counting sort: best first, volunteers ascending among equals
        for i in range(chosen.size):
            counts[MAX_QUALITY - points[i] + 1] += 1
        for q in range(MAX_QUALITY + 1):
            counts[q + 1] += counts[q]
        for i in range(chosen.size):
            at = begin + counts[MAX_QUALITY - points[i]]
            counts[MAX_QUALITY - points[i]] += 1
            volunteer[at] = chosen[i]
            quality[at] = points[i]
            shared[at] = slots[i]
    end = start[rows]
    return start, volunteer[:end].copy(), quality[:end].copy(), shared[:end].copy()


@kernel
def _grown(values: npt.NDArray[np.int32], size: int) -> npt.NDArray[np.int32]:
    larger = np.empty(size, np.int32)
    larger[: values.size] = values
    return larger
