"""A campaign counts what it did and names every world that went wrong."""

from collections import Counter

import pytest

from tests.soak.campaigns import CAMPAIGNS, Outcome
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
