"""How the certificate's inner loops are compiled: as all kernels, but without counting references.

Its kernels get some hundred arrays and make none: counting who uses them costs more than the work,
the more so on two threads that count the same arrays.
"""

from typing import Any, cast

from numba import config, njit

from stepdown.matching.kernel import Function, cache_folder


def reader(function: Function) -> Function:
    """Compile a function that makes no array to machine code, cached on disk."""
    return _compiled(function, "never")


def part(function: Function) -> Function:
    """A piece of such a function, written into it where it is used: for the innermost loops."""
    return _compiled(function, "always")


def _compiled(function: Function, inline: str) -> Function:
    settings: Any = config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(cache_folder())
    try:
        options: Any = {"cache": True, "nogil": True, "_nrt": False, "inline": inline}
        return cast(Function, njit(**options)(function))
    finally:
        settings.CACHE_DIR = before
