import zipfile
from pathlib import Path

import pytest

from stepdown.adapters.postcodes import PostcodeRow, detect, read_onspd
from stepdown.adapters.sources import PlacesFileError

OLD = "pcd,pcd2,pcds,dointr,doterm,usertype,oseast1m,osnrth1m,osgrdind,laua,ward\n"
MIDDLE = "pcd,pcd2,pcds,dointr,doterm,usertype,oseast1m,osnrth1m,osgrdind,oslaua,osward\n"
NEW = "pcd7,pcd8,pcds,dointr,doterm,usrtypind,east1m,north1m,gridind,lad25cd,wd25cd\n"
LIVE = "PR1 1AA,PR1  1AA,PR1 1AA,198001,,0,354000,0429000,1,E07000123,E05005275\n"
TERMINATED = "PR1 1AB,PR1  1AB,PR1 1AB,198001,199912,0,354000,429000,1,E07000123,E05005275\n"
BELFAST = "BT1 1AA,BT1  1AA,BT1 1AA,198001,,0,333900,374100,1,N09000003,N08000330\n"
JERSEY = "JE2 3AB,JE2  3AB,JE2 3AB,198001,,0,,,9,L99999999,L99999999\n"
PRESTON = PostcodeRow("PR1 1AA", 354000, 429000, "E07000123", "E05005275")


@pytest.mark.parametrize("header", [OLD, MIDDLE, NEW, OLD.upper()])
def test_every_edition_s_column_names_are_known(tmp_path: Path, header: str) -> None:
    path = tmp_path / "places.csv"
    path.write_text(header + LIVE)
    assert detect(path) == "onspd"
    assert list(read_onspd(path)) == [PRESTON]


def test_what_is_left_out_is_counted_by_kind(tmp_path: Path) -> None:
    path = tmp_path / "ONSPD_FEB_2025_UK.csv"
    path.write_text(NEW + BELFAST + JERSEY + LIVE + TERMINATED)
    file = read_onspd(path)
    assert list(file) == [PRESTON]
    assert file.skipped == {
        "terminated": 1,
        "no position": 1,
        "Northern Ireland, on another map grid": 1,
    }


def test_the_zip_s_whole_file_is_read_and_not_its_parts_again(tmp_path: Path) -> None:
    path = tmp_path / "onspd.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Data/ONSPD_FEB_2025_UK.csv", "\ufeff" + NEW + LIVE)
        archive.writestr("Data/multi_csv/ONSPD_FEB_2025_UK_PR.csv", NEW + LIVE)
        archive.writestr("Documents/Names.csv", "a,b\n1,2\n")
    assert detect(path) == "onspd"
    assert list(read_onspd(path)) == [PRESTON]


def test_the_folder_of_parts_is_read_together(tmp_path: Path) -> None:
    (tmp_path / "ONSPD_FEB_2025_UK_PR.csv").write_text(NEW + LIVE)
    (tmp_path / "ONSPD_FEB_2025_UK_BB.csv").write_text(NEW + LIVE.replace("PR1", "BB1"))
    assert [row.postcode for row in read_onspd(tmp_path)] == ["BB1 1AA", "PR1 1AA"]


def test_parts_of_different_editions_are_refused(tmp_path: Path) -> None:
    (tmp_path / "ONSPD_FEB_2025_UK_BB.csv").write_text(OLD)
    (tmp_path / "ONSPD_FEB_2025_UK_PR.csv").write_text(NEW + LIVE)
    with pytest.raises(PlacesFileError, match="columns are not those of"):
        read_onspd(tmp_path)


def test_two_editions_side_by_side_are_refused(tmp_path: Path) -> None:
    (tmp_path / "ONSPD_FEB_2025_UK.csv").write_text(NEW + LIVE)
    (tmp_path / "ONSPD_MAY_2025_UK.csv").write_text(NEW + LIVE)
    with pytest.raises(PlacesFileError, match="more than one edition"):
        read_onspd(tmp_path)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    path.write_text("pcds,oseast1m,oslaua\nPR1 1AA,354000,E07000123\n")
    assert detect(path) == "onspd"
    with pytest.raises(PlacesFileError) as refused:
        read_onspd(path)
    assert [problem.split(": ")[1] for problem in refused.value.problems] == [
        "has no column for the northing",
        "has no column for the ward",
        "has no column for the date of termination (doterm)",
    ]


def test_a_bad_row_is_named_by_its_row_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    path.write_text(NEW + LIVE + LIVE.replace("PR1", "PR2").replace("354000", "?"))
    with pytest.raises(PlacesFileError, match=r"places\.csv, row 3: the easting '\?'"):
        list(read_onspd(path))


def test_other_files_are_refused_with_what_would_do(tmp_path: Path) -> None:
    for name, text in (("people.csv", "name,age\nAnn,3\n"), ("notes.txt", "pcds"), ("x.csv", "")):
        path = tmp_path / name
        path.write_text(text)
        with pytest.raises(PlacesFileError, match="It can be Code-Point Open"):
            detect(path)
    with pytest.raises(PlacesFileError, match="no such file"):
        detect(tmp_path / "nothing.zip")
