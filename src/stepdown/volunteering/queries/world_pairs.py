"""What is known between volunteers and needs, read from the store: one query each.

``people`` leaves out pairs with anybody else; None leaves out nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from stepdown.volunteering.models import Exclusion, Need, Placement, Volunteer
from stepdown.volunteering.models.placement import PlacementState
from stepdown.volunteering.queries import hold

MANY = 5_000  # people above which they are not named one by one in a query: databases set limits

Pairs = set[tuple[str, str]]
Helped = dict[UUID, list[str]]
People = QuerySet[Volunteer] | None


@dataclass(frozen=True)
class Between:
    """Pairs of a volunteer and a need: kept apart, together already, together before."""

    apart: Pairs
    together: Pairs
    before: Pairs


def between(needs: QuerySet[Need] | None, helped: Helped) -> Between:
    """What is known between anybody and these needs (all, where None). Four queries."""
    return Between(
        apart(None, helped) | themselves(helped), together(None, needs), before(None, helped)
    )


def apart(people: People, helped: Helped) -> Pairs:
    """Volunteers and needs whose person they must not meet."""
    rows = Exclusion.objects.filter(person__in=_people(helped), ended_at=None)
    if people is not None:
        rows = rows.filter(volunteer__in=people)
    return _by_need(rows.values_list("volunteer_id", "person_id"), helped)


def themselves(helped: Helped) -> Pairs:
    """Nobody is sent to support themself."""
    rows = Volunteer.objects.filter(person__in=_people(helped))
    return _by_need(rows.values_list("pk", "person_id"), helped)


def together(people: People, needs: QuerySet[Need] | None = None) -> Pairs:
    """Volunteers already on a need, by an open offer or a placement."""
    rows = hold.standing()
    if people is not None:
        rows = rows.filter(volunteer__in=people)
    if needs is not None:
        rows = rows.filter(need__in=needs)
    return {(str(v), str(need)) for v, need in rows.values_list("volunteer_id", "need_id")}


def before(people: People, helped: Helped) -> Pairs:
    """Volunteers who have helped a need's person before, unless that person ended it."""
    rows = Placement.objects.filter(need__person__in=_people(helped)).exclude(
        Q(end_reason=Placement.EndReason.PERSON) | Q(state=PlacementState.REPLACED)
    )
    if people is not None:
        rows = rows.filter(volunteer__in=people)
    return _by_need(rows.values_list("volunteer_id", "need__person_id").distinct(), helped)


def _people(helped: Helped) -> "list[UUID] | QuerySet[Need, Any]":
    """Those who are helped; where they are many, all whom any need is for."""
    if len(helped) <= MANY:
        return list(helped)
    return Need.objects.filter(person__isnull=False).order_by().values("person")


def _by_need(rows: Iterable[tuple[UUID, UUID]], helped: Helped) -> Pairs:
    """(volunteer, person) rows as pairs with each need of the person."""
    return {(str(v), need) for v, person in rows for need in helped.get(person, ())}
