"""One byte form for what is hashed, so that its hash means the same on every machine."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def canonical(payload: Mapping[str, Any]) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces. TypeError for what JSON cannot hold."""
    text = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def fields(*texts: str) -> str:
    """Texts one after another, each led by its length in characters: ``4:need,``.

    No two lists of texts give the same. Databases can put this together too: see queries/sealed.
    """
    return "".join(f"{len(text)}:{text}," for text in texts)


def salted_hash(salt: bytes, payload: bytes) -> bytes:
    """SHA-256 over salt and payload, 32 bytes. The salt stops short payloads being guessed."""
    return hashlib.sha256(salt + payload).digest()
