"""The outline of an area known by its squares: closed, without inner lines, holes kept."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from stepdown.adapters.squares import Ring, outline_of

CELLS = st.frozensets(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=30)


def _area(ring: Ring) -> float:
    """Twice the signed area: positive where the inside is on the left."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring))


def test_two_squares_side_by_side_are_one_rectangle() -> None:
    [ring] = outline_of(frozenset({(2, 3), (3, 3)}), 1000)
    assert ring == ((2000, 3000), (4000, 3000), (4000, 4000), (2000, 4000), (2000, 3000))


def test_a_hole_is_a_ring_of_its_own_that_runs_the_other_way() -> None:
    around = frozenset((x, y) for x in range(3) for y in range(3)) - {(1, 1)}
    outer, hole = outline_of(around, 1)
    assert (_area(outer), _area(hole)) == (18, -2)


def test_squares_that_touch_at_a_corner_stay_apart() -> None:
    assert len(outline_of(frozenset({(0, 0), (1, 1)}), 1)) == 2


def test_no_squares_have_no_outline() -> None:
    assert outline_of(frozenset(), 1000) == ()


@given(CELLS)
def test_the_rings_are_closed_and_enclose_exactly_the_squares(
    cells: frozenset[tuple[int, int]],
) -> None:
    rings = outline_of(cells, 10)
    assert all(ring[0] == ring[-1] for ring in rings)
    assert sum(map(_area, rings)) == 2 * 100 * len(cells)
    for ring in rings:
        turns = zip(ring, ring[1:], ring[2:], strict=False)
        assert all((a[0] == b[0]) != (b[0] == c[0]) for a, b, c in turns), "a corner on a line"
