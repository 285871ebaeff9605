"""Where people live. What is shielded never leaves its table."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stepdown.hub.models import LedgerPayload, LedgerSubject, OutboxMessage
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.people.actions import addresses
from stepdown.people.models import Address, Person, ShieldedAddress
from stepdown.people.queries import address as queries
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.models import NeedLocation, NeedShieldedLocation
from stepdown.volunteering.queries.need import location_of
from tests.factories import (
    DISTRICT,
    OTHER_DISTRICT,
    actor_of,
    coordinator,
    make_need,
    make_person,
    make_place,
    make_postcode,
    make_user,
)
from tests.support.shielded import inside

SECRET, EASTING, NORTHING = "LA9 9ZZ", 351_237, 492_381


def _hide(person: Person) -> None:
    make_postcode(SECRET, EASTING, NORTHING, OTHER_DISTRICT)
    addresses.set_address(
        by=coordinator(),
        person=person,
        postcode="la99zz",
        lines="7 Hidden Row",
        shielded=True,
    )


def test_a_postcode_is_tidied_and_gives_the_position() -> None:
    make_postcode("PR1 8RJ", 353_000, 429_000)
    person = make_person()
    addresses.set_address(by=coordinator(), person=person, postcode=" pr18rj ")
    kept = Address.objects.get(person=person)
    assert (kept.postcode, kept.easting, kept.northing) == ("PR1 8RJ", 353_000, 429_000)


@pytest.mark.parametrize("postcode", ["ZZ1 1ZZ", "", "not a postcode at all", "💥"])
def test_an_unknown_postcode_is_refused_without_repeating_it(postcode: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        addresses.set_address(by=coordinator(), person=make_person(), postcode=postcode)
    assert set(caught.value.errors) == {"postcode"}
    assert not postcode or postcode not in str(caught.value)


def test_a_person_comes_to_the_district_of_an_ordinary_address() -> None:
    make_place(OTHER_DISTRICT)
    make_postcode("LA1 1AA", district=OTHER_DISTRICT)
    person = make_person(district=None)
    addresses.set_address(by=coordinator(), person=person, postcode="LA1 1AA")
    assert Person.objects.get(pk=person.pk).district_id == OTHER_DISTRICT


def test_who_sees_a_person_does_not_tell_where_they_hide() -> None:
    person = make_person(district=None)
    _hide(person)
    assert Person.objects.get(pk=person.pk).district_id is None


def test_shielding_moves_the_address_and_unshielding_moves_it_back() -> None:
    person = make_person(postcode="PR1 8RJ")
    _hide(person)
    assert not Address.objects.exists()
    assert inside(ShieldedAddress.objects.get(person=person))["postcode"] == SECRET
    addresses.set_address(by=coordinator(), person=person, postcode="PR1 8RJ")
    assert not ShieldedAddress.objects.exists()
    assert Address.objects.get(person=person).postcode == "PR1 8RJ"


def test_all_that_is_said_of_a_shielded_address_is_that_it_is_one() -> None:
    person = make_person()
    _hide(person)
    view = queries.address_of(coordinator(), person)
    assert view == queries.AddressView(shielded=True)


def test_the_needs_of_a_person_are_shielded_with_their_address() -> None:
    person = make_person(postcode="PR1 8RJ")
    need = make_need(person=person)
    assert NeedLocation.objects.filter(need=need).exists()
    _hide(person)
    assert not NeedLocation.objects.filter(need=need).exists()
    assert NeedShieldedLocation.objects.filter(need=need).exists()
    place = location_of(need)
    assert place is not None
    assert place.shielded
    assert LedgerSubject.objects.filter(
        entry__verb="need.shielded", kind="need", subject_id=need.pk
    ).exists()


def test_nothing_shielded_is_in_the_ledger_the_outbox_or_any_form_of_the_record() -> None:
    person = make_person()
    _hide(person)
    need = make_need(person=person)
    shielded = ShieldedAddress.objects.get(person=person)
    located = NeedShieldedLocation.objects.get(need=need)
    view = queries.address_of(coordinator(), person)
    told = " ".join(LedgerPayload.objects.values_list("body", flat=True))
    told += " ".join(f"{vars(message)}" for message in OutboxMessage.objects.all())
    told += f"{shielded} {shielded!r} {located} {located!r} {person!r} {need!r} {view!r}"
    told += repr(location_of(need))
    for secret in (SECRET, SECRET.replace(" ", ""), "Hidden Row", str(EASTING), str(NORTHING)):
        assert secret not in told


def test_no_statement_to_the_database_tells_where_somebody_hides() -> None:
    make_postcode("LA9 7QX", EASTING, NORTHING, OTHER_DISTRICT)
    make_postcode("LA9 1AA", 351_000, 492_000, OTHER_DISTRICT)
    person, by = make_person(), coordinator()
    place: dict[str, Any] = {"postcode": "la97qx", "lines": "7 Hidden Row", "shielded": True}
    with CaptureQueriesContext(connection) as asked:
        addresses.set_address(by=by, person=person, **place)
        make_need(person=person)
        addresses.set_address(by=by, person=person, **place)
    said = [query["sql"] for query in asked]
    assert any("LA9 0AA" in one for one in said)
    for secret in ("LA9 7QX", "la97qx", "LA97QX", "Hidden Row", str(EASTING), str(NORTHING)):
        assert [one for one in said if secret in one] == []
    kept = inside(ShieldedAddress.objects.get(person=person))
    assert (kept["postcode"], kept["easting"]) == ("LA9 7QX", EASTING)


def test_an_officer_may_not_change_an_address() -> None:
    make_postcode()
    officer = actor_of(make_user(RoleKey.OUTREACH_OFFICER, [DISTRICT]))
    with pytest.raises(Refused):
        addresses.set_address(by=officer, person=make_person(), postcode="PR1 8RJ")
