"""The few doors by which what is not ours comes in and goes out: nobody opens another unseen."""

import ast
import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdown.kernel.sheets import RISKY, as_cell, as_csv

SOURCE = Path(__file__).parents[2] / "src" / "stepdown"
MODULES = sorted(SOURCE.rglob("*.py"))
# Files are read by the command line, by whoever runs the hub's machine: see docs/security/.
# Pictures from numbers and the hub's own words, and fields that the template engine has escaped.
DRAWN_BY_THE_HUB = {
    "casework/web/callers.py",
    "casework/web/case_measure.py",
    "casework/web/cases.py",
    "casework/web/appraisal_words.py",
    "casework/web/figures.py",
    "casework/web/performance_words.py",
    "pages/forms/bound.py",
    "records/web/retention.py",
    "records/web/rights_clock.py",
    "volunteering/web/need_matching.py",
}


def _named(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def _words(path: Path) -> set[str]:
    """Every name, attribute and text of a module."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    return found


@pytest.mark.parametrize(
    "word", ["FileField", "ImageField", "FILES", "MultiPartParser", "FileInput", "FilePathField"]
)
def test_no_page_takes_a_file(word: str) -> None:
    """The hub has no upload. Whoever adds the first one also adds the one door that checks it:
    type by content, size, archives, pictures made anew, a virus scan that fails closed."""
    # The shell's form components draw any field there is; no form of the hub has this one.
    named = {_named(path) for path in MODULES if word in _words(path)}
    named = {name for name in named if not name.startswith("pages/forms/")}
    assert named == set(), f"{named}: a file comes in: see docs/security/threat-model.md"


def test_no_form_sends_a_file() -> None:
    templates = sorted(SOURCE.rglob("*.html"))
    assert len(templates) > 100
    for path in templates:
        text = path.read_text()
        if path.parent.name != "widgets":
            assert "multipart" not in text, path
        assert 'type="file"' not in text, path


def test_csv_is_written_in_one_place() -> None:
    """``kernel.sheets`` writes it, cell by cell. The standard library's writer guards nothing."""
    for path in MODULES:
        words = _words(path)
        assert not {"DictWriter", "to_csv"} & words, path
        assert not ("writer" in words and "csv" in words), path


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=12), min_size=1, max_size=4))
def test_no_cell_begins_like_a_formula_and_all_come_back(cells: list[str]) -> None:
    written = as_csv(["a"] * len(cells), [cells]).decode()
    _header, row = csv.reader(io.StringIO(written, newline=""), strict=True)
    for cell, back in zip(cells, row, strict=True):
        assert not back.startswith(RISKY)
        assert back in {cell, f"'{cell}"}


@pytest.mark.parametrize("start", RISKY)
def test_every_beginning_of_a_formula_is_guarded(start: str) -> None:
    assert as_cell(f"{start}cmd|'/c calc'!A1").lstrip('"').startswith("'")


def test_nothing_is_made_or_run_from_words() -> None:
    """No eval, no pickle, no shell, no text marked safe: each is how words become code."""
    forbidden = {"eval", "exec", "pickle", "marshal", "mark_safe", "shelve"}
    for path in MODULES:
        if _named(path).startswith("matching/"):
            continue  # compiles its own kernels; reads nobody's words
        tree = ast.parse(path.read_text())
        called = {
            node.func.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        imported = {
            name.name.split(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.Import)
            for name in node.names
        } | {
            name.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for name in node.names
        }
        found = forbidden & (called | imported)
        if _named(path) in DRAWN_BY_THE_HUB:
            found -= {"mark_safe"}
        assert not found, path
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "shell":
                assert isinstance(node.value, ast.Constant), path
                assert node.value.value is False, path
