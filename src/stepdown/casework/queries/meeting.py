"""Meetings that decide on cases: which an actor may see, and what is on an agenda for them."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from stepdown.casework.models import Case, Meeting, MeetingAttendee, MeetingItem
from stepdown.casework.models.meeting import MEETING_STATES, MeetingState
from stepdown.casework.models.meeting import MeetingEvent as MeetingEvent
from stepdown.casework.queries import case as cases
from stepdown.casework.queries.definitions import definition, library
from stepdown.hub.queries.paging import Page, page_of
from stepdown.hub.queries.scope import Columns, compile_scope
from stepdown.hub.queries.user import names_of
from stepdown.kernel.errors import NotVisible
from stepdown.pathways.schema import Definition
from stepdown.pathways.schema import Meeting as Kind
from stepdown.policy.actors import Actor
from stepdown.policy.decide import decide, scope_for, visible
from stepdown.policy.permissions import Permission
from stepdown.policy.predicates import Facts

WHY_NOT = tuple((str(value), str(label)) for value, label in Meeting.WhyNot.choices)


def _attended_by(users: Iterable[object]) -> Q:
    """Those that somebody attends."""
    there = MeetingAttendee.objects.filter(user__in=sorted(users, key=str))
    return Q(pk__in=there.values("meeting"))


# The chair's own meeting is the chair's to hold; whoever attends sees it.
COLUMNS: Columns = {"agency": "agency", "made_by": "chair", "officer": _attended_by}


def facts(meeting: Meeting) -> Facts:
    """What the policy is told of a meeting."""
    there = MeetingAttendee.objects.filter(meeting=meeting).values_list("user", flat=True)
    return {
        "agency": meeting.agency_id,
        "made_by": meeting.chair_id,
        "officer": frozenset(there),
    }


def visible_to(by: Actor) -> QuerySet[Meeting]:
    """The meetings that exist for the actor."""
    return Meeting.objects.filter(compile_scope(scope_for(by, Permission.MEETING_VIEW), COLUMNS))


def is_visible(by: Actor, meeting: Meeting) -> bool:
    """The same truth as ``visible_to``, of a meeting in hand."""
    return visible(by, Permission.MEETING_VIEW, facts(meeting))


def get(*, by: Actor, id: UUID) -> Meeting:
    """One meeting that exists for the actor."""
    found = visible_to(by).select_related("agency", "chair").filter(pk=id).first()
    if found is None:
        raise NotVisible("No such meeting.")
    return found


def may(by: Actor, meeting: Meeting, permission: Permission) -> bool:
    """Whether the policy lets the actor use the permission on the meeting."""
    return decide(by, permission, facts(meeting)).allowed


def happens(meeting: Meeting, event: MeetingEvent) -> bool:
    """Whether the meeting's state lets this happen."""
    return MEETING_STATES.allows(meeting.state, event)


def kind_of(meeting: Meeting) -> Kind:
    """What the pathway says of such meetings, on the version that the meeting was planned on."""
    return definition(meeting.pathway, meeting.version).meeting(meeting.kind)


def kinds() -> list[tuple[Definition, Kind]]:
    """Every kind of meeting that the pathways in use name."""
    return [(one, kind) for one in library().latest() for kind in one.meetings]


def agency_for(by: Actor) -> UUID | None:
    """The agency for which the actor may plan meetings."""
    held = (grant.agency for grant in by.grants if grant.agency)
    asked = ((one, decide(by, Permission.MEETING_PLAN, {"agency": one})) for one in held)
    return next((one for one, decision in asked if decision.allowed), None)


def list_meetings(by: Actor, *, after: str | None = None) -> Page[Meeting]:
    """The meetings that the actor may see, the last first."""
    wanted = visible_to(by).select_related("chair")
    return page_of(wanted, order=("-held_on", "-id"), after=after, size=25)


def counts(by: Actor, meetings: Iterable[Meeting]) -> Mapping[UUID, int]:
    """How many cases on each agenda the actor may see. One query."""
    found: dict[UUID, int] = {}
    for pk in _seen(by).filter(meeting__in=list(meetings)).values_list("meeting", flat=True):
        found[pk] = found.get(pk, 0) + 1
    return found


def attendees(meeting: Meeting) -> list[str]:
    """The names of those who attend, in order."""
    there = MeetingAttendee.objects.filter(meeting=meeting).values_list("user", flat=True)
    return sorted(names_of(there).values())


def items(by: Actor, meeting: Meeting) -> list[MeetingItem]:
    """The agenda as far as the actor may see its cases, oldest first. Nothing tells of others."""
    return list(_seen(by).filter(meeting=meeting))


def item(*, by: Actor, meeting: Meeting, case_id: UUID) -> MeetingItem:
    """One line of the agenda that exists for the actor."""
    found = _seen(by).filter(meeting=meeting, case=case_id).first()
    if found is None:
        raise NotVisible("No such line of the agenda.")
    return found


def _seen(by: Actor) -> QuerySet[MeetingItem]:
    seen = cases.visible_to(by).exclude(stage="").order_by().values("pk")
    return MeetingItem.objects.filter(case__in=seen).select_related("case__district")


def waiting_for(by: Actor, pathway: str, kind: str, agency: UUID) -> QuerySet[Case]:
    """Open cases that the actor sees in the stages which such meetings decide on, oldest first.

    Left out are those on another meeting's agenda that is still to be dealt with, and those that
    such a meeting has dealt with since they came to the stage without putting them off.
    """
    where = Q(pk__in=[])
    for (key, version), one in library().definitions.items():
        named = next((m for m in one.meetings if m.key == kind), None) if key == pathway else None
        if named is not None:
            where |= Q(pathway=key, pathway_version=version, stage__in=named.stages)
    alike = MeetingItem.objects.filter(
        case=OuterRef("pk"),
        meeting__pathway=pathway,
        meeting__kind=kind,
        meeting__agency=agency,
    )
    over = (MeetingState.CLOSED, MeetingState.CALLED_OFF)
    ahead = alike.filter(outcome="").exclude(meeting__state__in=over)
    settled = (MeetingItem.Outcome.ALLOCATED, MeetingItem.Outcome.NOTED)
    dealt_with = alike.filter(outcome__in=settled, decided_on__gte=OuterRef("stage_since"))
    found = cases.visible_to(by).filter(where, closed_on=None)
    return found.filter(~Exists(ahead), ~Exists(dealt_with)).order_by(F("stage_since"), "id")


def idle_before(day: date) -> QuerySet[Meeting]:
    """Meetings held before a day on whose agenda nothing is left: the cases have been disposed of,
    or there were none."""
    left = MeetingItem.objects.filter(meeting=OuterRef("pk"))
    return Meeting.objects.filter(~Exists(left), held_on__lt=day).order_by("id")


def why_not(meeting: Meeting, event: MeetingEvent) -> str:
    """The state's own words for why it may not; empty where it may."""
    return "" if happens(meeting, event) else str(MEETING_STATES.table[meeting.state, event])  # type: ignore[index]
