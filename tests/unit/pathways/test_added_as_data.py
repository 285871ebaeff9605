"""A system was added as one file, its Welsh and its story: no line of Python knows it."""

from pathlib import Path

from stepdown.casework.queries.definitions import FOLDER, library
from stepdown.cli.demonstration.case_stories import stories

SOURCES = Path(__file__).parents[3] / "src"
KEY = "impact-assessment"


def test_no_line_of_python_names_the_added_system() -> None:
    knowing = [
        path.name for path in SOURCES.rglob("*.py") if KEY in path.read_text(encoding="utf-8")
    ]
    assert knowing == []


def test_it_is_whole_all_the_same() -> None:
    one = library().get(KEY)
    assert one.in_use
    assert one.permissions
    assert one.counts
    assert one.name.cy
    assert (FOLDER / f"{KEY}.1.cy.yaml").exists()
    assert KEY in {story.pathway for story in stories()}
