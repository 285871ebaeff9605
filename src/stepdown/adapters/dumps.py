"""A whole database as one file, and back: SQLite by its online backup, PostgreSQL by its programs.

``settings`` are Django's of one database.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from psycopg.conninfo import make_conninfo

from stepdown.kernel.errors import Unusable

Settings = Mapping[str, Any]
Progress = Callable[[int, int], object]

# Everything of ours goes before the dump is read in, tables that it does not know too: they would
# be in the way of the migrations that make them.
_EMPTY = """
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE 'DROP TABLE public.' || quote_ident(name) || ' CASCADE';
  END LOOP;
END $$;
"""


def kind(settings: Settings) -> str:
    """ "sqlite" or "postgresql"."""
    return "sqlite" if settings["ENGINE"].endswith("sqlite3") else "postgresql"


def dump(settings: Settings, path: Path, progress: Progress) -> None:
    """Write the database as it stands at one moment, while the hub may go on. ``progress`` hears
    (pages done, pages in all) where that is known."""
    if kind(settings) == "postgresql":
        _run("pg_dump", settings, "--format=custom", "--no-owner", "--no-privileges",
             f"--file={path}")  # fmt: skip
        return
    source = Path(settings["NAME"])
    if not source.exists():
        raise Unusable(f"There is no database at {source}.")
    with closing(sqlite3.connect(source)) as there, closing(sqlite3.connect(path)) as copy:
        there.backup(copy, pages=4_096, progress=lambda _, left, all_: progress(all_ - left, all_))
        copy.execute("PRAGMA journal_mode=DELETE")
        _sound(copy, path)


def check(settings: Settings, path: Path) -> None:
    """Whether a dump can be read back. Unusable where not."""
    if kind(settings) == "postgresql":
        _run("pg_restore", None, "--list", str(path))
        return
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
        _sound(copy, path)


def restore(settings: Settings, path: Path, progress: Progress) -> None:
    """Put a dump in the place of the database's content: all of it, or nothing."""
    if kind(settings) == "postgresql":
        _run("pg_restore", None, "--no-owner", "--no-privileges",
             f"--file={path}.sql", str(path))  # fmt: skip
        script = Path(f"{path}.sql")
        whole = Path(f"{path}.all.sql")
        with whole.open("wb") as out, script.open("rb") as tables:
            out.write(_EMPTY.encode())
            shutil.copyfileobj(tables, out)
        _run("psql", settings, "--quiet", "--no-psqlrc", "--single-transaction",
             "--set=ON_ERROR_STOP=1", "--output=/dev/null", f"--file={whole}")  # fmt: skip
        return
    target = Path(settings["NAME"])
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = not target.exists()
    if made:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(path)) as copy, closing(sqlite3.connect(target)) as there:
        # In one step, under the database's own lock: readers see the old content or the new.
        copy.backup(there, progress=lambda _, left, all_: progress(all_ - left, all_))
        there.execute("PRAGMA journal_mode=WAL")


def _sound(database: sqlite3.Connection, path: Path) -> None:
    try:
        said = database.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as wrong:
        raise Unusable(f"The database in {path.name} is damaged: {wrong}") from wrong
    if said[0] != "ok":
        raise Unusable(f"The database in {path.name} is damaged: {said[0]}")


def _run(program: str, settings: Settings | None, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; its first complaint is ours. No secret is an argument."""
    found = shutil.which(program)
    if found is None:
        raise Unusable(f"{program} was not found: install PostgreSQL's client programs.")
    environment, where = dict(os.environ), []
    if settings is not None:
        known = {
            "dbname": settings["NAME"],
            "user": settings.get("USER"),
            "host": settings.get("HOST"),
            "port": settings.get("PORT"),
            **settings.get("OPTIONS", {}),
        }
        where = ["--dbname=" + make_conninfo(**{k: v for k, v in known.items() if v})]
        if settings.get("PASSWORD"):
            environment["PGPASSWORD"] = settings["PASSWORD"]
    done = subprocess.run(  # noqa: S603  a program that the machine has
        [found, *where, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stderr.strip() or "no reason given").splitlines()[0]
        raise Unusable(f"{program} failed: {said}")
