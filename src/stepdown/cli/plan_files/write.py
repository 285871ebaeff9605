"""Writing the outputs: all of them or none."""

import os
import stat
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path


def write_all(files: Sequence[tuple[Path, bytes]]) -> None:
    """Write every file or none of them. Raises OSError, with everything as it was.

    Each is written beside its place and then moved there; if a move fails, those already made are
    undone. What is not an ordinary file (a pipe, the null device) is written to last.
    """
    ordinary = [(Path(os.path.realpath(path)), data) for path, data in files if _ordinary(path)]
    others = [(path, data) for path, data in files if not _ordinary(path)]
    made: list[tuple[Path, Path]] = []
    try:
        for path, data in ordinary:
            made.append((path, _beside(path, data)))
        _move(made)
    finally:
        for _, temporary in made:
            with suppress(OSError):
                temporary.unlink()
    for path, data in others:
        path.write_bytes(data)


def _ordinary(path: Path) -> bool:
    return not path.exists() or path.is_file()


def _mode(path: Path) -> int:
    """The permissions a file has, or would have if it were made now."""
    with suppress(OSError):
        return stat.S_IMODE(path.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _beside(path: Path, data: bytes) -> Path:
    handle, name = tempfile.mkstemp(prefix=".stepdown-", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_mode(path))
    except OSError:
        temporary.unlink()
        raise
    return temporary


def _move(made: Sequence[tuple[Path, Path]]) -> None:
    undo: list[tuple[Path, Path | None]] = []
    try:
        for path, temporary in made:
            kept = _kept(path)
            undo.append((path, kept))
            temporary.replace(path)
    except OSError:
        for path, kept in reversed(undo):
            with suppress(OSError):
                if kept is None:
                    path.unlink()
                else:
                    kept.replace(path)
        raise
    finally:
        for kept in _copies(undo):
            with suppress(OSError):
                kept.unlink()


def _copies(undo: Iterable[tuple[Path, Path | None]]) -> Iterator[Path]:
    return (kept for _, kept in undo if kept is not None)


def _kept(path: Path) -> Path | None:
    """What lies there now, kept aside until all moves are made."""
    return _beside(path, path.read_bytes()) if path.exists() else None
