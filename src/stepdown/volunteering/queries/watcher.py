"""Who is told what becomes of a need: its officer, else the coordinators of its district.

An officer whose account is closed or whose role has ended looks after nothing any more: an alert to
them alone would reach nobody.
"""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from stepdown.hub.models import Membership
from stepdown.hub.queries.user import holders_among
from stepdown.kernel import clock
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.models import Need


def watchers_of(needs: Iterable[Need]) -> dict[UUID, list[UUID]]:
    """Need → the users to tell. At most three queries, whatever the number of needs.

    A coordinator without named districts watches all of them.
    """
    found = {need.pk: need for need in needs}
    officers = holders_among(need.officer_id for need in found.values() if need.officer_id)
    answer = {pk: [need.officer_id] for pk, need in found.items() if need.officer_id in officers}
    if len(answer) == len(found):
        return answer
    everywhere, by_district = _coordinators()
    for pk, need in found.items():
        local = by_district.get(need.district_id, set()) if need.district_id else set()
        answer.setdefault(pk, sorted(everywhere | local))
    return answer


def _coordinators() -> tuple[set[UUID], dict[str | None, set[UUID]]]:
    today = clock.today()
    held = (
        Membership.objects.filter(role=RoleKey.COORDINATOR, user__is_active=True)
        .filter(Q(starts=None) | Q(starts__lte=today), Q(ends=None) | Q(ends__gte=today))
        .prefetch_related("districts")
    )
    everywhere: set[UUID] = set()
    by_district: dict[str | None, set[UUID]] = defaultdict(set)
    for membership in held:
        districts = [place.pk for place in membership.districts.all()]
        if not districts:
            everywhere.add(membership.user_id)
        for code in districts:
            by_district[code].add(membership.user_id)
    return everywhere, by_district
