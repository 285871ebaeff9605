"""Offers as the actor may see them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from stepdown.hub.queries.scope import Columns, compile_scope
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible
from stepdown.policy.actors import Actor
from stepdown.policy.decide import scope_for
from stepdown.policy.permissions import Permission
from stepdown.policy.predicates import Facts
from stepdown.sharing.queries.in_force import read_for
from stepdown.volunteering.models import Offer
from stepdown.volunteering.models.offer import OfferState
from stepdown.volunteering.queries import wall

COLUMNS: Columns = {**wall.columns_of("need"), "person": "volunteer__person_id"}


def facts(offer: Offer) -> Facts:
    """What the policy asks of an offer: its need's place and people, and whose own it is."""
    return wall.facts_of(offer.need, person=offer.volunteer.person_id)


def visible_to(by: Actor, permission: Permission = Permission.OFFER_VIEW) -> QuerySet[Offer]:
    """The offers on which the actor may use the permission."""
    return Offer.objects.filter(compile_scope(scope_for(by, permission), read_for(by, COLUMNS)))


def _whole(offers: QuerySet[Offer]) -> QuerySet[Offer]:
    return offers.select_related(
        "need__scheme", "need__district", "need__officer", "need__agency", "volunteer__person"
    )


def get(*, by: Actor, id: UUID) -> Offer:
    """One offer with its need and volunteer; NotVisible where it does not exist for the actor."""
    found = _whole(visible_to(by)).filter(pk=id).first()
    if found is None:
        raise NotVisible("No such offer.")
    return found


def of_needs(by: Actor, needs: Collection[UUID]) -> list[Offer]:
    """Every offer ever made for these needs, newest first. One query."""
    return list(_whole(visible_to(by)).filter(need__in=needs).order_by("-id"))


def of_volunteer(by: Actor, volunteer: UUID) -> list[Offer]:
    """Every offer ever made to a volunteer that the actor may see, newest first. One query."""
    return list(_whole(visible_to(by)).filter(volunteer=volunteer).order_by("-id"))


def mine(by: Actor) -> list[Offer]:
    """The actor's own offers that wait for their answer, the first to lapse first. One query."""
    if by.person is None:
        return []
    waiting = Offer.objects.filter(
        volunteer__person=by.person, state=OfferState.SENT, lapses_at__gt=clock.now()
    )
    return list(_whole(waiting).order_by("lapses_at", "id"))


def unanswered(by: Actor, *, before: datetime | None = None, limit: int = 50) -> list[Offer]:
    """Open offers the actor looks after, the first to lapse first; ``before`` a moment only."""
    waiting = _whole(visible_to(by)).filter(state=OfferState.SENT, lapses_at__gt=clock.now())
    if before is not None:
        waiting = waiting.filter(lapses_at__lte=before)
    return list(waiting.order_by("lapses_at", "id")[:limit])


def is_open(offer: Offer) -> bool:
    """Whether the offer still waits for an answer and has not run out of time."""
    return offer.state == OfferState.SENT and offer.lapses_at > clock.now()
