"""For whom the database is read now: what the second wall is told. Set by whoever knows the actor.

``None`` means that nobody has said: where the second wall stands, nothing is shown. The text is
what the database will be told, signed by the connection that sends it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# The hub itself, which sees everything: its jobs, its commands, and the transactions of actions.
HUB = '{"hub":true}'

Claims = str | Callable[[], str] | None
_reader: ContextVar[Claims] = ContextVar("stepdown_reader", default=None)


def current() -> str | None:
    """What the database is to be told of the one who reads."""
    claims = _reader.get()
    return claims() if callable(claims) else claims


@contextmanager
def reading_as(claims: Claims) -> Iterator[None]:
    """Read as this reader inside the block, and as whoever it was before after it.

    A function is asked when something is read, each time: it is for whom it costs a query to know.
    """
    token = _reader.set(claims)
    try:
        yield
    finally:
        _reader.reset(token)
