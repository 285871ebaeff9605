"""Planning again from the last plan finds the best plan of the day, whatever has changed."""

import random
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepdown.matching.national.plan import plan_arrays
from stepdown.matching.national.replan import replan_arrays
from stepdown.matching.plan import plan
from stepdown.matching.problem import Need, Problem, Volunteer
from tests.soak.worlds import small_world
from tests.support.changes import later, rows_before
from tests.support.matching_oracle import Optimum
from tests.support.matching_worlds import seeded_world
from tests.support.national_plans import faults_in, optimum_of


def assert_best_again(before: Problem, after: Problem) -> None:
    earlier = plan_arrays(before.arrays, threads=1)
    found = replan_arrays(after.arrays, earlier.claim, *rows_before(before, after), threads=1)
    plain = plan(after)
    assert optimum_of(found.plan) == Optimum(plain.filled_by_band, plain.quality)
    assert found.plan.certificate.ok
    assert found.plan.finished
    assert found.held_back == 0
    assert faults_in(after, found.plan) == []


@settings(max_examples=150)
@given(st.integers(0, 1 << 40), st.sampled_from([0.05, 0.3, 0.7]))
def test_small_worlds(seed: int, share: float) -> None:
    before, others = small_world(seed), small_world(seed + 1)
    assert_best_again(before, later(before, others, share, random.Random(seed)))


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize(
    ("volunteers", "needs", "capacity"), [(120, 60, 3), (60, 60, 1), (40, 90, 3), (15, 100, 30)]
)
def test_middle_sized_worlds(seed: int, volunteers: int, needs: int, capacity: int) -> None:
    before = seeded_world(seed, volunteers, needs, capacity=capacity)
    others = seeded_world(seed + 100, volunteers, needs, capacity=capacity)
    share = (0.02, 0.2)[seed % 2]
    assert_best_again(before, later(before, others, share, random.Random(seed)))


def test_nothing_has_changed() -> None:
    world = seeded_world(3, 60, 60, capacity=2)
    first = plan_arrays(world.arrays, threads=1)
    again = replan_arrays(world.arrays, first.claim, *rows_before(world, world), threads=1)
    assert again.changed == 0
    assert again.possible == first.need.size
    assert [again.plan.need.tolist(), again.plan.volunteer.tolist(), again.plan.slot.tolist()] == [
        first.need.tolist(), first.volunteer.tolist(), first.slot.tolist(),
    ]  # fmt: skip


def test_the_blocks_of_the_last_plan_serve_where_no_volunteer_has_changed() -> None:
    before = seeded_world(5, 80, 60, capacity=2)
    after = later(before, seeded_world(6, 1, 60, capacity=2), 0.1, random.Random(1))
    after = Problem.build(before.volunteers, after.needs, on=before.on)
    before = Problem.build(before.volunteers, before.needs, on=before.on)
    first = plan_arrays(before.arrays, threads=1)
    columns = after.arrays._replace(volunteers=before.arrays.volunteers)
    rows = rows_before(before, after)
    plain = replan_arrays(columns, first.claim, *rows, threads=1)
    quick = replan_arrays(columns, first.claim, *rows, threads=1, like=first.state.index)
    assert optimum_of(quick.plan) == optimum_of(plain.plan)
    assert quick.plan.certificate.ok


@settings(max_examples=60)
@given(st.integers(0, 1 << 40), st.integers(0, 4), st.sampled_from([0, 40, 1_000]))
def test_fewer_changes(seed: int, most: int, sticky: int) -> None:
    pick = random.Random(seed)
    before = seeded_world(seed, 15, 20, capacity=2)
    after = later(before, seeded_world(seed + 1, 15, 20, capacity=2), 0.3, pick)
    earlier = plan_arrays(before.arrays, threads=1)
    rows = rows_before(before, after)
    free = replan_arrays(after.arrays, earlier.claim, *rows, threads=1)
    held = replan_arrays(
        after.arrays, earlier.claim, *rows, threads=1, sticky=sticky, most_changes=most
    )
    need_now = {int(was): row for row, was in enumerate(rows[0]) if was >= 0}
    person_now = {int(was): row for row, was in enumerate(rows[1]) if was >= 0}
    old = {
        (need_now[n], person_now[v])
        for n, v in zip(earlier.need.tolist(), earlier.volunteer.tolist(), strict=True)
        if n in need_now and v in person_now
    }
    for found in (free, held):
        now = set(zip(found.plan.need.tolist(), found.plan.volunteer.tolist(), strict=True))
        assert (found.possible, found.changed) == (len(old), len(old - now))
        assert faults_in(after, found.plan) == []
    assert held.changed <= most
    assert optimum_of(held.plan) <= optimum_of(free.plan)
    assert held.plan.certificate.ok == (optimum_of(held.plan) == optimum_of(free.plan))


@pytest.mark.parametrize(("sticky", "changed"), [(0, 1), (29, 1), (30, 0), (1_000, 0)])
def test_a_change_that_earns_too_little_is_not_made(sticky: int, changed: int) -> None:
    # 30 points nearer: (2,000 - 1,500) m of 10,000 m, at 600 points.
    first = Volunteer("first", 300_000, 400_000, 10_000)
    nearer = Volunteer("nearer", 300_500, 400_000, 10_000)
    need = Need("need", 302_000, 400_000)
    before = Problem.build([first], [need], on=date(2026, 1, 5))
    after = Problem.build([first, nearer], [need], on=date(2026, 1, 5))
    earlier = plan_arrays(before.arrays, threads=1)
    found = replan_arrays(
        after.arrays, earlier.claim, *rows_before(before, after), threads=1, sticky=sticky
    )
    assert (found.changed, found.held_back) == (changed, 1 - changed)
    assert found.plan.certificate.gap == 30 * (1 - changed)
    # Places are never given up for it.
    assert found.plan.certificate.optimum_by_band == found.plan.certificate.filled_by_band


def test_columns_of_another_length_are_refused() -> None:
    world = seeded_world(1, 5, 5)
    first = plan_arrays(world.arrays, threads=1)
    with pytest.raises(ValueError, match="one row a need"):
        replan_arrays(world.arrays, first.claim, np.zeros(2, np.int64), np.zeros(5, np.int64))
    with pytest.raises(ValueError, match="one row a volunteer"):
        replan_arrays(world.arrays, first.claim, np.zeros(5, np.int64), np.zeros(2, np.int64))
