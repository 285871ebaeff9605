"""Record ids and the references that people read out over the phone."""

import random
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from uuid import UUID

from stepdown.kernel import clock

# Crockford's base 32: no I, L, O or U, so that a reference survives being read aloud.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class _Source:
    """Where an id's time and chance come from. ``last`` keeps ids of one source in order."""

    def __init__(self, chance: random.Random) -> None:
        self.chance, self.last, self.lock = chance, 0, threading.Lock()


_SYSTEM = _Source(secrets.SystemRandom())
_source: ContextVar[_Source | None] = ContextVar("stepdown_ids", default=None)


def new_id() -> UUID:
    """A time-ordered UUID, version 7 (RFC 9562 section 5.7 and 6.2, method 1).

    Later ids of a process sort after earlier ones, within a millisecond too; 62 bits are chance, so
    that none can be guessed.
    """
    source = _source.get() or _SYSTEM
    millis = int(clock.now().timestamp() * 1000)
    with source.lock:
        # The 12 bits beside the clock count on when a millisecond brings more than one id.
        source.last = max(millis << 12, source.last + 1)
        moment = source.last
        tail = source.chance.getrandbits(62)
    value = (moment >> 12) << 80 | 0x7 << 76 | (moment & 0xFFF) << 64 | 0b10 << 62 | tail
    return UUID(int=value)


def lowest_at(moment: datetime) -> UUID:
    """An id that sorts before all that are made from a moment on, and after those made before."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def new_code(length: int = 8) -> str:
    """Letters and digits by chance, 5 bits each, that can be read aloud."""
    chance = (_source.get() or _SYSTEM).chance
    return "".join(chance.choice(ALPHABET) for _ in range(length))


def new_reference(prefix: str) -> str:
    """A reference such as ``R-7K3M-9QXT``: 40 random bits: it cannot be counted or guessed."""
    body = new_code()
    return f"{prefix}-{body[:4]}-{body[4:]}"


def tidy_reference(text: str) -> str:
    """What somebody typed, as it is stored: upper case, look-alike letters mended."""
    mended = text.strip().upper().replace(" ", "-").replace("O", "0")
    return mended.replace("I", "1").replace("L", "1")


@contextmanager
def seeded(seed: int) -> Iterator[random.Random]:
    """Ids and references that are the same every time: for demonstrations, not for real records."""
    chance = random.Random(seed)  # noqa: S311  meant to be repeatable
    token = _source.set(_Source(chance))
    try:
        yield chance
    finally:
        _source.reset(token)
