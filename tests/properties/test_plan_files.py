"""1,000 broken files: `stepdown plan` answers each with a plan or a report, and nothing between."""

import random
from pathlib import Path

import pytest

from stepdown.cli.main import main
from tests.support.plan_files import NEED_HEADER, VOLUNTEER_HEADER, damaged

Rows = list[tuple[str, ...]]

VOLUNTEERS: Rows = [
    VOLUNTEER_HEADER,
    ("v1", "PR1 8RJ", "10", "cooking|driving", "dbs", "polish", "f", "1980-02-29", "mon-am", "2"),
    ("v2", "BB1 1AA", "", "", "", "", "", "", "", ""),
    ("v3", "PR1 8RJ", "7.5", "driving", "dbs", "english", "m", "2001-12-31", "tue-pm|sun-eve", "1"),
]
NEEDS: Rows = [
    NEED_HEADER,
    ("n1", "PR1 8RJ", "1", "2", "driving", "dbs", "", "f", "18", "mon-am|tue-pm"),
    ("n2", "BB1 1AA", "", "", "", "", "", "", "", ""),
]
PLACED: Rows = [
    ("id", "easting", "northing", "max_travel_km", "capacity"),
    ("p1", "353390", "428887", "10", "2"),
    ("p2", "368300", "428200", "", ""),
]
BROKEN = 1_000
BATCHES = 20
OUTPUTS = ("plan.csv", "unfilled.csv", "edges.csv")


def answer(folder: Path, capsys: pytest.CaptureFixture[str]) -> int:
    """Plan and check that what is on disk and on the screen is whole."""
    plan, unfilled, edges = (str(folder / name) for name in OUTPUTS)
    inputs = [str(folder / "volunteers.csv"), str(folder / "needs.csv")]
    code = main(["plan", *inputs, "-o", plan, "--unfilled", unfilled, "--edges", edges])
    printed = capsys.readouterr()
    made = {path.name for path in folder.iterdir()} - {"volunteers.csv", "needs.csv"}
    assert "Traceback" not in printed.err
    if code == 0:
        assert made == set(OUTPUTS)
        assert printed.err == ""
        for name in OUTPUTS:
            assert (folder / name).read_bytes().endswith(b"\n")
            (folder / name).unlink()
    else:
        assert code == 2
        assert made == set()
        assert printed.out == ""
        lines = printed.err.splitlines()
        assert lines
        assert all(line.startswith(("volunteers.csv", "needs.csv", "…")) for line in lines)
    return code


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_broken_file_is_reported_whole_and_leaves_nothing_behind(
    batch: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pick = random.Random(batch)
    refused = 0
    planned = 0
    while refused < BROKEN // BATCHES:
        people = pick.choice([VOLUNTEERS, PLACED])
        first, second = damaged(pick, people), damaged(pick, NEEDS)
        left_as_it_was = pick.randrange(3)
        if left_as_it_was == 0:
            first = _sound(people)
        elif left_as_it_was == 1:
            second = _sound(NEEDS)
        (tmp_path / "volunteers.csv").write_bytes(first)
        (tmp_path / "needs.csv").write_bytes(second)
        if answer(tmp_path, capsys) == 0:
            planned += 1
        else:
            refused += 1
    assert planned > 0, "some damage is harmless"


def _sound(rows: Rows) -> bytes:
    return "\n".join(",".join(row) for row in rows).encode()
