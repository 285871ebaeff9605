"""Heads of the ledger: what is signed when a batch is sealed, and written to a witness."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from stepdown.kernel.canonical import canonical, salted_hash

# Whether a signature is the named key's over some bytes. False for a key that is not known.
Verifies = Callable[[str, bytes, bytes], bool]


class Signer(Protocol):
    """Signs with a key that lies outside the database. ``key`` is the key's name."""

    @property
    def key(self) -> str: ...

    def sign(self, data: bytes) -> bytes: ...


@dataclass(frozen=True)
class Head:
    """A batch's root and range, and the digest of the head before it, signed together.

    ``at`` is when it was sealed, ISO 8601 in UTC. ``key`` names the key; it is empty for batches
    sealed before heads were signed, which only the chain protects.
    """

    number: int
    first: int
    last: int
    root: bytes
    previous: bytes
    at: str
    key: str = ""
    signature: bytes = b""

    def statement(self) -> bytes:
        """The bytes that are signed."""
        stated = {
            "form": "stepdown-head-2",
            "number": self.number,
            "first": self.first,
            "last": self.last,
            "root": self.root.hex(),
            "previous": self.previous.hex(),
            "at": self.at,
            "key": self.key,
        }
        return canonical(stated)

    def digest(self) -> bytes:
        """What the next head names as its previous one, 32 bytes."""
        if not self.key:
            return salted_hash(self.previous, self.root)
        return hashlib.sha256(self.statement()).digest()

    def signed(self, signer: Signer) -> "Head":
        """The head with its signature."""
        named = replace(self, key=signer.key)
        return replace(named, signature=signer.sign(named.statement()))

    def good(self, verifies: Verifies) -> bool:
        """Whether the signature is that of the key it names."""
        return bool(self.key) and verifies(self.key, self.statement(), self.signature)

    def as_json(self) -> dict[str, Any]:
        """What a file holds of it."""
        return {
            "number": self.number,
            "first": self.first,
            "last": self.last,
            "root": self.root.hex(),
            "previous": self.previous.hex(),
            "at": self.at,
            "key": self.key,
            "signature": self.signature.hex(),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Head":
        """From what a file holds. ValueError where that is no head."""
        try:
            return cls(
                number=int(kept["number"]),
                first=int(kept["first"]),
                last=int(kept["last"]),
                root=bytes.fromhex(kept["root"]),
                previous=bytes.fromhex(kept["previous"]),
                at=str(kept["at"]),
                key=str(kept["key"]),
                signature=bytes.fromhex(kept["signature"]),
            )
        except (KeyError, TypeError) as wrong:
            raise ValueError("This is not a head of a ledger.") from wrong


@dataclass(frozen=True)
class Witnessed:
    """A head as it stands with a witness. ``restored``: the hub was put back to this head; those
    after it that were witnessed before are no longer the ledger's."""

    head: Head
    restored: bool = False
