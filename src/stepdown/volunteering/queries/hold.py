"""What is held now: places of a need, shares of a volunteer, slots of their week."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from stepdown.kernel import clock
from stepdown.volunteering.models import Hold, Need, Volunteer

Keys = QuerySet[Need, Any]  # ids that the database reads itself


def standing() -> QuerySet[Hold]:
    """Holds that count: those of placements, and of offers that have not run out of time.

    An offer past its time frees what it held at once, though a job or the next verb sweeps it.
    """
    return Hold.objects.filter(Q(offer__isnull=True) | Q(offer__lapses_at__gt=clock.now()))


def free_place(need: Need) -> int | None:
    """The lowest place of the need that nobody holds; None when it is full. One query."""
    taken = set(need.holds.values_list("place", flat=True))
    return next((n for n in range(1, need.places + 1) if n not in taken), None)


def free_share(volunteer: Volunteer) -> int | None:
    """The lowest share of the volunteer's capacity that is free; None when all are held."""
    taken = set(volunteer.holds.values_list("share", flat=True))
    return next((n for n in range(1, volunteer.capacity + 1) if n not in taken), None)


def taken_slots(volunteer: Volunteer) -> set[int]:
    """The slots of the week, as indices, in which the volunteer is already somewhere. One query."""
    held = volunteer.holds.filter(slot__isnull=False).values_list("slot", flat=True)
    return {slot for slot in held if slot is not None}


def shares_held(volunteer: Volunteer) -> int:
    """How many of a volunteer's shares are held now. One query."""
    return standing().filter(volunteer=volunteer).count()


def held_places(needs: Collection[UUID] | Keys) -> dict[UUID, int]:
    """How many places of each need are held now; needs without any are left out. One query."""
    found: dict[UUID, int] = {}
    for need in standing().filter(need__in=needs).values_list("need_id", flat=True):
        found[need] = found.get(need, 0) + 1
    return found
