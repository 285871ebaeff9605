# ruff: noqa: S608  names of ours and of the catalogue alone are written into SQL
"""Raising the second wall. Done over the connection of the tables' owner, by an operator."""

from collections.abc import Callable

from django.db import connection

from stepdown.hub.actions import transaction
from stepdown.hub.queries.row_fixed import SCHEMA
from stepdown.hub.queries.row_lint import definitions, generated
from stepdown.hub.queries.row_policies import quoted, statements
from stepdown.hub.queries.row_rules import Ground
from stepdown.kernel.errors import Unusable


class NotSecured(Unusable):
    """The wall cannot be raised; the text says what to change."""


@transaction.atomic
def secure(
    ground: Ground, *, app: str, pads: tuple[bytes, bytes], say: Callable[[str], None]
) -> None:
    """Make every function, policy and privilege of the wall afresh, for the role ``app``.

    ``pads`` are the two blocks of the key that signs contexts. Safe to run again; all or nothing.
    NotSecured where the role or the connection's own cannot be used for it.
    """
    owner = _only("SELECT current_user")
    if owner == app:
        raise NotSecured("The tables' owner must not be the application's own role.")
    if SCHEMA in {owner, app}:
        raise NotSecured(f"No role may be called {SCHEMA}: new tables would be made in its schema.")
    _role(app, say)
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for statement in statements(ground, owner=owner, app=app, tables=tables):
            cursor.execute(statement)
        cursor.execute(f"INSERT INTO {SCHEMA}.context_key VALUES (%s, %s)", pads)
        found = {**definitions(), "app": app, "owner": owner, "generated": generated(ground)}
        cursor.executemany(f"INSERT INTO {SCHEMA}.secured VALUES (%s, %s)", list(found.items()))
    walls = sum(1 for what in found if what.startswith("policy "))
    say(f"{len(tables)} tables, {walls} policies and their functions for the role {app}.")


def _only(question: str, *values: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def _role(app: str, say: Callable[[str], None]) -> None:
    """The application's role, made where it is missing: no password, and no rights at all."""
    if _only("SELECT rolname FROM pg_roles WHERE rolname = %s", app):
        say(f"The role {app} is there.")
        return
    if (
        _only("SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user")
        != "True"
    ):
        raise NotSecured(
            f"There is no role {app}, and the owner may not make one. As an administrator of the "
            f"server: CREATE ROLE {quoted(app)} LOGIN PASSWORD '…'"
        )
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE ROLE {quoted(app)} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE "
            "NOREPLICATION NOINHERIT"
        )
    say(f"The role {app} was made. It has no password yet: ALTER ROLE {quoted(app)} PASSWORD '…'")
