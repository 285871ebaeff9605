"""Who was shown whom: written down before anything is shown."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from stepdown.hub.actions.disclosure import CannotRecord, disclose
from stepdown.hub.models import DisclosedPerson, Disclosure, LedgerEntry
from stepdown.hub.queries.disclosure import shown
from stepdown.kernel.ids import new_id
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.roles import RoleKey
from tests.factories.people import make_person
from tests.factories.users import make_user
from tests.support.accounts import account

pytestmark = pytest.mark.django_db


def test_one_entry_per_response_names_everybody_in_it() -> None:
    people = {new_id() for _ in range(3)}
    disclose(by=Actor.hub(), people=people, purpose="matching", page="need")
    entry = Disclosure.objects.get()
    assert (entry.purpose, entry.page, entry.actor_label) == ("matching", "need", "hub")
    assert {p.person_id for p in entry.people.all()} == people
    assert {p.categories for p in entry.people.all()} == {"identity"}


def test_categories_that_were_shown_are_named() -> None:
    person = new_id()
    disclose(
        by=Actor.hub(),
        people={person: {Category.SUPPORT, Category.HEALTH, Category.IDENTITY}},
        purpose="casework",
        page="person",
    )
    assert DisclosedPerson.objects.get().categories == "health,identity,support"


def test_person_named_twice_is_one_line() -> None:
    person = new_id()
    disclose(by=Actor.hub(), people=[person, person], purpose="casework", page="list")
    assert DisclosedPerson.objects.count() == 1


@pytest.mark.parametrize("nobody", [[], {}, set()])
def test_response_that_shows_nobody_leaves_no_entry(nobody: list[object]) -> None:
    disclose(by=Actor.hub(), people=nobody, purpose="casework", page="list")  # type: ignore[arg-type]
    assert not Disclosure.objects.exists()


def test_read_log_is_kept_apart_from_the_ledger() -> None:
    disclose(by=Actor.hub(), people=[new_id()], purpose="casework", page="person")
    assert not LedgerEntry.objects.exists()


def test_read_log_says_who_saw_a_person_newest_first(
    django_assert_num_queries: Callable[[int], object],
) -> None:
    user, person, other = account(RoleKey.COORDINATOR), new_id(), new_id()
    by = Actor(grants=(), user=user.pk, label="user")
    for page in ("need", "person"):
        disclose(by=by, people=[person, other], purpose="casework", page=page)
    disclose(by=Actor.hub(), people=[other], purpose="matching", page="plan")
    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        lines = shown(person)
    assert [line.page for line in lines] == ["person", "need"]
    assert {line.to for line in lines} == {"Coordinator"}
    assert lines[0].categories == ("identity",)
    assert shown(other)[0].to == "hub"
    assert shown(new_id()) == []


@pytest.mark.django_db(transaction=True)
def test_entry_is_committed_before_the_first_byte() -> None:
    """A page that breaks after it has disclosed is in the log: the words may have left."""

    def page() -> HttpResponse:
        disclose(by=Actor.hub(), people=[new_id()], purpose="casework", page="person")
        assert not transaction.get_connection().in_atomic_block
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        page()
    assert Disclosure.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_log_that_cannot_be_written_shows_nothing() -> None:
    with unwritable(), pytest.raises(CannotRecord):
        disclose(by=Actor.hub(), people=[new_id()], purpose="casework", page="person")
    assert not Disclosure.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("book", ["hub_disclosure", "hub_disclosedperson"])
def test_page_about_a_person_stays_shut_while_the_log_cannot_be_written(book: str) -> None:
    client, person = Client(), make_person()
    client.force_login(make_user(RoleKey.COORDINATOR))
    address = reverse("person", args=[person.pk])
    assert client.get(address).status_code == 200
    with unwritable(book):
        answer = client.get(address)
        said = answer.content.decode()
        assert answer.status_code == 503
        assert "cannot write down who looks" in said
        assert person.family_name not in said
        # What shows nobody goes on.
        assert client.get(reverse("about")).status_code == 200
    assert client.get(address).status_code == 200
    assert Disclosure.objects.count() == 2


@contextmanager
def unwritable(table: str = "hub_disclosure") -> Iterator[None]:
    """The table takes no more rows, as on a full disk."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                f"CREATE TRIGGER full BEFORE INSERT ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'no more'); END"
            )
        else:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT full_now CHECK (false) NOT VALID")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("DROP TRIGGER full")
            else:
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT full_now")
