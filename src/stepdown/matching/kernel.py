"""How the engine's inner loops are compiled.

Kernels are compiled once into an on-disk cache (`python -m stepdown.matching.warm`) and hold no
lock while they run.

Numba takes a kernel from its cache when the kernel's own file is unchanged, even if a constant or a
kernel it uses from another file is not. So the cache lies in a folder named after all the sources
of this package: any change to any of them compiles afresh. The folder stands beside the sources;
who may not write there gets a copy of what is in it, in their own cache or else for this process.
"""

import atexit
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import config, njit

Function = TypeVar("Function", bound=Callable[..., Any])

HERE = Path(__file__).parent
PREFIX = "kernels-"


def kernel(function: Function) -> Function:
    """Compile a function to machine code, cached on disk."""
    return _compiled(function)


def lean(function: Function) -> Function:
    """Compile a function that makes no arrays: those it is given are not counted in and out, which
    is a quarter of the time of small functions that are given many."""
    return _compiled(function, _nrt=False)


def _compiled(function: Function, **options: bool) -> Function:
    settings: Any = config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(cache_folder())
    try:
        compiler: Any = njit(cache=True, nogil=True, **cast(Any, options))
        return cast(Function, compiler(function))
    finally:
        settings.CACHE_DIR = before


@cache
def cache_folder() -> Path:
    """Where this process keeps compiled kernels."""
    digest = hashlib.sha256()
    for source in sorted(HERE.rglob("*.py")):
        name = source.relative_to(HERE).as_posix()
        digest.update(name.encode() + b"\0" + source.read_bytes() + b"\0")
    folder = PREFIX + digest.hexdigest()[:16]
    if os.environ.get("NUMBA_CACHE_DIR"):
        beside = Path(os.environ["NUMBA_CACHE_DIR"]) / folder
    else:
        beside = HERE / "__pycache__" / folder
    if _writable(beside):
        return beside
    own = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "stepdown" / folder
    if own.is_absolute() and _writable(own):
        _copy(beside, own)
        return own
    private = Path(tempfile.mkdtemp(prefix=f"stepdown-{PREFIX}"))
    atexit.register(shutil.rmtree, private, ignore_errors=True)
    _copy(beside, private)
    return private


def remove_stale() -> None:
    """Remove the folders of earlier versions of the sources from beside the current one."""
    current = cache_folder()
    for other in current.parent.glob(f"{PREFIX}*"):
        if other != current:
            shutil.rmtree(other, ignore_errors=True)


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _copy(origin: Path, folder: Path) -> None:
    """Take over compiled kernels that may be read and not added to, where there are any."""
    if any(folder.iterdir()):
        return
    with suppress(OSError, shutil.Error):
        shutil.copytree(origin, folder, dirs_exist_ok=True)
