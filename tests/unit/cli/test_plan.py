"""`stepdown plan`, as it is called."""

import csv
import json
import os
import stat
from datetime import date
from pathlib import Path

import pytest

from stepdown.cli.main import main
from stepdown.cli.plan_files.write import write_all
from stepdown.kernel.sheets import guarded

VOLUNTEERS = """id,postcode,max_travel_km,skills,slots,capacity
v1,PR1 8RJ,10,driving|cooking,mon-am|tue-pm,2
v2,BB1 1AA,,Driving,,
"""
NEEDS = """id,postcode,band,places,skills,slots
n1,PR1 8RJ,1,2,driving,mon-am
n2,LA1 1YD,2,1,cooking,
"""


class Files:
    """A folder with two input files and places for the outputs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.volunteers = folder / "volunteers.csv"
        self.needs = folder / "needs.csv"
        self.plan = folder / "plan.csv"
        self.unfilled = folder / "unfilled.csv"
        self.edges = folder / "edges.csv"
        self.write(VOLUNTEERS, NEEDS)

    def write(self, volunteers: str | bytes, needs: str | bytes = NEEDS) -> None:
        for path, text in ((self.volunteers, volunteers), (self.needs, needs)):
            path.write_bytes(text.encode() if isinstance(text, str) else text)

    def run(self, *more: str) -> int:
        command = ["plan", str(self.volunteers), str(self.needs), "-o", str(self.plan), *more]
        return main(command)

    def run_all(self, *more: str) -> int:
        return self.run("--unfilled", str(self.unfilled), "--edges", str(self.edges), *more)

    def made(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()} - {"volunteers.csv", "needs.csv"}


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_plan_unfilled_and_edges_are_written(files: Files) -> None:
    assert files.run_all("--on", "2026-11-05") == 0
    [pair] = rows(files.plan)
    assert list(pair) == [
        "need_id",
        "volunteer_id",
        "slot",
        "band",
        "quality",
        "distance_km",
        "why",
    ]
    assert (pair["need_id"], pair["volunteer_id"], pair["slot"]) == ("n1", "v1", "mon-am")
    assert (pair["band"], pair["quality"], pair["distance_km"]) == ("1", "700", "0.000")
    assert "free on Monday morning" in pair["why"]
    first, second = rows(files.unfilled)
    assert list(first) == ["need_id", "places_unfilled", "why", "cheapest_change"]
    assert (first["need_id"], first["places_unfilled"]) == ("n1", "1")
    assert first["cheapest_change"] == (
        "If v2 could also offer Monday morning, they could fill a place."
    )
    assert second["cheapest_change"].startswith("If v1 would travel 33.1 km for this need")
    assert rows(files.edges) == [{"need_id": "n1", "volunteer_id": "v1", "quality": "700"}]


def test_json_has_exactly_the_published_keys(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    assert files.run("--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == [
        "volunteers",
        "needs",
        "places",
        "filled",
        "filled_by_band",
        "quality",
        "upper_bound",
        "gap",
        "seconds",
        "fairness",
    ]
    assert list(found["fairness"]) == ["load", "filled_by_band"]
    assert found["fairness"]["filled_by_band"][0] == {"name": "1", "places": 2, "filled": 1}
    assert (found["volunteers"], found["needs"], found["places"], found["filled"]) == (2, 2, 3, 1)
    assert found["filled_by_band"] == {"1": 1, "2": 0, "3": 0, "4": 0}
    assert found["quality"] == found["upper_bound"]
    assert found["gap"] == 0
    assert set(found["seconds"]) == {
        "read",
        "load",
        "candidates",
        "solve",
        "certify",
        "explain",
        "write",
    }


def test_without_json_it_says_what_was_found(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    assert files.run() == 0
    printed = capsys.readouterr()
    assert "1 of 3 places filled" in printed.out
    assert "band 1: 1 of 2" in printed.out
    assert "Places held with this plan" in printed.out
    assert printed.err == ""


def test_every_problem_is_told_at_once_with_its_row_and_nothing_is_written(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    files.write(
        "id,postcode,capacity,slots\nv1,PR1 8RJ,many,\nv1,ZZ1 1ZZ,1,noon\n,PR1 8RJ,-1,\n",
        "id,easting,northing,band,minimum_age\nn1,1,,9,old\n",
    )
    assert files.run_all() == 2
    assert capsys.readouterr().err.splitlines() == [
        "volunteers.csv row 3, column id: 'v1' is also the id of row 2",
        "volunteers.csv row 4, column id: is empty: every row must have an id",
        "volunteers.csv row 3, column postcode: 'ZZ1 1ZZ' is not a postcode we know",
        "volunteers.csv row 2, column capacity: 'many' is not a whole number from 0 to 10000",
        "volunteers.csv row 3, column slots: 'noon' is not a weekly slot, "
        "such as mon-am or sun-eve",
        "volunteers.csv row 4, column capacity: '-1' is not a whole number from 0 to 10000",
        "needs.csv row 2, column northing: is empty: an easting and a northing are given together",
        "needs.csv row 2, column minimum_age: 'old' is not a whole number from 0 to 120",
        "needs.csv row 2, column band: '9' is not a whole number from 1 to 4",
    ]
    assert files.made() == set()


@pytest.mark.parametrize(
    ("volunteers", "words"),
    [
        (b"", "is empty: the first row names the columns"),
        (b"\n\n  ,\n", "is empty: the first row names the columns"),
        (b"id,name\nv1,Jo\n", "'name' is not a column we know"),
        (b"id;postcode\nv1;PR1 8RJ\n", "'id;postcode' is not a column we know"),
        (b"id,postcode,id\nv1,PR1 8RJ,v1\n", "column 'id' is there more than once"),
        (b"id,postcode,\nv1,PR1 8RJ,\n", "column 3 has no name"),
        (b"postcode\nPR1 8RJ\n", "there is no column id"),
        (b"id,easting\nv1,1\n", "neither a column postcode nor easting and northing"),
        (b"id,postcode\nv1\n", "row 2: has 1 cells, the header has 2"),
        (b"id,postcode\nv1,PR1 8RJ,x\n", "row 2: has 3 cells, the header has 2"),
        (b"id,postcode\nv1,\n", "row 2, column postcode: is empty"),
        (b'id,postcode\n"v1,PR1 8RJ\n', "has a quotation mark that does not close"),
        (b'id,postcode\n"v"1,PR1 8RJ\n', "row 2: has a quotation mark that does not close"),
        (b"id,postcode\nv\x001,PR1 8RJ\n", "row 2: has a NUL character"),
        (b"id,postcode\nv1,PR1 8RJ\nv\xe9,PR1 8RJ\n", "row 3: is not UTF-8 text"),
        ("id,postcode\n".encode("utf-16"), "is UTF-16 text"),
        (b'id,postcode\n"a\nb",PR1 8RJ\n', "row 2, column id: 'a\ufffdb' is not an id"),
        (b"id,postcode,skills\nv1,PR1 8RJ," + b"x" * 200_000, "is longer than 10,000 characters"),
        (b"id,postcode,max_travel_km\nv1,PR1 8RJ,nan\n", "'nan' is not a number of kilometres"),
        (b"id,postcode,max_travel_km\nv1,PR1 8RJ,999999999\n", "is not a number of kilometres"),
        (b"id,postcode,date_of_birth\nv1,PR1 8RJ,1980-02-30\n", "'1980-02-30' is not a date"),
        (b"id,postcode,date_of_birth\nv1,PR1 8RJ,2980-02-28\n", "is not from 1900 to"),
        (b"id,easting,northing\nv1,900000,1\n", "'900000' is not a whole number from 0 to 800000"),
    ],
)
def test_a_file_that_is_wrong_is_refused_in_plain_words(
    files: Files, capsys: pytest.CaptureFixture[str], volunteers: bytes, words: str
) -> None:
    files.write(volunteers)
    assert files.run() == 2
    printed = capsys.readouterr()
    assert words in printed.err
    assert printed.err.startswith("volunteers.csv")
    assert printed.out == ""
    assert files.made() == set()


def test_a_file_that_is_not_there_is_told(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    files.needs.unlink()
    assert files.run() == 2
    assert "needs.csv: cannot be read: No such file or directory" in capsys.readouterr().err


def test_only_the_first_200_problems_are_printed_and_all_are_counted(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    files.write("id,postcode\n" + "".join(f"v{i},ZZ1 1ZZ\n" for i in range(1_300)))
    assert files.run() == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 201
    assert lines[-1] == "… and 1,100 more problems"


@pytest.mark.parametrize(
    "volunteers",
    [
        b"\xef\xbb\xbf" + VOLUNTEERS.encode(),
        VOLUNTEERS.replace("\n", "\r\n").encode(),
        VOLUNTEERS.replace("\n", "\r").encode(),
        VOLUNTEERS.replace("\n", "\n\n").encode(),
        VOLUNTEERS.rstrip("\n").encode(),
        VOLUNTEERS.replace("id,", " ID ,").replace("PR1 8RJ", " pr18rj ").encode(),
        VOLUNTEERS.replace("driving|cooking", '" driving |\n COOKING "').encode(),
    ],
    ids=["bom", "crlf", "cr", "blank-rows", "no-last-newline", "spaces", "quoted-newline"],
)
def test_files_as_spreadsheets_write_them_are_read(files: Files, volunteers: bytes) -> None:
    files.write(volunteers)
    assert files.run() == 0
    assert [row["volunteer_id"] for row in rows(files.plan)] == ["v1"]


def test_files_with_a_header_only_give_an_empty_plan(files: Files) -> None:
    files.write("id,postcode\n", "id,postcode\n")
    assert files.run_all() == 0
    assert rows(files.plan) == []
    assert files.plan.read_text() == "need_id,volunteer_id,slot,band,quality,distance_km,why\n"


def test_columns_may_come_in_any_order_and_be_absent(files: Files) -> None:
    files.write("northing,id,easting\n430000,v1,350000\n", "easting,northing,id\n350000,431000,n\n")
    assert files.run() == 0
    [pair] = rows(files.plan)
    assert (pair["band"], pair["slot"], pair["distance_km"]) == ("4", "", "1.000")


def test_ages_are_reckoned_on_the_day_given(files: Files) -> None:
    files.write(
        "id,easting,northing,date_of_birth\nv1,1,1,05/11/2008\n",
        "id,easting,northing,minimum_age\nn1,1,1,18\n",
    )
    assert files.run("--on", "2026-11-04") == 0
    assert rows(files.plan) == []
    assert files.run("--on", "2026-11-05") == 0
    assert len(rows(files.plan)) == 1


def test_a_bad_day_is_refused(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        files.run("--on", "tomorrow")
    assert stopped.value.code == 2
    assert "'tomorrow' is not a date" in capsys.readouterr().err


def test_no_cell_of_the_output_can_run_as_a_formula(files: Files) -> None:
    files.write(
        "id,easting,northing\n=HYPERLINK(1),1,1\n-v,1,1\n",
        "id,easting,northing,places\n@n,1,1,3\n+n,9,9,1\n",
    )
    assert files.run_all() == 0
    for path in (files.plan, files.unfilled, files.edges):
        for row in rows(path):
            assert not any(cell[:1] in "=+-@" and cell for cell in row.values())
    assert {row["need_id"] for row in rows(files.plan)} == {"'@n"}
    assert guarded("plain") == "plain"


def test_outputs_never_overwrite_an_input_or_each_other(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    assert files.run("--unfilled", str(files.plan)) == 2
    assert files.run("--edges", str(files.needs)) == 2
    assert files.run("--edges", str(files.folder)) == 2
    assert files.run("--edges", str(files.folder / "nowhere" / "edges.csv")) == 2
    printed = capsys.readouterr().err
    assert printed.count("is already an input or another output") == 2
    assert "is a folder" in printed
    assert "in a folder that does not exist" in printed
    assert files.needs.read_text() == NEEDS
    assert files.made() == set()


def test_the_null_device_is_written_to_and_not_replaced(files: Files) -> None:
    assert files.run("--edges", os.devnull) == 0
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


def test_when_one_output_cannot_be_moved_into_place_the_others_are_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = (tmp_path / name for name in "abc")
    first.write_bytes(b"before")
    move = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if target == third:
            raise PermissionError(13, "Permission denied", str(target))
        return move(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(PermissionError):
        write_all([(first, b"after"), (second, b"after"), (third, b"after")])
    assert first.read_bytes() == b"before"
    assert {path.name for path in tmp_path.iterdir()} == {"a"}


def test_an_output_keeps_the_permissions_of_the_file_it_replaces(files: Files) -> None:
    files.plan.write_text("old")
    files.plan.chmod(0o640)
    assert files.run() == 0
    assert stat.S_IMODE(files.plan.stat().st_mode) == 0o640


def test_shuffled_rows_give_the_same_plan(files: Files) -> None:
    people = [f"v{i},{350_000 + 37 * i},430000" for i in range(30)]
    needs = [f"n{i},{350_000 + 53 * i},430010" for i in range(20)]
    texts = []
    for order in (1, -1):
        files.write(
            "\n".join(["id,easting,northing", *people[::order]]),
            "\n".join(["id,easting,northing", *needs[::order]]),
        )
        assert files.run_all() == 0
        texts.append([path.read_text() for path in (files.plan, files.unfilled, files.edges)])
    assert texts[0] == texts[1]


def test_today_is_the_day_when_none_is_given(files: Files) -> None:
    today = date.today()  # noqa: DTZ011
    birthday = today.replace(year=today.year - 18, day=min(today.day, 28))
    files.write(
        f"id,easting,northing,date_of_birth\nv1,1,1,{birthday}\n",
        "id,easting,northing,minimum_age\nn1,1,1,18\n",
    )
    assert files.run() == 0
    assert len(rows(files.plan)) == 1
