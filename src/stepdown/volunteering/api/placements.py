"""Placements, and the hours given on them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from stepdown.hub.api.door import ApiRequest, operation, show
from stepdown.hub.api.problem import DECLARED
from stepdown.hub.api.shapes import Asked
from stepdown.kernel.slots import SLOTS
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions import hours as verbs
from stepdown.volunteering.api.needs import Somebody
from stepdown.volunteering.queries import hours as given
from stepdown.volunteering.queries import need as needs
from stepdown.volunteering.queries import placement as queries
from stepdown.volunteering.queries.shown import people_of, placement_with_need, sees_volunteer

if TYPE_CHECKING:
    from stepdown.volunteering.models import HoursEntry
    from stepdown.volunteering.models import Placement as PlacementRecord

router = Router(tags=["placements"])


class Placement(Schema):
    """A volunteer on a need."""

    id: UUID
    need: UUID
    need_reference: str
    state: str
    slot: str = Field(description="The half-day of the week, as mon-am; empty for no set time.")
    starts: date
    ended_on: date | None
    end_reason: str
    volunteer: Somebody | None
    volunteer_withheld: str = Field(description="Why the volunteer is not named.")


class Hours(Schema):
    """Time given on one day."""

    id: UUID
    on: date
    minutes: int
    state: str = Field(description="logged, confirmed or queried")
    logged_at: datetime


class HoursIn(Asked):
    """Time given on one day of a placement. One entry a day."""

    on: date = Field(description="Today or before, while the placement ran.")
    minutes: int = Field(ge=verbs.LEAST, le=verbs.MOST)


@router.get("/needs/{uuid:id}/placements", response={200: list[Placement], **DECLARED},
            url_name="api-need-placements", operation_id="need_placements",
            summary="Placements on a need")  # fmt: skip
@operation(Permission.NEED_VIEW)
def need_placements(request: ApiRequest, id: UUID) -> list[Placement]:
    """Every placement there has been on a need, the newest first."""
    by = request.actor
    found = queries.of_needs(by, [needs.get(by=by, id=id).pk])
    people: dict[UUID, Iterable[Category]] = {}
    for one in found:
        people |= people_of(by, one)
    show(request, people, purpose="matching", page="need placements")
    return [_shown(by, one) for one in found]


@router.get("/placements/{uuid:id}", response={200: Placement, **DECLARED},
            url_name="api-placement", operation_id="placement",
            summary="One placement")  # fmt: skip
@operation(Permission.NEED_VIEW)
def placement(request: ApiRequest, id: UUID) -> Placement:
    """One placement on a need that you may see."""
    found = placement_with_need(by=request.actor, id=id)
    show(request, people_of(request.actor, found), purpose="casework", page="placement")
    return _shown(request.actor, found)


@router.get("/placements/{uuid:id}/hours", response={200: list[Hours], **DECLARED},
            url_name="api-hours", operation_id="hours", summary="Hours of a placement")  # fmt: skip
@operation(Permission.NEED_VIEW)
def hours(request: ApiRequest, id: UUID) -> list[Hours]:
    """What was given on a placement, the newest day first."""
    found = placement_with_need(by=request.actor, id=id)
    show(request, people_of(request.actor, found), purpose="casework", page="hours")
    return [_hours(one) for one in given.of_placement(request.actor, found.pk)]


@router.post("/placements/{uuid:id}/hours", response={201: Hours, **DECLARED},
             url_name="api-hours", operation_id="log_hours", summary="Log hours")  # fmt: skip
@operation(Permission.HOURS_CONFIRM, writes=True)
def log_hours(request: ApiRequest, id: UUID, sent: HoursIn) -> Status[Hours]:
    """Log time that a volunteer gave, as on the placement's page."""
    found = placement_with_need(by=request.actor, id=id)
    entry = verbs.log(by=request.actor, placement=found, on=sent.on, minutes=sent.minutes)
    return Status(201, _hours(entry))


def _shown(by: Actor, one: "PlacementRecord") -> Placement:
    named = sees_volunteer(by, one)
    person = one.volunteer.person
    return Placement(
        id=one.pk,
        need=one.need_id,
        need_reference=one.need.reference,
        state=one.state,
        slot="" if one.slot is None else SLOTS[one.slot],
        starts=one.starts,
        ended_on=one.ended_on,
        end_reason=one.end_reason,
        volunteer=Somebody(id=person.pk, name=person.full_name) if named else None,
        volunteer_withheld="" if named else _("A volunteer outside your districts"),
    )


def _hours(entry: "HoursEntry") -> Hours:
    return Hours(
        id=entry.pk,
        on=entry.on,
        minutes=entry.minutes,
        state=entry.state,
        logged_at=entry.logged_at,
    )
