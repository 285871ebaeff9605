"""Partners of the partnership."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from stepdown.hub.models import Agency, Membership
from stepdown.kernel import clock
from stepdown.policy.roles import RoleKey


def agencies() -> list[Agency]:
    """All partners, by name."""
    return list(Agency.objects.order_by("name"))


def choices() -> list[tuple[str, str]]:
    """Partners for a select: id and name."""
    return [(str(pk), name) for pk, name in Agency.objects.values_list("pk", "name")]


def agency(agency_id: UUID) -> Agency | None:
    """One partner."""
    return Agency.objects.filter(pk=agency_id).first()


def kinds() -> list[tuple[str, str]]:
    """The kinds of partner for a select."""
    return [(str(value), str(label)) for value, label in Agency.Kind.choices]


def holders_of(roles: Iterable[RoleKey]) -> set[tuple[UUID, RoleKey]]:
    """The partners for which some of these roles are held today, with the role. One query."""
    today = clock.today()
    held = Membership.objects.filter(
        Q(starts=None) | Q(starts__lte=today),
        Q(ends=None) | Q(ends__gte=today),
        role__in=[role.value for role in roles],
        user__is_active=True,
    )
    return {(agency, RoleKey(role)) for agency, role in held.values_list("agency", "role")}
