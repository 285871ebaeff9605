"""How the engine's inner loops are compiled.

Kernels are compiled once into an on-disk cache (`python -m stepdown.matching.warm`) and hold no
lock while they run. Where nothing can be written at all, they compile afresh in each process.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])


def kernel(function: Function) -> Function:
    """Compile a function to machine code, cached on disk where a cache can be kept."""
    try:
        return cast(Function, njit(cache=True, nogil=True)(function))
    except RuntimeError:  # numba finds no folder for its cache
        return cast(Function, njit(nogil=True)(function))
