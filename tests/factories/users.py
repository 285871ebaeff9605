"""Accounts and the actors behind them."""

from collections.abc import Iterable

from stepdown.hub.actions import memberships, users
from stepdown.hub.models import Agency, User
from stepdown.people.queries.actor import actor_for_user
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from tests.factories.agencies import make_agency
from tests.factories.numbers import fresh
from tests.factories.places import make_place

PASSWORD = "correct horse battery staple"


def make_user(
    role: RoleKey | str | None = RoleKey.COORDINATOR,
    districts: Iterable[str] = (),
    agency: Agency | None = None,
    *,
    email: str = "",
    display_name: str = "",
    password: str | None = None,
) -> User:
    """An account with one role in some districts, by code (none: all), or with none at all."""
    number = fresh()
    user = users.add(
        by=Actor.hub(),
        email=email or f"user{number}@example.org",
        display_name=display_name or f"User {number}",
        password=password,
    )
    if role is not None:
        memberships.grant(
            by=Actor.hub(),
            user=user,
            agency=agency or make_agency("Hub council"),
            role=role,
            districts=[make_place(code) for code in districts],
        )
    return user


def actor_of(user: User) -> Actor:
    """The actor of a signed-in account."""
    return actor_for_user(user)


def coordinator(*districts: str) -> Actor:
    """A coordinator of some districts, by code (none: all)."""
    return actor_of(make_user(RoleKey.COORDINATOR, districts))


_somebody: list[Actor] = []


def somebody() -> Actor:
    """A coordinator of all districts, the same for as long as a test has them: for records of which
    it does not matter who made them."""
    if not any(User.objects.filter(pk=str(one.user)).exists() for one in _somebody):
        _somebody[:] = [coordinator()]
    return _somebody[0]
