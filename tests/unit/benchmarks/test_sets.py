"""Made-up countries: the same each time, shaped as they say, and the same as records."""

import numpy as np
import pytest

from benchmarks import positions
from benchmarks.positions import CODEPOINT, Positions, nearest
from benchmarks.records import problem_of
from benchmarks.sets import SETS, Shape, make_shape, scaled, subset, turnover
from stepdown.matching.candidates import failure_masks, find_edges
from stepdown.matching.rules import Rule
from tests.support.bench_worlds import same, same_pairs, valley

CONTENDED = Shape(150, 200, 1, "contended", 0.3)


def test_seed_decides_the_set() -> None:
    places = valley()
    first = make_shape(CONTENDED, places, seed=5)
    assert same(first, make_shape(CONTENDED, places, seed=5))
    assert not same(first, make_shape(CONTENDED, places, seed=6))


@pytest.mark.parametrize("plain", [False, True])
def test_records_of_a_set_have_the_pairs_of_its_columns(plain: bool) -> None:
    arrays = make_shape(Shape(150, 200, 1, "", 0.3, plain=plain), valley(), seed=2)
    found, expected = find_edges(problem_of(arrays).arrays), find_edges(arrays)
    assert expected.volunteer.size > 200
    assert same_pairs(found, expected)


def test_every_rule_stops_somebody() -> None:
    arrays = make_shape(Shape(1_500, 400, 1, "", 0.3), valley(across=30_000), seed=2)
    masks = [failure_masks(arrays, n) for n in range(400)]
    failing = np.bitwise_or.reduce(np.concatenate(masks))
    assert [rule for rule in Rule if not failing & rule.bit] == []


def test_set_has_the_shares_it_promises() -> None:
    arrays = make_shape(Shape(20_000, 20_000, 1, "", 0.5), valley(), seed=1)
    people, needs = arrays.volunteers, arrays.needs
    bands = np.bincount(needs.band, minlength=5)[1:] / 20_000
    assert np.allclose(bands, [0.05, 0.15, 0.30, 0.50], atol=0.02)
    assert np.mean(people.fairness == 100) == pytest.approx(0.5, abs=0.02)
    assert set(people.capacity.tolist()) == {0, 1, 2, 3}
    assert set(needs.places.tolist()) == {1, 2}
    assert 2_000 <= people.scale.min() < people.scale.max() < 25_000
    sizes = [int(mask).bit_count() for mask in needs.slots.tolist()]
    assert set(sizes) == {0, 1, 2, 3}
    lapses = (people.held_to < needs.last.max()).mean()
    assert 0.05 < lapses < 0.4
    for start in (arrays.known.excluded_start, arrays.known.held_start):
        assert 0 < start[-1] < 1_000
    assert arrays.known.continuity_start[-1] == pytest.approx(2_000, rel=0.1)


def test_plain_set_is_an_assignment_problem() -> None:
    arrays = make_shape(Shape(500, 500, 1, "", 0, plain=True), valley(), seed=1)
    assert arrays.volunteers.capacity.max() == 1
    assert (arrays.needs.places == 1).all()
    assert not arrays.needs.slots.any()


def test_subset_keeps_the_pairs_of_its_needs() -> None:
    arrays = make_shape(CONTENDED, valley(), seed=4)
    rows = np.array([0, 3, 17, 18, 199])
    whole, part = find_edges(arrays), find_edges(subset(arrays, rows))
    for at, row in enumerate(rows.tolist()):
        expected = whole.volunteer[whole.start[row] : whole.start[row + 1]]
        assert np.array_equal(part.volunteer[part.start[at] : part.start[at + 1]], expected)


def test_turnover_leaves_and_joins_the_same_number() -> None:
    arrays = make_shape(CONTENDED, valley(), seed=4)
    before, old, after, new = turnover(arrays, share=0.05)
    assert before.needs.band.size == after.needs.band.size == 190
    assert np.intersect1d(old, new).size == 180
    assert np.array_equal(after.needs.easting, arrays.needs.easting[new])


def test_share_of_the_country_is_its_nearest_postcodes() -> None:
    places = valley()
    part = nearest(places, 0.1)
    assert part.easting.size == 200
    assert nearest(places, 1) is places

    def squared(of: Positions) -> np.ndarray:
        east, north = positions.CENTRE
        return (of.easting - east) ** 2 + (of.northing - north) ** 2

    assert squared(part).max() == np.sort(squared(places))[199]


def test_scaled_set_is_as_dense() -> None:
    shape = scaled("medium", 0.1)
    assert (shape.volunteers, shape.needs) == (7_500, 2_500)
    assert shape.country == pytest.approx(SETS["medium"].country / 10)


def test_postcodes_that_come_with_the_program_cover_the_country() -> None:
    places = positions.builtin()
    assert places.easting.size > 1_500_000
    assert places.northing.max() > 1_200_000
    assert places.easting.min() > 0


@pytest.mark.skipif(not CODEPOINT.is_file(), reason="Code-Point Open is not in ../shared/data")
def test_code_point_open_is_read_whole() -> None:
    places = positions.positions()
    assert places.easting.size == 1_684_685  # its rows, less those of quality 90
    assert (places.easting.max(), places.northing.max()) == (655_448, 1_213_660)
