"""A pathway that has Welsh has all of it, and no Welsh is kept for words that are not there."""

from pathlib import Path

import pytest

from stepdown.casework.queries.definitions import FOLDER, library
from stepdown.pathways.document import untranslated
from stepdown.pathways.tree import read_tree

OWN = sorted(path for path in FOLDER.glob("*.cy.yaml"))


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_pathway_with_welsh_has_all_of_it(path: Path) -> None:
    key, version, *_rest = path.name.split(".")
    assert untranslated(library().get(key, int(version))) == []


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_welsh_words_belong_to_words_of_the_file(path: Path) -> None:
    english = path.with_name(path.name.replace(".cy.yaml", ".yaml")).read_text(encoding="utf-8")
    said = " ".join(english.split())
    for words in read_tree(path.read_text(encoding="utf-8"), path.name).pairs:
        assert words in said, words


def test_several_pathways_are_whole_in_welsh() -> None:
    assert len(OWN) >= 5
