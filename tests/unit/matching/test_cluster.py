"""A country planned tile by tile is planned as well as in one piece, whoever carries it out."""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.sets import Shape, make_shape
from stepdown.adapters.cluster import LOCAL, Crew, cluster
from stepdown.matching.arrays import Arrays
from stepdown.matching.cluster.columns import mapped, portion, save
from stepdown.matching.cluster.plan import engine, plan_on
from stepdown.matching.cluster.solved import solve_tile
from stepdown.matching.cluster.tiles import tiles
from stepdown.matching.national.plan import NationalPlan, plan_arrays
from tests.support.bench_worlds import same, valley
from tests.support.matching_worlds import seeded_world
from tests.support.national_worlds import rich_world


@dataclass(frozen=True)
class Alone:
    """A crew of one, here, that does the last task first."""

    size: int = 1
    shares_files: bool = True

    def run(
        self,
        function: Callable[..., Any],
        tasks: Sequence[Any],
        heard: Callable[[int, str, int, int], None],
    ) -> Iterator[tuple[int, Any]]:
        for number in reversed(range(len(tasks))):

            def tell(phase: str, done: int, total: int, number: int = number) -> None:
                heard(number, phase, done, total)

            yield number, function(tasks[number], tell)


@pytest.fixture(scope="module")
def crew() -> Iterator[Crew]:
    """Two processes of this machine."""
    pytest.importorskip(
        "distributed", reason="Dask is not installed: pip install 'stepdown[cluster]'"
    )
    with cluster(f"{LOCAL}2", engine) as both:
        yield both


def county(seed: int, volunteers: int = 3000, needs: int = 1500) -> Arrays:
    """Columns with some people who reach everywhere and some of no known place."""
    arrays = make_shape(
        Shape(volunteers, needs, 1.0, "", 0.3, scarcity=0.9), valley(across=60_000), seed=seed
    )
    people = arrays.volunteers
    pick = np.random.default_rng(seed)
    far = pick.choice(volunteers, 40, replace=False)
    people.limit_squared[far], people.scale[far] = -1, 25_000
    people.easting[far[:10]] = people.northing[far[:10]] = -1
    nowhere = pick.choice(needs, 10, replace=False)
    arrays.needs.easting[nowhere] = arrays.needs.northing[nowhere] = -1
    return arrays


def worth(plan: NationalPlan) -> tuple[tuple[int, ...], int]:
    """What a proven plan is worth."""
    assert plan.certificate.ok, plan.certificate.faults[:3]
    return plan.certificate.filled_by_band, plan.certificate.quality


@pytest.mark.parametrize("seed", range(4))
def test_tiles_join_to_the_optimum_of_the_whole(seed: int) -> None:
    arrays = county(seed)
    whole = worth(plan_arrays(arrays, threads=1))
    for parts in (2, 3, 4, 5):
        assert worth(plan_on(Alone(), arrays, parts=parts)) == whole


def test_contended_tiles_join_to_the_optimum_of_the_whole() -> None:
    for seed in range(3):
        arrays = seeded_world(seed, 150, 300).arrays
        whole = worth(plan_arrays(arrays, threads=1))
        for parts in (2, 5):
            assert worth(plan_on(Alone(shares_files=False), arrays, parts=parts)) == whole


def test_waived_rules_and_helpers_known_before_reach_across_tiles() -> None:
    for seed in range(25):
        arrays = rich_world(seed, 60, 40, waive=True).arrays
        known, slots = arrays.known, arrays.needs.slots
        # Times are waived for needs that have times.
        known.allowed_slots[np.repeat(slots, np.diff(known.allowed_start)) == 0] = 0
        whole = worth(plan_arrays(arrays, threads=1))
        for parts in (2, 4, 9):
            assert worth(plan_on(Alone(), arrays, parts=parts)) == whole


def test_more_tiles_than_needs_and_nobody_at_all() -> None:
    few = rich_world(1, 5, 2).arrays
    assert worth(plan_on(Alone(), few, parts=7)) == worth(plan_arrays(few, threads=1))
    nobody = rich_world(1, 0, 3).arrays
    assert worth(plan_on(Alone(), nobody, parts=3)) == ((0, 0, 0, 0), 0)
    assert worth(plan_on(Alone(), rich_world(1, 3, 0).arrays)) == ((0, 0, 0, 0), 0)


def test_tiles_have_as_many_needs_each_and_do_not_overlap() -> None:
    pick = np.random.default_rng(5)
    places = pick.integers(0, [400_000, 900_000], (10_000, 2))
    tile, again = tiles(places, places, 7)
    assert np.array_equal(tile, again)
    sizes = np.bincount(tile)
    assert sizes.size == 7
    assert sizes.max() <= 1.01 * sizes.min()
    boxes = [(places[tile == t].min(axis=0), places[tile == t].max(axis=0)) for t in range(7)]
    for one, (low, high) in enumerate(boxes):
        for other_low, other_high in boxes[:one]:
            assert (low > other_high).any() or (other_low > high).any()


def test_columns_come_back_from_files_as_they_were(tmp_path: Path) -> None:
    arrays = rich_world(3, 40, 30, waive=True).arrays
    save(arrays, tmp_path)
    assert same(mapped(tmp_path), arrays)


def test_a_portion_of_everybody_is_the_whole() -> None:
    arrays = rich_world(4, 40, 30, waive=True).arrays
    assert same(portion(arrays, np.arange(30), np.arange(40)), arrays)


def test_time_up_gives_the_plan_so_far_with_bounds() -> None:
    arrays = county(1)
    plan = plan_on(Alone(), arrays, parts=3, time_limit=1e-6)
    best = plan_arrays(arrays, threads=1).certificate
    proof = plan.certificate
    assert not plan.finished
    assert not proof.ok
    assert all(
        here <= most <= said
        for here, most, said in zip(
            np.cumsum(proof.filled_by_band),
            np.cumsum(best.filled_by_band),
            np.cumsum(proof.optimum_by_band),
            strict=True,
        )
    )
    # Only what could not be shown is missing: every pair stands.
    assert all("proved" in fault or "bound" in fault for fault in proof.faults)


def test_processes_plan_as_one(crew: Crew) -> None:
    arrays = county(7)
    heard: list[tuple[str, int, int]] = []
    made = plan_on(crew, arrays, parts=3, progress=lambda *told: heard.append(told))
    assert worth(made) == worth(plan_arrays(arrays, threads=1))
    again = plan_on(crew, arrays, parts=3)
    for column in ("need", "volunteer", "slot", "pair_quality"):
        assert np.array_equal(getattr(made, column), getattr(again, column))
    apart = [done for phase, done, _ in heard if phase == "apart"]
    assert apart == sorted(apart)
    assert {total for phase, _, total in heard if phase == "apart"} == {9}


def test_columns_travel_to_a_cluster_named_by_its_address(crew: Crew) -> None:
    arrays = county(8)
    with cluster(crew.address, engine) as far:
        assert not far.shares_files
        assert worth(plan_on(far, arrays)) == worth(plan_arrays(arrays, threads=1))


def test_a_worker_killed_while_it_plans_is_made_up_for(crew: Crew) -> None:
    arrays = county(9)
    [victim, *_] = pids = crew.pids()
    killed: list[int] = []

    def kill(phase: str, done: int, total: int) -> None:
        if not killed and phase == "apart" and done < total:
            killed.append(victim)
            os.kill(victim, signal.SIGKILL)

    made = plan_on(crew, arrays, parts=6, progress=kill)
    assert killed
    assert worth(made) == worth(plan_arrays(arrays, threads=1))
    assert len(pids) == 2
    assert victim not in crew.pids()


def test_a_stopped_plan_leaves_the_crew_free_and_no_files(
    crew: Crew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    arrays = county(10)
    stopped: list[int] = []

    def stop(phase: str, done: int, total: int) -> None:
        if not stopped:
            stopped.append(done)
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        plan_on(crew, arrays, parts=6, progress=stop)
    assert list(tmp_path.iterdir()) == []
    assert worth(plan_on(crew, arrays, parts=2)) == worth(plan_arrays(arrays, threads=1))


def test_a_task_whose_worker_dies_is_done_again(crew: Crew, tmp_path: Path) -> None:
    mark = tmp_path / "been here"
    results = dict(crew.run(die_once, [str(mark), ""], lambda *_: None))
    assert results == {0: "done again", 1: "done"}


def die_once(path: str, tell: Callable[[str, int, int], None]) -> str:
    """Ends its own process the first time."""
    tell("begun", 1, 1)
    if not path:
        return "done"
    if not Path(path).exists():
        Path(path).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done again"


def test_what_a_worker_raises_is_raised_here(crew: Crew) -> None:
    with pytest.raises(AttributeError):
        list(crew.run(solve_tile, [None], lambda *_: None))
