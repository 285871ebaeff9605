"""The public parts solve the same problem: or else their times would mean nothing."""

import numpy as np
import pytest

from benchmarks import peer_solvers, peers
from benchmarks.peer_solvers import Answer
from benchmarks.records import problem_of
from benchmarks.sets import Shape, make_shape
from stepdown.matching.arrays import Arrays
from stepdown.matching.candidates import Edges, find_edges
from stepdown.matching.plan import plan
from tests.support.bench_worlds import same_pairs, valley

ALL = 1 << 20


def world(seed: int, volunteers: int = 150, needs: int = 200, *, plain: bool = False) -> Arrays:
    shape = Shape(volunteers, needs, 1, "", 0 if plain else 0.5, plain=plain)
    return make_shape(shape, valley(), seed=seed)


def proven(arrays: Arrays) -> tuple[int, ...]:
    certificate = plan(problem_of(arrays)).certificate
    assert certificate.ok
    return (*certificate.filled_by_band, certificate.quality)


@pytest.mark.parametrize("seed", range(4))
def test_join_finds_every_feasible_pair_in_order(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peers, "CHUNK", 700)  # so that pairs come in many chunks
    arrays = world(seed, 400, 300)
    kept, expected = peers.best_pairs(arrays, ALL), find_edges(arrays)
    assert kept.feasible == expected.volunteer.size > 1_000
    assert same_pairs(kept.edges, expected)


def test_join_keeps_the_best_of_each_need() -> None:
    arrays = world(9, 400, 300)
    whole, kept = find_edges(arrays), peers.best_pairs(arrays, 3)
    assert kept.feasible == whole.volunteer.size
    rows = np.repeat(np.arange(300), np.diff(whole.start))
    best = np.arange(rows.size) - whole.start[rows] < 3
    assert np.array_equal(kept.edges.volunteer, whole.volunteer[best])
    assert np.array_equal(kept.edges.quality, whole.quality[best])
    assert np.array_equal(np.diff(kept.edges.start), np.minimum(np.diff(whole.start), 3))


@pytest.mark.parametrize("volunteers", [30, 60, 150])
def test_flow_over_all_pairs_is_worth_the_proven_plan(volunteers: int) -> None:
    arrays = world(volunteers, volunteers)
    assert peer_solvers.flow(arrays, find_edges(arrays)).worth == proven(arrays)


def test_greedy_is_a_plan_and_never_better() -> None:
    arrays = world(3, 60)
    answer = peer_solvers.greedy(arrays, find_edges(arrays))
    assert answer.filled_by_band[0] > 0
    assert answer.worth < proven(arrays)


def test_greedy_books_nobody_twice_in_a_slot() -> None:
    arrays = world(3, 60)
    arrays.volunteers.capacity[:] = 20
    arrays.volunteers.free[:] = 1
    arrays.needs.slots[:] = 1
    edges: Edges = find_edges(arrays)
    answer: Answer = peer_solvers.greedy(arrays, edges)
    assert 0 < sum(answer.filled_by_band) <= np.unique(edges.volunteer).size


def test_assignment_solves_a_plain_set_and_no_other() -> None:
    plain = world(1, plain=True)
    assert peer_solvers.assignment(plain, find_edges(plain)).worth == proven(plain)
    other = world(1)
    with pytest.raises(AssertionError):
        peer_solvers.assignment(other, find_edges(other))
