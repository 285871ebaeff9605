"""The worked examples of Ordnance Survey's *A guide to coordinate systems in Great Britain*."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdown.adapters.osgb import from_grid, project, to_grid, unproject

# Annex C: Caister water tower, on the Airy ellipsoid.
AIRY = (1 + 43 / 60 + 4.5177 / 3600, 52 + 39 / 60 + 27.2531 / 3600)
GRID = (651_409.903, 313_177.270)
# The same tower by satellite, and its grid position by OSTN15.
SATELLITE = (1 + 42 / 60 + 57.787 / 3600, 52 + 39 / 60 + 28.723 / 3600)
OSTN = (651_409.792, 313_177.448)


def test_projection_matches_the_worked_example_to_a_millimetre() -> None:
    easting, northing = project(np.radians(AIRY[0]), np.radians(AIRY[1]))
    assert easting == pytest.approx(GRID[0], abs=0.001)
    assert northing == pytest.approx(GRID[1], abs=0.001)


def test_the_way_back_matches_the_worked_example() -> None:
    longitude, latitude = unproject(*GRID)
    # A ten-thousandth of a second of arc is three millimetres.
    assert np.degrees(longitude) == pytest.approx(AIRY[0], abs=1e-4 / 3600)
    assert np.degrees(latitude) == pytest.approx(AIRY[1], abs=1e-4 / 3600)


def test_the_change_of_datum_is_good_to_five_metres() -> None:
    easting, northing = to_grid(*SATELLITE)
    assert np.hypot(easting - OSTN[0], northing - OSTN[1]) < 5


def test_the_change_of_datum_moves_points_at_all() -> None:
    without = project(np.radians(SATELLITE[0]), np.radians(SATELLITE[1]))
    assert np.hypot(without[0] - OSTN[0], without[1] - OSTN[1]) > 50


def test_many_points_at_once_are_the_same_as_one_by_one() -> None:
    longitudes, latitudes = np.array([-2.7, 1.7, -5.0]), np.array([53.76, 52.66, 58.0])
    together = to_grid(longitudes, latitudes)
    alone = [to_grid(x, y) for x, y in zip(longitudes, latitudes, strict=True)]
    assert np.allclose(together[0], [point[0] for point in alone], atol=1e-6)
    assert np.allclose(together[1], [point[1] for point in alone], atol=1e-6)


@given(st.floats(0, 700_000), st.floats(0, 1_300_000))
def test_to_degrees_and_back_is_the_same_place(easting: float, northing: float) -> None:
    back = to_grid(*from_grid(easting, northing))
    assert np.hypot(back[0] - easting, back[1] - northing) < 0.1


@given(st.floats(-8, 2), st.floats(49.8, 61))
def test_to_metres_and_back_is_the_same_place(longitude: float, latitude: float) -> None:
    back = from_grid(*to_grid(longitude, latitude))
    # A millionth of a degree is a tenth of a metre.
    assert abs(back[0] - longitude) < 1e-6
    assert abs(back[1] - latitude) < 1e-6
