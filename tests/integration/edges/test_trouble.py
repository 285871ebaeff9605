"""A database that is full, may not be written or was not there for a while: nothing opens by it."""

import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from stepdown.hub.actions import links
from stepdown.hub.models import Disclosure, LedgerEntry
from stepdown.kernel import clock
from stepdown.people.models import Person
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from tests.factories.people import make_person
from tests.factories.volunteers import make_volunteer
from tests.support.accounts import PASSWORD, account

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def read_only() -> Iterator[None]:
    """Every write is refused by the database."""
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only=ON" if sqlite else "SET default_transaction_read_only=on")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                "PRAGMA query_only=OFF" if sqlite else "SET default_transaction_read_only=off"
            )


@contextmanager
def full() -> Iterator[None]:
    """SQLite has no page left; PostgreSQL's disk is played by a server that may not write."""
    if connection.vendor != "sqlite":
        with read_only():
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE filler (words TEXT)")
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count={pages}")
        for size in (100_000, 1_000, 100, 10):
            while True:
                try:
                    cursor.execute("INSERT INTO filler VALUES (%s)", ["x" * size])
                except Exception:
                    break
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count=1073741823")
            cursor.execute("DROP TABLE filler")


TROUBLE: list[Callable[[], AbstractContextManager[None]]] = [read_only, full]


@pytest.fixture
def hub() -> tuple[Client, Person]:
    person = make_person("Ada", "Canary")
    client = Client(raise_request_exception=False)
    client.force_login(account(RoleKey.COORDINATOR))
    assert b"Canary" in client.get(f"/people/{person.pk}/").content
    return client, person


@pytest.mark.parametrize("trouble", TROUBLE)
def test_nothing_is_shown_and_nothing_half_done(
    hub: tuple[Client, Person], trouble: Callable[[], AbstractContextManager[None]]
) -> None:
    client, person = hub
    before = LedgerEntry.objects.count(), Person.objects.count()
    with trouble():
        looks = Disclosure.objects.count()
        for number, path in enumerate([f"/people/{person.pk}/", "/people/"] * 20):
            answer = client.get(path)
            # A full file may still have room in the pages it has: what is written may be shown.
            written = Disclosure.objects.count() - looks
            assert (b"Canary" in answer.content) == (answer.status_code == 200), number
            assert answer.status_code in {200, 503}
            assert written == (answer.status_code == 200), number
            looks += written
        assert answer.status_code == 503
        made = client.post(
            "/people/add/", {"given_name": "Half", "family_name": "Done", "confirmed": "yes"}
        )
        assert made.status_code not in {200, 302} or b"Half" in made.content
        assert Client(raise_request_exception=False).get("/about/").status_code == 200
    assert before == (LedgerEntry.objects.count(), Person.objects.count())
    assert b"Canary" in client.get(f"/people/{person.pk}/").content


def test_nobody_signs_in_by_it() -> None:
    user = account(RoleKey.COORDINATOR)
    stranger = Client(raise_request_exception=False)
    with read_only():
        for password in ("wrong words", PASSWORD):
            stranger.post("/account/login/", {"login": user.email, "password": password})
            assert stranger.get("/needs/").status_code != 200
        # A count that cannot be kept is taken for one that is used up.
        assert stranger.post("/refer/").status_code in {429, 500, 503}


def test_a_lost_connection_is_made_anew(hub: tuple[Client, Person]) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no connection to lose")
    client, person = hub
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        number = cursor.fetchone()[0]
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [number])
    other.close()
    first = client.get(f"/people/{person.pk}/")
    assert first.status_code == 200 or b"Canary" not in first.content
    connection.close()
    assert b"Canary" in client.get(f"/people/{person.pk}/").content


@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_a_day_out_opens_nothing_that_was_shut(days: int) -> None:
    hub, person = Actor.hub(), make_volunteer().person
    secret = links.make(by=hub, person_id=person.pk, purpose="volunteer")
    links.revoke(by=hub, person_id=person.pk, purpose="volunteer")
    closed = account(RoleKey.COORDINATOR)
    closed.is_active = False
    closed.save()
    with clock.at(clock.now() + timedelta(days=days)):
        assert Client().post(f"/v/{secret}/").status_code == 404
        client = Client()
        client.force_login(closed)
        assert client.get("/needs/").status_code == 302
        client.post("/account/login/", {"login": closed.email, "password": PASSWORD})
        assert client.get("/needs/").status_code == 302


def test_a_file_that_may_not_grow_is_left_sound(tmp_path: Path) -> None:
    """The system refuses to write more (EFBIG), in the midst of a commit."""
    path = tmp_path / "hub.sqlite3"
    file = sqlite3.connect(path)
    file.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t (x);")
    file.execute("INSERT INTO t VALUES ('kept')")
    file.commit()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (Path(f"{path}-wal").stat().st_size + 2_000, hard))
    try:
        with pytest.raises(sqlite3.OperationalError), file:
            file.execute("INSERT INTO t VALUES (?)", ["x" * 50_000])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        file.close()
    again = sqlite3.connect(path)
    assert again.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert again.execute("SELECT x FROM t").fetchall() == [("kept",)]
    again.close()
