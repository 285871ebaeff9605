"""The shortlist out of a whole country is the plain one, for those who may be asked."""

import numpy as np
import pytest

from stepdown.kernel.slots import names_of
from stepdown.matching.national.blocks import build
from stepdown.matching.national.shortlist import room_for_shortlists, shortlist_rows
from stepdown.matching.problem import Problem
from stepdown.matching.shortlist import shortlist
from tests.support.matching_worlds import seeded_world
from tests.support.national_worlds import rich_world

WORLDS = [
    *((seed, 40 * (seed % 6), 12, (2_000, 12_000, 60_000)[seed % 3]) for seed in range(18)),
    (50, 3_000, 60, 30_000),
    (51, 3_000, 60, 3_000),  # many ties: all near
]


def check(problem: Problem, k: int) -> int:
    arrays = problem.arrays
    blocks, planes = build(arrays)
    room = room_for_shortlists(arrays, blocks, k)
    rows = 0
    for n, need in enumerate(problem.needs):
        found = shortlist_rows(arrays, blocks, planes, n, k, room)
        wanted = shortlist(problem, need.id, k)
        assert [problem.volunteers[v].id for v in found.volunteer] == [
            one.volunteer_id for one in wanted
        ]
        for i, one in enumerate(wanted):
            points = [found.travel[i], found.preference[i], found.continuity[i], found.fairness[i]]
            assert points == [term.points for term in one.terms]
            assert found.quality[i] == one.quality == sum(points)
            assert found.metres[i] == (-1 if one.distance_m is None else one.distance_m)
            assert names_of(int(found.shared[i])) == one.slots
        rows += len(wanted)
    return rows


@pytest.mark.parametrize(("seed", "volunteers", "needs", "across"), WORLDS)
def test_the_shortlist_is_the_plain_one(
    seed: int, volunteers: int, needs: int, across: int
) -> None:
    problem = rich_world(
        seed, volunteers, needs, across_m=across, skills=(4, 90)[seed % 2], waive=seed % 4 == 1
    )
    assert sum(check(problem, k) for k in (1, 3, 10)) > 0 or volunteers < 80


def test_people_known_to_each_other_are_where_their_points_put_them() -> None:
    assert check(seeded_world(3, 300, 40), 10) > 100


def test_a_need_without_a_place_left_still_has_a_shortlist() -> None:
    problem = rich_world(7, 200, 30, across_m=5_000)
    closed = [n for n, need in enumerate(problem.needs) if not need.open_places]
    blocks, planes = build(problem.arrays)
    sizes = [shortlist_rows(problem.arrays, blocks, planes, n, 5).volunteer.size for n in closed]
    assert max(sizes) == 5


def test_a_shortlist_of_nobody_is_empty() -> None:
    problem = rich_world(7, 200, 3)
    blocks, planes = build(problem.arrays)
    assert all(column.size == 0 for column in shortlist_rows(problem.arrays, blocks, planes, 0, 0))


def test_room_that_is_too_small_is_made_anew() -> None:
    problem = rich_world(8, 300, 3, across_m=3_000)
    blocks, planes = build(problem.arrays)
    small = room_for_shortlists(problem.arrays, blocks, 1)
    a = shortlist_rows(problem.arrays, blocks, planes, 0, 8, small)
    b = shortlist_rows(problem.arrays, blocks, planes, 0, 8)
    assert all(np.array_equal(one, other) for one, other in zip(a, b, strict=True))
