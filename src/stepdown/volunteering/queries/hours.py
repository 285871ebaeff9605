"""Hours as the actor may see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from stepdown.hub.queries.scope import Columns, compile_scope
from stepdown.kernel.errors import NotVisible
from stepdown.policy.actors import Actor
from stepdown.policy.decide import scope_for
from stepdown.policy.permissions import Permission
from stepdown.policy.predicates import Facts
from stepdown.sharing.queries.in_force import read_for
from stepdown.volunteering.models import HoursEntry
from stepdown.volunteering.models.hours import HoursState
from stepdown.volunteering.queries import placement as placements
from stepdown.volunteering.queries import wall

COLUMNS: Columns = {
    **wall.columns_of("placement__need"),
    "person": "placement__volunteer__person_id",
}


@dataclass(frozen=True)
class Totals:
    """Minutes by what has become of them."""

    confirmed: int
    waiting: int


def facts(entry: HoursEntry) -> Facts:
    """The facts of the placement that the hours were given on."""
    return placements.facts(entry.placement)


def visible_to(by: Actor, permission: Permission = Permission.HOURS_VIEW) -> QuerySet[HoursEntry]:
    """The entries on which the actor may use the permission."""
    return HoursEntry.objects.filter(
        compile_scope(scope_for(by, permission), read_for(by, COLUMNS))
    )


def _whole(entries: QuerySet[HoursEntry]) -> QuerySet[HoursEntry]:
    return entries.select_related("placement__need__scheme", "placement__volunteer__person")


def get(*, by: Actor, id: UUID) -> HoursEntry:
    """One entry with its placement; NotVisible where it does not exist for the actor."""
    found = _whole(visible_to(by)).filter(pk=id).first()
    if found is None:
        raise NotVisible("No such hours.")
    return found


def of_placement(by: Actor, placement: UUID) -> list[HoursEntry]:
    """What was given on a placement, newest day first. One query."""
    return list(_whole(visible_to(by)).filter(placement=placement).order_by("-on"))


def mine(by: Actor, *, limit: int = 100) -> list[HoursEntry]:
    """The actor's own hours, newest day first. One query."""
    if by.person is None:
        return []
    own = _whole(HoursEntry.objects.filter(placement__volunteer__person=by.person))
    return list(own.order_by("-on", "-id")[:limit])


def waiting_on(by: Actor, placements_: Iterable[UUID]) -> dict[UUID, int]:
    """Placement → how many entries wait for the actor to confirm; none is left out. One query."""
    found = visible_to(by, Permission.HOURS_CONFIRM).filter(
        placement__in=list(placements_), state=HoursState.LOGGED
    )
    if by.person is not None:
        found = found.exclude(placement__volunteer__person=by.person)
    return dict(found.order_by().values_list("placement_id").annotate(Count("pk")))


def totals(entries: QuerySet[HoursEntry]) -> Totals:
    """Minutes confirmed, and minutes logged or questioned, of entries already scoped."""
    by_state = dict(entries.order_by().values_list("state").annotate(minutes=Sum("minutes")))
    confirmed = by_state.pop(HoursState.CONFIRMED, 0)
    return Totals(confirmed=confirmed, waiting=sum(by_state.values()))


def minutes_of(by: Actor) -> int:
    """All the actor has given so far, in minutes. One query."""
    if by.person is None:
        return 0
    own = HoursEntry.objects.filter(placement__volunteer__person=by.person)
    return own.aggregate(minutes=Sum("minutes"))["minutes"] or 0


def totals_of(by: Actor, volunteer: UUID) -> Totals:
    """Minutes that a volunteer gave on the placements the actor may see. One query."""
    return totals(visible_to(by).filter(placement__volunteer=volunteer))
