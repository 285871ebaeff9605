"""Accounts as their administrator sees them: who may sign in, and in which role."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from stepdown.hub.models import Membership, User
from stepdown.hub.queries.paging import Page, page_of
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission
from stepdown.policy.roles import ROLES, RoleKey


@dataclass(frozen=True)
class HeldRole:
    """A role as it is held. ``districts`` are names; none means all of them."""

    id: UUID
    role: str
    agency: str
    districts: tuple[str, ...]
    starts: date | None
    ends: date | None
    current: bool


@dataclass(frozen=True)
class Account:
    """An account and its roles. ``last_seen`` is the last time its holder signed in."""

    id: UUID
    name: str
    email: str
    active: bool
    demonstration: bool
    last_seen: datetime | None
    roles: tuple[HeldRole, ...]


def _held(membership: Membership, today: date) -> HeldRole:
    starts, ends = membership.starts, membership.ends
    return HeldRole(
        id=membership.pk,
        role=ROLES[RoleKey(membership.role)].name,
        agency=membership.agency.name,
        districts=tuple(sorted(place.name for place in membership.districts.all())),
        starts=starts,
        ends=ends,
        current=(starts is None or starts <= today) and (ends is None or today <= ends),
    )


def _account(user: User) -> Account:
    today = clock.today()
    roles = [_held(m, today) for m in user.memberships.all()]
    return Account(
        id=user.pk,
        name=user.display_name,
        email=user.email,
        active=user.is_active,
        demonstration=user.demonstration,
        last_seen=user.last_login,
        roles=tuple(sorted(roles, key=lambda r: (not r.current, r.agency, r.role))),
    )


_WITH_ROLES = ("memberships__agency", "memberships__districts")


def accounts(*, by: Actor, after: str | None = None, size: int = 25) -> Page[Account]:
    """All accounts by name. Five queries, however many there are."""
    require(by, Permission.USER_VIEW)
    page = page_of(
        User.objects.prefetch_related(*_WITH_ROLES), order=("display_name",), after=after, size=size
    )
    return Page([_account(user) for user in page.items], page.next, page.previous)


def user(*, by: Actor, user_id: UUID) -> User:
    """The account itself, for actions."""
    require(by, Permission.USER_VIEW)
    found = User.objects.filter(pk=user_id).first()
    if found is None:
        raise NotVisible("No such account.")
    return found


def account(*, by: Actor, user_id: UUID) -> Account:
    """One account with its roles."""
    require(by, Permission.USER_VIEW)
    found = User.objects.prefetch_related(*_WITH_ROLES).filter(pk=user_id).first()
    if found is None:
        raise NotVisible("No such account.")
    return _account(found)


def membership(*, by: Actor, user_id: UUID, membership_id: UUID) -> Membership:
    """A role that an account holds."""
    require(by, Permission.USER_VIEW)
    found = Membership.objects.filter(pk=membership_id, user_id=user_id).first()
    if found is None:
        raise NotVisible("No such role.")
    return found


def role_choices(keys: tuple[RoleKey, ...]) -> list[tuple[str, str]]:
    """Roles for radios: key and name."""
    return [(key.value, ROLES[key].name) for key in keys]


def role_hints(keys: tuple[RoleKey, ...]) -> dict[str, str]:
    """What each role is for, beside its radio."""
    return {key.value: ROLES[key].description for key in keys}
