"""``stepdown index``: the index of volunteers is written afresh, and its state told."""

from pathlib import Path
from typing import Any

import pytest

from stepdown.cli.main import main
from stepdown.hub.queries.health import Standing, health
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.queries import resident
from tests.factories import actor_of, make_user, make_volunteer


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """A hub that keeps an index however few it has."""
    settings.STEPDOWN_INDEX = tmp_path / "index"
    settings.STEPDOWN_INDEX_FROM = 1
    return tmp_path / "index"


def administrator() -> Actor:
    """Who looks after the hub."""
    return actor_of(make_user(RoleKey.ADMINISTRATOR))


def test_index_is_rebuilt_and_its_state_told(capsys: pytest.CaptureFixture[str]) -> None:
    make_volunteer()
    make_volunteer()
    assert main(["index", "status"]) == 1
    assert "cannot be used: there is none" in capsys.readouterr().out
    assert main(["index", "rebuild"]) == 0
    assert "The index holds 2 volunteers." in capsys.readouterr().out
    assert main(["index", "status", "--verify"]) == 0
    assert "Volunteers: 2\n" in capsys.readouterr().out


def test_broken_index_is_found_by_verifying_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_volunteer()
    resident.rebuild()
    column = next(folder.glob("g*/born.npy"))
    column.write_bytes(b"nothing")
    assert main(["index", "status", "--verify"]) == 1
    assert "torn" in capsys.readouterr().out


def test_small_hub_is_told_that_it_needs_none(
    settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.STEPDOWN_INDEX_FROM = 5_000
    make_volunteer()
    assert main(["index", "status"]) == 0
    assert "small enough to do without one" in capsys.readouterr().out
    assert main(["index", "rebuild"]) == 0
    assert "it is not used" in capsys.readouterr().out


def _standing(by: Actor) -> Standing:
    return next(one for one in health(by=by).kept if one.name == "Index of volunteers")


def test_administrators_see_how_the_index_stands() -> None:
    make_volunteer()
    by = administrator()
    missing = _standing(by)
    assert "stepdown index rebuild" in missing.warning
    resident.rebuild()
    ready = _standing(by)
    assert ready.warning == ""
    assert ready.words.startswith("1 volunteer")
