# ruff: noqa: S608  names of ours and of the catalogue alone are written into SQL
"""The lint of the second wall: whatever stands outside it, in words. Nothing found: it is whole.

It reads PostgreSQL's catalogues alone, so the application's own role can run it.
"""

import hashlib
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.db import connection, transaction

from stepdown.hub.queries.row_fixed import SCHEMA
from stepdown.hub.queries.row_policies import policies, privileges, statements
from stepdown.hub.queries.row_rules import Ground

OURS = ("public", SCHEMA)
# What is not PostgreSQL's own.
ELSEWHERE = "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%%'"
KINDS = {"v": "view", "m": "materialised view", "f": "foreign table"}


def rows(question: str, *values: Any) -> list[tuple[Any, ...]]:
    """What the catalogue answers."""
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return list(cursor.fetchall())


@cache
def generated(ground: Ground) -> str:
    """A hash of all that this version would make."""
    text = "\n".join(statements(ground, owner="owner", app="app"))
    return hashlib.sha256(text.encode()).hexdigest()


def definitions() -> dict[str, str]:
    """Every policy, function and trigger as the database has it, by name, hashed.

    All names are written in full, whoever asks: over a path of the catalogue alone.
    """
    with transaction.atomic():
        (path,) = rows("SELECT current_setting('search_path')")[0]
        rows("SELECT set_config('search_path', 'pg_catalog', true)")
        found = _definitions()
        rows("SELECT set_config('search_path', %s, true)", path)
    return {what: hashlib.sha256(how.encode()).hexdigest() for what, how in found}


def _definitions() -> list[tuple[str, str]]:
    return rows(
        "SELECT 'policy ' || c.relname || ' ' || p.polname, concat_ws('|', p.polcmd, p.polroles, "
        "p.polpermissive, pg_get_expr(p.polqual, p.polrelid), "
        "pg_get_expr(p.polwithcheck, p.polrelid)) "
        "FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid "
        "UNION ALL SELECT 'function ' || p.oid::regprocedure, "
        "pg_get_functiondef(p.oid) "
        "FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
        f"WHERE {ELSEWHERE} AND p.prokind <> 'a' "
        "UNION ALL SELECT 'trigger ' || c.relname || ' ' || t.tgname, "
        "concat(pg_get_triggerdef(t.oid), t.tgenabled) FROM pg_trigger t "
        "JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal"
    )


def _secured() -> dict[str, str]:
    known = rows("SELECT to_regclass(%s) IS NOT NULL", f"{SCHEMA}.secured")
    return dict(rows(f"SELECT what, how FROM {SCHEMA}.secured")) if known[0][0] else {}


def faults(ground: Ground) -> list[str]:
    """What is wrong with the wall, each in a sentence. Empty where it is whole."""
    if connection.vendor != "postgresql":
        return ["The database is SQLite, which has no row-level security."]
    secured = _secured()
    if not secured:
        return ["The database is not secured: run `stepdown database secure`."]
    owner, app = secured["owner"], secured["app"]
    found = [*_roles(owner, app), *_relations(ground, owner, app), *_made(ground, secured)]
    return [*found, *_granted(ground, owner, app), *_open(owner)]


def _roles(owner: str, app: str) -> Iterator[str]:
    powers = rows(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication "
        "FROM pg_roles WHERE rolname = %s",
        app,
    )
    if not powers:
        yield f"There is no role {app}."
        return
    names = ("is a superuser", "bypasses row-level security", "may make roles",
             "may make databases", "may replicate")  # fmt: skip
    yield from (
        f"The role {app} {name}." for has, name in zip(powers[0], names, strict=True) if has
    )
    for (role,) in rows(
        "SELECT rolname FROM pg_roles WHERE rolname <> %s AND pg_has_role(%s, oid, 'MEMBER')",
        app, app,
    ):  # fmt: skip
        yield f"The role {app} is a member of {role}."
    for (what,) in rows(
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner "
        "WHERE r.rolname = %s AND c.relkind IN ('r','p','v','m','f')",
        app,
    ):
        yield f"The role {app} owns {what}."
    if owner == app:
        yield f"The role {app} owns the database's tables."


def _relations(ground: Ground, owner: str, app: str) -> Iterator[str]:
    for schema, name, kind, holder, on, forced in rows(
        "SELECT n.nspname, c.relname, c.relkind, pg_get_userbyid(c.relowner), c.relrowsecurity, "
        "c.relforcerowsecurity FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        f"WHERE {ELSEWHERE} AND c.relkind IN ('r','p','v','m','f')"
    ):
        if schema == SCHEMA and name in {"context_key", "secured", "tombstones"}:
            continue
        if kind in KINDS:
            yield f"The {KINDS[kind]} {schema}.{name} stands outside the wall."
        elif schema != "public" or name not in ground.tables:
            yield f"The table {schema}.{name} stands outside the wall: nobody gave it a rule."
        elif policies(ground, name, owner=owner, app=app):
            if not on:
                yield f"Row-level security is off on the table {name}."
            if not forced:
                yield f"Row-level security is not forced on the table {name}."
            if holder != owner:
                yield f"The table {name} belongs to {holder}, not to {owner}."


def _made(ground: Ground, secured: dict[str, str]) -> Iterator[str]:
    if secured.get("generated") != generated(ground):
        yield "The wall is of another version of the hub: run `stepdown database secure`."
    had = {k: v for k, v in secured.items() if k not in {"owner", "app", "generated"}}
    has = definitions()
    for what in sorted({**had, **has}):
        if what not in had:
            yield f"The {what} stands outside the wall."
        elif what not in has:
            yield f"The {what} is missing."
        elif had[what] != has[what]:
            yield f"The {what} is not what was made."


def _granted(ground: Ground, owner: str, app: str) -> Iterator[str]:
    """Privileges on tables and columns that nobody should have."""
    may = {t: {p.split(" ")[0] for p in privileges(ground, t)} for t in ground.tables}
    for schema, table, holder, what, column in rows(
        "SELECT n.nspname, c.relname, a.grantee::regrole::text, a.privilege_type, NULL "
        "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, "
        f"aclexplode(c.relacl) a WHERE {ELSEWHERE} AND c.relkind IN ('r','p','v','m','f') "
        "UNION ALL SELECT n.nspname, c.relname, x.grantee::regrole::text, x.privilege_type, "
        "a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
        "JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(a.attacl) x "
        f"WHERE {ELSEWHERE}"
    ):
        reads_seal = (schema, table, what) == (SCHEMA, "secured", "SELECT")
        if holder.strip('"') == owner or (reads_seal and holder.strip('"') == app):
            continue
        whole = what in may.get(table, ()) and not (what == "UPDATE" and table in ground.added_only)
        some = column in ground.added_only.get(table, ()) and what == "UPDATE"
        named = "everybody" if holder == "-" else holder.strip('"')
        if schema != "public" or named != app or not (some if column else whole):
            yield f"{named} may {what} {schema}.{table}{f' ({column})' if column else ''}."


def _open(owner: str) -> Iterator[str]:
    for (name,) in rows(
        "SELECT p.oid::regprocedure::text FROM pg_proc p "
        "JOIN pg_namespace n ON n.oid = p.pronamespace "
        f"WHERE {ELSEWHERE} AND (p.proacl IS NULL OR EXISTS (SELECT 1 FROM aclexplode(p.proacl) a "
        "WHERE a.grantee = 0))"
    ):
        yield f"Everybody may run the function {name}."
    for schema, holder in rows(
        "SELECT n.nspname, a.grantee::regrole::text FROM pg_namespace n, aclexplode(n.nspacl) a "
        f"WHERE {ELSEWHERE} AND a.privilege_type = 'CREATE' "
        "AND a.grantee <> n.nspowner"
    ):
        if holder.strip('"') != owner:
            yield f"{'everybody' if holder == '-' else holder} may CREATE in the schema {schema}."
