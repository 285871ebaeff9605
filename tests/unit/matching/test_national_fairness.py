"""The tables of fairness count what they say, and keep small groups to themselves."""

import numpy as np

from stepdown.matching.arrays import Arrays
from stepdown.matching.national.fairness import as_json, asks_of, fairness, in_words
from stepdown.matching.plan import plan
from stepdown.matching.problem import Need, Problem, Volunteer
from stepdown.matching.scoring import fairness_points
from tests.support.matching_worlds import ON
from tests.support.national_worlds import rich_world


def county() -> tuple[Problem, Arrays]:
    """Volunteers by asks 0 to 4, capacity 2; twelve needs in three bands."""
    people = [
        Volunteer(
            f"v{i}", capacity=2, held=int(i == 4), asks=i, skills=frozenset({"a"} if i else ())
        )
        for i in range(5)
    ]
    wanted = [
        Need(f"n{i:02}", band=1 + i % 3, places=2, held=int(i == 11), skills=frozenset({"a"}))
        for i in range(12)
    ]
    problem = Problem.build(people, wanted, on=ON)
    return problem, problem.arrays


NEED = np.array([0, 0, 1, 3, 4])
VOLUNTEER = np.array([1, 2, 1, 3, 4])


def test_asks_are_counted_among_all_and_among_those_planned() -> None:
    problem, arrays = county()
    tables = fairness(
        arrays, NEED, VOLUNTEER, asks=np.array([one.asks for one in problem.volunteers])
    )
    assert [(one.name, one.everyone, one.planned) for one in tables.asks] == [
        ("never asked", 1, 0),
        ("asked once", 1, 1),
        ("asked twice", 1, 1),
        ("asked three times or more", 2, 2),
    ]
    assert fairness(arrays, NEED, VOLUNTEER).asks == tables.asks


def test_nothing_is_said_of_earlier_offers_where_nothing_is_known() -> None:
    _, arrays = county()
    tables = fairness(arrays, NEED, VOLUNTEER, history=False)
    assert "asks" not in as_json(tables)
    assert "Offers made before" not in in_words(tables)


def test_asks_are_read_back_from_the_points_they_give() -> None:
    points = np.array([fairness_points(asks) for asks in range(200)])
    assert asks_of(points).tolist() == [min(3, asks) for asks in range(200)]


def test_load_counts_places_held_before_and_planned() -> None:
    problem, arrays = county()
    held = np.array([one.held for one in problem.volunteers])
    load = {
        one.name: (one.everyone, one.planned)
        for one in fairness(arrays, NEED, VOLUNTEER, held=held).load
    }
    # v1 has 2 of 2; v2 and v3 have 1 of 2; v4 held 1 and gets 1; v0 has none.
    assert load == {
        "no place": (1, 0), "up to half": (2, 2), "over half": (0, 0), "all places": (2, 2),
    }  # fmt: skip


def test_places_filled_are_counted_by_band_and_place() -> None:
    _, arrays = county()
    tables = fairness(arrays, NEED, VOLUNTEER, place=["east", "west"] * 6)
    assert [(one.name, one.places, one.filled) for one in tables.band] == [
        ("1", 8, 3), ("2", 8, 2), ("3", 7, 0), ("4", 0, 0),
    ]  # fmt: skip
    assert [(one.name, one.places, one.filled) for one in tables.place] == [
        ("east", 12, 3), ("west", 11, 2),
    ]  # fmt: skip
    assert tables.band[0].rate == 3 / 8
    assert tables.band[3].rate is None


def test_a_small_group_is_not_published_nor_to_be_had_by_taking_away() -> None:
    _, arrays = county()
    groups = ["a"] * 4 + ["b"] * 8
    alone = fairness(arrays, NEED, VOLUNTEER, group=groups).group
    assert [(one.places, one.filled) for one in alone] == [(None, None), (None, None)]
    enough = fairness(arrays, NEED, VOLUNTEER, group=["a"] * 5 + ["b"] * 7).group
    assert [(one.name, one.places, one.filled) for one in enough] == [("a", 10, 5), ("b", 13, 0)]
    lower = fairness(arrays, NEED, VOLUNTEER, group=groups, minimum=3).group
    assert [one.places for one in lower] == [8, 15]


def test_two_small_groups_leave_the_others_published() -> None:
    _, arrays = county()
    found = fairness(arrays, NEED, VOLUNTEER, group=["a"] * 3 + ["b"] * 3 + ["c"] * 6).group
    assert [one.places for one in found] == [None, None, 11]


def test_the_tables_are_said_in_plain_english() -> None:
    _, arrays = county()
    said = in_words(
        fairness(arrays, NEED, VOLUNTEER, place=["x"] * 12, group=["a"] * 3 + ["b"] * 9)
    )
    assert "  never asked: 0 (1)\n" in said
    assert "  1: 3 of 8 (37%)\n" in said
    assert "  4: no place open\n" in said
    assert "  a: too few to publish\n" in said
    assert "Groups with fewer than 5 needs" in said


def test_plain_data_hides_what_the_words_hide() -> None:
    _, arrays = county()
    data = as_json(fairness(arrays, NEED, VOLUNTEER, group=["a"] * 3 + ["b"] * 9))
    assert data["filled_by_group"] == [
        {"name": "a", "places": None, "filled": None},
        {"name": "b", "places": None, "filled": None},
    ]  # fmt: skip
    assert "filled_by_place" not in data


def test_every_volunteer_and_place_is_counted_once() -> None:
    problem = rich_world(5, 120, 40, across_m=8_000)
    made = plan(problem)
    held = np.array([one.held for one in problem.volunteers])
    tables = fairness(problem.arrays, made.need, made.volunteer, held=held)
    assert sum(one.everyone for one in tables.asks) == len(problem.volunteers)
    assert sum(one.everyone for one in tables.load) == len(problem.volunteers)
    assert sum(one.planned for one in tables.load) == np.unique(made.volunteer).size
    assert tuple(one.filled for one in tables.band) == made.filled_by_band
    assert sum(one.places or 0 for one in tables.band) == made.places


def test_a_plan_of_nothing_has_its_tables() -> None:
    empty = Problem.build([], [], on=ON)
    none = np.zeros(0, np.int64)
    tables = fairness(empty.arrays, none, none, place=[], group=[])
    assert [one.everyone for one in tables.asks] == [0, 0, 0, 0]
    assert tables.group == ()
