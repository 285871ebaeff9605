"""Placements as the actor may see them."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from stepdown.hub.queries.scope import Columns, compile_scope
from stepdown.kernel.errors import NotVisible
from stepdown.policy.actors import Actor
from stepdown.policy.decide import scope_for
from stepdown.policy.permissions import Permission
from stepdown.policy.predicates import Facts
from stepdown.sharing.queries.in_force import read_for
from stepdown.volunteering.models import Placement
from stepdown.volunteering.models.placement import PlacementState
from stepdown.volunteering.queries import wall

COLUMNS: Columns = {**wall.columns_of("need"), "person": "volunteer__person_id"}
STANDING = (PlacementState.LIVE, PlacementState.SUSPENDED)


def facts(placement: Placement) -> Facts:
    """What the policy asks of a placement: its need's place and people, and whose own it is."""
    return wall.facts_of(placement.need, person=placement.volunteer.person_id)


def visible_to(
    by: Actor, permission: Permission = Permission.PLACEMENT_VIEW
) -> QuerySet[Placement]:
    """The placements on which the actor may use the permission."""
    return Placement.objects.filter(compile_scope(scope_for(by, permission), read_for(by, COLUMNS)))


def _whole(placements: QuerySet[Placement]) -> QuerySet[Placement]:
    return placements.select_related(
        "need__scheme", "need__district", "need__officer", "need__agency", "volunteer__person"
    )


def get(*, by: Actor, id: UUID) -> Placement:
    """One placement with its need and volunteer; NotVisible where it does not exist for them."""
    found = _whole(visible_to(by)).filter(pk=id).first()
    if found is None:
        raise NotVisible("No such placement.")
    return found


def of_needs(by: Actor, needs: Collection[UUID]) -> list[Placement]:
    """Every placement there has been on these needs, newest first. One query."""
    return list(_whole(visible_to(by)).filter(need__in=needs).order_by("-id"))


def of_volunteer(by: Actor, volunteer: UUID) -> list[Placement]:
    """Every placement of a volunteer that the actor may see, newest first. One query."""
    return list(_whole(visible_to(by)).filter(volunteer=volunteer).order_by("-id"))


def mine(by: Actor, *, ended: bool = False) -> list[Placement]:
    """The actor's own placements: those that stand, or those that have ended. One query."""
    if by.person is None:
        return []
    own = _whole(Placement.objects.filter(volunteer__person=by.person))
    return list((own.exclude if ended else own.filter)(state__in=STANDING).order_by("starts", "id"))


def suspended(by: Actor, *, limit: int = 50) -> list[Placement]:
    """Suspended placements the actor looks after, the longest suspended first. One query."""
    found = _whole(visible_to(by)).filter(state=PlacementState.SUSPENDED)
    return list(found.order_by("suspended_at", "id")[:limit])
