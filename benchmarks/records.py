"""A small made-up set as records, for whatever reads a `Problem`: row order is the order of ids."""

from collections.abc import Iterator
from datetime import date

from benchmarks.attributes import ON
from stepdown.matching.arrays import OPEN_END, OPEN_START, Arrays, Ints, Words
from stepdown.matching.problem import Need, Pair, Problem, Volunteer
from stepdown.matching.rules import Rule
from stepdown.matching.scoring import fairness_points

GENDERS = (None, "f", "m")
_ASKS = {fairness_points(asks): asks for asks in reversed(range(101))}


def problem_of(arrays: Arrays) -> Problem:
    """The records behind the columns, as far as a plan can tell."""
    people = [_volunteer(arrays, row) for row in range(arrays.volunteers.capacity.size)]
    needs = [_need(arrays, row) for row in range(arrays.needs.band.size)]

    def pairs(start: Ints, rows: Ints) -> Iterator[Pair]:
        for n, need in enumerate(needs):
            for v in rows[start[n] : start[n + 1]].tolist():
                yield people[v].id, need.id

    known = arrays.known
    return Problem.build(
        people,
        needs,
        on=ON,
        exclusions=pairs(known.excluded_start, known.excluded),
        held_pairs=pairs(known.held_start, known.held),
        continuity=pairs(known.continuity_start, known.continuity),
    )


def _names(prefix: str, words: Words, row: int) -> frozenset[str]:
    return frozenset(f"{prefix}{bit:02}" for bit in range(64) if int(words[row, 0]) >> bit & 1)


def _day(ordinal: int) -> date | None:
    return None if ordinal in (OPEN_START, OPEN_END) else date.fromordinal(ordinal)


def _volunteer(arrays: Arrays, row: int) -> Volunteer:
    people = arrays.volunteers
    placed = people.easting[row] >= 0
    held = slice(int(people.held_start[row]), int(people.held_start[row + 1]))
    columns = (people.held_bit[held], people.held_from[held], people.held_to[held])
    capped = bool(people.blocked[row] & Rule.WEEKLY_LOAD.bit)
    born, offered = int(people.born[row]), int(people.offered[row])
    return Volunteer(
        id=f"V{row:08}",
        easting=int(people.easting[row]) if placed else None,
        northing=int(people.northing[row]) if placed else None,
        limit_m=int(people.scale[row]),
        skills=_names("skill", people.skills, row),
        credentials={
            f"check{bit:02}": (_day(begins), _day(ends))
            for bit, begins, ends in zip(*(column.tolist() for column in columns), strict=True)
        },
        languages=_names("language", people.languages, row),
        gender=GENDERS[int(people.gender[row])],
        date_of_birth=None if born < 0 else date.fromordinal(born),
        slots=offered,
        busy_slots=offered & ~int(people.free[row]),
        capacity=int(people.capacity[row]),
        roles=_names("role", people.roles, row),
        weekly_load=60 if capped else 0,
        weekly_cap=60 if capped else None,
        preferred=_names("kind", people.preferred, row),
        asks=_ASKS[int(people.fairness[row])],
    )


def _need(arrays: Arrays, row: int) -> Need:
    needs = arrays.needs
    first, born_by = date.fromordinal(int(needs.first[row])), int(needs.born_by[row])
    return Need(
        id=f"N{row:08}",
        easting=int(needs.easting[row]),
        northing=int(needs.northing[row]),
        band=int(needs.band[row]),
        places=int(needs.places[row]),
        skills=_names("skill", needs.skills, row),
        credentials=_names("check", needs.credentials, row),
        languages=_names("language", needs.languages, row),
        gender=GENDERS[int(needs.gender[row])],
        minimum_age=None if born_by < 0 else first.year - date.fromordinal(born_by).year,
        slots=int(needs.slots[row]),
        starts=first,
        ends=date.fromordinal(int(needs.last[row])),
        excluded_roles=_names("role", needs.excluded_roles, row),
        kind=min(_names("kind", needs.kind, row), default=None),
    )
