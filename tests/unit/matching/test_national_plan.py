"""National plans at the edges: nothing to do, many places, wide masks, unknown places, no time."""

import threading
from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate

import pytest

from stepdown.kernel.slots import ALL_SLOTS
from stepdown.matching.national import solve
from stepdown.matching.national.plan import NationalPlan, plan_arrays
from stepdown.matching.plan import plan
from stepdown.matching.problem import Allowance, Need, Problem, Volunteer
from stepdown.matching.rules import Rule
from tests.support.matching_oracle import Optimum, or_tools
from tests.support.matching_worlds import seeded_world
from tests.support.national_plans import faults_in, optimum_of, same
from tests.support.national_worlds import rich_world

ON = date(2026, 11, 5)
X, Y = 350_000, 430_000


def national(problem: Problem) -> NationalPlan:
    """The plan, which must be proved and break no rule."""
    found = plan_arrays(problem.arrays, threads=1)
    assert found.certificate.ok, found.certificate.faults
    assert faults_in(problem, found) == []
    return found


def names(problem: Problem, found: NationalPlan) -> list[tuple[str, str]]:
    return [
        (problem.needs[n].id, problem.volunteers[v].id)
        for n, v in zip(found.need.tolist(), found.volunteer.tolist(), strict=True)
    ]


@pytest.mark.parametrize("people", [[], [Volunteer("v", X, Y)], [Volunteer("v", X, Y, capacity=0)]])
@pytest.mark.parametrize("needs", [[], [Need("n", X, Y, places=0)], [Need("n", X, Y, gender="f")]])
def test_where_there_is_nothing_to_plan_the_empty_plan_is_proved(
    people: list[Volunteer], needs: list[Need]
) -> None:
    found = national(Problem.build(people, needs, on=ON))
    assert found.need.size == found.volunteer.size == found.slot.size == 0
    assert found.certificate.filled_by_band == (0, 0, 0, 0)
    assert found.finished


def test_fifty_places_and_thirty_units_of_capacity() -> None:
    people = [
        Volunteer(f"v{i:02}", X + 500 * i, Y, slots=ALL_SLOTS, capacity=30, asks=i % 4)
        for i in range(12)
    ]
    needs = [
        Need(f"n{i:02}", X + 300 * i, Y, band=1 + i % 4, places=50, slots=0 if i % 3 else ALL_SLOTS)
        for i in range(40)
    ]
    problem = Problem.build(people, needs, on=ON)
    found = national(problem)
    assert optimum_of(found) == or_tools(problem)
    assert found.need.size == 12 * 30


def test_skills_beyond_one_word_of_sixty_four_are_told_apart() -> None:
    skills = [f"skill-{i:03}" for i in range(150)]
    people = [Volunteer(f"v{i:03}", X, Y, skills=frozenset({skill}))
              for i, skill in enumerate(skills)]  # fmt: skip
    needs = [Need(f"n{i:03}", X, Y, skills=frozenset({skill})) for i, skill in enumerate(skills)]
    problem = Problem.build(people, needs, on=ON)
    assert names(problem, national(problem)) == [(f"n{i:03}", f"v{i:03}") for i in range(150)]


def test_volunteers_without_a_limit_are_found_across_the_country() -> None:
    near = [Volunteer(f"near{i:03}", X + i, Y, limit_m=5_000) for i in range(200)]
    problem = Problem.build(
        [*near, Volunteer("any", 90_000, 10_000, limit_m=None)],
        [Need("far", 650_000, 1_200_000)], on=ON,
    )  # fmt: skip
    assert names(problem, national(problem)) == [("far", "any")]


def test_unknown_places_are_met_only_by_those_without_a_limit() -> None:
    people = [
        Volunteer("limit", X, Y, limit_m=9_000),
        Volunteer("no-limit", X, Y, limit_m=None),
        Volunteer("nowhere-limit", limit_m=9_000),
        Volunteer("nowhere-no-limit", limit_m=None),
    ]
    problem = Problem.build(people, [Need("nowhere", places=4), Need("there", X, Y, places=4)],
                            on=ON)  # fmt: skip
    chosen = {volunteer for _, volunteer in names(problem, national(problem))}
    assert chosen == {"limit", "no-limit", "nowhere-no-limit"}


@pytest.mark.parametrize(("spare", "planned"), [(-1, 0), (0, 1), (1, 1)])
def test_credential_must_last_to_the_last_day_of_the_need(spare: int, planned: int) -> None:
    last = ON + timedelta(60)
    people = [Volunteer("v", X, Y, credentials={"dbs": (None, last + timedelta(spare))})]
    other = Need("short", X, Y, places=0, credentials=frozenset({"dbs"}), starts=ON, ends=ON)
    need = Need("n", X, Y, credentials=frozenset({"dbs"}), starts=ON, ends=last)
    found = national(Problem.build(people, [need, other], on=ON))
    assert found.need.size == planned


@pytest.mark.parametrize("seed", range(6))
def test_open_ends_of_every_kind_in_one_world(seed: int) -> None:
    problem = rich_world(seed, 150, 100, across_m=15_000, skills=90)
    found = national(problem)
    plain = plan(problem)
    assert optimum_of(found) == Optimum(plain.filled_by_band, plain.quality)


def test_no_time_at_all_gives_a_certificate_that_promises_nothing() -> None:
    problem = seeded_world(2, 40, 90)
    best = plan(problem)
    found = plan_arrays(problem.arrays, threads=1, time_limit=0.0)
    assert not found.finished
    assert not found.certificate.ok
    assert found.need.size == 0
    assert_bounds(found, Optimum(best.filled_by_band, best.quality))


def assert_bounds(found: NationalPlan, best: Optimum) -> None:
    """The bounds of a certificate are never below what can be done."""
    proof = found.certificate
    bounds = list(accumulate(proof.optimum_by_band))
    assert all(a >= b for a, b in zip(bounds, accumulate(best.filled_by_band), strict=True))
    assert proof.gap == proof.upper_bound - proof.quality


@pytest.mark.parametrize(("apart", "part_way"), [(1, 25), (20_000, 9)])
def test_time_that_runs_out_leaves_a_plan_that_stands(
    monkeypatch: pytest.MonkeyPatch, apart: int, part_way: int
) -> None:
    problem = seeded_world(2, 40, 90)
    best = Optimum(plan(problem).filled_by_band, plan(problem).quality)
    monkeypatch.setattr(solve, "CHUNK", 5)
    monkeypatch.setattr(solve, "APART", apart)
    sizes = []
    for looks in (1, part_way, 1000):
        clock = iter([0.0] * looks)
        monkeypatch.setattr(solve, "monotonic", lambda clock=clock: next(clock, 1e18))
        found = plan_arrays(problem.arrays, threads=1, time_limit=3600.0)
        assert faults_in(problem, found) == []
        assert_bounds(found, best)
        assert found.finished == (looks == 1000)
        assert found.certificate.ok == (optimum_of(found) == best)
        sizes.append(found.need.size)
    assert sizes[0] < sizes[1] < sizes[2] == sum(best.filled_by_band)


def test_progress_names_its_phases_and_reaches_their_ends() -> None:
    heard: list[tuple[str, int, int]] = []
    problem = seeded_world(3, 60, 90)
    plan_arrays(problem.arrays, threads=1, progress=lambda *call: heard.append(call))
    phases = list(dict.fromkeys(phase for phase, _, _ in heard))
    assert phases[:2] == ["candidates", "solve"]
    assert all(0 < done <= total for _, done, total in heard)
    for phase in phases:
        *_, (_, done, total) = [call for call in heard if call[0] == phase]
        assert done == total


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("phase", ["candidates", "solve"])
@pytest.mark.parametrize("apart", [1, 20_000])
def test_stopping_by_hand_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch, threads: int, phase: str, apart: int
) -> None:
    monkeypatch.setattr(solve, "APART", apart)
    problem = seeded_world(4, 50, 110)
    before = plan_arrays(problem.arrays, threads=threads)
    running = set(threading.enumerate())

    def stop(name: str, done: int, total: int) -> None:
        if name == phase:
            raise KeyboardInterrupt

    fresh = replace(problem)  # with arrays of its own
    packed = [table.tobytes() for part in fresh.arrays for table in part]
    with pytest.raises(KeyboardInterrupt):
        plan_arrays(fresh.arrays, threads=threads, progress=stop)
    assert set(threading.enumerate()) <= running
    assert [table.tobytes() for part in fresh.arrays for table in part] == packed
    assert same(before, plan_arrays(fresh.arrays, threads=threads))


def test_records_are_never_written_to_by_a_plan() -> None:
    problem = rich_world(5, 120, 80, across_m=10_000)
    packed = [table.tobytes() for part in problem.arrays for table in part]
    national(problem)
    assert [table.tobytes() for part in problem.arrays for table in part] == packed


def test_more_places_than_can_be_counted_exactly_are_refused_in_words() -> None:
    needs = [Need(f"n{i:02}", X, Y, places=1_000_000) for i in range(20)]
    problem = Problem.build([Volunteer("v", X, Y)], needs, on=ON)
    with pytest.raises(ValueError, match="20,000,000 places are more than one plan can hold"):
        plan_arrays(problem.arrays)


def test_need_with_a_million_places_gets_everybody_there_is() -> None:
    people = [Volunteer(f"v{i:03}", X + i, Y) for i in range(300)]
    problem = Problem.build(people, [Need("n", X, Y, places=1_000_000)], on=ON)
    assert national(problem).need.size == 300


def test_waived_skill_lets_its_pair_in_where_nothing_else_is_asked_for() -> None:
    need = Need("n", X, Y, skills=frozenset({"cooking"}))
    problem = Problem.build([Volunteer("v", X, Y), Volunteer("w", X, Y)], [need], on=ON)
    allowed = replace(problem, allowances=(Allowance("v", "n", Rule.SKILL),))
    assert national(problem).need.size == 0
    assert names(allowed, national(allowed)) == [("n", "v")]
