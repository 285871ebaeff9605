"""What the hub acknowledged is on the disk, on SQLite as on PostgreSQL."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from stepdown.config import environment
from tests.soak.flush import can_trace, traced, unflushed


def test_the_database_is_told_to_flush_at_every_commit(tmp_path: Path) -> None:
    if connection.vendor == "sqlite":
        stated = environment.database(f"sqlite:///{tmp_path}/hub.sqlite3")
        assert "synchronous=FULL" in stated["OPTIONS"]["init_command"]
        assert "journal_mode=WAL" in stated["OPTIONS"]["init_command"]
    else:
        # The server decides: nothing of ours may ask it for less.
        stated = environment.database("postgresql://hub@host/name")
        assert "synchronous_commit" not in str(stated)


@pytest.mark.skipif(
    bool(os.environ.get("STEPDOWN_DATABASE_URL")), reason="A hub of its own on SQLite"
)
@pytest.mark.skipif(not can_trace(), reason="There is no strace here, or it may not be used")
def test_sqlite_flushes_before_the_answer(tmp_path: Path) -> None:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("STEPDOWN_", "DJANGO_"))}
    machine = kept | {"STEPDOWN_HOME": str(tmp_path / "hub")}
    words = [sys.executable, "-m", "stepdown", "manage", "migrate", "--verbosity", "0"]
    subprocess.run(words, check=True, env=machine)
    acknowledged, wrong = unflushed(traced(tmp_path, 5, machine))
    assert acknowledged == 5
    assert wrong == []


def test_an_answer_before_the_flush_would_be_seen() -> None:
    late = '7 pwrite64(4</h/hub.sqlite3-wal>, "..", 9) = 9\n7 write(1</o>, "ack 0\\n", 6) = 6\n'
    assert unflushed(late) == (1, [', "ack 0\\n", 6) = 6'])
    good = late.replace("\n7 write", "\n7 fdatasync(4</h/hub.sqlite3-wal>) = 0\n7 write")
    assert unflushed(good) == (1, [])
