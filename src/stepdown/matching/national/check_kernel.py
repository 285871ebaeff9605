"""How the certificate's inner loops are compiled: as all kernels, but no references are counted.

Its kernels read some hundred arrays and make none: counting who uses them costs more than the work,
the more so on two threads that count the same arrays. What only other kernels call gets no entry
from Python, which would take the compiler longer than the kernel itself.
"""

from typing import Any, cast

from numba import config, njit

from stepdown.matching.kernel import Function, cache_folder


def reader(function: Function) -> Function:
    """Compile a function that makes no array to machine code, cached on disk."""
    return _compiled(function)


def inner(function: Function) -> Function:
    """One that only other kernels call."""
    return _compiled(function, no_cpython_wrapper=True)


def part(function: Function) -> Function:
    """One that is written into the kernel it is used in: for the innermost loops."""
    return _compiled(function, no_cpython_wrapper=True, inline="always")


def _compiled(function: Function, **others: Any) -> Function:
    settings: Any = config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(cache_folder())
    options: Any = {"cache": True, "nogil": True, "_nrt": False, "no_cfunc_wrapper": True, **others}
    try:
        return cast(Function, njit(**options)(function))
    finally:
        settings.CACHE_DIR = before
