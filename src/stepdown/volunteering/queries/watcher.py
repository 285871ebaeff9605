"""Who is told what becomes of a need: its officer, else the coordinators of its district.

An officer whose account is closed or whose role has ended looks after nothing any more: an alert to
them alone would reach nobody.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Q

from stepdown.hub.models import Membership
from stepdown.hub.queries.user import holders_among
from stepdown.kernel import clock
from stepdown.policy.actors import Actor, Grant
from stepdown.policy.decide import visible
from stepdown.policy.permissions import Permission
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.models import Need
from stepdown.volunteering.queries.wall import facts_of, open_for


def watchers_of(needs: Iterable[Need]) -> dict[UUID, list[UUID]]:
    """Need → the users to tell. At most six queries, whatever the number of needs.

    A coordinator without named districts watches all of them; nobody is told of a need that does
    not exist for them.
    """
    found = {need.pk: need for need in needs}
    open_now = open_for(list(found.values()))
    told = {pk: facts_of(need, open_now) for pk, need in found.items()}
    officers = holders_among(need.officer_id for need in found.values() if need.officer_id)
    held = _actors(officers)
    answer: dict[UUID, list[UUID]] = {}
    for pk, need in found.items():
        actor = held.get(need.officer_id) if need.officer_id else None
        if actor is not None and actor.user and visible(actor, Permission.NEED_VIEW, told[pk]):
            answer[pk] = [actor.user]
    if len(answer) == len(found):
        return answer
    others = _actors(None)
    for pk in found.keys() - answer.keys():
        watching = (a for a in others.values() if visible(a, Permission.NEED_VIEW, told[pk]))
        answer[pk] = sorted(actor.user for actor in watching if actor.user)
    return answer


def _actors(officers: Collection[UUID] | None) -> dict[UUID, Actor]:
    """Accounts that are open, in the roles that they hold today: some officers, or all
    coordinators. Two queries, none for no officers."""
    if officers is not None and not officers:
        return {}
    today = clock.today()
    rows = (
        Membership.objects.filter(user__is_active=True)
        .filter(Q(starts=None) | Q(starts__lte=today), Q(ends=None) | Q(ends__gte=today))
        .prefetch_related("districts")
        .order_by("id")
    )
    whose = Q(role=RoleKey.COORDINATOR) if officers is None else Q(user__in=officers)
    grants: dict[UUID, list[Grant]] = defaultdict(list)
    for row in rows.filter(whose):
        districts = frozenset(place.pk for place in row.districts.all())
        grants[row.user_id].append(Grant(RoleKey(row.role), row.agency_id, districts))
    return {user: Actor(tuple(some), user=user) for user, some in grants.items()}
