"""The second wall in tests: raised inside the test's transaction, and looked through from its
application's side with contexts signed by hand."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from stepdown.adapters.postgresql.context import SETTING, Transaction, pads, token
from stepdown.config.row_rules import GROUND
from stepdown.hub.actions.row_security import secure
from stepdown.hub.queries.reader import claims_of
from stepdown.kernel.reader import HUB, reading_as
from stepdown.policy.actors import Actor

# Roles belong to the whole cluster: processes that made the same one would wait for each other.
APP = f"stepdown_app_of_{os.environ.get('PYTEST_XDIST_WORKER', 'tests')}"
KEY = secrets.token_bytes(48)

needs_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'",
    reason="SQLite has no row-level security: run by tests.support.postgres",
)


def on_postgresql() -> None:
    """Skip the test where there is no row-level security."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no row-level security: run with tests.support.postgres")


def raise_wall() -> None:
    """The wall, in the open transaction. Not where all tests stand behind it already."""
    if connection.settings_dict.get("ROW_KEY"):
        pytest.skip("Raises the wall by hand, which the application may not do")
    secure(GROUND, app=APP, pads=pads(KEY), say=lambda line: None)


def here() -> Transaction:
    """The open transaction."""
    return Transaction(
        *raw("SELECT pg_backend_pid(), extract(epoch FROM transaction_timestamp())::text")[0]
    )


def raw(question: str, *values: Any) -> list[tuple[Any, ...]]:
    """What the database answers."""
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchall() if cursor.description else []


def tell(text: str) -> None:
    """Set the context, whatever it says."""
    raw("SELECT set_config(%s, %s, true)", SETTING, text)


@contextmanager
def as_application(said: Actor | str = "") -> Iterator[None]:
    """As the application's role, for an actor or with this text as its context."""
    text = token(KEY, claims_of(said), here()) if isinstance(said, Actor) else said
    tell(text)
    raw(f"SET LOCAL ROLE {APP}")
    # Where the block fails, whoever opened the transaction rolls both back.
    yield
    raw("RESET ROLE")
    tell("")


def secure_all_tests() -> None:
    """Raise the wall in the tests' own database, for good, with the key of the settings."""
    key = connection.settings_dict["ROW_KEY"].encode()
    secure(GROUND, app=APP, pads=pads(key), say=lambda line: None)
    connection.settings_dict["OPTIONS"]["assume_role"] = APP


@contextmanager
def by_hand() -> Iterator[None]:
    """As the owner of the tables, for what the application may not do: a test's own tampering."""
    walled = bool(connection.settings_dict.get("ROW_KEY"))
    if walled:
        raw("RESET ROLE")
    yield
    if walled:
        raw(f"SET ROLE {APP}")


@contextmanager
def as_all_tests() -> Iterator[None]:
    """As the application: what a test itself does is the hub's, its requests their actor's."""
    with reading_as(HUB):
        raw(f"SET ROLE {APP}")
        yield
        if connection.connection is not None and not connection.needs_rollback:
            raw("RESET ROLE")
