"""At national scale the reasons are those of the plain engine, in columns."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from stepdown.kernel.slots import SLOTS
from stepdown.matching import explain
from stepdown.matching.candidates import failure_masks
from stepdown.matching.national.change import CODES, Changes, cheapest_changes
from stepdown.matching.national.pair import failing_rules
from stepdown.matching.national.plan import NationalPlan, plan_arrays
from stepdown.matching.national.shortfall import as_reason, why_unfilled
from stepdown.matching.national.terms import why_matched
from stepdown.matching.plan import Plan, plan
from stepdown.matching.problem import Problem
from stepdown.matching.relax import Change, cheapest_change
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
    for seed in range(200, 230):
        yield rich_world(seed, 12 + seed % 5, 30, across_m=8_000)
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
    for name, column in one._asdict().items():
        assert np.array_equal(column, two._asdict()[name])


def test_all_failing_rules_of_a_named_volunteer_are_given(made: list[Made]) -> None:
    for problem, _, _ in made[::3]:
        for n in range(0, len(problem.needs), 3):
            masks = failure_masks(problem.arrays, n)
            assert [
                failing_rules(problem.arrays, v, n) for v in range(masks.size)
            ] == masks.tolist()


def said(change: Change | None) -> tuple[str, int, str | None]:
    if change is None:
        return "no-change", 0, None
    return change.code, change.cost, change.volunteer_id


def told(problem: Problem, found: Changes, row: int) -> tuple[str, int, str | None]:
    v = int(found.volunteer[row])
    who = None if v < 0 else problem.volunteers[v].id
    return CODES[found.code[row]], int(found.cost[row]), who


def detail(change: Change) -> int:
    """What the plain engine says beside the volunteer, as the column has it."""
    if change.slot is not None:
        return SLOTS.index(change.slot)
    return int(str(change.values["distance_m"]))


def test_the_cheapest_change_is_the_plain_one(made: list[Made]) -> None:
    codes = set()
    for problem, plain, national in made:
        needs = len(problem.needs)
        got = np.bincount(national.need, minlength=needs)
        if not np.array_equal(got, np.bincount(plain.need, minlength=needs)):
            continue  # an equally good plan leaves another need short
        busy = np.array([one.busy_slots for one in problem.volunteers], np.int64)
        found = cheapest_changes(problem.arrays, national, busy=busy)
        assert found.searched_all.all()
        for row, n in enumerate(found.need):
            wanted = cheapest_change(problem, plain, problem.needs[n].id)
            assert told(problem, found, row) == said(wanted)
            code = CODES[found.code[row]]
            codes.add(code)
            if wanted is not None and code in CODES[1:4]:
                assert found.detail[row] == detail(wanted)
    assert codes == set(CODES)


def test_a_change_says_where_not_all_candidates_were_tried(made: list[Made]) -> None:
    problem, _, national = made[-1]
    full = cheapest_changes(problem.arrays, national)
    few = cheapest_changes(problem.arrays, national, most_tried=0)
    only_places = {CODES.index("no-change"), CODES.index("change-capacity")}
    assert set(few.code.tolist()) <= only_places
    pairs = (full.code != CODES.index("no-change")) & ~np.isin(full.code, list(only_places))
    assert pairs.any()
    assert not few.searched_all[pairs].any()


def test_what_a_change_would_do_leaves_the_plan_as_it_is(made: list[Made]) -> None:
    problem, _, national = made[-1]
    before = [column.copy() for column in national.state.flow]
    cheapest_changes(problem.arrays, national)
    assert all(map(np.array_equal, before, national.state.flow))


def test_a_plan_stopped_before_its_end_has_no_changes(made: list[Made]) -> None:
    problem, _, national = made[-1]
    with pytest.raises(ValueError, match="finished"):
        cheapest_changes(problem.arrays, replace(national, finished=False))
