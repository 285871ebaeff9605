"""Accounts: who may be given a need to look after, and what to call them."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from stepdown.hub.models import Membership, User
from stepdown.kernel import clock
from stepdown.policy.roles import RoleKey

HOLDS_NEEDS = (RoleKey.COORDINATOR.value, RoleKey.OUTREACH_OFFICER.value)


@dataclass(frozen=True)
class Officer:
    """Somebody who may look after a need."""

    id: UUID
    name: str


def officers() -> list[Officer]:
    """Everybody who may look after needs today, by name. One query."""
    found = User.objects.filter(is_active=True, pk__in=_holders().values("user")).order_by(
        "display_name", "id"
    )
    return [Officer(pk, name) for pk, name in found.values_list("pk", "display_name")]


def officer_choices() -> list[tuple[str, str]]:
    """The same for a select: id and name."""
    return [(str(officer.id), officer.name) for officer in officers()]


def may_hold_needs(user: User) -> bool:
    """Whether the account is active and holds a role that looks after needs today."""
    return user.is_active and _holders().filter(user=user).exists()


def holders_among(users: Iterable[UUID]) -> frozenset[UUID]:
    """Those of some accounts that are active and may look after needs today. One query."""
    held = _holders().filter(user__in=set(users), user__is_active=True)
    return frozenset(held.values_list("user", flat=True))


def names_of(users: Iterable[UUID]) -> dict[UUID, str]:
    """What to call some accounts. One query."""
    return dict(User.objects.filter(pk__in=set(users)).values_list("pk", "display_name"))


def _holders() -> QuerySet[Membership]:
    today = clock.today()
    return Membership.objects.filter(role__in=HOLDS_NEEDS).filter(
        Q(starts=None) | Q(starts__lte=today), Q(ends=None) | Q(ends__gte=today)
    )


def any_accounts() -> bool:
    """Whether the hub has accounts at all: an empty one may become a demonstration."""
    return User.objects.exists()


def any_demonstration() -> bool:
    """Whether the hub holds the demonstration: its accounts say so."""
    return User.objects.filter(demonstration=True).exists()
