"""The keys that sign the ledger's heads: Ed25519 (RFC 8032), in files outside the database.

``ledger.key`` is the private key in use. ``ledger-public.jsonl`` lists every public key there ever
was, so that what former keys signed stays good; each but the first is signed by the one before it.
"""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from stepdown.kernel import clock
from stepdown.kernel.canonical import canonical
from stepdown.kernel.errors import Unusable

PRIVATE, PUBLIC = "ledger.key", "ledger-public.jsonl"


class KeyTrouble(Unusable):
    """The keys are not there or do not belong together; the text says what to do."""


class PublicKeys:
    """Every public key of a ledger, by its name."""

    def __init__(self) -> None:
        self._keys: dict[str, Ed25519PublicKey] = {}

    def add(self, lines: list[dict[str, Any]]) -> None:
        """Take in a list of keys, each but the first vouched for by one before it in the list."""
        listed = PublicKeys()
        for line in lines:
            raw = bytes.fromhex(line["public"])
            name = name_of(raw)
            if listed.names and not listed.verifies(
                line["by"], _introduction(line), bytes.fromhex(line["signature"])
            ):
                raise KeyTrouble(f"The public key {name} is not vouched for by one before it.")
            listed._keys[name] = Ed25519PublicKey.from_public_bytes(raw)
        self._keys |= listed._keys

    def public(self, name: str) -> bytes:
        """The key itself, 32 bytes. KeyError for one that is not known."""
        return self._keys[name].public_bytes_raw()

    def __contains__(self, name: str) -> bool:
        return name in self._keys

    @property
    def names(self) -> list[str]:
        """The keys' names, the first one first."""
        return list(self._keys)

    def verifies(self, name: str, data: bytes, signature: bytes) -> bool:
        """Whether the named key signed the data; False for a key that is not known."""
        known = self._keys.get(name)
        if known is None:
            return False
        try:
            known.verify(signature, data)
        except InvalidSignature:
            return False
        return True


class SigningKey:
    """The key in use. Its private part stays out of its repr."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = private.public_key().public_bytes_raw()

    @property
    def key(self) -> str:
        """Its name."""
        return name_of(self.public)

    def sign(self, data: bytes) -> bytes:
        """64 bytes."""
        return self._private.sign(data)


def name_of(public: bytes) -> str:
    """A public key's name: the start of its hash."""
    return hashlib.sha256(public).hexdigest()[:16]


def public_keys(folder: Path) -> PublicKeys:
    """The public keys in a folder; none where there is no list. KeyTrouble for one that lies."""
    found = PublicKeys()
    for path in sorted(folder.glob("ledger-public*.jsonl")):
        try:
            found.add([json.loads(one) for one in path.read_text().splitlines() if one.strip()])
        except (ValueError, KeyError, TypeError) as wrong:
            raise KeyTrouble(f"{path} is not a list of public keys.") from wrong
    return found


def signing_key(folder: Path) -> SigningKey:
    """The key in use, made when there has never been one."""
    path = folder / PRIVATE
    if not path.exists():
        if (folder / PUBLIC).exists():
            raise KeyTrouble(
                f"{path} is missing: put it back, "
                "or begin a new one: stepdown ledger new-key --lost"
            )
        _make(folder, None)
    try:
        private = serialization.load_pem_private_key(path.read_bytes(), None)
    except ValueError as wrong:
        raise KeyTrouble(f"{path} is not a private key.") from wrong
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyTrouble(f"{path} is not an Ed25519 key.")
    found = SigningKey(private)
    if found.key not in public_keys(folder):
        raise KeyTrouble(f"{path} is not among the keys in {folder / PUBLIC}.")
    return found


def trouble(folder: Path) -> str:
    """Why nothing can be sealed with the keys in a folder; empty where all is well, or where there
    has been no key yet."""
    if not any((folder / name).exists() for name in (PRIVATE, PUBLIC)):
        return ""
    try:
        signing_key(folder)
    except (KeyTrouble, OSError) as wrong:
        return str(wrong)
    return ""


def rotate(folder: Path, *, lost: bool = False) -> SigningKey:
    """A new key, vouched for by the old one, which goes. What it signed stays good.

    With ``lost``, where the old one is not there any more, nothing vouches for it: a new list of
    public keys begins, and the former list is kept beside it.
    """
    if not lost:
        _make(folder, signing_key(folder))
        return signing_key(folder)
    if (folder / PRIVATE).exists():
        raise KeyTrouble(f"{folder / PRIVATE} is not lost: leave out --lost.")
    if (folder / PUBLIC).exists():
        stamp = clock.now().strftime("%Y%m%dT%H%M%S")
        (folder / PUBLIC).rename(folder / f"ledger-public-until-{stamp}.jsonl")
    _make(folder, None)
    return signing_key(folder)


def _make(folder: Path, before: SigningKey | None) -> None:
    """Make a key. Public part first: a list that names one too many harms nothing."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    private = Ed25519PrivateKey.generate()
    made = SigningKey(private)
    line = {"public": made.public.hex(), "since": clock.now().isoformat(), "by": ""}
    if before is not None:
        line["by"] = before.key
        line["signature"] = before.sign(_introduction(line)).hex()
    written = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    fresh = folder / f"{PRIVATE}.new"
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as new:
        new.write(written)
        new.flush()
        os.fsync(new.fileno())
    with os.fdopen(
        os.open(folder / PUBLIC, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644), "a"
    ) as known:
        known.write(json.dumps(line) + "\n")
        known.flush()
        os.fsync(known.fileno())
    fresh.replace(folder / PRIVATE)


def _introduction(line: dict[str, Any]) -> bytes:
    """What a key signs of the one that follows it."""
    return canonical({name: line[name] for name in ("public", "since", "by")})
