"""Whose account is whose."""

import pytest

from stepdown.kernel.errors import Refused
from stepdown.people.actions import accounts
from stepdown.people.queries import person as queries
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from tests.factories import actor_of, coordinator, make_person, make_user


def test_a_joined_account_sees_its_own_person_and_nobody_else() -> None:
    account = make_user(RoleKey.VOLUNTEER)
    mine, other = make_person(), make_person()
    accounts.link_user(by=Actor.hub(), person=mine, user=account)
    seen = queries.visible_to(actor_of(account))
    assert list(seen) == [mine]
    assert not seen.filter(pk=other.pk).exists()
    assert queries.behind_user(account.pk) == mine


def test_joining_twice_is_the_same_as_once() -> None:
    account = make_user(RoleKey.VOLUNTEER)
    person = make_person(user=account)
    assert accounts.link_user(by=Actor.hub(), person=person, user=account) == person


def test_an_account_has_one_person_and_a_person_one_account() -> None:
    account, another = make_user(RoleKey.VOLUNTEER), make_user(RoleKey.VOLUNTEER)
    person = make_person(user=account)
    with pytest.raises(Refused):
        accounts.link_user(by=Actor.hub(), person=make_person(), user=account)
    with pytest.raises(Refused):
        accounts.link_user(by=Actor.hub(), person=person, user=another)


def test_a_coordinator_joins_no_accounts() -> None:
    with pytest.raises(Refused):
        accounts.link_user(
            by=coordinator(), person=make_person(), user=make_user(RoleKey.VOLUNTEER)
        )
