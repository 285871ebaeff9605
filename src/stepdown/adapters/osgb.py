"""Longitude and latitude to National Grid metres, and back.

A seven-parameter Helmert change of datum and a transverse Mercator projection, as in Ordnance
Survey, *A guide to coordinate systems in Great Britain*, annexes B and C and section 6.6. The
change of datum is good to about 5 metres anywhere in Great Britain: enough for outlines and for
distances between homes, not for surveying (that is OSTN15's work). Heights are taken as nought.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Metres = NDArray[np.float64]
Degrees = NDArray[np.float64]

# Semi-axes in metres: Airy 1830, on which the grid is drawn, and WGS84.
_AIRY = (6_377_563.396, 6_356_256.909)
_WGS84 = (6_378_137.000, 6_356_752.3142)

# The National Grid: scale on the central meridian, true origin, and the false origin's offset.
_SCALE = 0.9996012717
_ORIGIN_LATITUDE, _ORIGIN_LONGITUDE = np.radians(49.0), np.radians(-2.0)
_FALSE_EASTING, _FALSE_NORTHING = 400_000.0, -100_000.0

# From WGS84 to OSGB36: metres, parts per million, seconds of arc.
_SHIFT = np.array([-446.448, 125.157, -542.060])
_PARTS = 20.4894e-6
_TURN_X, _TURN_Y, _TURN_Z = np.radians(np.array([-0.1502, -0.2470, -0.8421]) / 3600)
_ROTATION = np.array(
    [
        [1 + _PARTS, -_TURN_Z, _TURN_Y],
        [_TURN_Z, 1 + _PARTS, -_TURN_X],
        [-_TURN_Y, _TURN_X, 1 + _PARTS],
    ]
)
# Inverted rather than with its signs turned: there and back is then the same place.
_ROTATION_BACK = np.linalg.inv(_ROTATION)


def to_grid(longitude: ArrayLike, latitude: ArrayLike) -> tuple[Metres, Metres]:
    """WGS84 degrees → eastings and northings in OSGB metres, of the same shape."""
    points = _cartesian(np.radians(longitude), np.radians(latitude), _WGS84)
    return project(*_geodetic(points @ _ROTATION.T + _SHIFT, _AIRY))


def from_grid(easting: ArrayLike, northing: ArrayLike) -> tuple[Degrees, Degrees]:
    """Eastings and northings in OSGB metres → WGS84 longitudes and latitudes in degrees."""
    points = _cartesian(*unproject(easting, northing), _AIRY)
    longitude, latitude = _geodetic((points - _SHIFT) @ _ROTATION_BACK.T, _WGS84)
    return np.degrees(longitude), np.degrees(latitude)


def project(longitude: ArrayLike, latitude: ArrayLike) -> tuple[Metres, Metres]:
    """Radians on the Airy ellipsoid → grid metres (annex C.1, whose numerals are kept)."""
    lat = np.asarray(latitude, dtype=np.float64)
    east = np.asarray(longitude, dtype=np.float64) - _ORIGIN_LONGITUDE
    sin, cos, tan = np.sin(lat), np.cos(lat), np.tan(lat)
    nu, rho, eta2 = _curvatures(lat)
    i = _meridian(lat) + _FALSE_NORTHING
    ii = nu / 2 * sin * cos
    iii = nu / 24 * sin * cos**3 * (5 - tan**2 + 9 * eta2)
    iii_a = nu / 720 * sin * cos**5 * (61 - 58 * tan**2 + tan**4)
    iv = nu * cos
    v = nu / 6 * cos**3 * (nu / rho - tan**2)
    vi = nu / 120 * cos**5 * (5 - 18 * tan**2 + tan**4 + 14 * eta2 - 58 * tan**2 * eta2)
    northing = i + ii * east**2 + iii * east**4 + iii_a * east**6
    return _FALSE_EASTING + iv * east + v * east**3 + vi * east**5, northing


def unproject(easting: ArrayLike, northing: ArrayLike) -> tuple[Metres, Metres]:
    """Grid metres → longitude and latitude in radians on the Airy ellipsoid (annex C.2)."""
    east = np.asarray(easting, dtype=np.float64) - _FALSE_EASTING
    north = np.asarray(northing, dtype=np.float64) - _FALSE_NORTHING
    lat = north / (_AIRY[0] * _SCALE) + _ORIGIN_LATITUDE
    # Each step gains some five digits: four are more than enough for a hundredth of a millimetre.
    for _ in range(6):
        lat = lat + (north - _meridian(lat)) / (_AIRY[0] * _SCALE)
    nu, rho, eta2 = _curvatures(lat)
    tan, sec = np.tan(lat), 1 / np.cos(lat)
    vii = tan / (2 * rho * nu)
    viii = tan / (24 * rho * nu**3) * (5 + 3 * tan**2 + eta2 - 9 * tan**2 * eta2)
    ix = tan / (720 * rho * nu**5) * (61 + 90 * tan**2 + 45 * tan**4)
    x = sec / nu
    xi = sec / (6 * nu**3) * (nu / rho + 2 * tan**2)
    xii = sec / (120 * nu**5) * (5 + 28 * tan**2 + 24 * tan**4)
    xii_a = sec / (5040 * nu**7) * (61 + 662 * tan**2 + 1320 * tan**4 + 720 * tan**6)
    longitude = _ORIGIN_LONGITUDE + x * east - xi * east**3 + xii * east**5 - xii_a * east**7
    return longitude, lat - vii * east**2 + viii * east**4 - ix * east**6


def _curvatures(lat: Metres) -> tuple[Metres, Metres, Metres]:
    """Scaled radii of curvature across and along the meridian, and their difference."""
    a, b = _AIRY
    e2 = 1 - (b / a) ** 2
    bend = 1 - e2 * np.sin(lat) ** 2
    nu = a * _SCALE / np.sqrt(bend)
    rho = a * _SCALE * (1 - e2) / bend**1.5
    return nu, rho, nu / rho - 1


def _meridian(lat: Metres) -> Metres:
    """Metres along the meridian from the true origin's latitude (M of annex C)."""
    a, b = _AIRY
    n = (a - b) / (a + b)
    less, more = lat - _ORIGIN_LATITUDE, lat + _ORIGIN_LATITUDE
    result: Metres = (b * _SCALE) * (
        (1 + n + 5 / 4 * n**2 + 5 / 4 * n**3) * less
        - (3 * n + 3 * n**2 + 21 / 8 * n**3) * np.sin(less) * np.cos(more)
        + (15 / 8 * n**2 + 15 / 8 * n**3) * np.sin(2 * less) * np.cos(2 * more)
        - 35 / 24 * n**3 * np.sin(3 * less) * np.cos(3 * more)
    )
    return result


def _cartesian(longitude: Metres, latitude: Metres, axes: tuple[float, float]) -> Metres:
    """Radians at height nought → earth-centred metres, shape (..., 3) (annex B.1)."""
    a, b = axes
    e2 = 1 - (b / a) ** 2
    sin, cos = np.sin(latitude), np.cos(latitude)
    nu = a / np.sqrt(1 - e2 * sin**2)
    return np.stack(
        [nu * cos * np.cos(longitude), nu * cos * np.sin(longitude), (1 - e2) * nu * sin], axis=-1
    )


def _geodetic(points: Metres, axes: tuple[float, float]) -> tuple[Metres, Metres]:
    """Earth-centred metres, shape (..., 3) → longitude and latitude in radians (annex B.2)."""
    a, b = axes
    e2 = 1 - (b / a) ** 2
    x, y, z = points[..., 0], points[..., 1], points[..., 2]
    flat = np.hypot(x, y)
    lat = np.arctan2(z, flat * (1 - e2))
    for _ in range(6):
        nu = a / np.sqrt(1 - e2 * np.sin(lat) ** 2)
        lat = np.arctan2(z + e2 * nu * np.sin(lat), flat)
    return np.arctan2(y, x), lat
