# ruff: noqa: S608  names of ours alone are written into SQL
"""What a connection tells the database of its reader: for one transaction, and never beyond it.

A pool hands a server's connection from one transaction to the next. Here they all go over one.
"""

import os
from collections.abc import Iterator
from contextlib import nullcontext
from random import Random
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import DatabaseError, transaction
from django.db import connection as hubs
from django.db import connections as known

from stepdown.adapters.postgresql.base import DatabaseWrapper
from stepdown.adapters.postgresql.context import pads
from stepdown.hub.queries.reader import as_actor, as_hub
from stepdown.hub.queries.row_fixed import CONTEXT
from stepdown.policy.actors import Actor, Grant
from stepdown.policy.roles import RoleKey

KEY = "a key for this test alone"
ROLE = "stepdown_reader_of_tests"
ALIAS = "behind_the_wall"
ANNE, BEN = UUID(int=1), UUID(int=2)
PAPERS = f"""
CREATE SCHEMA stepdown_wall;
CREATE TABLE stepdown_wall.context_key (inside bytea NOT NULL, outside bytea NOT NULL);
{CONTEXT}
CREATE TABLE papers (owner uuid NOT NULL);
ALTER TABLE papers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY readers ON papers USING (
  (SELECT stepdown_wall.is_hub()) OR owner IN (SELECT account FROM stepdown_wall.grants()));
GRANT USAGE ON SCHEMA stepdown_wall TO {ROLE};
GRANT SELECT, INSERT ON papers TO {ROLE};
"""


def of(user: UUID) -> Actor:
    return Actor(grants=(Grant(RoleKey.COORDINATOR),), user=user)


@pytest.fixture
def one() -> Iterator[DatabaseWrapper]:
    """One connection as the application's role, to a small database of its own."""
    if hubs.vendor != "postgresql":
        pytest.skip("SQLite has no row-level security: run with tests.support.postgres")
    name = f"stepdown_reader_{os.getpid()}"
    there: dict[str, Any] = {**hubs.settings_dict, "NAME": "postgres"}
    at = {"host": there["HOST"], "user": there["USER"], "password": there["PASSWORD"]}
    at |= {"port": there["PORT"]} if there["PORT"] else {}
    with psycopg.connect(dbname="postgres", autocommit=True, **at) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name}")
        server.execute(f"CREATE DATABASE {name}")
        server.execute(f"DROP ROLE IF EXISTS {ROLE}")
        server.execute(f"CREATE ROLE {ROLE}")
        with psycopg.connect(dbname=name, **at) as made:
            made.execute(PAPERS)
            key = pads(KEY.encode())
            made.execute("INSERT INTO stepdown_wall.context_key VALUES (%s, %s)", key)
            made.execute("INSERT INTO papers VALUES (%s), (%s)", [ANNE, BEN])
        settings = {**there, "NAME": name, "ROW_KEY": KEY}
        settings["OPTIONS"] = {**there["OPTIONS"], "assume_role": ROLE}
        connection = DatabaseWrapper(settings, ALIAS)
        connection.inc_thread_sharing()
        known[ALIAS] = connection
        yield connection
        connection.close()
        del known[ALIAS]
        server.execute(f"DROP DATABASE {name}")
        server.execute(f"DROP ROLE {ROLE}")


def seen(connection: DatabaseWrapper) -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT owner FROM papers")
        return {row[0] for row in cursor.fetchall()}


def left_behind(connection: DatabaseWrapper) -> str:
    """What the server's connection still says of anybody, asked past the wrapper."""
    row = connection.connection.execute("SELECT current_setting('stepdown.context', true)")
    return str(row.fetchone()[0] or "")


def reader(who: UUID | str | None) -> Any:
    if isinstance(who, UUID):
        return as_actor(of(who))
    return as_hub("a test") if who == "hub" else nullcontext()


EXPECTED: dict[UUID | str | None, set[UUID]] = {
    ANNE: {ANNE}, BEN: {BEN}, "hub": {ANNE, BEN}, None: set(),
}  # fmt: skip


def test_transactions_of_many_readers_leave_nothing_to_each_other(one: DatabaseWrapper) -> None:
    chance = Random(7)
    for _ in range(200):
        who = chance.choice(list(EXPECTED))
        how = chance.choice(("commit", "roll back", "alone"))
        with reader(who):
            if how == "alone":
                assert seen(one) == EXPECTED[who]
            else:
                with transaction.atomic(using=ALIAS):
                    assert seen(one) == EXPECTED[who]
                    transaction.set_rollback(how == "roll back", using=ALIAS)
        assert left_behind(one) == "", how
        assert seen(one) == set()


def test_readers_change_within_a_transaction(one: DatabaseWrapper) -> None:
    with as_actor(of(ANNE)), transaction.atomic(using=ALIAS):
        assert seen(one) == {ANNE}
        with as_hub("an action"), transaction.atomic(using=ALIAS):
            assert seen(one) == {ANNE, BEN}
        assert seen(one) == {ANNE}
        with as_actor(of(BEN)):
            assert seen(one) == {BEN}
        assert seen(one) == {ANNE}


def _fail_as(user: UUID, one: DatabaseWrapper) -> None:
    with transaction.atomic(using=ALIAS), as_actor(of(user)):
        assert seen(one) == {user}
        with one.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")


def test_what_a_savepoint_takes_back_is_told_again(one: DatabaseWrapper) -> None:
    with as_actor(of(ANNE)), transaction.atomic(using=ALIAS):
        assert seen(one) == {ANNE}
        with pytest.raises(DatabaseError):
            _fail_as(BEN, one)
        assert seen(one) == {ANNE}


def test_what_was_signed_for_one_transaction_is_nothing_in_the_next(one: DatabaseWrapper) -> None:
    with as_hub("a test"), transaction.atomic(using=ALIAS):
        assert seen(one) == {ANNE, BEN}
        said = left_behind(one)
        assert said
    with as_actor(of(ANNE)), transaction.atomic(using=ALIAS):
        assert seen(one) == {ANNE}
        one.connection.execute("SELECT set_config('stepdown.context', %s, true)", [said])
        assert seen(one) == set()


def test_rows_read_a_few_at_a_time_are_the_readers_too(one: DatabaseWrapper) -> None:
    for who, expected in EXPECTED.items():
        with reader(who), one.chunked_cursor() as cursor:
            cursor.execute("SELECT owner FROM papers")
            assert {row[0] for row in cursor.fetchmany(10)} == expected


def test_nobody_writes_for_another(one: DatabaseWrapper) -> None:
    with pytest.raises(DatabaseError), as_actor(of(ANNE)), one.cursor() as cursor:
        cursor.execute("INSERT INTO papers VALUES (%s)", [uuid4()])
    assert left_behind(one) == ""
