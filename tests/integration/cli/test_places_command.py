"""`stepdown places load`: open data in, all of a call or nothing."""

from pathlib import Path

import pytest

from stepdown.cli.main import main
from stepdown.hub.actions import places
from stepdown.hub.actions.places import PlaceRow
from stepdown.hub.models import Place, Postcode
from stepdown.policy.actors import Actor

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
PRESTON = "E07000123"


@pytest.fixture
def preston(db: None) -> None:
    rows = [PlaceRow(code=PRESTON, kind="district", name="Preston")]
    places.load(by=Actor.hub(), places=rows)


@pytest.mark.usefixtures("preston")
def test_the_built_in_postcodes_of_known_districts_need_no_file(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["places", "load"]) == 0
    assert set(Postcode.objects.values_list("district_code", flat=True)) == {PRESTON}
    assert Postcode.objects.get(code="PR1 8RJ").easting // 1000 in range(350, 358)
    assert f"{Postcode.objects.count():,} postcodes" in capsys.readouterr().out


@pytest.mark.usefixtures("preston")
def test_code_point_open_and_boundaries_load_together() -> None:
    zipped, outlines = DATA / "codepo_gb.zip", DATA / "boundaries" / f"wards-{PRESTON}.geojson"
    if not zipped.exists() or not outlines.exists():
        pytest.skip("the open data in ../shared/data is not here")

    assert main(["places", "load", str(zipped), str(outlines)]) == 0

    ward = Place.objects.filter(kind="ward", parent=PRESTON).first()
    assert ward is not None
    assert ward.rings
    inside = Postcode.objects.filter(ward_code=ward.code)
    assert Postcode.objects.exclude(district_code=PRESTON).count() == 0
    assert inside.exists()


@pytest.mark.usefixtures("preston")
def test_a_file_of_something_else_is_refused_and_nothing_is_loaded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "notes.csv"
    other.write_text("name,colour\nrose,red\n")

    assert main(["places", "load", str(other)]) == 2

    assert "notes.csv" in capsys.readouterr().err
    assert not Postcode.objects.exists()


@pytest.mark.usefixtures("preston")
def test_one_bad_row_keeps_the_whole_file_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ["pcds,doterm,oseast1m,osnrth1m,oslaua,osward"]
    rows += [f"PR1 {n}AA,,353000,429000,{PRESTON},E05000001" for n in range(1, 9)]
    rows += [f"PR1 9AA,,somewhere,429000,{PRESTON},E05000001"]
    directory = tmp_path / "ONSPD_TEST.csv"
    directory.write_text("\n".join(rows))

    assert main(["places", "load", str(directory)]) == 2

    report = capsys.readouterr().err
    assert "row 10" in report
    assert "Nothing was loaded." in report
    assert not Postcode.objects.exists()


@pytest.mark.usefixtures("preston")
def test_a_missing_file_is_said_plainly(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["places", "load", "nowhere.zip"]) == 2
    assert "nowhere.zip" in capsys.readouterr().err
