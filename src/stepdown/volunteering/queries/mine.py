"""What a volunteer is shown of their own offers and placements: enough to decide, nothing more.

Never the name or the address of the person supported; distances are whole kilometres, and none is
given where either place is shielded.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import hypot
from typing import TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from stepdown.hub.queries.reader import as_hub
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible
from stepdown.kernel.slots import SLOTS
from stepdown.policy.actors import Actor
from stepdown.volunteering.models import HoursEntry, Need, Offer, Placement, Volunteer
from stepdown.volunteering.models.offer import OfferState
from stepdown.volunteering.models.placement import PlacementState
from stepdown.volunteering.queries import offer as offers
from stepdown.volunteering.queries import placement as placements


@dataclass(frozen=True)
class Ask:
    """What is asked, in the terms a volunteer decides by. ``slot`` is a slot's name, or empty.

    ``km`` is about how far it is from their home, at least 1; None where that is not to be told.
    ``who`` is whom to ask about it.
    """

    id: UUID
    title: str
    scheme: str
    area: str
    km: int | None
    protected: bool
    slot: str
    starts: date
    ends: date | None
    weekly_minutes: int
    who: str
    agency: str


@dataclass(frozen=True)
class MyOffer:
    """An offer made to the actor."""

    ask: Ask
    record: Offer
    open: bool
    lapses_at: datetime


@dataclass(frozen=True)
class MyPlacement:
    """A placement of the actor."""

    ask: Ask
    record: Placement

    @property
    def live(self) -> bool:
        """Whether it is going on, so that hours can be logged."""
        return self.record.state == PlacementState.LIVE

    @property
    def may_step_back(self) -> bool:
        """Whether there is something left to say "I can't make it" about."""
        standing = self.record.state in placements.STANDING
        return standing and self.record.step_back_asked_at is None


# Hours of a placement that has ended can still be logged for so long.
LATE = timedelta(days=60)

M = TypeVar("M", Offer, Placement)

_PLACES = ("need__location", "need__shielded_location", "volunteer__person__address")
_ALSO = ("need__scheme", "need__district", "need__officer", "need__agency", "volunteer__person")


@as_hub("that a place is shielded is said by a row that nobody may read")
def my_offers(by: Actor) -> list[MyOffer]:
    """The actor's own offers that wait for an answer, first to lapse first. One query."""
    if by.person is None:
        return []
    waiting = Offer.objects.filter(
        volunteer__person=by.person, state=OfferState.SENT, lapses_at__gt=clock.now()
    )
    found = waiting.select_related(*_PLACES, *_ALSO).order_by("lapses_at", "id")
    return [_offer(one) for one in found]


@as_hub("that a place is shielded is said by a row that nobody may read")
def my_offer(*, by: Actor, id: UUID) -> MyOffer:
    """One of the actor's own offers, in whatever state; NotVisible for any other."""
    return _offer(_own(Offer.objects.select_related(*_PLACES, *_ALSO), by, id))


@as_hub("that a place is shielded is said by a row that nobody may read")
def my_placements(by: Actor, *, ended: bool = False) -> list[MyPlacement]:
    """The actor's own placements: those that stand, or those that have ended. One query."""
    standing = Q(state__in=placements.STANDING)
    return _placements(by, ~standing if ended else standing)


@as_hub("that a place is shielded is said by a row that nobody may read")
def my_loggable(by: Actor) -> list[MyPlacement]:
    """The actor's own placements that hours can be logged for: those that go on, and those that
    ended not long ago. One query."""
    ended = Q(state__in=(PlacementState.ENDED, PlacementState.REPLACED))
    late = ended & Q(ended_on__gte=clock.today() - LATE)
    return _placements(by, Q(state=PlacementState.LIVE) | late)


@as_hub("that a place is shielded is said by a row that nobody may read")
def my_placement(*, by: Actor, id: UUID) -> MyPlacement:
    """One of the actor's own placements; NotVisible for any other."""
    one = _own(Placement.objects.select_related(*_PLACES, *_ALSO), by, id)
    return MyPlacement(_ask(one.pk, one.need, one.volunteer, one.slot), one)


def my_hours_entry(*, by: Actor, id: UUID) -> HoursEntry:
    """One entry of the actor's own hours; NotVisible for any other."""
    whole = HoursEntry.objects.select_related("placement__need", "placement__volunteer")
    own = whole.filter(pk=id, placement__volunteer__person=by.person)
    found = own.first() if by.person else None
    if found is None:
        raise NotVisible("No such record.")
    return found


@as_hub("whoever came by a link has no more than their own profile")
def my_profile(by: Actor) -> Volunteer:
    """The actor's own profile; NotVisible for somebody who is no volunteer. One query."""
    own = Volunteer.objects.select_related("person").filter(person=by.person)
    found = own.first() if by.person else None
    if found is None:
        raise NotVisible("No such record.")
    return found


def my_held_slots(volunteer: Volunteer) -> list[str]:
    """The names of the slots that placements and open offers have taken."""
    taken = volunteer.holds.values_list("slot", flat=True)
    return [SLOTS[index] for index in sorted({slot for slot in taken if slot is not None})]


def _placements(by: Actor, which: Q) -> list[MyPlacement]:
    if by.person is None:
        return []
    own = Placement.objects.filter(which, volunteer__person=by.person)
    found = own.select_related(*_PLACES, *_ALSO).order_by("starts", "id")
    return [MyPlacement(_ask(one.pk, one.need, one.volunteer, one.slot), one) for one in found]


def _own(found: QuerySet[M], by: Actor, id: UUID) -> M:
    one = found.filter(pk=id, volunteer__person=by.person).first() if by.person else None
    if one is None:
        raise NotVisible("No such record.")
    return one


def _offer(one: Offer) -> MyOffer:
    ask = _ask(one.pk, one.need, one.volunteer, one.slot)
    return MyOffer(ask, one, offers.is_open(one), one.lapses_at)


def _ask(pk: UUID, need: Need, volunteer: Volunteer, slot: int | None) -> Ask:
    protected = hasattr(need, "shielded_location")
    return Ask(
        id=pk,
        title=need.title,
        scheme=need.scheme.name,
        area=need.district.name if need.district and not protected else "",
        km=None if protected else _km(need, volunteer),
        protected=protected,
        slot="" if slot is None else SLOTS[slot],
        starts=need.starts,
        ends=need.ends,
        weekly_minutes=need.weekly_minutes,
        who=need.officer.display_name if need.officer else "",
        agency=need.agency.name,
    )


def _km(need: Need, volunteer: Volunteer) -> int | None:
    """About how far, in whole kilometres, from one to the other. No queries: both are at hand."""
    there = getattr(need, "location", None)
    home = getattr(volunteer.person, "address", None)
    if there is None or home is None or home.easting is None or home.northing is None:
        return None
    return max(1, round(hypot(there.easting - home.easting, there.northing - home.northing) / 1000))
