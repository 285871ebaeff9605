import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdown.adapters.postcodes import Gazetteer, PostcodeRow, detect, read_codepoint
from stepdown.adapters.postcodes.rows import BadRow, metres
from stepdown.adapters.sources import PlacesFileError

HEADERS = (
    "PC,PQ,EA,NO,CY,RH,LH,CC,DC,WC\n"
    "Postcode,Positional_quality_indicator,Eastings,Northings,Country_code,NHS_regional_HA_code,"
    "NHS_HA_code,Admin_county_code,Admin_district_code,Admin_ward_code\n"
)
GOOD = '"PR1 1AA",10,354000,429000,"E92","E19","E18","E10","E07000123","E05005275"\n'
NO_POSITION = '"PR1 1AB",90,0,0,"E92","E19","E18","","",""\n'
BIRMINGHAM = '"B1  1AA",10,406649,286530,"E92","E19","E18","","E08000025","E05001234"\n'


def folder(path: Path, headers: str = HEADERS, **areas: str) -> Path:
    (path / "Doc").mkdir(parents=True)
    (path / "Data" / "CSV").mkdir(parents=True)
    (path / "Doc" / "Code-Point_Open_Column_Headers.csv").write_text(headers)
    for area, text in areas.items():
        (path / "Data" / "CSV" / f"{area}.csv").write_text(text)
    return path


def zipped(source: Path, target: Path, prefix: str = "") -> Path:
    with zipfile.ZipFile(target, "w") as archive:
        for file in source.rglob("*"):
            archive.write(file, prefix + file.relative_to(source).as_posix())
    return target


def test_rows_have_position_district_and_ward(tmp_path: Path) -> None:
    rows = list(read_codepoint(folder(tmp_path / "cp", pr=GOOD, b=BIRMINGHAM)))
    assert rows == [
        PostcodeRow("B1 1AA", 406649, 286530, "E08000025", "E05001234"),
        PostcodeRow("PR1 1AA", 354000, 429000, "E07000123", "E05005275"),
    ]


def test_a_zip_reads_as_its_folder_does(tmp_path: Path) -> None:
    unpacked = folder(tmp_path / "cp", pr=GOOD, b=BIRMINGHAM)
    for prefix in ("", "codepo_gb/"):
        archive = zipped(unpacked, tmp_path / f"cp{len(prefix)}.zip", prefix)
        assert detect(archive) == "code-point"
        assert list(read_codepoint(archive)) == list(read_codepoint(unpacked))


def test_postcodes_without_a_position_are_counted_and_left_out(tmp_path: Path) -> None:
    file = read_codepoint(folder(tmp_path / "cp", pr=GOOD + NO_POSITION))
    assert [row.postcode for row in file] == ["PR1 1AA"]
    assert file.skipped == {"no position": 1}


def test_the_header_file_gives_the_order_of_the_columns(tmp_path: Path) -> None:
    path = folder(
        tmp_path / "cp",
        headers="WC,DC,NO,EA,PQ,PC\n",
        pr='"E05005275","E07000123",429000,354000,10,"PR1 1AA"\n',
    )
    assert list(read_codepoint(path)) == [
        PostcodeRow("PR1 1AA", 354000, 429000, "E07000123", "E05005275")
    ]


def test_one_area_can_be_read_alone(tmp_path: Path) -> None:
    path = folder(tmp_path / "cp", pr=GOOD, b=BIRMINGHAM)
    assert [row.postcode for row in read_codepoint(path, areas=["pr"])] == ["PR1 1AA"]
    with pytest.raises(PlacesFileError, match="no file for area ZZ"):
        read_codepoint(path, areas=["PR", "ZZ"])


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (GOOD.replace("354000", "3540OO"), "row 2: the easting '3540OO' is not a whole number"),
        (GOOD.replace("354000", "954000"), "row 2: the easting '954000' is off the map"),
        (GOOD.replace("429000", "-1"), "row 2: the northing '-1' is not a whole number"),
        (GOOD.replace("PR1 1AA", "PRESTON"), "row 2: 'PRESTON' is not a postcode"),
        (GOOD.replace(",10,", ",15,"), "row 2: the quality '15'"),
        (GOOD.replace("E07000123", "Preston"), "row 2: the district code 'Preston'"),
        ("PR1 1AA,10\n", "row 2: has 2 columns, not 10"),
        (GOOD, "row 2: the postcode PR1 1AA comes twice"),
        ('"PR1 1AC"x,10\n', "row 2: not readable as CSV"),
    ],
)
def test_a_bad_row_is_named_by_file_and_row(tmp_path: Path, bad: str, said: str) -> None:
    path = folder(tmp_path / "cp", pr=GOOD + bad)
    with pytest.raises(PlacesFileError) as refused:
        list(read_codepoint(path))
    assert len(refused.value.problems) == 1
    assert refused.value.problems[0].startswith("Data/CSV/pr.csv, row 2: ")
    assert said in refused.value.problems[0]


def test_all_problems_come_together_and_nothing_after_the_first(tmp_path: Path) -> None:
    wrong = GOOD.replace("354000", "x")
    path = folder(tmp_path / "cp", b=wrong + BIRMINGHAM, pr=wrong)
    taken: list[PostcodeRow] = []
    with pytest.raises(PlacesFileError) as refused:
        taken.extend(read_codepoint(path))
    assert taken == []
    assert [problem.split(":")[0] for problem in refused.value.problems] == [
        "Data/CSV/b.csv, row 1",
        "Data/CSV/pr.csv, row 1",
    ]


def test_endless_problems_stop_at_twenty(tmp_path: Path) -> None:
    path = folder(tmp_path / "cp", pr=GOOD.replace("354000", "x") * 50)
    with pytest.raises(PlacesFileError) as refused:
        list(read_codepoint(path))
    assert len(refused.value.problems) == 21
    assert "there may be more" in refused.value.problems[-1]


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = folder(tmp_path / "cp", pr="")
    (path / "Data" / "CSV" / "pr.csv").write_bytes(b"\xff\xfe\x00PR1")
    with pytest.raises(PlacesFileError, match="not text in UTF-8"):
        list(read_codepoint(path))


def test_a_cut_off_zip_is_refused(tmp_path: Path) -> None:
    archive = zipped(folder(tmp_path / "cp", pr=GOOD * 3), tmp_path / "cp.zip")
    archive.write_bytes(archive.read_bytes()[:-60])
    with pytest.raises(PlacesFileError):
        detect(archive)


def test_without_headers_or_data_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlacesFileError, match="no row with the columns"):
        read_codepoint(folder(tmp_path / "a", headers="X,Y\n", pr=GOOD))
    path = folder(tmp_path / "b", pr=GOOD)
    (path / "Doc" / "Code-Point_Open_Column_Headers.csv").unlink()
    with pytest.raises(PlacesFileError, match="column headers is missing"):
        read_codepoint(path)
    with pytest.raises(PlacesFileError, match="no Data/CSV"):
        read_codepoint(folder(tmp_path / "c"))


@given(st.text(max_size=12))
def test_metres_are_plain_whole_numbers_or_refused(text: str) -> None:
    try:
        number = metres(text, "easting", 700_000)
    except BadRow:
        return
    assert 0 < number <= 700_000
    assert str(number) == text.lstrip("0")


def test_progress_goes_from_nothing_to_all(tmp_path: Path) -> None:
    file = read_codepoint(folder(tmp_path / "cp", pr=GOOD, b=BIRMINGHAM))
    assert file.bytes_read == 0
    list(file)
    assert file.bytes_read == file.bytes_total == len(GOOD) + len(BIRMINGHAM)


def test_the_real_file_reads_and_agrees_with_the_built_in_data(codepoint_zip: Path) -> None:
    assert detect(codepoint_zip) == "code-point"
    file = read_codepoint(codepoint_zip, areas=["PR"])
    preston = {row.postcode: row for row in file if row.district == "E07000123"}
    assert len(preston) > 3_000
    built_in = Gazetteer.builtin().find_many(preston)
    near = [
        abs(where.easting - row.easting) <= 10 and abs(where.northing - row.northing) <= 10
        for postcode, row in preston.items()
        if (where := built_in[postcode])
    ]
    assert len(near) > 0.99 * len(preston)
    # Positions are set anew over the years between the editions: most stay, some move.
    assert sum(near) > 0.7 * len(near)
