"""A witness of the ledger's heads outside the database: what was once written there, was so.

The witness that comes with the hub is a file that is only ever appended to, one JSON object a line.
It is worth as much as it is apart: let it lie on another disk, or be copied away line by line.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from stepdown.kernel import clock
from stepdown.kernel.heads import Head, Witnessed

_TAIL = 65_536


class Witness(Protocol):
    """Keeps heads outside the database. Another kind may send them somewhere else."""

    def last(self) -> Witnessed | None:
        """The newest line; None before the first."""

    def lines(self) -> Iterator[Witnessed]:
        """All lines, the oldest first."""

    def write(self, heads: Sequence[Head], *, restored: bool = False) -> None:
        """Add lines. When it returns, they are kept. OSError where they cannot be."""


class FileWitness:
    """Lines in a file that is only appended to, for its owner alone."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def last(self) -> Witnessed | None:
        try:
            with self.path.open("rb") as kept:
                size = kept.seek(0, os.SEEK_END)
                back = _TAIL
                while True:
                    start = max(0, size - back)
                    kept.seek(start)
                    whole = kept.read(size - start).split(b"\n")
                    # What does not begin at a line's start, or end in one's end, is no line.
                    for text in reversed(whole[1 if start else 0 : -1]):
                        if (line := _line(text)) is not None:
                            return line
                    if start == 0:
                        return None
                    back *= 16
        except FileNotFoundError:
            return None

    def lines(self) -> Iterator[Witnessed]:
        try:
            with self.path.open("rb") as kept:
                for text in kept:
                    if text.endswith(b"\n") and (line := _line(text)) is not None:
                        yield line
        except FileNotFoundError:
            return

    def write(self, heads: Sequence[Head], *, restored: bool = False) -> None:
        if not heads:
            return
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = not self.path.exists()
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND
        with os.fdopen(os.open(self.path, flags, 0o600), "rb+", buffering=0) as kept:
            fcntl.flock(kept, fcntl.LOCK_EX)
            size = kept.seek(0, os.SEEK_END)
            torn = False
            if size:
                kept.seek(size - 1)
                torn = kept.read(1) != b"\n"
            # A line torn by a crash is closed, never taken away: the file is only appended to.
            text = "\n" if torn else ""
            for head in heads:
                stated: dict[str, Any] = {"kind": "restored" if restored else "head"}
                stated |= head.as_json() | {"witnessed": clock.now().isoformat()}
                text += json.dumps(stated, separators=(",", ":")) + "\n"
            rest = text.encode()
            while rest:
                rest = rest[os.write(kept.fileno(), rest) :]
            os.fsync(kept.fileno())
        if made:
            folder = os.open(self.path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


class NoWitness:
    """Where a hub keeps none: for tests alone."""

    def last(self) -> Witnessed | None:
        return None

    def lines(self) -> Iterator[Witnessed]:
        return iter(())

    def write(self, heads: Sequence[Head], *, restored: bool = False) -> None:
        """Keeps nothing."""


def at(place: Path | str | None) -> Witness:
    """The witness that a setting names: a file's path; None for none."""
    return NoWitness() if place is None else FileWitness(Path(place))


def _line(text: bytes) -> Witnessed | None:
    """A line; None for one that a crash has torn."""
    try:
        stated = json.loads(text)
        return Witnessed(Head.from_json(stated), restored=stated["kind"] == "restored")
    except (ValueError, KeyError, TypeError):
        return None
