"""`stepdown plan` on a cluster, and within a time."""

import csv
import json
from pathlib import Path

import pytest

from stepdown.adapters import cluster as dask
from stepdown.cli.main import main

SKILLS = ("cooking", "driving", "gardening")


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """300 volunteers and 200 needs in two towns."""
    towns = ("PR1 8RJ", "LA1 1YD")
    with (tmp_path / "volunteers.csv").open("w", newline="") as file:
        write = csv.writer(file)
        write.writerow(["id", "postcode", "max_travel_km", "skills", "slots", "capacity"])
        for i in range(300):
            far, skill, slot = (5, 40, "")[i % 3], SKILLS[i % 3], ("mon-am", "tue-pm")[i % 2]
            write.writerow([f"v{i:03}", towns[i % 2], far, skill, slot, 1 + i % 2])
    with (tmp_path / "needs.csv").open("w", newline="") as file:
        write = csv.writer(file)
        write.writerow(["id", "postcode", "band", "places", "skills", "slots"])
        for i in range(200):
            skill, slot = SKILLS[i % 3], ("mon-am", "tue-pm", "")[i % 3]
            write.writerow([f"n{i:03}", towns[i % 5 % 2], 1 + i % 4, 1 + i % 3, skill, slot])
    return str(tmp_path / "volunteers.csv"), str(tmp_path / "needs.csv")


def plan(
    files: tuple[str, str], folder: Path, capsys: pytest.CaptureFixture[str], *more: str
) -> dict[str, object]:
    assert main(["plan", *files, "-o", str(folder / "plan.csv"), "--json", *more]) == 0
    said: dict[str, object] = json.loads(capsys.readouterr().out)
    return said


def test_cluster_finds_a_plan_as_good_and_writes_the_same_files(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip(
        "distributed", reason="Dask is not installed: pip install 'stepdown[cluster]'"
    )
    outputs = ("--unfilled", str(tmp_path / "unfilled.csv"), "--edges", str(tmp_path / "edges.csv"))
    one = plan(files, tmp_path, capsys, *outputs)
    edges = (tmp_path / "edges.csv").read_bytes()
    short = (tmp_path / "unfilled.csv").read_text().splitlines()
    many = plan(files, tmp_path, capsys, *outputs, "--cluster", "local:2")
    for fact in ("filled", "filled_by_band", "quality", "upper_bound", "gap", "places"):
        assert many[fact] == one[fact]
    assert "proved" not in many
    assert one["filled"] != one["places"]
    assert (tmp_path / "edges.csv").read_bytes() == edges
    assert len((tmp_path / "unfilled.csv").read_text().splitlines()) == len(short)
    assert "Not looked for" in (tmp_path / "unfilled.csv").read_text()
    with (tmp_path / "plan.csv").open() as file:
        assert len(list(csv.DictReader(file))) == one["filled"]


def test_time_limit_with_time_enough_proves_the_plan(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = plan(files, tmp_path, capsys)
    other = plan(files, tmp_path, capsys, "--time-limit", "3600")
    assert (other["filled_by_band"], other["quality"]) == (one["filled_by_band"], one["quality"])
    assert other["proved"] is True


def test_time_up_says_what_is_proved_and_no_percentage(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    best = plan(files, tmp_path, capsys)
    stopped = plan(files, tmp_path, capsys, "--time-limit", "1e-9")
    assert stopped["proved"] is False
    filled, most = best["filled_by_band"], stopped["most_in_bands_1_to"]
    assert isinstance(filled, dict)
    assert isinstance(most, dict)
    assert all(
        most[str(band)] >= sum(filled[str(b)] for b in range(1, band + 1)) for band in range(1, 5)
    )
    command = ["plan", *files, "-o", str(tmp_path / "plan.csv"), "--time-limit", "1e-9"]
    assert main(command) == 0
    said = capsys.readouterr().out
    assert "Time was up: this is the best plan so far." in said
    assert "bands 1 to 4: 0 filled here, none fills more than" in said
    bounds = said[said.index("Time was up") : said.index("Quality 0.")]
    assert "%" not in bounds


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("local:many", "'local:many' is not a number of processes"),
        ("local:0", "'local:0' is not a number of processes"),
        ("tcp://127.0.0.1:9", "The cluster at tcp://127.0.0.1:9 cannot be reached"),
        ("no address", "The cluster at no address cannot be reached"),
    ],
)
def test_a_cluster_that_is_not_there_is_told_in_one_line(
    address: str,
    says: str,
    files: tuple[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip(
        "distributed", reason="Dask is not installed: pip install 'stepdown[cluster]'"
    )
    monkeypatch.setattr(dask, "PATIENCE", 0.5)
    assert main(["plan", *files, "-o", str(tmp_path / "plan.csv"), "--cluster", address]) == 1
    said = capsys.readouterr().err
    assert says in said
    assert len(said.strip().splitlines()) == 1
    assert not (tmp_path / "plan.csv").exists()


def test_without_dask_the_command_says_what_to_install(
    files: tuple[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dask, "find_spec", lambda _: None)
    assert main(["plan", *files, "-o", str(tmp_path / "plan.csv"), "--cluster", "local:2"]) == 1
    assert "pip install 'stepdown[cluster]'" in capsys.readouterr().err


@pytest.mark.parametrize("limit", ["0", "-1", "nan", "inf", "soon"])
def test_a_time_limit_is_a_number_of_seconds(
    limit: str, files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["plan", *files, "-o", str(tmp_path / "plan.csv"), f"--time-limit={limit}"])
    assert stopped.value.code == 2
    assert "is not a number of seconds above 0" in capsys.readouterr().err


def test_an_earlier_plan_is_kept_where_a_change_earns_too_little(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = plan(files, tmp_path, capsys)
    earlier = tmp_path / "earlier.csv"
    (tmp_path / "plan.csv").rename(earlier)
    again = plan(files, tmp_path, capsys, "--earlier", str(earlier))
    assert (again["earlier_pairings"], again["changed"]) == (first["filled"], 0)
    assert (tmp_path / "plan.csv").read_bytes() == earlier.read_bytes()

    # A hundred more volunteers: the best plan would move many people.
    with Path(files[0]).open("a", newline="") as file:
        write = csv.writer(file)
        for i in range(100):
            write.writerow([f"w{i:03}", "PR1 8RJ", 40, SKILLS[i % 3], "mon-am", 1])
    free = plan(files, tmp_path, capsys, "--earlier", str(earlier))
    held = plan(files, tmp_path, capsys, "--earlier", str(earlier), "--most-changes", "3")
    for said, most in ((free, 1_000), (held, 3)):
        with (tmp_path / "earlier.csv").open() as file:
            assert len(list(csv.DictReader(file))) == first["filled"]
        changed = said["changed"]
        assert isinstance(changed, int)
        assert changed <= most
    assert free["proved"] is True
    assert free["filled"] != first["filled"]


def test_an_earlier_plan_is_read_with_care(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    earlier = tmp_path / "earlier.csv"
    command = ["plan", *files, "-o", str(tmp_path / "plan.csv"), "--earlier", str(earlier)]
    earlier.write_text("need_id,volunteer_id\nn000,v000\n")
    assert main(command) == 2
    assert "there is no column slot" in capsys.readouterr().err
    earlier.write_text("need_id,volunteer_id,slot\nn000,v000,noon\nnobody,v001,\n")
    assert main(command) == 2
    assert "earlier.csv row 2, column slot: 'noon' is not a slot" in capsys.readouterr().err
    assert main(["plan", *files, "-o", str(tmp_path / "plan.csv"), "--sticky", "5"]) == 2
    assert "need an --earlier plan" in capsys.readouterr().err
    # Who is not there any more, or no longer fits, is passed over.
    earlier.write_text("need_id,volunteer_id,slot\nnobody,v001,\nn000,v299,sun-eve\n")
    assert main(command) == 0
    assert "0 of 0 pairings of the earlier plan" in capsys.readouterr().out
