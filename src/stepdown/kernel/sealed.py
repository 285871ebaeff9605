"""The bytes that a seal of the ledger is over, in their present forms.

A digest is SHA-256 over a tag that names the form, texts as ``canonical.fields``, and hashes of
what lawful disposal may remove. Ids are 32 hexadecimal digits, absent ones empty; moments are
ISO 8601 in UTC.
"""

import hashlib
from collections.abc import Iterable, Sequence

from stepdown.kernel.canonical import fields

ENTRY, LOOK = b"stepdown-ledger-2", b"stepdown-look-1"


def entry_bytes(texts: Sequence[str], at: str, payload_hash: bytes, subjects_hash: bytes) -> bytes:
    """What an entry's digest is over. ``texts``: id, label, user, person, verb, kind, object."""
    return ENTRY + (fields(*texts) + fields(at)).encode() + payload_hash + subjects_hash


def look_bytes(texts: Sequence[str], at: str, people_hash: bytes) -> bytes:
    """What a look's digest is over. ``texts``: id, label, user, person, roles, purpose, page."""
    return LOOK + (fields(*texts) + fields(at)).encode() + people_hash


def subjects_hash(lines: Iterable[str]) -> bytes:
    """Over the records an entry concerns, each ``fields(kind, id)``, in whatever order."""
    return hashlib.sha256("".join(sorted(lines)).encode()).digest()


def person_hash(salt: bytes, line: str) -> bytes:
    """Over one person of a look, ``fields(id, categories)``: others can be shown as this alone."""
    return hashlib.sha256(salt + line.encode()).digest()


def people_hash(hashes: Iterable[bytes]) -> bytes:
    """Over all people of a look, from the hash of each, in whatever order."""
    return hashlib.sha256(b"".join(sorted(hashes))).digest()
