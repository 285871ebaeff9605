"""Writing files so that a crash at any moment leaves the old state or the new one, never half."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt

PAGE = 4096
_PIECE = 1 << 20


def make_folder(folder: Path) -> None:
    """A folder for its owner alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One writer at a time, across processes; readers never wait."""
    make_folder(folder)
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def write(path: Path, data: bytes) -> None:
    """A new file for its owner alone, on the disk when this returns."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def write_array(path: Path, column: npt.NDArray[np.generic]) -> None:
    """A column as a ``.npy`` file."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        np.save(file, np.ascontiguousarray(column), allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())


def append(path: Path, size: int, data: bytes) -> None:
    """Add to a file after its first ``size`` bytes; what a crash left beyond them goes."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.ftruncate(handle, size)
        os.lseek(handle, size, os.SEEK_SET)
        with os.fdopen(os.dup(handle), "wb") as file:
            file.write(data)
        os.fsync(handle)
    finally:
        os.close(handle)


def replace(path: Path, data: bytes) -> None:
    """Put a file in the place of another, all at once."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    write(fresh, data)
    fresh.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Names that were written into a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def digest(data: bytes) -> str:
    """A checksum of some bytes."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def digest_of_ends(path: Path) -> str:
    """A checksum of a file's first and last page, which is quick."""
    with path.open("rb") as file:
        first = file.read(PAGE)
        file.seek(max(0, path.stat().st_size - PAGE))
        return digest(first + file.read(PAGE))


def digest_of(path: Path) -> str:
    """A checksum of a whole file."""
    whole = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            whole.update(piece)
    return whole.hexdigest()
