"""Proof that lines of the ledger say what was sealed, checked with nothing but the proof itself.

A proof holds each line whole, the hashes that lead from it to its batch's root (RFC 9162 section
2.1.3), the signed head, and the public keys. docs/ledger.md describes the file.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stepdown.kernel import merkle
from stepdown.kernel.canonical import fields, salted_hash
from stepdown.kernel.heads import Head, Verifies
from stepdown.kernel.sealed import (
    entry_bytes,
    look_bytes,
    people_hash,
    person_hash,
    subjects_hash,
)

FORM = "stepdown-proof-1"
ENTRY_TEXTS = ("id", "label", "user", "person", "verb", "kind", "object")
LOOK_TEXTS = ("id", "label", "user", "person", "roles", "purpose", "page")


@dataclass(frozen=True)
class Proved:
    """One line of a proof. ``wrong`` says why it proves nothing; empty where it is proved."""

    seq: int
    at: str
    what: str
    words: str
    head: Head | None
    wrong: str = ""


def check(line: Mapping[str, Any], record: str, verifies: Verifies) -> Proved:
    """Whether one line was sealed as it stands there, and concerns the record."""
    try:
        head = Head.from_json(line["head"])
        seq, at = int(line["seq"]), str(line["at"])
        what = str(line["verb"] if "verb" in line else f"{line['page']} ({line['purpose']})")
        words = str(line.get("words") or "")
        wrong = _wrong(line, record, head, seq, verifies)
    except (KeyError, TypeError, ValueError, AttributeError):
        return Proved(0, "", "", "", None, "it is not a line of a proof")
    return Proved(seq, at, what, words, head, wrong)


def _wrong(line: Mapping[str, Any], record: str, head: Head, seq: int, verifies: Verifies) -> str:
    stated = _entry(line, record) if "verb" in line else _look(line, record)
    if isinstance(stated, str):
        return stated
    leaf = merkle.leaf(hashlib.sha256(stated).digest())
    size = head.last - head.first + 1
    path = [bytes.fromhex(one) for one in line["path"]]
    if merkle.root_by(leaf, seq - head.first, size, path) != head.root:
        return "it is not what was sealed"
    if not head.good(verifies):
        return "the seal's signature is not by a key that is known"
    return ""


def _entry(line: Mapping[str, Any], record: str) -> bytes | str:
    """The bytes that were sealed, or what is wrong with the line."""
    payload = bytes.fromhex(line["payload_hash"])
    if line["words"] is not None:
        salt = bytes.fromhex(line["salt"])
        if salted_hash(salt, line["words"].encode()) != payload:
            return "its words are not what was sealed"
    subjects = [(str(kind), str(one)) for kind, one in line["subjects"]]
    if record not in {one for _, one in subjects}:
        return "it does not concern the record"
    hashed = subjects_hash(fields(*pair) for pair in subjects)
    return entry_bytes([str(line[name]) for name in ENTRY_TEXTS], str(line["at"]), payload, hashed)


def _look(line: Mapping[str, Any], record: str) -> bytes | str:
    shown = person_hash(bytes.fromhex(line["salt"]), fields(record, str(line["categories"])))
    everybody = people_hash([shown, *(bytes.fromhex(one) for one in line["others"])])
    return look_bytes([str(line[name]) for name in LOOK_TEXTS], str(line["at"]), everybody)
