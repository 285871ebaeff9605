# ruff: noqa: S608  names of ours and of the catalogue alone are written into SQL
"""The second wall as SQL: functions, privileges and policies, made from the ground's rules.

Everything is made afresh each time, in one transaction. Functions that look beyond their row run
with their owner's rights, over a fixed path, and answer yes or no.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from django.apps import apps

from stepdown.hub.queries.row_fixed import BURIED, CONTEXT, ONCE, PATH, PLAN, SCHEMA
from stepdown.hub.queries.row_rules import (
    Behind,
    Ground,
    HubOnly,
    Kept,
    Root,
    Rule,
    Shown,
    Unwalled,
)
from stepdown.hub.queries.row_symbols import (
    MOMENT,
    ROW,
    SHARES,
    SHARES_LISTS,
    SHARES_MARKS,
    SHARES_TAKES,
    sql_of,
)
from stepdown.kernel import clock
from stepdown.policy.permissions import Kind


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def _text(words: str) -> str:
    """A text as SQL writes it."""
    return "'" + words.replace("'", "''") + "'"


KINDS_OF_GRANT = 4  # with an agency or without, in some districts or in all


def _way(rows: str, grants: list[str]) -> str:
    asked = f"IF EXISTS ({rows}) THEN RETURN true; END IF;\n"
    if len(grants) == KINDS_OF_GRANT:
        return f"    {asked}"
    return f"    IF {' OR '.join(grants)} THEN\n      {asked}    END IF;\n"


def function_for(behind: Behind, roots: Mapping[Kind, Root]) -> str:
    """The function that says whether a row that belongs to ``wanted`` is seen.

    Each way of seeing is a statement of its own, which PostgreSQL plans when a reader first comes
    who holds such a grant. All ways in one statement took it minutes.
    """
    ways: dict[str, dict[str, list[str]]] = {}
    for role, when, rows in behind.queries(roots):
        found = sql_of(rows)
        if found is not None:
            grants = ways.setdefault(role, {}).setdefault(found, [])
            grants += [f"({when})"] if f"({when})" not in grants else []
    asked = "".join(
        f"  IF g.role = '{role}' THEN\n{''.join(_way(*way) for way in by_grant.items())}  END IF;\n"
        for role, by_grant in ways.items()
    )
    body = f" FOR g IN SELECT * FROM {SCHEMA}.grants() LOOP\n{asked} END LOOP;\n" if asked else ""
    return (
        f"CREATE FUNCTION {SCHEMA}.{behind.name}(wanted uuid) RETURNS boolean\n"
        f"LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED {PATH} {PLAN} AS $body$\n"
        f"DECLARE g record;\nBEGIN\n{body} RETURN false;\nEND $body$;"
    )


def asked_of_sharing(ground: Ground) -> Iterator[str]:
    """The function that says whether a clause in force lets one agency's records be shown to
    another, and those that say whether whom a record is about consents. The walls of records ask
    them, nobody else may."""
    if ground.clauses is None:
        return
    with clock.at(MOMENT):
        free, asking = (sql_of(q, SHARES_MARKS, SHARES_LISTS) for q in ground.clauses())
    yield (
        f"CREATE FUNCTION {SHARES}({SHARES_TAKES}) RETURNS boolean\n"
        f"LANGUAGE plpgsql STABLE PARALLEL RESTRICTED AS $body$\nBEGIN\n"
        f"  IF by_consent THEN RETURN EXISTS ({asking}); END IF;\n"
        f"  RETURN EXISTS ({free});\nEND $body$;"
    )
    for root in ground.roots.values():
        if root.consents is None:
            continue
        with clock.at(MOMENT):
            records = apps.get_model(root.model)._default_manager.filter(root.consents(), pk=ROW)
            given = sql_of(records.order_by().values("pk")) or "SELECT 1 WHERE false"
        yield (
            f"CREATE FUNCTION {root.asks_consent}(wanted uuid) RETURNS boolean\n"
            "LANGUAGE plpgsql STABLE PARALLEL RESTRICTED AS $body$\n"
            f"BEGIN RETURN EXISTS ({given}); END $body$;"
        )


@cache
def functions(ground: Ground) -> dict[str, str]:
    """Every function of the wall, by name, as SQL that makes it."""
    wanted = {
        behind.name: behind
        for rule in ground.tables.values()
        for behind, _when in ground.behind(rule)
    }
    return {name: function_for(wanted[name], ground.roots) for name in sorted(wanted)}


def _seen(ground: Ground, rule: Rule) -> str:
    ways = []
    for behind, when in ground.behind(rule):
        asked = f"{SCHEMA}.{behind.name}({quoted(behind.column)})"
        ways.append(f"({when} AND {asked})" if when else asked)
    return " OR ".join(ways)


def policies(ground: Ground, table: str, *, owner: str, app: str) -> dict[str, str]:
    """A table's policies by name, as SQL that makes them. None where it stands behind no wall."""
    rule = ground.tables[table]
    if isinstance(rule, Unwalled | Kept):
        return {}
    on = f"ON public.{quoted(table)}"
    hub = f"((SELECT {SCHEMA}.is_hub()))"
    made = {
        "stepdown_migrations": f"{on} TO {quoted(owner)} USING (true) WITH CHECK (true)",
        "stepdown_hub": f"{on} TO {quoted(app)} USING {hub} WITH CHECK {hub}",
    }
    if isinstance(rule, Shown):
        made["stepdown_reader"] = f"{on} FOR SELECT TO {quoted(app)} USING (true)"
    elif not isinstance(rule, HubOnly):
        # The hub has its own policy: not a function is called for what it reads.
        seen = f"(NOT {hub} AND ({_seen(ground, rule)}))"
        made["stepdown_reader"] = f"{on} FOR SELECT TO {quoted(app)} USING {seen}"
    return {name: f"CREATE POLICY {name} {text};" for name, text in made.items()}


def privileges(ground: Ground, table: str) -> tuple[str, ...]:
    """What the application may do to a table, as PostgreSQL grants it."""
    if isinstance(ground.tables[table], Kept):
        return ("SELECT",)
    if table in ground.added_only:
        columns = ", ".join(quoted(c) for c in ground.added_only[table])
        goes = ("DELETE",) if table in ground.disposable else ()
        return ("SELECT", "INSERT", *((f"UPDATE ({columns})",) if columns else ()), *goes)
    return ("SELECT", "INSERT", "UPDATE", "DELETE")


def statements(
    ground: Ground, *, owner: str, app: str, tables: Iterable[str] | None = None
) -> Iterator[str]:
    """The whole wall, in the order in which it is made. The key is written apart from it.

    ``tables`` are those that the database has; without it, all that have a rule.
    """
    role = quoted(app)
    yield f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"
    yield f"CREATE SCHEMA {SCHEMA}"
    yield f"CREATE TABLE {SCHEMA}.context_key (inside bytea NOT NULL, outside bytea NOT NULL)"
    yield f"CREATE TABLE {SCHEMA}.secured (what text PRIMARY KEY, how text NOT NULL)"
    yield CONTEXT
    yield ONCE
    yield BURIED
    yield from asked_of_sharing(ground)
    yield from functions(ground).values()
    yield "REVOKE CREATE ON SCHEMA public FROM PUBLIC"
    yield f"REVOKE ALL ON SCHEMA public FROM {role}"
    yield f"GRANT USAGE ON SCHEMA public, {SCHEMA} TO {role}"
    yield f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {SCHEMA} FROM PUBLIC"
    asked = ", ".join(f"{SCHEMA}.{name}(uuid)" for name in functions(ground))
    yield f"GRANT SELECT ON {SCHEMA}.secured TO {role}"
    yield f"GRANT EXECUTE ON FUNCTION {SCHEMA}.is_hub(), {asked} TO {role}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {role}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}"
    there = ground.tables if tables is None else set(tables) & set(ground.tables)
    for table in sorted(there):
        yield from _table(ground, table, owner=owner, app=app)


def _table(ground: Ground, table: str, *, owner: str, app: str) -> Iterator[str]:
    at = f"public.{quoted(table)}"
    made = policies(ground, table, owner=owner, app=app)
    for name in ("stepdown_migrations", "stepdown_hub", "stepdown_reader"):
        yield f"DROP POLICY IF EXISTS {name} ON {at}"
    yield from made.values()
    switch = ("ENABLE", "FORCE") if made else ("DISABLE", "NO FORCE")
    yield f"ALTER TABLE {at} {switch[0]} ROW LEVEL SECURITY, {switch[1]} ROW LEVEL SECURITY"
    yield f"GRANT {', '.join(privileges(ground, table))} ON {at} TO {quoted(app)}"
    for trigger in ("stepdown_once", "stepdown_buried", "stepdown_tombstone"):
        yield f"DROP TRIGGER IF EXISTS {trigger} ON {at}"
    if table in ground.disposable:
        yield (
            f"CREATE CONSTRAINT TRIGGER stepdown_buried AFTER DELETE ON {at} DEFERRABLE INITIALLY "
            f"DEFERRED FOR EACH ROW WHEN (current_user = {_text(app)}) "
            f"EXECUTE FUNCTION {SCHEMA}.buried()"
        )
    if table in ground.disposable.values():
        yield (
            f"CREATE TRIGGER stepdown_tombstone AFTER INSERT ON {at} FOR EACH STATEMENT "
            f"EXECUTE FUNCTION {SCHEMA}.tombstone()"
        )
    if ground.added_only.get(table):
        how = "once" if "seq" in ground.added_only[table] else "never"
        yield (
            f"CREATE TRIGGER stepdown_once BEFORE UPDATE ON {at} FOR EACH ROW "
            f"EXECUTE FUNCTION {SCHEMA}.numbered_once('{how}')"
        )
