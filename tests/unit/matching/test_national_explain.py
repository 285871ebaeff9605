"""At national scale the reasons are those of the plain engine, in columns."""

from collections.abc import Iterator

import numpy as np
import pytest

from stepdown.matching import explain
from stepdown.matching.national.pair import failing_rules
from stepdown.matching.national.plan import NationalPlan, plan_arrays
from stepdown.matching.national.shortfall import as_reason, why_unfilled
from stepdown.matching.national.terms import why_matched
from stepdown.matching.plan import Plan, plan
from stepdown.matching.problem import Problem
from stepdown.matching.candidates import failure_masks
from stepdown.matching.scoring import terms
from tests.support.matching_worlds import seeded_world
from tests.support.national_worlds import rich_world

Made = tuple[Problem, Plan, NationalPlan]


def worlds() -> Iterator[Problem]:
    for seed in range(40):
        size = seed % 8
        yield rich_world(
            seed, 12 * size, 3 + 4 * size, across_m=(2_000, 12_000, 40_000)[seed % 3],
            skills=(4, 6, 90)[seed // 3 % 3], waive=seed % 2 == 1,
        )  # fmt: skip
    for seed in range(10):
        yield seeded_world(seed, 6 + seed, 25)
    yield rich_world(99, 1_500, 120, across_m=200_000)


@pytest.fixture(scope="module")
def made() -> list[Made]:
    return [(problem, plan(problem), plan_arrays(problem.arrays)) for problem in worlds()]


def test_the_terms_of_each_pair_are_those_published(made: list[Made]) -> None:
    for problem, _, national in made:
        found = why_matched(problem.arrays, national)
        for i, (v, n) in enumerate(zip(national.volunteer, national.need, strict=True)):
            wanted = terms(problem, problem.volunteers[v], problem.needs[n])
            points = [found.travel[i], found.preference[i], found.continuity[i], found.fairness[i]]
            assert points == [term.points for term in wanted]
            assert found.metres[i] == wanted[0].values.get("distance_m", -1)
            assert sum(points) == national.pair_quality[i]


def test_why_places_stay_empty_is_what_the_plain_engine_says(made: list[Made]) -> None:
    said = set()
    for problem, plain, national in made:
        found = why_unfilled(problem.arrays, national)
        got = np.bincount(national.need, minlength=len(problem.needs))
        short = [n for n, need in enumerate(problem.needs) if got[n] < need.open_places]
        assert found.need.tolist() == short
        for row, n in enumerate(short):
            need_id = problem.needs[n].id
            if plain.got(need_id) != got[n]:
                continue  # an equally good plan leaves another need short
            reason = as_reason(found, row, need_id)
            wanted = explain.why_unfilled(problem, plain, need_id)
            assert reason == wanted
            assert list(reason.only) == list(wanted.only)
            said.add(reason.code)
    assert said == {"nobody", "near-misses", "taken", "too-few"}


def test_threads_change_nothing(made: list[Made]) -> None:
    problem, _, national = made[-1]
    one, two = (why_unfilled(problem.arrays, national, threads=threads) for threads in (1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))


def test_all_failing_rules_of_a_named_volunteer_are_given(made: list[Made]) -> None:
    for problem, _, _ in made[::3]:
        for n in range(0, len(problem.needs), 3):
            masks = failure_masks(problem.arrays, n)
            assert [failing_rules(problem.arrays, v, n) for v in range(masks.size)] == masks.tolist()


