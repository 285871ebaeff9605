# ruff: noqa: S608  tables of ours alone are written into SQL
"""The second wall: what raw SQL sees as the application's role, and what the lint finds."""

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction

from stepdown.adapters.postgresql.context import Transaction, token
from stepdown.config.row_rules import GROUND
from stepdown.hub.actions.row_security import NotSecured, secure
from stepdown.hub.queries.reader import claims_of
from stepdown.hub.queries.row_lint import faults
from stepdown.kernel.reader import HUB
from stepdown.people.models import Contact
from stepdown.policy.actors import Actor
from tests.factories.needs import make_need
from tests.factories.people import make_person
from tests.factories.places import DISTRICT, make_place
from tests.factories.users import coordinator
from tests.support.secured import (
    APP,
    KEY,
    as_application,
    here,
    on_postgresql,
    raise_wall,
    raw,
)

PEOPLE = "SELECT id FROM people_person"


@pytest.fixture
def wall() -> Iterator[None]:
    """The wall, for one test."""
    on_postgresql()
    raise_wall()
    yield
    raw("RESET ROLE")


def refused(statement: str) -> bool:
    """Whether the application may not do this."""
    try:
        with transaction.atomic(), as_application(Actor.hub()):
            raw(statement)
    except DatabaseError as wrong:
        said = ("permission denied", "must be owner", "only added to")
        return any(one in str(wrong) for one in said)
    return False


@pytest.mark.usefixtures("wall")
class TestContext:
    """Only what the hub signed, for this transaction, opens anything."""

    def test_nobody_said_nothing_seen(self) -> None:
        make_need(person=make_person(email="a@example.org"))
        with as_application():
            for table in (
                "people_person",
                "people_contact",
                "volunteering_need",
                "hub_ledgerentry",
            ):
                assert raw(f"SELECT count(*) FROM {table}") == [(0,)], table

    def test_an_actor_sees_their_own_and_the_hub_everything(self) -> None:
        here_person, there = make_person(), make_person(district=make_place("E09").pk)
        near = coordinator(DISTRICT)
        with as_application(near):
            assert raw(PEOPLE) == [(here_person.pk,)]
        with as_application(Actor.hub()):
            assert {row[0] for row in raw(PEOPLE)} == {here_person.pk, there.pk}
        with as_application(Actor.public()):
            assert raw(PEOPLE) == []

    @pytest.mark.parametrize(
        "spoil",
        ["words", "signature", "key", "process", "moment", "expired", "empty", "no json", "hub"],
    )
    def test_what_was_not_signed_for_this_transaction_shows_nothing(self, spoil: str) -> None:
        make_person()
        at, claims = here(), claims_of(coordinator())
        good = token(KEY, claims, at)
        spoilt = {
            "words": good.replace("coordinator", "outreach-officer"),
            "signature": "0" * 64 + good[64:],
            "key": token(b"another key", claims, at),
            "process": token(KEY, claims, Transaction(at.process + 1, at.began)),
            "moment": token(KEY, claims, Transaction(at.process, "1763863200.000001")),
            "expired": token(KEY, claims, at, life=-1),
            "empty": "",
            "no json": good[:65],
            "hub": good[:65] + HUB,
        }[spoil]
        with as_application(good):
            assert len(raw(PEOPLE)) == 1
        with as_application(spoilt):
            assert raw(PEOPLE) == []

    def test_a_reader_writes_nothing_anywhere(self) -> None:
        person = make_person(email="a@example.org")
        with as_application(coordinator()):
            raw("UPDATE people_person SET given_name = 'X'")
            raw("DELETE FROM people_contact")
        person.refresh_from_db()
        assert person.given_name != "X"
        assert Contact.objects.count() == 1
        with pytest.raises(DatabaseError), transaction.atomic(), as_application(coordinator()):
            raw("INSERT INTO people_contact SELECT gen_random_uuid(), 'phone', '1', true, '', "
                "false, %s", person.pk)  # fmt: skip

    def test_the_key_and_the_signed_text_are_out_of_reach(self) -> None:
        assert refused("SELECT * FROM stepdown_wall.context_key")
        assert refused("SELECT stepdown_wall.context()")
        assert refused("SELECT * FROM stepdown_wall.grants()")
        assert refused("ALTER TABLE people_person DISABLE ROW LEVEL SECURITY")
        assert refused("CREATE TABLE public.copied AS SELECT 1")


@pytest.mark.usefixtures("wall")
class TestLedger:
    """It is only added to: the role has no right to change it, and a seal is given once."""

    @pytest.mark.parametrize(
        "table",
        ["hub_ledgerentry", "hub_ledgersubject", "hub_ledgerbatch", "hub_disclosure",
         "hub_disclosedperson"],
    )  # fmt: skip
    def test_nothing_is_removed(self, table: str) -> None:
        assert refused(f"DELETE FROM {table}")
        assert refused(f"TRUNCATE {table}")

    def test_words_go_only_with_a_tombstone_and_for_no_reader(self) -> None:
        make_person()
        hub, reader = token(KEY, HUB, here()), coordinator()
        words = raw("SELECT count(*) FROM hub_ledgerpayload")[0][0]
        assert words
        gone = "DELETE FROM hub_ledgerpayload"
        now = "SET CONSTRAINTS ALL IMMEDIATE"
        with as_application(reader):
            raw(gone)
        assert raw("SELECT count(*) FROM hub_ledgerpayload")[0][0] == words
        unlawful = pytest.raises(DatabaseError, match="tombstone")
        with unlawful, transaction.atomic(), as_application(hub):
            raw(f"{gone}; {now}")
        with as_application(hub):
            raw(gone)
            raw("INSERT INTO records_disposal (id, reference, kind, ground, schedule, mark, counts,"
                " told, stays, at, registered) VALUES (gen_random_uuid(), 'D-1', 'person', "
                "'schedule', '', '', '{}', '[]', '[]', now(), false)")  # fmt: skip
            raw(now)
        assert raw("SELECT count(*) FROM hub_ledgerpayload")[0][0] == 0
        assert refused("SELECT * FROM stepdown_wall.tombstones")
        assert refused("INSERT INTO stepdown_wall.tombstones VALUES (pg_current_xact_id())")
        assert refused("TRUNCATE hub_ledgerpayload")

    def test_nothing_is_changed_but_the_number_once(self) -> None:
        make_person()
        assert refused("UPDATE hub_ledgerentry SET verb = 'x'")
        assert refused("UPDATE hub_ledgerpayload SET body = '{}'")
        assert not refused("UPDATE hub_ledgerentry SET seq = 7 WHERE id = "
                           "(SELECT id FROM hub_ledgerentry ORDER BY id LIMIT 1)")  # fmt: skip
        assert refused("UPDATE hub_ledgerentry SET seq = 8 WHERE seq = 7")


BREACHES = {
    "a table": "CREATE TABLE public.notes (words text)",
    "a view": "CREATE VIEW public.names AS SELECT family_name FROM people_person",
    "a materialised view": "CREATE MATERIALIZED VIEW public.names AS SELECT 1 AS one",
    "a function": "CREATE FUNCTION public.peek() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS "
    "$$ SELECT count(*) FROM people_person $$",
    "another policy": "CREATE POLICY more ON people_person USING (true)",
    "a changed policy": "ALTER POLICY stepdown_reader ON people_contact USING (true)",
    "a changed function": "CREATE OR REPLACE FUNCTION stepdown_wall.is_hub() RETURNS boolean "
    "LANGUAGE sql AS $$ SELECT true $$",
    "a policy dropped": "DROP POLICY stepdown_reader ON people_address",
    "security off": "ALTER TABLE people_person DISABLE ROW LEVEL SECURITY",
    "not forced": "ALTER TABLE people_consent NO FORCE ROW LEVEL SECURITY",
    "a superuser": f"ALTER ROLE {APP} SUPERUSER",
    "past the wall": f"ALTER ROLE {APP} BYPASSRLS",
    "a role maker": f"ALTER ROLE {APP} CREATEROLE",
    "a member": f"GRANT pg_read_all_data TO {APP}",
    "an owner": f"ALTER TABLE people_contact OWNER TO {APP}",
    "the ledger": f"GRANT UPDATE ON hub_ledgerentry TO {APP}",
    "a column of it": f"GRANT UPDATE (verb) ON hub_ledgerentry TO {APP}",
    "the key": f"GRANT SELECT ON stepdown_wall.context_key TO {APP}",
    "everybody": "GRANT SELECT ON people_person TO PUBLIC",
    "everybody's function": "GRANT EXECUTE ON FUNCTION stepdown_wall.grants() TO PUBLIC",
    "a trigger gone": "DROP TRIGGER stepdown_once ON hub_ledgerentry",
    "words go unseen": "DROP TRIGGER stepdown_buried ON hub_ledgerpayload",
    "room to make things": "GRANT CREATE ON SCHEMA public TO PUBLIC",
}


@pytest.mark.usefixtures("wall")
class TestLint:
    """Whatever stands outside is named."""

    def test_the_wall_as_it_is_made_is_whole(self) -> None:
        assert faults(GROUND) == []
        raise_wall()
        assert faults(GROUND) == []

    def test_the_application_itself_can_ask(self) -> None:
        with as_application():
            assert faults(GROUND) == []

    @pytest.mark.parametrize("breach", BREACHES)
    def test_finds(self, breach: str) -> None:
        raw(BREACHES[breach])
        assert faults(GROUND), breach

    def test_finds_that_nothing_was_secured(self) -> None:
        raw("DROP SCHEMA stepdown_wall CASCADE")
        assert "not secured" in faults(GROUND)[0]


def test_sqlite_has_no_second_wall_and_says_so() -> None:
    if connection.vendor == "sqlite":
        assert "SQLite" in faults(GROUND)[0]


@pytest.mark.usefixtures("wall")
def test_an_owner_who_is_no_superuser_secures_and_migrates() -> None:
    """All is forced: the owner has a way of their own, the application none but by context."""
    person, near = make_person(), coordinator()
    raw("CREATE ROLE stepdown_owner_of_tests NOSUPERUSER NOBYPASSRLS")
    raw(f"GRANT {APP} TO stepdown_owner_of_tests")
    raw("DROP SCHEMA stepdown_wall CASCADE")
    raw("ALTER SCHEMA public OWNER TO stepdown_owner_of_tests")
    raw("SET CONSTRAINTS ALL IMMEDIATE")
    for (table,) in raw("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
        raw(f'ALTER TABLE public."{table}" OWNER TO stepdown_owner_of_tests')
    (name,) = raw("SELECT current_database()")[0]
    raw(f"GRANT CREATE ON DATABASE {name} TO stepdown_owner_of_tests")
    raw("SET LOCAL ROLE stepdown_owner_of_tests")
    raise_wall()
    assert faults(GROUND) == []
    assert raw(PEOPLE) == [(person.pk,)]
    raw("UPDATE people_person SET known_as = 'Sam'")
    assert raw("SELECT known_as FROM people_person") == [("Sam",)]
    with as_application(near):
        assert raw(PEOPLE) == [(person.pk,)]
    with as_application():
        assert raw(PEOPLE) == []


def test_the_owner_is_not_the_application() -> None:
    on_postgresql()
    (owner,) = raw("SELECT current_user")[0]
    with pytest.raises(NotSecured):
        secure(GROUND, app=owner, pads=(b"", b""), say=lambda line: None)
