"""Compiled kernels are found by whoever runs the engine, and never outlive their sources."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stepdown.matching import kernel


def folder(tree: Path, **places: Path) -> Path:
    """Where another process keeps its kernels, with these places for caches."""
    code = "from stepdown.matching.kernel import cache_folder; print(cache_folder())"
    # Coverage is dropped too: measured, the copy's files would be looked for in the project.
    dropped = ("NUMBA_CACHE_DIR", "COV_CORE", "COVERAGE_")
    names = {key: value for key, value in os.environ.items() if not key.startswith(dropped)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=names
        | {name: str(place) for name, place in places.items()}
        | {"PYTHONPATH": str(tree)},
        cwd=tree,
        capture_output=True,
        text=True,
        check=True,
    )
    return Path(done.stdout.strip())


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the engine's sources alone."""
    root = tmp_path_factory.mktemp("tree")
    package = Path(kernel.__file__).parents[1]
    for name in ("kernel", "matching"):
        shutil.copytree(
            package / name, root / "stepdown" / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    (root / "stepdown" / "__init__.py").touch()
    return root


def test_kernels_lie_beside_their_sources(tree: Path, tmp_path: Path) -> None:
    found = folder(tree, XDG_CACHE_HOME=tmp_path)
    assert found.parent == tree / "stepdown" / "matching" / "__pycache__"


def test_any_change_of_a_source_makes_a_new_place(tree: Path, tmp_path: Path) -> None:
    before = folder(tree, XDG_CACHE_HOME=tmp_path)
    scoring = tree / "stepdown" / "matching" / "scoring.py"
    text = scoring.read_text()
    scoring.write_text(text.replace("TRAVEL = 600", "TRAVEL = 599"))
    try:
        assert folder(tree, XDG_CACHE_HOME=tmp_path) != before
    finally:
        scoring.write_text(text)
    assert folder(tree, XDG_CACHE_HOME=tmp_path) == before


def test_who_may_not_write_there_gets_a_copy_of_their_own(tree: Path, tmp_path: Path) -> None:
    taken = tmp_path / "a-file"
    taken.touch()
    own = folder(tree, NUMBA_CACHE_DIR=taken, XDG_CACHE_HOME=tmp_path / "cache")
    assert own.parent == tmp_path / "cache" / "stepdown"


def test_who_may_write_nowhere_gets_a_place_that_goes_with_the_process(
    tree: Path, tmp_path: Path
) -> None:
    taken = tmp_path / "a-file"
    taken.touch()
    private = folder(tree, NUMBA_CACHE_DIR=taken, XDG_CACHE_HOME=taken, TMPDIR=tmp_path)
    assert private.parent == tmp_path
    assert not private.exists()
