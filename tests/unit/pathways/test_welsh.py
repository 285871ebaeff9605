"""Every pathway has all of its words in Welsh, and no Welsh is kept for words not there."""

from pathlib import Path

import pytest

from stepdown.casework.queries.definitions import FOLDER, library
from stepdown.pathways.document import untranslated
from stepdown.pathways.tree import read_tree

OWN = sorted(path for path in FOLDER.glob("*.cy.yaml"))


EVERY = [(one.key, one.version) for one in library().definitions.values()]


@pytest.mark.parametrize(("key", "version"), EVERY)
def test_every_pathway_has_all_of_its_words_in_welsh(key: str, version: int) -> None:
    assert untranslated(library().get(key, version)) == []


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_welsh_words_belong_to_words_of_the_file(path: Path) -> None:
    english = path.with_name(path.name.replace(".cy.yaml", ".yaml")).read_text(encoding="utf-8")
    said = " ".join(english.split())
    for words in read_tree(path.read_text(encoding="utf-8"), path.name).pairs:
        assert words in said, words
