"""Equality data is kept apart and read by few."""

import pytest

from stepdown.hub.models import LedgerPayload
from stepdown.kernel.errors import InvalidInput
from stepdown.people.actions import equality
from stepdown.people.models import EqualityRecord
from stepdown.people.queries.equality import gender_of
from stepdown.policy.roles import RoleKey
from tests.factories import actor_of, coordinator, make_person, make_user


def test_gender_is_recorded_but_not_in_the_ledger() -> None:
    person = make_person()
    equality.set_gender(by=coordinator(), person=person, gender="female")
    assert EqualityRecord.objects.get(person=person).gender == "female"
    assert not LedgerPayload.objects.filter(body__icontains="female").exists()


def test_a_person_reads_their_own_and_a_coordinator_does_not() -> None:
    account = make_user(RoleKey.VOLUNTEER)
    person = make_person(gender="male", user=account)
    assert gender_of(actor_of(account), person) == "male"
    assert gender_of(coordinator(), person) == ""


def test_it_can_be_taken_back() -> None:
    person = make_person(gender="other")
    equality.set_gender(by=coordinator(), person=person, gender="")
    assert EqualityRecord.objects.get(person=person).gender == ""


def test_a_gender_that_is_not_on_the_list_is_refused() -> None:
    with pytest.raises(InvalidInput):
        equality.set_gender(by=coordinator(), person=make_person(), gender="unknowable")
