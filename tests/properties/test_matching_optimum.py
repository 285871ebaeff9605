"""The plan is the optimum, whoever else works it out."""

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepdown.matching.plan import Plan, plan
from stepdown.matching.problem import Problem
from tests.support.matching_oracle import Optimum, every_plan, or_tools
from tests.support.matching_worlds import seeded_world, small_worlds


def optimum_of(found: Plan) -> Optimum:
    return Optimum(found.filled_by_band, found.quality)


@settings(max_examples=400)
@given(small_worlds())
def test_plan_is_the_best_of_all_plans_on_small_worlds(problem: Problem) -> None:
    found = plan(problem)
    assert optimum_of(found) == every_plan(problem)
    assert found.certificate.ok
    assert found.certificate.gap == 0
    assert found.certificate.optimum_by_band == found.filled_by_band


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(
    ("volunteers", "needs", "capacity"), [(120, 60, 3), (60, 60, 1), (40, 90, 3), (15, 100, 6)]
)
def test_plan_equals_an_independent_solver_on_middle_sized_worlds(
    seed: int, volunteers: int, needs: int, capacity: int
) -> None:
    problem = seeded_world(seed, volunteers, needs, capacity=capacity)
    found = plan(problem)
    assert found.filled > 0
    assert optimum_of(found) == or_tools(problem)
    assert found.certificate.ok


@settings(max_examples=150)
@given(small_worlds(), st.randoms(use_true_random=False))
def test_same_records_in_any_order_give_the_same_plan(
    problem: Problem, pick: random.Random
) -> None:
    people, needs = list(problem.volunteers), list(problem.needs)
    pick.shuffle(people)
    pick.shuffle(needs)
    other = Problem.build(
        people,
        needs,
        on=problem.on,
        exclusions=problem.exclusions,
        held_pairs=problem.held_pairs,
        continuity=problem.continuity,
    )
    assert plan(other).pairs() == plan(problem).pairs()


def test_shuffled_contended_world_gives_the_same_plan() -> None:
    problem = seeded_world(7, 40, 90)
    people, needs = list(problem.volunteers), list(problem.needs)
    random.Random(1).shuffle(people)
    random.Random(2).shuffle(needs)
    other = replace(
        Problem.build(people, needs, on=problem.on),
        exclusions=problem.exclusions,
        continuity=problem.continuity,
    )
    assert plan(other).pairs() == plan(problem).pairs()


@settings(max_examples=100)
@given(small_worlds(most=7))
def test_nobody_is_in_two_places_in_one_slot_or_over_their_capacity(problem: Problem) -> None:
    pairs = plan(problem).pairs()
    slots = Counter((pair.volunteer_id, pair.slot) for pair in pairs if pair.slot)
    assert max(slots.values(), default=1) == 1
    for volunteer_id, held in Counter(pair.volunteer_id for pair in pairs).items():
        volunteer = problem.volunteer(volunteer_id)
        assert held <= volunteer.capacity - volunteer.held
    for need_id, got in Counter(pair.need_id for pair in pairs).items():
        assert got <= problem.need(need_id).open_places
    assert max(Counter((p.need_id, p.volunteer_id) for p in pairs).values(), default=1) == 1
