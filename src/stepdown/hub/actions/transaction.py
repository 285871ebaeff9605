"""An action's transaction: all of it or nothing, and read as the hub itself.

An action asks the policy about what it has loaded, and it has to load more than its actor may see:
who holds a place already, whether a name is taken, what a plan must not break. So its transaction
reads as the hub. Nothing else does but what says ``as_hub`` (``hub/queries/reader.py``).
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar, overload

from django.db import connection
from django.db import transaction as _django
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.connection import ConnectionProxy

from stepdown.hub.queries.reader import as_hub

P = ParamSpec("P")
R = TypeVar("R")


def get_connection() -> "BaseDatabaseWrapper | ConnectionProxy[BaseDatabaseWrapper]":
    """The connection that actions write over."""
    return connection


@contextmanager
def _atomic() -> Iterator[None]:
    with as_hub("an action"), _django.atomic():
        yield


@overload
def atomic(action: Callable[P, R]) -> Callable[P, R]: ...
@overload
def atomic() -> AbstractContextManager[None]: ...
def atomic(
    action: Callable[P, R] | None = None,
) -> Callable[P, R] | AbstractContextManager[None]:
    """As Django's, bare as a decorator or called as a block."""
    if action is None:
        return _atomic()

    @wraps(action)
    def whole(*args: P.args, **kwargs: P.kwargs) -> R:
        with _atomic():
            return action(*args, **kwargs)

    return whole
