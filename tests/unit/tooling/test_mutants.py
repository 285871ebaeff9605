"""A change to a module is put in the place of what is loaded only where that is the same."""

import sys
from pathlib import Path

import pytest

from tests.soak.warm import functions_changed, places_of

MODULE = """
LIMIT = 2
TABLE = {"long": lambda text: len(text) > 2}

def long(text, limit=LIMIT):
    return len(text) > limit

class Words:
    most = 3

    def few(self, words):
        return len([word for word in words if long(word)]) < self.most
"""


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("len(text) > limit", "len(text) >= limit", {"long"}),
        (" if long(word)", "", {"Words.few"}),
        ("LIMIT = 2", "LIMIT = 3", None),
        ("limit=LIMIT", "limit=1", None),
        ("most = 3", "most = 4", None),
        ("len(text) > 2", "len(text) >= 2", None),
        ("\nclass Words", "\n\n\nclass Words", set()),
    ],
)
def test_only_what_stands_in_functions_is_put_in_place(
    old: str, new: str, names: set[str] | None
) -> None:
    assert old in MODULE
    found = functions_changed(MODULE, MODULE.replace(old, new))
    assert (None if found is None else found.keys()) == names


def test_new_code_reaches_whoever_has_the_function_already(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mutant_words.py").write_text(MODULE)
    monkeypatch.syspath_prepend(str(tmp_path))
    from mutant_words import Words, long  # type: ignore[import-not-found]

    words, held = Words(), {"long": long}
    changed = functions_changed(MODULE, MODULE.replace("> limit", ">= limit"))
    assert changed is not None
    [(function, code)] = places_of("mutant_words", changed)
    assert words.few(["ab", "ab", "ab"])
    function.__code__ = code
    assert held["long"]("ab")
    assert not words.few(["ab", "ab", "ab"])
    assert places_of("mutant_words", {"gone": code}) == []
    del sys.modules["mutant_words"]
