"""What a transaction is told of its reader, signed so that only the hub can say it.

The text names the server's process and the transaction's first moment, so that it is good nowhere
else, and when it ends. The functions in the database check all of it (``stepdown.context``).
"""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass

BLOCK = 64  # bytes of SHA-256's block: RFC 2104
LIFE_SECONDS = 900
SETTING = "stepdown.context"


@dataclass(frozen=True)
class Transaction:
    """Which transaction it is: the server's process, and when it began, as the server writes it."""

    process: int
    began: str


def token(key: bytes, claims: str, where: Transaction, *, life: float = LIFE_SECONDS) -> str:
    """The signed text: 64 hexadecimal digits, a full stop, JSON."""
    bound = {
        **json.loads(claims),
        "process": where.process,
        "began": where.began,
        "until": int(time.time() + life),
    }
    text = json.dumps(bound, separators=(",", ":"), sort_keys=True)
    return f"{hmac.new(key, text.encode(), hashlib.sha256).hexdigest()}.{text}"


def pads(key: bytes) -> tuple[bytes, bytes]:
    """The key as the database keeps it, which has SHA-256 alone: HMAC's inner and outer block."""
    if len(key) > BLOCK:
        key = hashlib.sha256(key).digest()
    block = key.ljust(BLOCK, b"\0")
    return bytes(b ^ 0x36 for b in block), bytes(b ^ 0x5C for b in block)
