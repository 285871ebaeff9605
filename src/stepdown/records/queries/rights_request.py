"""Requests about people's data: which an actor may see, and what the clock of each shows."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from stepdown.hub.queries.paging import Page, page_of
from stepdown.hub.queries.scope import Columns, compile_scope
from stepdown.kernel import clock, statutory
from stepdown.kernel.errors import NotVisible
from stepdown.policy.actors import Actor
from stepdown.policy.decide import scope_for
from stepdown.policy.permissions import Permission
from stepdown.policy.predicates import Facts
from stepdown.records.models import RightsRequest
from stepdown.records.models.rights_request import RIGHTS_STATES, RightsState
from stepdown.records.models.rights_request import RightsEvent as RightsEvent

COLUMNS: Columns = {"agency": "agency", "person": "person"}
ENDED = (RightsState.ANSWERED, RightsState.REFUSED, RightsState.WITHDRAWN)
# It may not be the person who asks.
UNSURE = (RightsState.RECEIVED, RightsState.IDENTITY_ASKED)
COPIES = (RightsRequest.Kind.ACCESS, RightsRequest.Kind.PORTABILITY)
# Of these other agencies hear that were shown the record; of an erasure, by its disposal.
CHANGES = (RightsRequest.Kind.RECTIFICATION, RightsRequest.Kind.RESTRICTION)


@dataclass(frozen=True)
class RequestLine:
    """One request in a list, with no name. ``clock`` is None once it has ended."""

    id: UUID
    reference: str
    kind: str
    state: str
    received_on: date
    handler: str
    ended_on: date | None
    clock: statutory.Reading | None


def facts(request: RightsRequest) -> Facts:
    """What the policy asks of a request: the partner it was made to, and whose data it is about."""
    return {"agency": request.agency_id, "person": request.person_id}


def visible_to(
    by: Actor, permission: Permission = Permission.RIGHTS_VIEW
) -> QuerySet[RightsRequest]:
    """The requests on which the actor may use the permission."""
    scope = compile_scope(scope_for(by, permission), COLUMNS)
    held = RightsRequest.objects.filter(scope).select_related("agency", "handler")
    return held.prefetch_related("questions")


def get(*, by: Actor, id: UUID, permission: Permission = Permission.RIGHTS_VIEW) -> RightsRequest:
    """One request on which the actor may use the permission; else it does not exist for them."""
    found = visible_to(by, permission).filter(pk=id).first()
    if found is None:
        raise NotVisible("No such request.")
    return found


def clock_of(request: RightsRequest) -> statutory.Clock:
    """What the law counts from, as the request's own days say."""
    asked, known = request.identity_asked_on, request.identity_on
    return statutory.Clock(
        received=request.received_on,
        identified=known if asked else None,
        waiting=asked is not None and known is None,
        stops=tuple(
            statutory.Stop(one.asked_on, one.answered_on) for one in request.questions.all()
        ),
        extended=request.extended_on is not None,
    )


def reading(request: RightsRequest, holidays: Collection[date]) -> statutory.Reading:
    """What the clock shows today; for one that has ended, what it showed on that day."""
    return statutory.read(clock_of(request), request.ended_on or clock.today(), holidays)


def may_extend(request: RightsRequest, holidays: Collection[date]) -> bool:
    """Whether notice of two more months may still be given."""
    regime = statutory.Regime(request.regime)
    return statutory.may_extend(clock_of(request), clock.today(), regime, holidays)


def open_requests(by: Actor, holidays: Collection[date]) -> list[RequestLine]:
    """All that still want an answer, the soonest due first. Three queries."""
    rows = visible_to(by, Permission.RIGHTS_HANDLE).exclude(state__in=ENDED)
    lines = [line_of(row, holidays) for row in rows]
    return sorted(lines, key=lambda one: (one.clock.due if one.clock else date.max, one.id))


def ended_requests(by: Actor, *, after: str | None = None) -> Page[RequestLine]:
    """Those that have ended, the newest first, a page at a time."""
    rows = visible_to(by, Permission.RIGHTS_HANDLE).filter(state__in=ENDED)
    page = page_of(rows, order=("-id",), after=after)
    return Page([line_of(row, ()) for row in page.items], page.next, page.previous)


def own_requests(by: Actor, holidays: Collection[date]) -> list[RequestLine]:
    """Those that the actor made about themself, the newest first."""
    rows = visible_to(by, Permission.RIGHTS_ASK).order_by("-id")
    return [line_of(row, holidays) for row in rows]


def line_of(request: RightsRequest, holidays: Collection[date]) -> RequestLine:
    """A request that ``visible_to`` found, as a line."""
    return RequestLine(
        id=request.pk,
        reference=request.reference,
        kind=request.kind,
        state=request.state,
        received_on=request.received_on,
        handler=request.handler.display_name if request.handler else "",
        ended_on=request.ended_on,
        clock=None if request.state in ENDED else reading(request, holidays),
    )


def may(request: RightsRequest, event: RightsEvent) -> bool:
    """Whether its state lets the event happen."""
    return RIGHTS_STATES.allows(request.state, event)


def is_copy(request: RightsRequest) -> bool:
    """Whether what is asked for is a copy, which two people must have seen before it goes out."""
    return request.kind in COPIES


def why_not(request: RightsRequest, event: RightsEvent) -> str:
    """The words with which its state refuses the event."""
    return str(RIGHTS_STATES.table[RightsState(request.state), event])
