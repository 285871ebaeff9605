"""What is read once for one look: one request that changes nothing.

Which agreements are in force is asked for every list and record on a page. Within one answer it is
the same each time; it is never kept from one request to the next, nor where anything is changed.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar, cast

Read = TypeVar("Read")

_held: ContextVar[dict[Hashable, object] | None] = ContextVar("held", default=None)


@contextmanager
def one_look() -> Iterator[None]:
    """Inside the block, what is ``read_once`` is read once."""
    token = _held.set({})
    try:
        yield
    finally:
        _held.reset(token)


def read_once(key: Hashable, read: Callable[[], Read]) -> Read:
    """What ``read`` finds; outside a look it is read each time."""
    held = _held.get()
    if held is None:
        return read()
    if key not in held:
        held[key] = read()
    return cast(Read, held[key])
