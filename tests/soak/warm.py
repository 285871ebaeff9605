"""Tests tried on a mutant in a fork that has everything loaded: the hub, the tests, the tables.

Loading takes longer than the test that notices. So the hub as it is loads once; in a fork, the code
of the functions that a mutant changes is put in the place of theirs. What runs while a module loads
(a default, a decorator, a table of constants) cannot be changed so: that is tried from the start.
"""

import gc
import os
import sys
from pathlib import Path
from types import CodeType, FunctionType
from typing import TYPE_CHECKING

from tests.soak.forks import succeeds

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

WORDS = ["-q", "-p", "no:cacheprovider", "--no-migrations", "--assert=plain"]


def functions_changed(before: str, after: str) -> dict[str, CodeType] | None:
    """Qualified name → new code of each function that differs between two texts of a module.

    None where something differs that runs while the module loads.
    """
    found: dict[str, CodeType] = {}
    old, new = (compile(text, "module", "exec") for text in (before, after))
    if not _loads_alike(old, new, found) or any("<lambda>" in name for name in found):
        return None
    return found


def _loads_alike(old: CodeType, new: CodeType, found: dict[str, CodeType]) -> bool:
    if not _same(old, new, but_inner=True):
        return False
    for one, other in zip(_inner(old), _inner(new), strict=True):
        if _same(one, other):
            continue
        if one.co_qualname != other.co_qualname:
            return False
        if one.co_flags & 0x2:  # it has fast locals: a function, and not the body of a class
            found[one.co_qualname] = other
        elif not _loads_alike(one, other, found):
            return False
    return True


def _inner(code: CodeType) -> list[CodeType]:
    return [const for const in code.co_consts if isinstance(const, CodeType)]


def _same(old: CodeType, new: CodeType, *, but_inner: bool = False) -> bool:
    """Whether two codes do the same, wherever they stand."""
    parts = ("co_code", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_flags",
             "co_argcount", "co_kwonlyargcount", "co_qualname", "co_exceptiontable")  # fmt: skip
    if any(getattr(old, part) != getattr(new, part) for part in parts):
        return False
    if len(old.co_consts) != len(new.co_consts):
        return False
    for one, other in zip(old.co_consts, new.co_consts, strict=True):
        if isinstance(one, CodeType) and isinstance(other, CodeType):
            if not but_inner and not _same(one, other):
                return False
        elif type(one) is not type(other) or one != other:
            return False
    return True


def places_of(module: str, changed: dict[str, CodeType]) -> list[tuple[FunctionType, CodeType]]:
    """Every function that gets new code; none where one is missing or its closure is another."""
    path = sys.modules[module].__file__
    found = [
        (one, changed[one.__code__.co_qualname])
        for one in gc.get_objects()
        if isinstance(one, FunctionType)
        and one.__code__.co_filename == path
        and one.__code__.co_qualname in changed
    ]
    fit = all(one.__code__.co_freevars == new.co_freevars for one, new in found)
    there = {one.__code__.co_qualname for one, _new in found}
    return found if fit and there == changed.keys() else []


def load_hub(tree: Path, tests: list[str]) -> None:
    """Load the hub and the tests into this process, with the tables of an empty hub in memory."""
    import pytest

    os.chdir(tree)
    # Once for the rest, in the tree's own order: a second time finds the modules as they are.
    if pytest.main([*WORDS, "--collect-only", "-qq", *tests]):
        raise RuntimeError("The tests cannot be collected.")
    from django.conf import settings
    from django.test import utils
    from pytest_django.fixtures import _disable_migrations

    _disable_migrations()
    settings.DEBUG = False
    utils.setup_databases(verbosity=0, interactive=False)
    # The tests of a fork find its copy of them, and leave it as it is.
    utils.setup_databases = lambda *args, **words: []
    utils.teardown_databases = lambda *args, **words: None


def serve(asked: "Connection", tree: Path, tests: list[str]) -> None:
    """Answer in a process of its own whether tests pass with a module changed.

    Asked are (module, its text, its changed text, tests), until the other side is closed; the
    answer is None where the change cannot be made to what is loaded.
    """
    load_hub(tree, tests)
    asked.send(True)
    try:
        while True:
            module, before, after, chosen = asked.recv()
            asked.send(_passes(tree.parent / "said-warm", module, before, after, chosen))
    except EOFError:
        return


def _passes(said: Path, module: str, before: str, after: str, tests: list[str]) -> bool | None:
    changed = functions_changed(before, after)
    places = places_of(module, changed) if changed else []
    if before != after and not places:
        return None

    def work() -> int:
        import pytest

        for one, code in places:
            one.__code__ = code
        return int(pytest.main(["-x", *WORDS, *tests]))

    return succeeds(work, said)
