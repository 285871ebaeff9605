"""The resident index: all volunteers as columns in files, mapped into every process that asks.

A folder holds one folder a generation (a ``.npy`` file a column, ``header.json``, and ``delta``,
the rows changed since) and ``current.json``, which names the generation that counts
and how much of its delta does. Only that small file is ever replaced, and in one step: whoever
opens sees the old state or the new one. It is a copy, never the source of truth: what is torn,
foreign or missing is refused with its reason, and whoever asked reads the records themselves.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from stepdown.matching.arrays import Ints
from stepdown.matching.national import files
from stepdown.matching.national.people import (
    ID,
    Ids,
    Rows,
    Tables,
    end_to_end,
    from_bytes,
    merged,
    to_bytes,
)

if TYPE_CHECKING:
    from stepdown.matching.national.seats import Seats

Columns = dict[str, npt.NDArray[np.generic]]
FORMAT = 1
BLOCKS = ("blocks_", "planes_")
POINTER, HEADER, DELTA = "current.json", "header.json", "delta"
# What the columns mean is said in these files: a snapshot of other versions of them is refused.
_MEANING = (
    "arrays.py",
    "rules.py",
    "scoring.py",
    "national/people.py",
    "national/snapshot.py",
    "national/blocks.py",
    "national/seats.py",
)
_HERE = Path(__file__).parent.parent


class SnapshotRefused(Exception):
    """The snapshot cannot be used; the reason names no record."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Mark:
    """What a snapshot reflects: the ledger up to ``seq``, whose seal is ``head``, of one hub."""

    hub: str
    seq: int
    head: str
    at: str


@dataclass(frozen=True)
class Snapshot:
    """An open snapshot: ``base`` without its rows ``gone``, and ``added``."""

    generation: str
    delta: int
    mark: Mark
    tables: Tables
    base: Rows = field(repr=False)
    blocks: Columns = field(repr=False)
    gone: Ints = field(repr=False)
    added: Rows = field(repr=False)

    @property
    def size(self) -> int:
        """How many volunteers."""
        return self.base.size - int(self.gone.size) + self.added.size

    def seats(self) -> "Seats":
        """The engine's blocks over the rows of ``base``, those that are gone too."""
        from stepdown.matching.national.seats import seated

        return seated(self.blocks)

    @property
    def changes(self) -> int:
        """How many rows the delta has to do with."""
        return int(self.gone.size) + self.added.size

    def whole(self) -> Rows:
        """All rows as one. Copies nothing where nothing has changed."""
        if not self.changes:
            return self.base
        kept = np.ones(self.base.size, np.bool_)
        kept[self.gone] = False
        return merged([self.base.take(np.flatnonzero(kept)), self.added])

    def ids(self) -> Ids:
        """The ids of all, in no order."""
        return np.concatenate([np.delete(self.base.ids, self.gone), self.added.ids])


@cache
def engine_digest() -> str:
    """The version of what columns mean."""
    whole = hashlib.sha256()
    for name in _MEANING:
        whole.update((_HERE / name).read_bytes())
    return whole.hexdigest()[:16]


def write(folder: Path, rows: Rows, tables: Tables, mark: Mark) -> None:
    """Write a new generation and make it the current one. Readers keep what they have open."""
    with files.locked(folder):
        _write(folder, rows, tables, mark)


def _write(folder: Path, rows: Rows, tables: Tables, mark: Mark) -> None:
    name = f"g{_number(folder) + 1:06d}"
    # The engine's compiled parts are imported by who writes, not by who reads.
    from stepdown.matching.national.seats import flat, seats_of

    fresh = folder / name
    shutil.rmtree(fresh, ignore_errors=True)
    files.make_folder(fresh)
    sizes: dict[str, list[int | str]] = {}
    columns = rows.widened(tables).flat() | flat(seats_of(rows, tables))
    for column, values in columns.items():
        path = fresh / f"{column}.npy"
        files.write_array(path, values)
        ends, every = files.digest_of_ends(path), files.digest_of(path)
        sizes[path.name] = [path.stat().st_size, ends, every]
    header = {
        "format": FORMAT,
        "engine": engine_digest(),
        "mark": asdict(mark),
        "rows": rows.size,
        "tables": tables._asdict(),
        "files": sizes,
    }
    text = json.dumps(header, indent=1, sort_keys=True).encode()
    files.write(fresh / HEADER, text)
    files.write(fresh / DELTA, b"")
    files.sync_folder(fresh)
    _point(folder, name, files.digest(text), 0, files.digest(b""), mark)
    for other in folder.glob("g*"):
        if other != fresh:
            shutil.rmtree(other, ignore_errors=True)


def add(folder: Path, to: Snapshot, rows: Rows, removed: Ids, mark: Mark) -> None:
    """Add changed rows to the snapshot that was opened as ``to``, and rows that are no more.

    ``SnapshotRefused`` where another writer has been there since.
    """
    with files.locked(folder):
        pointer = _pointer(folder)
        if (pointer["generation"], pointer["delta"]) != (to.generation, to.delta):
            raise SnapshotRefused("another process has written it meanwhile")
        path = folder / to.generation / DELTA
        piece = to_bytes(rows.widened(to.tables), removed) if rows.size or removed.size else b""
        files.append(path, to.delta, piece)
        whole = path.read_bytes()
        _point(folder, to.generation, pointer["header"], len(whole), files.digest(whole), mark)


def remove(folder: Path) -> None:
    """Leave no snapshot."""
    if folder.is_dir():
        with files.locked(folder):
            (folder / POINTER).unlink(missing_ok=True)
            for one in folder.glob("g*"):
                shutil.rmtree(one, ignore_errors=True)


def open_snapshot(folder: Path, known: Snapshot | None = None, *, verify: bool = False) -> Snapshot:
    """Open the current snapshot. ``known`` is one opened before: what still holds is kept.

    ``verify`` reads every file whole, else sizes, the header, the delta, and the ends of each file
    are checked. ``SnapshotRefused`` with the reason.
    """
    for last in (False, True):
        pointer = _pointer(folder)
        try:
            return _open(folder, pointer, known, verify)
        except FileNotFoundError as missing:
            # A writer may have put another generation in its place between the two reads.
            if last or pointer == _pointer(folder):
                raise SnapshotRefused("a file of it is missing") from missing
    raise AssertionError


def _open(folder: Path, pointer: dict[str, Any], known: Snapshot | None, verify: bool) -> Snapshot:
    name, mark = pointer["generation"], Mark(**pointer["mark"])
    if known and not verify and known.generation == name:
        if known.delta == pointer["delta"]:
            return replace(known, mark=mark)
        base, tables, blocks = known.base, known.tables, known.blocks
    else:
        base, tables, blocks = _base(folder / name, pointer["header"], verify)
    with (folder / name / DELTA).open("rb") as file:
        delta = file.read(pointer["delta"])
    if len(delta) != pointer["delta"] or files.digest(delta) != pointer["checksum"]:
        raise SnapshotRefused("the file of changes is torn")
    gone, added = _overlay(base, list(_runs(delta)))
    return Snapshot(name, len(delta), mark, tables, base, blocks, gone, added)


def _base(folder: Path, checksum: str, verify: bool) -> tuple[Rows, Tables, Columns]:
    text = (folder / HEADER).read_bytes()
    if files.digest(text) != checksum:
        raise SnapshotRefused("its header is torn")
    header = json.loads(text)
    if header["format"] != FORMAT or header["engine"] != engine_digest():
        raise SnapshotRefused("it was written by another version of Stepdown")
    flat: dict[str, npt.NDArray[np.generic]] = {}
    for name, (size, ends, whole) in header["files"].items():
        path = folder / name
        if path.stat().st_size != size or files.digest_of_ends(path) != ends:
            raise SnapshotRefused("a file of it is torn")
        if verify and files.digest_of(path) != whole:
            raise SnapshotRefused("a file of it is not what was written")
        # Mapped so that a kernel may take them like any array; nothing reaches the file.
        flat[path.stem] = np.load(path, mmap_mode="c", allow_pickle=False).view(np.ndarray)
    try:
        rows = Rows.of(flat)
        tables = Tables(**{name: tuple(names) for name, names in header["tables"].items()})
    except (KeyError, TypeError) as wrong:
        raise SnapshotRefused("a column of it is missing") from wrong
    if any(c.shape[0] != header["rows"] for c in (rows.ids, rows.more.limit, rows.people.free)):
        raise SnapshotRefused("its columns differ in length")
    blocks = {name: column for name, column in flat.items() if name.startswith(BLOCKS)}
    return rows, tables, blocks


def _runs(delta: bytes) -> Iterator[tuple[Rows, Ids]]:
    at = 0
    while at < len(delta):
        rows, removed, at = from_bytes(delta, at)
        yield rows, removed


def _overlay(base: Rows, runs: list[tuple[Rows, Ids]]) -> tuple[Ints, Rows]:
    """The rows of the base that no longer count, and those that count in their place."""
    latest: dict[bytes, int] = {}
    at = 0
    for rows, removed in runs:
        for key in _keys(removed):
            latest[key] = -1
        for row, key in enumerate(_keys(rows.ids)):
            latest[key] = at + row
        at += rows.size
    where, found = base.find(np.frombuffer(b"".join(sorted(latest)), ID))
    if not runs:
        return where, base.take(where)
    # Later runs may be written twice for one id: their columns lie end to end, the last counts.
    whole = end_to_end([rows for rows, _ in runs])
    chosen = [latest[key] for key in sorted(latest) if latest[key] >= 0]
    return where[found], whole.take(np.array(chosen, np.int64))


def _keys(ids: Ids) -> list[bytes]:
    whole = np.ascontiguousarray(ids).tobytes()
    return [whole[at : at + 16] for at in range(0, len(whole), 16)]


def _point(
    folder: Path, generation: str, header: str, delta: int, checksum: str, mark: Mark
) -> None:
    pointer = {
        "generation": generation,
        "header": header,
        "delta": delta,
        "checksum": checksum,
        "mark": asdict(mark),
    }
    files.replace(folder / POINTER, json.dumps(pointer, indent=1).encode())


def _pointer(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / POINTER).read_bytes())
        Mark(**found["mark"])
        if {"generation", "header", "delta", "checksum"} <= set(found):
            return dict(found)
    except FileNotFoundError as missing:
        raise SnapshotRefused("there is none") from missing
    except (ValueError, KeyError, TypeError) as wrong:
        raise SnapshotRefused("the file that names it is torn") from wrong
    raise SnapshotRefused("the file that names it is torn")


def _number(folder: Path) -> int:
    numbers = [0]
    for one in folder.glob("g*"):
        with suppress(ValueError):
            numbers.append(int(one.name[1:]))
    return max(numbers)
