"""The drill: a backup, changes, a restore, and the hub is what it was. In processes of their own,
as an administrator does it, on a database of its own."""

from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from django.db import connection

from tests.support.drill import Hub, Hubs, drill


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Hub]:
    """A hub with its tables, which the others are made like: that spares each ten seconds."""
    if connection.vendor == "postgresql" and not all(map(which, ("pg_dump", "pg_restore", "psql"))):
        pytest.skip("PostgreSQL's client programs are not on this machine")
    hubs = Hubs(tmp_path_factory.mktemp("empty"))
    yield hubs.make_ready("hub")
    hubs.close()


@pytest.fixture
def make_hub(tmp_path: Path, empty: Hub) -> Iterator[Any]:
    """Makes hubs, each with a database of its own of the kind that is tested."""
    hubs = Hubs(tmp_path)
    yield hubs.make
    hubs.close()


@pytest.fixture
def hub(make_hub: Any, empty: Hub) -> Hub:
    """A hub in which something has happened."""
    found: Hub = make_hub("hub", empty)
    found.work("before")
    return found


def test_hub_is_what_it_was_after_changes_and_a_restore(hub: Hub, tmp_path: Path) -> None:
    assert drill(hub, tmp_path / "backup.bin", "first") == []
    assert "not empty" in hub.do("restore", str(tmp_path / "backup.bin"), code=1)


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
    assert "name the file" in hub.do("backup", code=2)
    assert "No such file" in hub.do("restore", "--replace", str(hub.home / "none"), code=1)
    assert hub.content() == before
    assert (hub.home / "witness.jsonl").read_bytes() == witness
    assert not list(hub.home.glob(".backup-*"))


def test_backup_of_another_ledger_is_not_taken_in(
    hub: Hub, make_hub: Any, empty: Hub, tmp_path: Path
) -> None:
    other = make_hub("other", empty)
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
