"""Which lines of a timeline may be told: those about records that exist for the reader.

A wing above says how records of its own are seen (``also_seen``): this one does not know them.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from stepdown.hub.models import User
from stepdown.people.queries.actor import actor_for_user
from stepdown.policy.actors import Actor
from stepdown.sharing.queries import override
from stepdown.volunteering.queries import hours, need, offer, placement, risk

Sees = Callable[[Actor], QuerySet[Any]]

# By the kinds that the ledger writes. Lines about other kinds are about the record itself.
_SEEN: dict[str, Sees] = {
    "need": need.visible_to,
    "risk": risk.visible_to,
    "offer": offer.visible_to,
    "placement": placement.visible_to,
    "hours": hours.visible_to,
    "override": override.visible_to,
}


def also_seen(kind: str, visible_to: Sees) -> None:
    """Say which records of a kind exist for an actor."""
    _SEEN[kind] = visible_to


def told(by: Actor) -> Q:
    """Ledger entries about records that exist for the actor, for ``timeline`` to ask."""
    found = ~Q(object_kind__in=sorted(_SEEN))
    for kind, visible_to in sorted(_SEEN.items()):
        seen = visible_to(by).order_by().values("pk")
        found |= Q(object_kind=kind, object_id__in=seen)
    return found


# An alert to officers says that an override is there, whichever agency has one.
_HEARD = {"override"}


def hears(user: UUID, kind: str, id: UUID) -> bool:
    """Whether a record that a message is about exists for the account at this moment."""
    visible_to = _SEEN.get(kind)
    if visible_to is None or kind in _HEARD:
        return True
    by = replace(actor_for_user(User.objects.get(pk=user)), overrides=())
    return visible_to(by).filter(pk=id).exists()
