"""The hard rules at their edges."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from stepdown.kernel.slots import mask_of
from stepdown.matching.candidates import failure_masks
from stepdown.matching.eligibility import age_cutoff, failures, shared_slots
from stepdown.matching.problem import Allowance, Need, Problem, Volunteer
from stepdown.matching.rules import Failure, Rule, rules_of
from stepdown.matching.words import say

ON = date(2026, 11, 5)


def broken(
    volunteer: dict[str, Any], need: dict[str, Any], on: date = ON, **pairs: Any
) -> list[Failure]:
    """The failures of one pair, found by the plain rules and held equal to the compiled ones."""
    problem = Problem.build([Volunteer("v", **volunteer)], [Need("n", **need)], on=on, **pairs)
    found = failures(problem, problem.volunteers[0], problem.needs[0])
    compiled = rules_of(int(failure_masks(problem.arrays, 0)[0]))
    assert set(compiled) == {failure.rule for failure in found}
    return found


def codes(found: list[Failure]) -> list[str]:
    return [failure.code for failure in found]


HERE = {"easting": 350_000, "northing": 430_000}


def at(east: int, north: int = 0) -> dict[str, int]:
    return {"easting": 350_000 + east, "northing": 430_000 + north}


def test_distance_is_compared_in_squared_metres_and_the_limit_itself_is_within() -> None:
    limit = {**HERE, "limit_m": 5_000}
    assert broken(limit, at(3_000, 4_000)) == []
    assert codes(broken(limit, at(3_000, 4_001))) == ["distance"]


def test_a_limit_with_part_of_a_metre_is_exact() -> None:
    assert broken({**HERE, "limit_m": Decimal("1414.3")}, at(1_000, 1_000)) == []
    assert codes(broken({**HERE, "limit_m": Decimal("1414.2")}, at(1_000, 1_000))) == ["distance"]


def test_failure_of_distance_says_how_far_and_the_limit() -> None:
    [failure] = broken({**HERE, "limit_m": 10_000}, at(14_200))
    assert failure.values == {"distance_m": 14_200, "limit_m": 10_000}
    assert say(failure) == "They are 14.2 km away, over their limit of 10 km."


def test_an_unknown_position_fails_only_where_there_is_a_limit() -> None:
    assert broken({}, HERE) == []
    assert codes(broken({"limit_m": 1_000}, HERE)) == ["distance-unknown"]
    assert codes(broken({**HERE, "limit_m": 1_000}, {})) == ["distance-unknown"]


@pytest.mark.parametrize(
    ("ends", "fails"), [(date(2027, 2, 28), True), (date(2027, 3, 1), False), (None, False)]
)
def test_a_credential_is_good_to_the_end_of_its_last_day(ends: date | None, fails: bool) -> None:
    need = {"credentials": frozenset(["dbs"]), "starts": ON, "ends": date(2027, 3, 1)}
    found = broken({"credentials": {"dbs": (None, ends)}}, need)
    assert codes(found) == (["credential-ends"] if fails else [])
    if fails:
        assert say(found[0]) == (
            "Their dbs ends on 28 February 2027, before the need ends on 1 March 2027."
        )


def test_a_credential_must_be_valid_when_the_need_starts() -> None:
    need = {"credentials": frozenset(["dbs"]), "starts": date(2026, 12, 1)}
    assert broken({"credentials": {"dbs": (date(2026, 12, 1), None)}}, need) == []
    late = broken({"credentials": {"dbs": (date(2026, 12, 2), None)}}, need)
    assert codes(late) == ["credential-late"]
    assert codes(broken({}, need)) == ["credential-missing"]


def test_a_need_that_has_started_asks_for_credentials_valid_from_today() -> None:
    need = {"credentials": frozenset(["dbs"]), "starts": date(2026, 1, 1)}
    assert broken({"credentials": {"dbs": (ON, ON)}}, need) == []
    assert codes(broken({"credentials": {"dbs": (None, date(2026, 11, 4))}}, need)) == [
        "credential-ends"
    ]


@pytest.mark.parametrize(
    ("born", "on", "fails"),
    [
        (date(2008, 11, 5), ON, False),
        (date(2008, 11, 6), ON, True),
        (date(2008, 2, 29), date(2026, 2, 28), True),
        (date(2008, 2, 29), date(2026, 3, 1), False),
        (date(2010, 3, 1), date(2028, 2, 29), True),
        (date(2010, 2, 28), date(2028, 2, 29), False),
    ],
)
def test_the_minimum_age_is_reached_on_the_birthday(born: date, on: date, fails: bool) -> None:
    found = broken({"date_of_birth": born}, {"minimum_age": 18, "starts": on}, on)
    assert codes(found) == (["age"] if fails else [])
    assert all("2008" not in say(failure) for failure in found)


def test_nobody_is_as_old_as_the_calendar() -> None:
    assert age_cutoff(150, date(100, 1, 1)) is None


def test_an_unknown_attribute_fails_a_stated_requirement() -> None:
    need = {
        "gender": "f",
        "minimum_age": 18,
        "languages": frozenset(["welsh"]),
        "skills": frozenset(["driving", "cooking"]),
        "slots": 1,
        "starts": ON,
    }
    assert codes(broken({}, need)) == [
        "age-unknown",
        "gender-unknown",
        "language",
        "skill",
        "skill",
        "slot",
    ]


def test_a_gender_nobody_asks_for_does_not_match_by_accident() -> None:
    assert codes(broken({"gender": "x"}, {"gender": "f"})) == ["gender"]
    assert broken({"gender": "f"}, {"gender": "f"}) == []


def test_a_role_that_conflicts_stops_the_pair() -> None:
    need = {"excluded_roles": frozenset(["special", "other"])}
    [failure] = broken({"roles": frozenset(["special"])}, need)
    assert failure.rule is Rule.ROLE_CONFLICT
    assert say(failure) == "Their role as special conflicts with this need."


def test_an_offered_slot_that_is_taken_is_busy_and_not_missing() -> None:
    times = mask_of(["mon-am"])
    assert codes(broken({"slots": times, "busy_slots": times}, {"slots": times})) == ["busy"]
    assert codes(broken({"slots": mask_of(["tue-pm"])}, {"slots": times})) == ["slot"]


def test_capacity_load_exclusion_and_being_there_already() -> None:
    assert codes(broken({"capacity": 2, "held": 2}, {})) == ["capacity"]
    assert codes(broken({"weekly_load": 120, "weekly_cap": 120}, {})) == ["weekly-load"]
    assert broken({"weekly_load": 119, "weekly_cap": 120}, {}) == []
    assert codes(broken({}, {}, exclusions=[("v", "n")])) == ["excluded"]
    assert codes(broken({}, {}, held_pairs=[("v", "n")])) == ["already-held"]


def test_more_than_64_skills_are_told_apart() -> None:
    skills = [f"skill-{i}" for i in range(200)]
    needs = {"skills": frozenset(skills)}
    assert broken({"skills": frozenset(skills)}, needs) == []
    assert codes(broken({"skills": frozenset(skills[:-1])}, needs)) == ["skill"]


def test_an_allowance_waives_its_one_rule_for_its_one_pair() -> None:
    times, other = mask_of(["mon-am"]), mask_of(["tue-pm"])
    people = [Volunteer("v", slots=other), Volunteer("w", slots=other)]
    needs = [Need("n", slots=times, skills=frozenset(["cooking"]))]
    problem = replace(
        Problem.build(people, needs, on=ON), allowances=(Allowance("v", "n", Rule.SLOT, other),)
    )
    first, second = problem.volunteers
    assert codes(failures(problem, first, problem.needs[0])) == ["skill"]
    assert codes(failures(problem, second, problem.needs[0])) == ["skill", "slot"]
    assert shared_slots(problem, first, problem.needs[0]) == other
