"""What follows from a need in a random world: placements, hours and risk assessments."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random
from uuid import UUID

from django.utils import timezone

from stepdown.hub.models import User
from stepdown.policy.permissions import Kind
from stepdown.volunteering.models import (
    HoursEntry,
    Need,
    Offer,
    Placement,
    RiskAssessment,
    Volunteer,
)

# An agency that keeps a record of somebody, None for the partnership itself; and what agreements
# show another agency of that, on a day: the categories of data.
Keeper = tuple[int | None, Callable[[int, int], set[str]]]


@dataclass(frozen=True)
class Truth:
    """What is true of one record, as numbers of the world's districts, agencies and so on."""

    kind: Kind
    pk: UUID
    districts: frozenset[int | None] = frozenset()
    agency: int | None = None
    officers: frozenset[int | None] = frozenset()
    made_by: int | None = None
    person: int | None = None
    kept: list[Keeper] | None = field(default=None, compare=False)  # of a person's own record
    pooled: bool = False  # known to all partners, because they volunteer


def followed(
    chance: Random,
    needs: list[tuple[Need, Truth, int | None]],
    volunteers: list[Volunteer],
    user: User,
    today: date,
) -> list[Truth]:
    """Volunteer ``n`` is person ``n + 1``. All stand where their need stands."""
    found = []
    for need, truth, _person in needs[1:]:
        n, now = chance.randrange(len(volunteers)), timezone.now()
        pair = {"need": need, "volunteer": volunteers[n]}
        offer = Offer.objects.create(
            **pair, state="accepted", sent_at=now, sent_by=user, lapses_at=now
        )
        placement = Placement.objects.create(
            **pair, offer=offer, state="ended", starts=today, ended_on=today
        )
        given = HoursEntry.objects.create(placement=placement, on=today, minutes=60, logged_at=now)
        found += [
            Truth(kind, pk, truth.districts, truth.agency, truth.officers, None, n + 1)
            for kind, pk in (
                (Kind.OFFER, offer.pk),
                (Kind.PLACEMENT, placement.pk),
                (Kind.HOURS, given.pk),
            )
        ]
    for need, truth, _person in needs:
        made = RiskAssessment.objects.create(need=need, version=1, written_by=user, review_on=today)
        found.append(Truth(Kind.RISK, made.pk, truth.districts, truth.agency, truth.officers))
    return found
