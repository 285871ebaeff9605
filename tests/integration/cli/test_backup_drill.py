"""The drill: a backup, changes, a restore, and the hub is what it was. In processes of their own,
as an administrator does it, on a database of its own."""

import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from shutil import which
from typing import Any

import psycopg
import pytest
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


@pytest.fixture
def make_hub(tmp_path: Path) -> Iterator[Any]:
    """Makes hubs, each with an empty database of the kind that is tested."""
    made: list[str] = []
    if connection.vendor == "postgresql" and not all(map(which, ("pg_dump", "pg_restore", "psql"))):
        pytest.skip("PostgreSQL's client programs are not on this machine")

    def make(name: str) -> Hub:
        home = tmp_path / name
        home.mkdir()
        if connection.vendor == "sqlite":
            return Hub(home, None)
        database = f"drill_{os.getpid()}_{len(made)}"
        with psycopg.connect(_conninfo("postgres"), autocommit=True) as server:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
        made.append(database)
        return Hub(home, database)

    yield make
    for database in made:
        with psycopg.connect(_conninfo("postgres"), autocommit=True) as server:
            named = sql.Identifier(database)
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(named))


@pytest.fixture
def hub(make_hub: Any) -> Hub:
    """A hub in which something has happened."""
    found: Hub = make_hub("hub")
    found.do("manage", "migrate", "--verbosity", "0")
    found.work("before")
    return found


def test_hub_is_what_it_was_after_changes_and_a_restore(hub: Hub, tmp_path: Path) -> None:
    file = str(tmp_path / "backup.bin")
    said = hub.do("backup", file)
    assert "A key for backups was made" in said
    before = hub.content()
    hub.work("after")
    assert hub.content() != before
    assert "not empty" in hub.do("restore", file, code=1)
    said = hub.do("restore", "--replace", file)
    assert "The witness was told" in said
    assert "All is as it was sealed." in said
    assert hub.content() == before
    # Life goes on, and the ledger stays sound.
    hub.work("again")
    said = hub.do("ledger", "verify")
    assert "All is as it was sealed." in said


def test_hub_is_put_up_anew_on_another_machine(hub: Hub, make_hub: Any, tmp_path: Path) -> None:
    file = str(tmp_path / "backup.bin")
    hub.do("backup", file)
    before = hub.content()
    other = make_hub("other")
    assert "is not in" in other.do("restore", file, code=1)
    (other.home / "backup.keys").write_bytes((hub.home / "backup.keys").read_bytes())
    said = other.do("restore", file)
    assert "All is as it was sealed." in said
    assert "private key is not in" in said
    assert other.content() == before
    other.do("ledger", "new-key", "--lost")
    other.work("there")
    assert "All is as it was sealed." in other.do("ledger", "verify")


def test_damaged_backup_touches_nothing(hub: Hub, tmp_path: Path) -> None:
    file = tmp_path / "backup.bin"
    hub.do("backup", str(file))
    before, witness = hub.content(), (hub.home / "witness.jsonl").read_bytes()
    whole = file.read_bytes()
    for spoilt in (whole[:-1], whole[: len(whole) // 2], whole[:-40] + b"x" + whole[-39:], b""):
        file.write_bytes(spoilt)
        said = hub.do("restore", "--replace", str(file), code=1)
        assert "backup" in said
        assert "Traceback" not in said
    assert hub.content() == before
    assert (hub.home / "witness.jsonl").read_bytes() == witness
    assert not list(hub.home.glob(".backup-*"))


def test_backup_of_another_ledger_is_not_taken_in(hub: Hub, make_hub: Any, tmp_path: Path) -> None:
    other = make_hub("other")
    other.do("manage", "migrate", "--verbosity", "0")
    other.work("there")
    file = str(tmp_path / "backup.bin")
    hub.do("backup", file)
    (other.home / "backup.keys").write_bytes((hub.home / "backup.keys").read_bytes())
    before = other.content()
    # Its witness has been told more than the backup knows.
    other.work("more")
    other.work("and more")
    before = other.content()
    assert "another ledger" in other.do("restore", "--replace", file, code=1)
    assert other.content() == before


def test_old_backup_opens_after_the_key_was_changed(hub: Hub, tmp_path: Path) -> None:
    old, new = str(tmp_path / "old.bin"), str(tmp_path / "new.bin")
    hub.do("backup", old)
    before = hub.content()
    hub.do("backup", "--new-key", new)
    assert len((hub.home / "backup.keys").read_text().splitlines()) == 2
    hub.do("restore", "--replace", new)
    hub.do("restore", "--replace", old)
    assert hub.content() == before


def test_file_must_be_named(hub: Hub) -> None:
    assert "name the file" in hub.do("backup", code=2)
    assert "No such file" in hub.do("restore", "--replace", str(hub.home / "none"), code=1)
