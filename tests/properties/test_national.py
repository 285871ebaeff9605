"""The national engine finds the plan of the plain one, whatever it is given and however it runs."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepdown.matching.national.plan import plan_arrays
from stepdown.matching.plan import plan
from stepdown.matching.problem import Problem
from stepdown.matching.relax import apply, cheapest_change
from tests.soak.campaigns import CAMPAIGNS
from tests.soak.worlds import small_world
from tests.support.matching_oracle import Optimum, every_plan
from tests.support.matching_worlds import seeded_world, small_worlds
from tests.support.national_plans import faults_in, in_halves, optimum_of, same, shuffled
from tests.support.national_worlds import rich_world


def assert_best(problem: Problem, best: Optimum) -> None:
    found = plan_arrays(problem.arrays, threads=1)
    assert optimum_of(found) == best
    assert found.certificate.ok
    assert found.certificate.optimum_by_band == found.certificate.filled_by_band
    assert found.finished
    assert faults_in(problem, found) == []


@settings(max_examples=200)
@given(small_worlds())
def test_national_plan_is_the_best_of_all_plans_on_small_worlds(problem: Problem) -> None:
    assert_best(problem, every_plan(problem))
    plain = plan(problem)
    assert Optimum(plain.filled_by_band, plain.quality) == every_plan(problem)


@settings(max_examples=80)
@given(small_worlds())
def test_national_plan_after_a_change_is_the_best_with_that_change(problem: Problem) -> None:
    before = plan(problem)
    changes = (cheapest_change(problem, before, need_id) for need_id in before.unfilled())
    for change in [change for change in changes if change is not None][:2]:
        changed = apply(problem, change)
        after = plan(changed)
        best = Optimum(after.filled_by_band, after.quality)
        assert best.filled_by_band > before.filled_by_band
        assert_best(changed, best)


@settings(max_examples=100)
@given(st.integers(0, 1 << 40))
def test_rules_waived_for_single_pairs_are_waived_for_those_alone(seed: int) -> None:
    problem = small_world(seed)
    assert_best(problem, every_plan(problem))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(
    ("volunteers", "needs", "capacity"), [(120, 60, 3), (60, 60, 1), (40, 90, 3), (15, 100, 30)]
)
def test_national_plan_equals_the_plain_one_on_middle_sized_worlds(
    seed: int, volunteers: int, needs: int, capacity: int
) -> None:
    problem = seeded_world(seed, volunteers, needs, capacity=capacity)
    plain = plan(problem)
    assert plain.filled > 0
    assert_best(problem, Optimum(plain.filled_by_band, plain.quality))


@pytest.mark.parametrize("seed", range(12))
def test_every_kind_of_record_in_one_world(seed: int) -> None:
    problem = rich_world(
        seed, 90, 70, across_m=(3_000, 12_000, 60_000)[seed % 3], skills=(6, 90)[seed % 2]
    )
    plain = plan(problem)
    assert_best(problem, Optimum(plain.filled_by_band, plain.quality))


@settings(max_examples=80)
@given(small_worlds(most=6), st.integers(0, 1 << 20))
def test_same_records_in_any_order_give_the_same_national_plan(problem: Problem, seed: int) -> None:
    found = plan_arrays(problem.arrays, threads=1)
    assert same(found, plan_arrays(shuffled(problem, seed).arrays, threads=1))
    assert same(found, plan_arrays(problem.arrays, threads=2))


@settings(max_examples=80)
@given(small_worlds(most=6))
def test_halves_solved_apart_make_a_plan_as_good(problem: Problem) -> None:
    one = in_halves(problem, threads=1)
    assert same(one, in_halves(problem, threads=2))
    assert optimum_of(one) == optimum_of(plan_arrays(problem.arrays, threads=1))
    assert one.certificate.ok
    assert faults_in(problem, one) == []


@pytest.mark.parametrize("seed", range(6))
def test_contended_worlds_give_one_plan_in_any_order_and_on_any_threads(seed: int) -> None:
    problem = seeded_world(seed, 50, 110)
    found = plan_arrays(problem.arrays, threads=1)
    pick = random.Random(seed).randrange
    assert same(found, plan_arrays(shuffled(problem, pick(99)).arrays, threads=2))
    halves = in_halves(problem, threads=2)
    assert same(halves, in_halves(shuffled(problem, pick(99)), threads=1))
    assert optimum_of(halves) == optimum_of(found)
    assert halves.certificate.ok


@pytest.mark.parametrize(
    ("campaign", "count"), [("small", 40), ("middle", 6), ("wide", 2), ("again", 20), ("broken", 4)]
)
def test_long_campaigns_find_nothing_in_their_first_worlds(campaign: str, count: int) -> None:
    counted, wrong = CAMPAIGNS[campaign](0, count)
    assert wrong == []
    assert counted.total() > count
