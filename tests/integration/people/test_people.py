"""Who people are: adding, changing, seeing, finding."""

from datetime import date, timedelta

import pytest

from stepdown.hub.models import LedgerEntry, LedgerPayload
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.people.actions import people
from stepdown.people.models import Person
from stepdown.people.queries import person as queries
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from tests.factories import (
    DISTRICT,
    OTHER_DISTRICT,
    actor_of,
    coordinator,
    make_person,
    make_place,
    make_user,
)


def test_a_person_is_added_with_a_ledger_entry_that_holds_no_name() -> None:
    person = people.add(
        by=coordinator(), given_name="  Ada  ", family_name="Bygrave", district=make_place()
    )
    assert (person.given_name, person.full_name) == ("Ada", "Ada Bygrave")
    entry = LedgerEntry.objects.get(verb="person.added")
    assert entry.subjects.filter(kind="person", subject_id=person.pk).exists()
    assert not LedgerPayload.objects.filter(body__icontains="bygrave").exists()


def test_a_person_is_known_by_the_name_they_use() -> None:
    assert make_person("Alexandra", "Poole", known_as="Alex").full_name == "Alex Poole"


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        people.add(
            by=coordinator(),
            given_name="",
            family_name="x" * 81,
            date_of_birth=clock.today() + timedelta(days=1),
            district="nowhere",
        )
    assert set(caught.value.errors) == {
        "given_name",
        "family_name",
        "date_of_birth",
        "district",
    }
    assert not Person.objects.exists()


def test_a_date_of_birth_two_centuries_ago_is_a_slip() -> None:
    with pytest.raises(InvalidInput, match="year"):
        people.add(
            by=coordinator(), given_name="A", family_name="B", date_of_birth=date(1820, 1, 1)
        )


def test_a_coordinator_adds_people_only_in_their_own_districts() -> None:
    make_place(OTHER_DISTRICT)
    theirs = coordinator(DISTRICT)
    people.add(by=theirs, given_name="A", family_name="B", district=DISTRICT)
    for district in (OTHER_DISTRICT, None):
        with pytest.raises(Refused):
            people.add(by=theirs, given_name="A", family_name="B", district=district)


@pytest.mark.parametrize(
    "role", [RoleKey.OUTREACH_OFFICER, RoleKey.REFERRER, RoleKey.ADMINISTRATOR]
)
def test_other_roles_add_nobody(role: RoleKey) -> None:
    with pytest.raises(Refused):
        people.add(by=actor_of(make_user(role)), given_name="A", family_name="B")


def test_what_somebody_else_changed_meanwhile_is_not_overwritten() -> None:
    by = coordinator()
    person = make_person(by=by)
    people.change(by=by, person=person, version=person.version, pronouns="they/them")
    with pytest.raises(Refused, match="Somebody else changed this record"):
        people.change(by=by, person=person, version=person.version, known_as="Max")
    assert Person.objects.get(pk=person.pk).known_as == ""


def test_the_ledger_names_the_fields_that_changed_and_not_what_they_hold() -> None:
    by = coordinator()
    person = make_person(by=by)
    changed = people.change(
        by=by, person=person, version=1, family_name="Quillfeather", given_name=person.given_name
    )
    assert changed.version == 2
    payload = LedgerPayload.objects.get(entry__verb="person.changed").body
    assert payload == '{"changed":["family_name"]}'


def test_a_change_that_changes_nothing_leaves_no_entry() -> None:
    by = coordinator()
    person = make_person(by=by)
    same = people.change(by=by, person=person, version=1, given_name=person.given_name)
    assert same.version == 1
    assert not LedgerEntry.objects.filter(verb="person.changed").exists()


def test_a_person_of_another_district_does_not_exist_for_a_coordinator() -> None:
    elsewhere = make_person(district=OTHER_DISTRICT)
    theirs = coordinator(DISTRICT)
    with pytest.raises(NotVisible):
        queries.get(by=theirs, id=elsewhere.pk)
    with pytest.raises(NotVisible):
        people.change(by=theirs, person=elsewhere, version=1, known_as="X")
    assert queries.names_of(theirs, [elsewhere.pk]) == {}


def test_an_officer_sees_the_people_of_their_district_but_may_not_change_them() -> None:
    person = make_person()
    officer = actor_of(make_user(RoleKey.OUTREACH_OFFICER, [DISTRICT]))
    assert queries.get(by=officer, id=person.pk) == person
    with pytest.raises(Refused):
        people.change(by=officer, person=person, version=1, known_as="X")


def test_nobody_signed_in_sees_nobody() -> None:
    make_person()
    assert not queries.visible_to(Actor.public()).exists()


@pytest.mark.parametrize("typed", ["bramb", "ROW", "rowan bramb", "Bramble Ro", "wren"])
def test_people_are_found_by_the_beginnings_of_their_names(typed: str) -> None:
    wanted = make_person("Rowan", "Bramble", known_as="Wren")
    make_person("Corin", "Dale")
    found = queries.visible_to(coordinator()).filter(queries.named(typed))
    assert list(found) == [wanted]


@pytest.mark.parametrize("typed", ["ångström", "ÅNGSTRÖM", "Ångs", "łucja ång", "ŁUCJA"])
def test_people_are_found_whatever_the_case_of_letters_beyond_ascii(typed: str) -> None:
    person = make_person("Łucja", "Ångström")
    make_person("Lucja", "Angstrom")
    assert list(queries.visible_to(coordinator()).filter(queries.named(typed))) == [person]


def test_a_middle_of_a_name_finds_nobody() -> None:
    make_person("Rowan", "Bramble")
    assert not queries.visible_to(coordinator()).filter(queries.named("amble")).exists()


def test_no_form_of_a_person_shows_a_name_by_accident() -> None:
    person = make_person("Rowan", "Bramble")
    assert "Bramble" not in f"{person} {person!r}"
