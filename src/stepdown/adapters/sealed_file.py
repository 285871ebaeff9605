"""An encrypted file that is written and read as a stream, in chunks that cannot be changed, left
out, repeated, put in another order or cut off unseen.

A line that names the form, a line of JSON (the key's name, a random salt), then chunks of 1 MiB,
each under AES-256-GCM. The file's own key comes from key and salt by HKDF-SHA-256 (RFC 5869), so
that nonces may count: chunk number, and whether it is the last. Both lines are authenticated with
each chunk.
"""

import json
import secrets
from dataclasses import dataclass
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from stepdown.kernel.errors import Unusable

FORM = b"stepdown-backup-1\n"
CHUNK = 1 << 20
TAG = 16
_LONGEST_HEADER = 4_096


class Spoilt(Unusable):
    """The file is not what was written, or its key is another one."""


@dataclass(frozen=True)
class Header:
    """What stands in the open at a file's beginning."""

    key: str
    salt: bytes

    def as_bytes(self) -> bytes:
        """The two lines."""
        return FORM + json.dumps({"key": self.key, "salt": self.salt.hex()}).encode() + b"\n"


def read_header(file: IO[bytes]) -> Header:
    """The header, the file left where the chunks begin. Spoilt where that is no such file."""
    if file.readline(len(FORM)) != FORM:
        raise Spoilt("This is not a backup of Stepdown.")
    try:
        stated = json.loads(file.readline(_LONGEST_HEADER))
        return Header(str(stated["key"]), bytes.fromhex(stated["salt"]))
    except (ValueError, KeyError, TypeError) as wrong:
        raise Spoilt("The beginning of the backup is damaged.") from wrong


def _cipher(key: bytes, header: Header) -> AESGCM:
    derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=header.salt, info=FORM)
    return AESGCM(derive.derive(key))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


class SealingWriter:
    """Encrypts what is written to it. Only after ``finish`` is the file whole."""

    def __init__(self, file: IO[bytes], key_name: str, key: bytes) -> None:
        header = Header(key_name, secrets.token_bytes(32))
        self._file, self._cipher, self._aad = file, _cipher(key, header), header.as_bytes()
        self._number, self._rest = 0, bytearray()
        file.write(self._aad)

    def write(self, data: bytes) -> int:
        """Take in some bytes."""
        self._rest += data
        while len(self._rest) > CHUNK:
            self._chunk(bytes(self._rest[:CHUNK]), last=False)
            del self._rest[:CHUNK]
        return len(data)

    def finish(self) -> None:
        """Write the last chunk, which says that it is the last."""
        self._chunk(bytes(self._rest), last=True)
        self._rest.clear()

    def _chunk(self, data: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last), data, self._aad))
        self._number += 1


class SealedReader:
    """Decrypts what is read from it. Spoilt as soon as a chunk is not what was written."""

    def __init__(self, file: IO[bytes], header: Header, key: bytes) -> None:
        self._file, self._cipher, self._aad = file, _cipher(key, header), header.as_bytes()
        self._number, self._rest, self._over = 0, b"", False
        self._next = file.read(CHUNK + TAG)

    def read(self, size: int = -1) -> bytes:
        """So many bytes; fewer only at the end."""
        parts, have = [self._rest], len(self._rest)
        while not self._over and (size < 0 or have < size):
            part = self._chunk()
            parts.append(part)
            have += len(part)
        whole = b"".join(parts)
        cut = len(whole) if size < 0 else size
        self._rest = whole[cut:]
        return whole[:cut]

    def _chunk(self) -> bytes:
        sealed, self._next = self._next, self._file.read(CHUNK + TAG)
        self._over = not self._next
        try:
            data = self._cipher.decrypt(_nonce(self._number, self._over), sealed, self._aad)
        except InvalidTag as wrong:
            raise Spoilt(
                "The backup is damaged or cut off, or its key is another one of the same name."
            ) from wrong
        self._number += 1
        return data
