"""What keeps shielded addresses closed: AES-256-GCM under keys that lie outside the database.

What is sealed is bound to the row it lies in, so that one row's cannot be put into another's, and
filled up to a whole number of blocks, so that its length tells next to nothing.
"""

import fcntl
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from stepdown.adapters.key_file import KeyFile
from stepdown.kernel.errors import Unusable

FORM = b"stepdown-shielded-1"
BLOCK = 256
_NONCE = 12
IN_ENVIRONMENT = "STEPDOWN_SHIELDED_KEY"


class ShieldedBox(KeyFile):
    """Seals and opens. Keys are read from the file anew when it changed, as another process may
    have made one. Keys stated by the environment are used alone, and changed only there."""

    domain = b"stepdown shielded key"
    missing = (
        "A shielded address lies under the key {name}, which is not in {path}: "
        "add its line from your copy of that file."
    )

    def __init__(self, path: Path, stated: str | None = None) -> None:
        self.is_stated = stated is not None
        self._read: tuple[int, int, int] | None = None
        super().__init__(Path(IN_ENVIRONMENT) if self.is_stated else path)
        if stated is not None:
            self._take_all(stated)
        self._read = self._state()

    def _state(self) -> tuple[int, int, int] | None:
        if self.is_stated:
            return None
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns

    def refresh(self) -> "ShieldedBox":
        """The same, as the file is now."""
        now = self._state()
        if now != self._read:
            self._keys, self.since = {}, {}
            if now is not None:
                self._take_all(self.path.read_text())
            self._read = now
        return self

    def seal(self, data: bytes, about: str) -> tuple[str, bytes]:
        """The newest key's name, and the data closed with it. KeyError where there is no key."""
        name, key = self.newest()
        nonce = secrets.token_bytes(_NONCE)
        length = len(data).to_bytes(4, "big")
        whole = length + data
        whole += bytes(-len(whole) % BLOCK)
        return name, nonce + AESGCM(key).encrypt(nonce, whole, _bound(name, about))

    def open(self, name: str, sealed: bytes, about: str) -> bytes:
        """The data. Unusable where its key is not here, or the row is not the one it was for."""
        if name not in self._keys:
            self.refresh()
        cipher = AESGCM(self.key(name))
        try:
            whole = cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound(name, about))
        except (InvalidTag, ValueError):
            # Not chained: what could not be opened is nobody's to see.
            raise Unusable(
                "A shielded address was changed, or put into another row, outside the hub."
            ) from None
        return whole[4 : 4 + int.from_bytes(whole[:4], "big")]

    def add(self) -> str:
        """Make a new key; its name."""
        if self.is_stated:
            raise Unusable(
                f"The keys come from {IN_ENVIRONMENT}: add the new key's line there. "
                "`stepdown keys line` prints one."
            )
        return super().add()

    def retire(self, name: str) -> None:
        """Take a key out of the file for good. Whoever calls has seen that nothing needs it."""
        self.key(name)
        if self.is_stated:
            raise Unusable(f"The keys come from {IN_ENVIRONMENT}: take the key's line out there.")
        with self.path.open() as kept:
            fcntl.flock(kept, fcntl.LOCK_EX)
            lines = [line for line in kept.read().splitlines() if line.split()[:1] != [name]]
            fresh = self.path.with_name(f"{self.path.name}.new")
            fresh.unlink(missing_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            with os.fdopen(os.open(fresh, flags, 0o600), "w") as new:
                new.write("".join(f"{line}\n" for line in lines))
                new.flush()
                os.fsync(new.fileno())
            fresh.replace(self.path)
        self.refresh()


def _bound(name: str, about: str) -> bytes:
    return b"\x00".join((FORM, name.encode(), about.encode()))
