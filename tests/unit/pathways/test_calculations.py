"""Calculations that a step shows: a sample that anybody can draw again."""

import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as some

from stepdown.casework.queries.definitions import library
from stepdown.pathways.calculations import CALCULATIONS, MOST, drawn


def test_sample_is_drawn_again_by_its_written_rule() -> None:
    ranked = sorted(range(1, 215), key=lambda n: hashlib.sha256(b"4711:%d" % n).hexdigest())
    assert drawn(4711, 12, 214) == tuple(sorted(ranked[:12]))
    # Written down once: a change of the rule would change what was published.
    assert drawn(1, 3, 10) == (4, 7, 8)


@given(seed=some.integers(0, 10**6), of=some.integers(1, 300), size=some.integers(1, 400))
def test_sample_has_its_size_and_holds_every_smaller_one(seed: int, of: int, size: int) -> None:
    found = drawn(seed, size, of)
    assert len(set(found)) == len(found) == min(size, of)
    assert set(found) <= set(range(1, of + 1))
    assert set(drawn(seed, size // 2, of)) <= set(found)


def test_every_place_is_drawn_about_as_often() -> None:
    times = Counter(place for seed in range(2_000) for place in drawn(seed, 5, 20))
    assert set(times) == set(range(1, 21))
    assert max(abs(count - 500) for count in times.values()) < 100  # five standard deviations


@pytest.mark.parametrize("lost", ["seed", "size", "list-size"])
def test_nothing_is_worked_out_from_less(lost: str) -> None:
    answers = {"seed": 1, "size": 2, "list-size": 9}
    work_out = CALCULATIONS["drawn-sample"].work_out
    assert work_out(answers) != ""
    assert work_out({**answers, lost: None}) == ""
    assert work_out({**answers, "list-size": MOST + 1}) == ""


def test_dip_sample_shows_it() -> None:
    assert library().get("dip-sample").step("sample").shows == "drawn-sample"
