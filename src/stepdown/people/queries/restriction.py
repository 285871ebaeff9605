"""Whose data is kept and not used. Read at the moment of use, and nowhere copied.

Every function reads as the hub: that a use is stopped must be known to whoever would use the data,
whether or not they may see whose it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext

from stepdown.hub.queries.reader import as_hub
from stepdown.kernel import clock
from stepdown.kernel.errors import Refused
from stepdown.people.models import Allowance, Restriction
from stepdown.people.models.restriction import Use as Use


@dataclass(frozen=True)
class Allowed:
    """One use that goes on, on what ground, and until when."""

    use: str
    ground: str
    reason: str
    until: date


@dataclass(frozen=True)
class Stop:
    """A stop that came of a request, and what is allowed all the same."""

    id: UUID
    why: str
    since: datetime
    told_on: date | None
    allowed: tuple[Allowed, ...]


def stops(use: Use, person: str) -> Exists:
    """For queries on records whose column ``person`` leads to somebody: whether this use of their
    data is stopped today. The query must be read as the hub: nobody else sees whose it is."""
    return Exists(_standing(use).filter(person=OuterRef(person)))


def restricted(use: Use) -> QuerySet[Restriction, UUID]:
    """The ids of the people whose data is not put to this use today, for a query read as the
    hub."""
    return _standing(use).values_list("person", flat=True)


@as_hub("whose data is not used, so that it is left out")
def left_out(use: Use) -> frozenset[UUID]:
    """The same, read: for a query that is its actor's. One query."""
    return frozenset(restricted(use))


@as_hub("whether somebody's data may be used")
def is_stopped(use: Use, people: Iterable[UUID | None]) -> bool:
    """Whether this use of anybody's data among these is stopped today. One query."""
    return _standing(use).filter(person__in={one for one in people if one}).exists()


def require_use(use: Use, people: Iterable[UUID | None]) -> None:
    """``Refused``, in words that name nobody, where this use is stopped for one of these."""
    if is_stopped(use, people):
        raise Refused(
            gettext(
                "Use of this person’s record is restricted, so this cannot be done. "
                "Ask the data-protection officer."
            )
        )


@as_hub("that the use of a record is restricted, for those who see the record")
def restricted_since(people: Iterable[UUID | None]) -> date | None:
    """Since when the use of one of these records is restricted, for its page; None where it is
    not. What is allowed meanwhile does not end the restriction. One query."""
    ids = {one for one in people if one}
    if not ids:
        return None
    found = Restriction.objects.filter(person__in=ids, ended_at=None).order_by("since")
    since = found.values_list("since", flat=True).first()
    return since.astimezone(clock.LONDON).date() if since else None


@as_hub("what came of a request, for those who may see the request")
def stop_of(request: UUID) -> Stop | None:
    """What stands because of a request, with what is allowed today. Two queries."""
    held = Restriction.objects.filter(asked_in=request, ended_at=None).first()
    if held is None:
        return None
    rows = held.allowances.filter(until__gte=clock.today()).order_by("id")
    allowed = tuple(Allowed(row.use, row.ground, row.reason, row.until) for row in rows)
    return Stop(held.pk, held.why, held.since, held.told_on, allowed)


def _standing(use: Use) -> QuerySet[Restriction]:
    let = Allowance.objects.filter(
        restriction=OuterRef("pk"), use=use.value, until__gte=clock.today()
    )
    return Restriction.objects.filter(~Exists(let), ended_at=None)
