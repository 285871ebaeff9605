"""The keys that backups are encrypted with: one a line, in a file of their own, the newest last.

Former keys stay, so that old backups open. Without this file no backup opens: keep a copy apart.
"""

import base64
import fcntl
import hashlib
import os
import secrets
from pathlib import Path

from stepdown.kernel import clock
from stepdown.kernel.errors import Unusable


class BackupKeys:
    """The keys in a file. Their values stay out of every repr."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._keys: dict[str, bytes] = {}
        if path.exists():
            for line in path.read_text().splitlines():
                if line.strip():
                    self._take(line)

    def _take(self, line: str) -> None:
        try:
            name, value = line.split()[:2]
            key = base64.b64decode(value, validate=True)
        except ValueError as wrong:
            raise Unusable(f"{self.path} holds a line that is no key.") from wrong
        if len(key) != 32 or name_of(key) != name:
            raise Unusable(f"{self.path} holds a key that is damaged: {name[:16]}.")
        self._keys[name] = key

    @property
    def names(self) -> list[str]:
        """The names, the newest last."""
        return list(self._keys)

    def newest(self) -> tuple[str, bytes]:
        """The key for new backups. KeyError where there is none yet."""
        if not self._keys:
            raise KeyError(str(self.path))
        name = self.names[-1]
        return name, self._keys[name]

    def key(self, name: str) -> bytes:
        """The key of that name. Unusable where it is not here."""
        if name not in self._keys:
            raise Unusable(
                f"The backup's key {name} is not in {self.path}: add its line from your copy."
            )
        return self._keys[name]

    def add(self) -> str:
        """Make a new key; its name. New backups use it, old ones open as before."""
        key = secrets.token_bytes(32)
        line = f"{name_of(key)} {base64.b64encode(key).decode()} {clock.now():%Y-%m-%d}\n"
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        with os.fdopen(os.open(self.path, flags, 0o600), "a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        self._take(line)
        return name_of(key)


def name_of(key: bytes) -> str:
    """A key's name, which tells nothing of it."""
    return hashlib.sha256(b"stepdown backup key\x00" + key).hexdigest()[:16]
