"""A campaign counts what it did and names every world that went wrong."""

from collections import Counter
from pathlib import Path

import pytest

from tests.soak import kept as keeping
from tests.soak.campaigns import CAMPAIGNS, Outcome
from tests.soak.kept import Kept
from tests.soak.run import run


def one_wrong(first: int, count: int) -> Outcome:
    wrong = [(seed, "no plan") for seed in range(first, first + count) if seed == 7]
    return Counter(plans=count), wrong


def test_world_that_goes_wrong_is_named_so_that_it_can_be_run_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(CAMPAIGNS, "middle", one_wrong)
    assert not run("middle", seed=3, count=9, processes=1)
    said = "".join(capsys.readouterr())
    assert "WRONG middle 7: no plan" in said
    assert "python -m tests.soak middle --seed 7 --count 1" in said
    assert "middle: 9 worlds, 1 wrong" in said


def test_campaign_without_a_fault_is_well_and_counts_its_worlds(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("small", seed=0, count=6, processes=1)
    said = capsys.readouterr().out
    assert "small: 6 worlds, 0 wrong" in said
    assert "6  plans" in said


def test_broken_off_run_goes_on_where_it_stopped_with_the_same_code_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    ran: list[int] = []

    def breaking_off(first: int, count: int) -> Outcome:
        if first == 4 and 4 not in ran:
            ran.append(first)
            raise KeyboardInterrupt
        ran.append(first)
        return one_wrong(first, count)

    monkeypatch.setitem(CAMPAIGNS, "middle", breaking_off)
    monkeypatch.setattr(keeping, "commit", lambda: "0123abc")
    path = tmp_path / "var" / "soak.jsonl"
    with pytest.raises(KeyboardInterrupt):
        run("middle", 0, 9, 1, Kept(path))
    assert ran == [0, 2, 4]
    ran[:] = [4]
    assert not run("middle", 0, 9, 1, Kept(path))
    assert ran == [4, 4, 6, 8]
    said = capsys.readouterr().out
    assert "middle: 9 worlds, 1 wrong, 4 of them in an earlier run" in said
    assert "9  plans" in said
    # A batch with a fault is tried again; another commit, or files not committed, begins afresh.
    ran[:] = [4]
    assert not run("middle", 0, 9, 1, Kept(path))
    assert ran == [4, 6]
    for other in ("4567def", "0123abc+"):
        monkeypatch.setattr(keeping, "commit", lambda other=other: other)
        ran[:] = [4]
        run("middle", 0, 9, 1, Kept(path))
        assert ran == [4, 0, 2, 4, 6, 8]
