"""The browser of the journeys: the one named, else the quick one, else any that there is."""

from pathlib import Path

import pytest

from tests.support import chromium


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose only programs are those put into this folder; what it installs is kept."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("STEPDOWN_CHROMIUM", raising=False)
    return tmp_path


def put(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_browser_that_is_there_is_used_where_the_quick_one_cannot_be_had(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chromium, "apt_install", lambda *names: False)
    with pytest.raises(chromium.ChromiumMissing, match="apt-get install chromium"):
        chromium.program()
    usual = put(machine, "chromium-browser")
    assert chromium.program() == usual
    quick = put(machine, "chromium-headless-shell")
    assert chromium.program() == quick
    named = put(machine, "another")
    monkeypatch.setenv("STEPDOWN_CHROMIUM", str(named))
    assert chromium.program() == named


def test_quick_browser_is_installed_where_it_may_be(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(machine, "chromium")
    asked: list[str] = []

    def install(*names: str) -> bool:
        asked.extend(names)
        put(machine, names[0])
        return True

    monkeypatch.setattr(chromium, "apt_install", install)
    assert chromium.program().name == "chromium-headless-shell"
    assert chromium.program().name == "chromium-headless-shell"
    assert asked == ["chromium-headless-shell", "fonts-liberation"]
