"""Hubs of their own for restore drills: a folder, a database, and the command in processes."""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from secrets import token_hex
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql
from psycopg.conninfo import make_conninfo

# What a restore itself changes: a line that says so, and that everybody has to sign in anew.
APART = {"django_session", "hub_cache"}
RESTORED = "backup.restored"

PREPARE = """
from django.db import transaction
from stepdown.hub.actions import agencies, users
from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.jobs import seal
from stepdown.kernel.ids import new_id
from stepdown.policy.actors import Actor
import sys
for number in range(3):
    agencies.add(by=Actor.hub(), name=f"Agency {sys.argv[1]} {number}", kind="council")
    disclose(by=Actor.hub(), people=[new_id()], purpose="casework", page="person")
    seal()
"""


class Hub:
    """A hub of its own: its folder and its database."""

    def __init__(self, home: Path, database: str | None) -> None:
        self.home, self.database = home, database
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("STEPDOWN_")},
            "STEPDOWN_HOME": str(home),
        }
        self.environment.pop("DJANGO_SETTINGS_MODULE", None)
        if database:
            self.environment["STEPDOWN_DATABASE_URL"] = f"postgresql:///{database}?{_where()}"

    def do(self, *arguments: str, code: int = 0) -> str:
        """Run the command; all that it said."""
        done = subprocess.run(
            [sys.executable, "-m", "stepdown", *arguments],
            env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        said = done.stdout + done.stderr
        assert done.returncode == code, said
        return said

    def work(self, name: str) -> None:
        """Some deeds, looks and seals."""
        code = f"import sys; from stepdown.cli import django_setup; django_setup.start()\n{PREPARE}"
        subprocess.run([sys.executable, "-c", code, name], env=self.environment, check=True)

    def run(self, code: str, *words: str) -> None:
        """Run code in a process of the hub's."""
        begin = "from stepdown.cli import django_setup; django_setup.start()\n"
        call = [sys.executable, "-c", begin + code, *words]
        subprocess.run(call, env=self.environment, check=True)

    def text(self) -> str:
        """Every row of every table, to look for words in."""
        return "\n".join(repr(row) for _table, rows in self._tables() for row in rows)

    def content(self) -> str:
        """A hash over every row of every table, but for what a restore changes."""
        found = hashlib.sha256()
        for table, rows in sorted(self._tables()):
            if table in APART:
                continue
            kept = sorted(repr(row) for row in rows)
            found.update(f"{table} {len(kept)} {kept}".encode())
        return found.hexdigest()

    def _tables(self) -> Iterator[tuple[str, list[Any]]]:
        if self.database is None:
            with closing(sqlite3.connect(self.home / "hub.sqlite3")) as there:
                names = there.execute("SELECT name FROM sqlite_master WHERE type='table'")
                for (name,) in names.fetchall():
                    yield name, self._rows(name, there)
            return
        with psycopg.connect(_conninfo(self.database)) as server:
            tables = server.execute("SELECT tablename FROM pg_tables WHERE schemaname='public'")
            for (name,) in tables.fetchall():
                yield name, self._rows(name, server)

    @staticmethod
    def _rows(table: str, there: Any) -> list[Any]:
        """The rows, without the entry of a restore and what hangs on it."""
        new = f"SELECT id FROM hub_ledgerentry WHERE verb = '{RESTORED}'"  # noqa: S608
        without = {
            "hub_ledgerentry": f" WHERE verb <> '{RESTORED}'",
            "hub_ledgerpayload": f" WHERE entry_id NOT IN ({new})",
            "hub_ledgersubject": f" WHERE entry_id NOT IN ({new})",
            "sqlite_sequence": " WHERE name <> 'hub_ledgersubject'",
        }.get(table, "")
        found: list[Any] = there.execute(f'SELECT * FROM "{table}"{without}').fetchall()  # noqa: S608
        return found


def _where() -> str:
    settings = connection.settings_dict
    known = {"host": settings["HOST"], "port": settings["PORT"], "user": settings["USER"]}
    return "&".join(f"{name}={value}" for name, value in known.items() if value)


def _conninfo(database: str) -> str:
    settings = connection.settings_dict
    known = {"host": settings["HOST"], "port": settings["PORT"], "user": settings["USER"]}
    return make_conninfo(dbname=database, **{k: v for k, v in known.items() if v})


class Hubs:
    """Makes hubs, each with an empty database of the kind that the settings name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.databases: list[str] = []

    def make(self, name: str, like: Hub | None = None) -> Hub:
        """A new one, with the tables and rows of another where one is named."""
        home = self.folder / name
        home.mkdir()
        if connection.vendor == "sqlite":
            if like is not None:
                shutil.copy(like.home / "hub.sqlite3", home)
            return Hub(home, None)
        database = f"drill_{os.getpid()}_{token_hex(4)}"
        make = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database))
        if like is not None and like.database:
            make += sql.SQL(" TEMPLATE {}").format(sql.Identifier(like.database))
        with psycopg.connect(_conninfo("postgres"), autocommit=True) as server:
            server.execute(make)
        self.databases.append(database)
        return Hub(home, database)

    def make_ready(self, name: str) -> Hub:
        """A new one with its tables, which takes some seconds: more can be made like it."""
        hub = self.make(name)
        hub.do("manage", "migrate", "--verbosity", "0")
        return hub

    def close(self) -> None:
        """Take the databases away again."""
        for database in self.databases:
            with psycopg.connect(_conninfo("postgres"), autocommit=True) as server:
                named = sql.Identifier(database)
                server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(named))


def drill(hub: Hub, file: Path, chapter: str) -> list[str]:
    """A backup, changes, a restore: what is wrong with it, nothing when the hub is what it was."""
    hub.work(f"{chapter} before")
    hub.do("backup", str(file))
    before = hub.content()
    hub.work(f"{chapter} after")
    wrong = ["nothing had changed"] if hub.content() == before else []
    said = hub.do("restore", "--replace", str(file))
    if hub.content() != before:
        wrong.append("the hub is not what it was")
    for words in ("The witness was told", "All is as it was sealed."):
        if words not in said:
            wrong.append(f"it did not say: {words}")
    # Life goes on, and the ledger stays sound.
    hub.work(f"{chapter} again")
    if "All is as it was sealed." not in hub.do("ledger", "verify"):
        wrong.append("the ledger is not sound afterwards")
    return wrong
