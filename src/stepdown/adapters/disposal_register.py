"""What was disposed of, outside the database: so that no old backup brings it back.

A file that is only ever appended to, one JSON object a line: a reference, a day, and a keyed hash
of the record's id. It says nothing of anybody. Keep it apart from the database, as the witness is.
"""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Line:
    """One disposal. ``key`` says which secret ``mark`` was made with, both in hexadecimal."""

    reference: str
    kind: str
    at: str
    key: str
    mark: str


class Register:
    """The file. A line that a crash has torn is passed over; its disposal is written again."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def lines(self) -> Iterator[Line]:
        """All lines, the oldest first."""
        try:
            with self.path.open(encoding="utf-8") as kept:
                for text in kept:
                    try:
                        yield Line(**json.loads(text))
                    except (ValueError, TypeError):
                        continue
        except FileNotFoundError:
            return

    def write(self, lines: Iterable[Line]) -> None:
        """Add lines. When it returns, they are kept. OSError where they cannot be."""
        text = "".join(json.dumps(asdict(one), separators=(",", ":")) + "\n" for one in lines)
        if not text:
            return
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND
        with os.fdopen(os.open(self.path, flags, 0o600), "rb+", buffering=0) as kept:
            fcntl.flock(kept, fcntl.LOCK_EX)
            size = kept.seek(0, os.SEEK_END)
            if size:
                kept.seek(size - 1)
                text = text if kept.read(1) == b"\n" else "\n" + text
            rest = text.encode()
            while rest:
                rest = rest[os.write(kept.fileno(), rest) :]
            os.fsync(kept.fileno())
