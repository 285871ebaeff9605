"""Record ids and the references that people read out over the phone."""

import secrets
import time
from uuid import UUID

# Crockford's base 32: no I, L, O or U, so that a reference survives being read aloud.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_id() -> UUID:
    """A time-ordered UUID, version 7 (RFC 9562 section 5.7): newest sorts last, none can be guessed."""
    millis = time.time_ns() // 1_000_000
    value = (millis & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | secrets.randbits(12) << 64
    value |= 0b10 << 62 | secrets.randbits(62)
    return UUID(int=value)


def new_reference(prefix: str) -> str:
    """A reference such as ``R-7K3M-9QXT``: 40 random bits, so that it cannot be counted or guessed."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{prefix}-{body[:4]}-{body[4:]}"


def tidy_reference(text: str) -> str:
    """What somebody typed, as it is stored: upper case, look-alike letters mended."""
    mended = text.strip().upper().replace(" ", "-").replace("O", "0")
    return mended.replace("I", "1").replace("L", "1")
