"""Keys of 256 bits in a file of their own, one a line: name, key, day it was made. The newest is
last; former ones stay, so that what they closed still opens."""

import base64
import fcntl
import hashlib
import os
import secrets
from datetime import date
from pathlib import Path
from typing import ClassVar

from stepdown.kernel import clock
from stepdown.kernel.errors import Unusable


class KeyFile:
    """The keys in a file. Their values stay out of every repr."""

    domain: ClassVar[bytes]
    """What a name's hash begins with, so that the same key is called otherwise elsewhere."""
    missing: ClassVar[str]
    """What is said where ``{name}`` is not in ``{path}``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.since: dict[str, date | None] = {}
        self._keys: dict[str, bytes] = {}
        if path.exists():
            self._take_all(path.read_text())

    def _take_all(self, text: str) -> None:
        for line in text.splitlines():
            if line.strip():
                self._take(line)

    def _take(self, line: str) -> None:
        try:
            name, value, *rest = line.split()
            key = base64.b64decode(value, validate=True)
            since = date.fromisoformat(rest[0]) if rest else None
        except ValueError as wrong:
            raise Unusable(f"{self.path} holds a line that is no key.") from wrong
        if len(key) != 32 or self.name_of(key) != name:
            raise Unusable(f"{self.path} holds a key that is damaged: {name[:16]}.")
        self._keys[name], self.since[name] = key, since

    @property
    def names(self) -> list[str]:
        """The names, the newest last."""
        return list(self._keys)

    def newest(self) -> tuple[str, bytes]:
        """The key for what is new. KeyError where there is none yet."""
        if not self._keys:
            raise KeyError(str(self.path))
        name = self.names[-1]
        return name, self._keys[name]

    def key(self, name: str) -> bytes:
        """The key of that name. Unusable where it is not here."""
        if name not in self._keys:
            raise Unusable(self.missing.format(name=name, path=self.path))
        return self._keys[name]

    def add(self) -> str:
        """Make a new key; its name. What is new uses it, what is old opens as before."""
        line = self.fresh_line()
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        with os.fdopen(os.open(self.path, flags, 0o600), "a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        self._take(line)
        return line.split()[0]

    @classmethod
    def fresh_line(cls) -> str:
        """A new key as a line of such a file. It is a secret."""
        key = secrets.token_bytes(32)
        return f"{cls.name_of(key)} {base64.b64encode(key).decode()} {clock.now():%Y-%m-%d}\n"

    @classmethod
    def name_of(cls, key: bytes) -> str:
        """A key's name, which tells nothing of it."""
        return hashlib.sha256(cls.domain + b"\x00" + key).hexdigest()[:16]
