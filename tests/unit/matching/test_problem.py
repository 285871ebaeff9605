"""What is asked of the engine is checked before it is asked."""

import subprocess
import sys
from datetime import date
from typing import Any

import pytest

from stepdown.matching.problem import Need, Problem, Volunteer

ON = date(2026, 11, 5)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"easting": 1}, "given together"),
        ({"easting": -1, "northing": 0}, "easting must be a whole number from 0"),
        ({"easting": 1, "northing": 2_000_000}, "northing must be a whole number"),
        ({"limit_m": -1}, "travel limit"),
        ({"capacity": -1}, "capacity must be"),
        ({"capacity": True}, "capacity must be"),
        ({"slots": 1 << 21}, "slots must be"),
        ({"held": 1.5}, "places held must be"),
        ({"weekly_cap": -5}, "weekly cap must be"),
        ({"credentials": {"dbs": (date(2027, 1, 1), ON)}}, "dbs ends before it begins"),
    ],
)
def test_a_volunteer_with_a_bad_value_is_refused(values: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=f"Volunteer v1: .*{words}"):
        Volunteer("v1", **values)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"band": 0}, "band must be a whole number from 1 to 4"),
        ({"band": 5}, "band must be a whole number from 1 to 4"),
        ({"places": -1}, "places must be"),
        ({"minimum_age": 151}, "minimum age must be"),
        ({"starts": ON, "ends": date(2026, 11, 4)}, "ends before it starts"),
        ({"northing": 4}, "given together"),
    ],
)
def test_a_need_with_a_bad_value_is_refused(values: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=f"Need n1: .*{words}"):
        Need("n1", **values)


def test_a_record_without_an_id_is_refused() -> None:
    with pytest.raises(ValueError, match="A volunteer must have an id"):
        Volunteer("")
    with pytest.raises(ValueError, match="A need must have an id"):
        Need("")


def test_two_records_with_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="Two volunteers have the id v1"):
        Problem.build([Volunteer("v1"), Volunteer("v1")], [], on=ON)
    with pytest.raises(ValueError, match="Two needs have the id n1"):
        Problem.build([], [Need("n1"), Need("n1")], on=ON)


def test_records_stand_in_order_of_id_and_strangers_are_left_out() -> None:
    problem = Problem.build(
        [Volunteer("b"), Volunteer("a")],
        [Need("z"), Need("y")],
        on=ON,
        exclusions=[("a", "y"), ("a", "elsewhere"), ("nobody", "y")],
    )
    assert [one.id for one in problem.volunteers] == ["a", "b"]
    assert [one.id for one in problem.needs] == ["y", "z"]
    assert problem.exclusions == {("a", "y")}


def test_what_does_not_plan_never_loads_the_compiler() -> None:
    """A page that asks about one pair must not wait for the engine to load."""
    code = (
        "import sys; from stepdown.matching import eligibility, problem, scoring, words;"
        "sys.exit('numba' in sys.modules or 'numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
