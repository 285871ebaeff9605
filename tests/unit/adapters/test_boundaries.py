import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from stepdown.adapters.boundaries import Boundary, read_boundaries
from stepdown.adapters.postcodes import detect, read_codepoint
from stepdown.adapters.sources import PlacesFileError

SQUARE = [[-2.71, 53.75], [-2.69, 53.75], [-2.69, 53.77], [-2.71, 53.77], [-2.71, 53.75]]
HOLE = [[-2.705, 53.755], [-2.695, 53.755], [-2.695, 53.765], [-2.705, 53.765], [-2.705, 53.755]]
WARD = {"WD13CD": "E05005275", "WD13NM": "Fishwick"}


def feature(
    coordinates: object = None, kind: str = "Polygon", properties: object = None
) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": WARD if properties is None else properties,
        "geometry": {"type": kind, "coordinates": coordinates or [SQUARE]},
    }


def write(path: Path, *features: object, **more: object) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **more}))
    return path


def test_an_outline_comes_in_whole_grid_metres(tmp_path: Path) -> None:
    (ward,) = read_boundaries(write(tmp_path / "wards.geojson", feature()))
    assert (ward.code, ward.name, ward.parent) == ("E05005275", "Fishwick", None)
    eastings, northings = zip(*ward.rings[0], strict=True)
    assert ward.rings[0][0] == ward.rings[0][-1]
    # 0.02 degrees: about 1.3 km across and 2.2 km up, at Preston.
    assert 1_250 < max(eastings) - min(eastings) < 1_400
    assert 2_150 < max(northings) - min(northings) < 2_300
    assert 353_000 < min(eastings) < 355_000
    assert all(isinstance(number, int) for point in ward.rings[0] for number in point)


def test_one_feature_alone_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "ward.json"
    path.write_text(json.dumps(feature()))
    assert [ward.code for ward in read_boundaries(path)] == ["E05005275"]


def test_several_polygons_and_holes_are_all_rings(tmp_path: Path) -> None:
    path = write(tmp_path / "w.geojson", feature([[SQUARE, HOLE], [SQUARE]], "MultiPolygon"))
    (ward,) = read_boundaries(path)
    assert len(ward.rings) == 3


def test_a_hole_is_outside(tmp_path: Path) -> None:
    (ward,) = read_boundaries(write(tmp_path / "w.geojson", feature([SQUARE, HOLE])))
    (east, north), *_ = ward.rings[0]
    assert ward.contains(east + 100, north + 100)
    assert not ward.contains(east + 650, north + 1_100)
    assert not ward.contains(east - 100, north + 100)


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"WD25CD": "E05000001", "WD25NM": "A"}, ("E05000001", "A", None)),
        ({"wd25cd": "E05000001", "wd25nm": "A"}, ("E05000001", "A", None)),
        (
            {"LAD25CD": "E07000123", "LAD25NM": "Preston", "WD25CD": "E05000001", "WD25NM": "A"},
            ("E05000001", "A", "E07000123"),
        ),
        (
            {"LAD13CD": "E07000123", "LAD13NM": "Preston", "CTY13CD": "E10000017"},
            ("E07000123", "Preston", "E10000017"),
        ),
        ({"PFA23CD": "E23000003", "PFA23NM": "Lancashire"}, ("E23000003", "Lancashire", None)),
    ],
)
def test_names_are_matched_whatever_their_year_and_level(
    tmp_path: Path, properties: dict[str, str], expected: tuple[str, str, str | None]
) -> None:
    (place,) = read_boundaries(write(tmp_path / "p.geojson", feature(properties=properties)))
    assert (place.code, place.name, place.parent) == expected


def test_the_file_s_name_tells_the_parent_where_the_feature_does_not(tmp_path: Path) -> None:
    (ward,) = read_boundaries(write(tmp_path / "wards-E07000123.geojson", feature()))
    assert ward.parent == "E07000123"


def test_national_grid_metres_are_taken_as_they_are(tmp_path: Path) -> None:
    ring = [[353000.4, 429000], [354000, 429000], [354000, 430000.6], [353000.4, 429000]]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}
    (ward,) = read_boundaries(write(tmp_path / "w.geojson", feature([ring]), crs=crs))
    assert ward.rings == (((353000, 429000), (354000, 429000), (354000, 430001), (353000, 429000)),)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (feature([[[y, x] for x, y in SQUARE]]), "outside Great Britain"),
        (feature([[[float("nan"), 53.0]] * 4]), "not closed"),
        (feature([[*SQUARE[:-1], [-2.7, 53.8]]]), "not closed"),
        (feature([SQUARE[:2]]), "fewer than four points"),
        (feature([["a", "b", "c", "d"]]), "not a list of coordinates"),
        (feature([[1, 2, 3, 4]]), "not a list of coordinates"),
        (feature([-2.7, 53.8], "Point"), "not a Polygon"),
        (feature([5], "MultiPolygon"), "not a list of rings"),
        (feature(properties={"name": "Fishwick"}), "names no code"),
        (feature(properties={"WD13CD": "E05005275"}), "has no name"),
        ({"type": "Feature", "properties": WARD, "geometry": None}, "no geometry"),
        ("Fishwick", "not a Feature"),
        (feature(), "comes twice"),
    ],
)
def test_a_broken_feature_is_named_and_nothing_is_given(
    tmp_path: Path, broken: object, said: str
) -> None:
    path = write(tmp_path / "wards.geojson", feature(), broken)
    with pytest.raises(PlacesFileError) as refused:
        read_boundaries(path)
    assert refused.value.problems[0].startswith("wards.geojson, feature 2: ")
    assert said in refused.value.problems[0]


@pytest.mark.parametrize("text", ["", "{", "[]", '"x"', '{"type": "Topology"}', "[" * 100_000])
def test_what_is_not_geojson_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "w.geojson"
    path.write_text(text)
    with pytest.raises(PlacesFileError, match=r"w\.geojson: is not"):
        read_boundaries(path)


def test_an_unknown_coordinate_system_is_refused(tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    with pytest.raises(PlacesFileError, match="neither longitude and latitude"):
        read_boundaries(write(tmp_path / "w.geojson", feature(), crs=crs))


def test_a_folder_without_outlines_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlacesFileError, match="no GeoJSON file"):
        read_boundaries(tmp_path)


def test_the_real_wards_have_their_districts(ward_folder: Path) -> None:
    assert detect(ward_folder) == "boundaries"
    wards = read_boundaries(ward_folder)
    assert len(wards) == len({ward.code for ward in wards}) == 302
    assert len(Counter(ward.parent for ward in wards)) == 14


def test_real_postcodes_fall_inside_their_wards(codepoint_zip: Path, ward_folder: Path) -> None:
    wards: dict[str | None, Boundary] = {
        ward.code: ward for ward in read_boundaries(ward_folder / "wards-E07000123.geojson")
    }
    rows = [row for row in read_codepoint(codepoint_zip, areas=["PR"]) if row.ward in wards]
    assert len(rows) > 3_000
    inside = sum(wards[row.ward].contains(row.easting, row.northing) for row in rows)
    assert inside / len(rows) > 0.998
