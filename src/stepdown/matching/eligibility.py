"""The hard rules for one pair, in plain Python, with every failing rule and its values.

The same rules run over all pairs at once in `stepdown.matching.candidates`; a test holds the two
equal. This one is for explanations, for guards on a single offer, and for the certificate.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from math import isqrt

from stepdown.kernel.slots import names_of
from stepdown.matching.problem import Need, Problem, Volunteer
from stepdown.matching.rules import Failure, Rule

__all__ = ["Failure", "Rule", "age_cutoff", "distance_m", "failures", "shared_slots"]


def squared_distance(volunteer: Volunteer, need: Need) -> int | None:
    """Squared metres between the two, or None where a position is not known."""
    if volunteer.easting is None or volunteer.northing is None:
        return None
    if need.easting is None or need.northing is None:
        return None
    return (volunteer.easting - need.easting) ** 2 + (volunteer.northing - need.northing) ** 2


def distance_m(volunteer: Volunteer, need: Need) -> int | None:
    """Whole metres in a straight line (rounded down), or None where a position is not known."""
    squared = squared_distance(volunteer, need)
    return None if squared is None else isqrt(squared)


def age_cutoff(minimum_age: int, day: date) -> date | None:
    """The latest date of birth of someone who has reached the age on that day.

    Someone born on 29 February comes of age on 1 March of a common year. None: nobody is that old.
    """
    year = day.year - minimum_age
    if year < date.min.year:
        return None
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def allowance(problem: Problem, volunteer: Volunteer, need: Need) -> tuple[frozenset[Rule], int]:
    """The rules waived for this pair and the slots added to what they share."""
    rules: set[Rule] = set()
    slots = 0
    for one in problem.allowances:
        if one.volunteer_id == volunteer.id and one.need_id == need.id:
            rules.add(one.rule)
            slots |= one.slots
    return frozenset(rules), slots


def shared_slots(problem: Problem, volunteer: Volunteer, need: Need) -> int:
    """The mask of slots that the need asks for and the volunteer offers and has free."""
    free = need.slots & volunteer.slots & ~volunteer.busy_slots
    return free | allowance(problem, volunteer, need)[1]


def failures(problem: Problem, volunteer: Volunteer, need: Need) -> list[Failure]:
    """Every hard rule that the pair breaks, with its values. Empty when it may be planned."""
    waived, _ = allowance(problem, volunteer, need)
    found = _all(problem, volunteer, need)
    return [failure for failure in found if failure.rule not in waived]


def _all(problem: Problem, volunteer: Volunteer, need: Need) -> Iterator[Failure]:
    pair = (volunteer.id, need.id)
    if pair in problem.exclusions:
        yield Failure("excluded", {}, Rule.EXCLUDED)
    if pair in problem.held_pairs:
        yield Failure("already-held", {}, Rule.ALREADY_HELD)
    yield from _availability(volunteer)
    yield from _personal(problem, volunteer, need)
    yield from _lists(problem, volunteer, need)
    roles = volunteer.roles & need.excluded_roles
    for role in sorted(roles):
        yield Failure("role-conflict", {"role": role}, Rule.ROLE_CONFLICT)
    yield from _journey(volunteer, need)
    yield from _times(volunteer, need)


def _availability(volunteer: Volunteer) -> Iterator[Failure]:
    if volunteer.held >= volunteer.capacity:
        values = {"held": volunteer.held, "capacity": volunteer.capacity}
        yield Failure("capacity", values, Rule.CAPACITY)
    if volunteer.weekly_cap is not None and volunteer.weekly_load >= volunteer.weekly_cap:
        values = {"load": volunteer.weekly_load, "cap": volunteer.weekly_cap}
        yield Failure("weekly-load", values, Rule.WEEKLY_LOAD)


def _personal(problem: Problem, volunteer: Volunteer, need: Need) -> Iterator[Failure]:
    """Age and gender. The values name the requirement, never the volunteer's date of birth."""
    if need.minimum_age is not None:
        day = problem.window(need)[0]
        values = {"age": need.minimum_age, "day": day}
        cutoff = age_cutoff(need.minimum_age, day)
        if volunteer.date_of_birth is None:
            yield Failure("age-unknown", values, Rule.AGE)
        elif cutoff is None or volunteer.date_of_birth > cutoff:
            yield Failure("age", values, Rule.AGE)
    if need.gender is not None and volunteer.gender != need.gender:
        code = "gender" if volunteer.gender is not None else "gender-unknown"
        yield Failure(code, {"gender": need.gender}, Rule.GENDER)


def _lists(problem: Problem, volunteer: Volunteer, need: Need) -> Iterator[Failure]:
    for language in sorted(need.languages - volunteer.languages):
        yield Failure("language", {"language": language}, Rule.LANGUAGE)
    for skill in sorted(need.skills - volunteer.skills):
        yield Failure("skill", {"skill": skill}, Rule.SKILL)
    first, last = problem.window(need)
    for name in sorted(need.credentials):
        if name not in volunteer.credentials:
            yield Failure("credential-missing", {"credential": name}, Rule.REQUIREMENTS)
            continue
        begins, ends = volunteer.credentials[name]
        if begins is not None and begins > first:
            values = {"credential": name, "begins": begins, "first": first}
            yield Failure("credential-late", values, Rule.REQUIREMENTS)
        elif ends is not None and ends < last:
            values = {"credential": name, "ends": ends, "last": last}
            yield Failure("credential-ends", values, Rule.REQUIREMENTS)


def _journey(volunteer: Volunteer, need: Need) -> Iterator[Failure]:
    if volunteer.limit_m is None:
        return
    squared = squared_distance(volunteer, need)
    if squared is None:
        yield Failure("distance-unknown", {"limit_m": volunteer.limit_m}, Rule.DISTANCE)
    elif squared > limit_squared(volunteer.limit_m):
        values = {"distance_m": isqrt(squared), "limit_m": volunteer.limit_m}
        yield Failure("distance", values, Rule.DISTANCE)


def limit_squared(limit_m: int | Decimal) -> int:
    """The largest whole number of squared metres within a limit: exact for any decimal limit."""
    return limit_m**2 if isinstance(limit_m, int) else int(limit_m**2)


def _times(volunteer: Volunteer, need: Need) -> Iterator[Failure]:
    if not need.slots:
        return
    shared = need.slots & volunteer.slots
    if not shared:
        values = {"wanted": names_of(need.slots), "offered": names_of(volunteer.slots)}
        yield Failure("slot", values, Rule.SLOT)
    elif not shared & ~volunteer.busy_slots:
        yield Failure("busy", {"slots": names_of(shared)}, Rule.BUSY)
