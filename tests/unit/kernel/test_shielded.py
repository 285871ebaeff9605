"""A shielded value has no way out but one, and who takes that way is listed here."""

import ast
import copy
import io
import json
import logging
import pickle
from pathlib import Path

import pytest

from stepdown.kernel.shielded import Shielded, reveal

SOURCE = Path(__file__).parents[3] / "src" / "stepdown"
SECRET = "LA9 9ZZ"
# To matching as a square; from seal to seal; from a referral to the record it becomes.
MAY_REVEAL = {
    "casework/queries/answers.py",
    "hub/actions/shielding.py",
    "hub/queries/cell.py",
    "hub/queries/shielded.py",
}


def test_no_words_of_it_tell_anything() -> None:
    kept = Shielded({"postcode": SECRET})
    for said in (f"{kept}", f"{kept:>40}", str(kept), repr(kept), f"{kept!r}", "%s" % kept,  # noqa: UP031
                 str([kept]), str({"at": kept}), format(kept, "x")):  # fmt: skip
        assert "[protected]" in said
        assert SECRET not in said
    heard = io.StringIO()
    logger = logging.Logger("alone", logging.DEBUG)
    logger.addHandler(logging.StreamHandler(heard))
    logger.debug("at %s %r", kept, kept)
    assert heard.getvalue() == "at [protected] [protected]\n"


def test_it_is_not_written_out() -> None:
    kept = Shielded(SECRET)
    with pytest.raises(TypeError):
        json.dumps({"at": kept})
    assert json.dumps({"at": kept}, default=str) == '{"at": "[protected]"}'
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError):
            pickle.dumps(kept, protocol)
    assert not hasattr(kept, "__dict__")
    assert copy.copy(kept) is kept
    assert copy.deepcopy([kept])[0] is kept
    # Equal to nothing else: a comparison would answer guesses.
    assert kept != Shielded(SECRET)
    assert reveal(kept) == SECRET


def test_who_may_reveal_is_listed() -> None:
    found = set()
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if name == "kernel/shielded.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            named = (
                (isinstance(node, ast.Name) and node.id == "reveal")
                or (isinstance(node, ast.Attribute) and node.attr in {"reveal", "_Shielded__value"})
                or (isinstance(node, ast.Constant) and node.value == "_Shielded__value")
                or (isinstance(node, ast.alias) and node.name == "reveal")
            )
            if named:
                found.add(name)
    assert found == MAY_REVEAL
