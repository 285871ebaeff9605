"""The roles a user holds today."""

from django.db.models import Q

from stepdown.hub.models import Membership, User
from stepdown.kernel import clock
from stepdown.policy.actors import Grant
from stepdown.policy.roles import RoleKey


def grants_of(user: User) -> tuple[Grant, ...]:
    """The user's current memberships as grants, in a stable order. Two queries."""
    today = clock.today()
    held = (
        Membership.objects.filter(user=user)
        .filter(Q(starts=None) | Q(starts__lte=today), Q(ends=None) | Q(ends__gte=today))
        .prefetch_related("districts")
        .order_by("id")
    )
    return tuple(
        Grant(RoleKey(m.role), m.agency_id, frozenset(p.code for p in m.districts.all()))
        for m in held
    )
