"""Setting up does each step once, and again when what it is made from has changed."""

from pathlib import Path

import pytest

from scripts import setup


@pytest.fixture
def done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(setup, "STAMPS", tmp_path)
    return []


def test_step_is_done_once_for_the_same_inputs(done: list[str]) -> None:
    for _ in range(2):
        setup.step("styles", b"one", None, lambda: done.append("styles"))
    assert done == ["styles"]


def test_step_is_done_again_when_an_input_changes(done: list[str]) -> None:
    for inputs in (b"one", b"two"):
        setup.step("styles", inputs, None, lambda: done.append("styles"))
    assert done == ["styles", "styles"]


def test_step_is_done_again_when_its_result_is_gone(done: list[str], tmp_path: Path) -> None:
    made = tmp_path / "made"

    def make() -> None:
        made.touch()
        done.append("made")

    setup.step("styles", b"one", made, make)
    setup.step("styles", b"one", made, make)
    made.unlink()
    setup.step("styles", b"one", made, make)
    assert done == ["made", "made"]


def test_step_that_fails_is_tried_again(done: list[str]) -> None:
    def fail() -> None:
        raise setup.SetupError("no network")

    with pytest.raises(setup.SetupError):
        setup.step("styles", b"one", None, fail)
    setup.step("styles", b"one", None, lambda: done.append("styles"))
    assert done == ["styles"]
