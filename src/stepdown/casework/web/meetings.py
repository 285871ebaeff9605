"""Meetings that decide on cases: the list, planning one, its agenda, its minutes."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from stepdown.casework.actions import meetings
from stepdown.casework.queries import meeting as queries
from stepdown.casework.queries.case_list import CaseLine, lines_of
from stepdown.casework.queries.case_words import in_words
from stepdown.casework.queries.definitions import definition
from stepdown.casework.queries.meeting import MeetingEvent
from stepdown.casework.queries.meeting_lines import Dealt, dealt
from stepdown.casework.web.case_list import sections
from stepdown.casework.web.meeting_forms import CallOffForm, MeetingForm
from stepdown.casework.web.meeting_words import rows_of, title_of
from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.queries.user import officer_choices
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.pages.forms import GovForm
from stepdown.pages.parts import Cell, Row, Table
from stepdown.pages.words import and_list, gov_date
from stepdown.policy.categories import Category
from stepdown.policy.decide import may_ever, require
from stepdown.policy.permissions import Permission

if TYPE_CHECKING:
    from stepdown.casework.models import Meeting

Line = tuple[Dealt, CaseLine]


@page(Permission.MEETING_VIEW)
@require_safe
def index(request: HubRequest) -> HttpResponse:
    """Every meeting that the reader may see, the last first."""
    found = queries.list_meetings(request.actor, after=request.GET.get("after"))
    many = queries.counts(request.actor, found.items)
    rows = [
        [
            Cell(title_of(one), reverse("meeting", args=[one.pk]), hint=_pathway(one)),
            Cell(gov_date(one.held_on)),
            Cell(one.chair.display_name),
            Cell(many.get(one.pk, 0)),
            Cell(one.state, status=True),
        ]
        for one in found.items
    ]
    headings = [_("Meeting"), _("When"), _("Chair"), _("Cases that you may see"), _("State")]
    context = {
        "table": Table(_("Meetings"), headings, rows, numeric=frozenset({3})),
        "found": found,
        "plans": may_ever(request.actor, Permission.MEETING_PLAN),
        "sub_navigation": sections(request),
    }
    return render(request, "casework/meetings/list.html", context)


@page(Permission.MEETING_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HubRequest) -> HttpResponse:
    """Plan a meeting: its agenda comes from what waits."""
    kinds = [
        (f"{one.key}/{kind.key}", f"{in_words(kind.name)}: {in_words(one.name)}")
        for one, kind in queries.kinds()
    ]
    form = MeetingForm(_data(request), kinds=kinds, users=officer_choices(),
                       initial={"chair": str(request.actor.user)})  # fmt: skip

    def deed() -> HttpResponse:
        made = meetings.plan(by=request.actor, **form.cleaned_data)
        messages.success(request, _("The meeting is planned, with what waits on its agenda."))
        return redirect("meeting", made.pk)

    return _form(request, form, deed, _("Plan a meeting"), "", _("Plan it"), reverse("meetings"))


@page(Permission.MEETING_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HubRequest, id: UUID) -> HttpResponse:
    """Another day, chair or company."""
    meeting = _able(request, id, Permission.MEETING_PLAN, MeetingEvent.CHANGE)
    there = [str(one) for one in meeting.attendees.values_list("user", flat=True)]
    given = {"held_on": meeting.held_on, "chair": str(meeting.chair_id), "attendees": there}
    form = MeetingForm(_data(request), kinds=(), users=officer_choices(), initial=given)

    def deed() -> HttpResponse:
        meetings.change(by=request.actor, meeting=meeting, **form.cleaned_data)
        messages.success(request, _("The plan is changed."))
        return redirect("meeting", id)

    title = _("Change the plan of this meeting")
    return _form(request, form, deed, title, "", _("Save"), reverse("meeting", args=[id]))


@page(Permission.MEETING_HOLD)
@require_http_methods(["GET", "HEAD", "POST"])
def agenda(request: HubRequest, id: UUID) -> HttpResponse:
    """Put what has come to wait since on the agenda."""
    meeting = _able(request, id, Permission.MEETING_HOLD, MeetingEvent.BRING_UP_TO_DATE)

    def deed() -> HttpResponse:
        count = meetings.bring_up_to_date(by=request.actor, meeting=meeting)
        words = ngettext("%(count)d case was added.", "%(count)d cases were added.", count)
        messages.success(request, words % {"count": count})
        return redirect("meeting", id)

    text = _("Cases that you may see and that have come to wait since are added at the end.")
    words = (_("Bring the agenda up to date?"), text, _("Bring it up to date"))
    return _form(request, GovForm(_data(request)), deed, *words, reverse("meeting", args=[id]))


@page(Permission.MEETING_HOLD)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HubRequest, id: UUID) -> HttpResponse:
    """It begins."""
    meeting = _able(request, id, Permission.MEETING_HOLD, MeetingEvent.OPEN)

    def deed() -> HttpResponse:
        meetings.open_meeting(by=request.actor, meeting=meeting)
        messages.success(request, _("The meeting has begun."))
        return redirect("meeting", id)

    words = (_("Begin this meeting?"), _("Decisions are taken from now on."), _("Begin"))
    return _form(request, GovForm(_data(request)), deed, *words, reverse("meeting", args=[id]))


@page(Permission.MEETING_HOLD)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HubRequest, id: UUID) -> HttpResponse:
    """It is over."""
    meeting = _able(request, id, Permission.MEETING_HOLD, MeetingEvent.CLOSE)

    def deed() -> HttpResponse:
        meetings.close(by=request.actor, meeting=meeting)
        messages.success(request, _("The meeting is closed. Its minutes stay as they are."))
        return redirect("meeting-minutes", id)

    text = _("Its minutes cannot be changed afterwards. Cases not reached wait for the next one.")
    words = (_("Close this meeting?"), text, _("Close it"))
    return _form(request, GovForm(_data(request)), deed, *words, reverse("meeting", args=[id]))


@page(Permission.MEETING_HOLD)
@require_http_methods(["GET", "HEAD", "POST"])
def call_off(request: HubRequest, id: UUID) -> HttpResponse:
    """It is not held after all."""
    meeting = _able(request, id, Permission.MEETING_HOLD, MeetingEvent.CALL_OFF)
    form = CallOffForm(_data(request), reasons=[(k, _(w)) for k, w in queries.WHY_NOT])

    def deed() -> HttpResponse:
        meetings.call_off(by=request.actor, meeting=meeting, **form.cleaned_data)
        messages.success(request, _("The meeting is called off. Its cases wait for the next one."))
        return redirect("meeting", id)

    text = _("All cases on its agenda go back to those that wait, as long as they have waited.")
    words = (_("Call this meeting off"), text, _("Call it off"))
    return _form(request, form, deed, *words, reverse("meeting", args=[id]))


@page(Permission.MEETING_VIEW)
@require_safe
def show(request: HubRequest, id: UUID) -> HttpResponse:
    """The agenda, and what has come of each case so far."""
    by, meeting = request.actor, queries.get(by=request.actor, id=id)
    lines = _lines(request, meeting, "meeting")
    holds = queries.may(by, meeting, Permission.MEETING_HOLD)
    deals = holds and queries.happens(meeting, MeetingEvent.PUT_OFF)
    rows = [
        [
            Cell(
                line.name or line.reference,
                reverse("meeting-case", args=[id, line.id]) if deals else _case_url(line),
                hint=line.reference if line.name else "",
            ),
            Cell(line.stage),
            Cell(gov_date(one.item.waits_since)),
            Cell(line.officer or _("Nobody yet")),
            Cell(one.item.outcome or "waiting", status=True),
        ]
        for one, line in lines
    ]
    headings = [_("Case"), _("Stage"), _("Waits since"), _("Looked after by"), _("What came of it")]
    plans = queries.may(by, meeting, Permission.MEETING_PLAN)
    context = {
        "meeting": meeting,
        "title": title_of(meeting),
        "pathway": _pathway(meeting),
        "rows": _facts(meeting),
        "table": Table(_("Agenda"), headings, rows, hide_caption=False),
        "begins": holds and queries.happens(meeting, MeetingEvent.OPEN),
        "updates": holds and queries.happens(meeting, MeetingEvent.BRING_UP_TO_DATE),
        "closes": holds and queries.happens(meeting, MeetingEvent.CLOSE),
        "calls_off": holds and queries.happens(meeting, MeetingEvent.CALL_OFF),
        "changes": plans and queries.happens(meeting, MeetingEvent.CHANGE),
        "back_url": reverse("meetings"),
    }
    return render(request, "casework/meetings/meeting.html", context)


@page(Permission.MEETING_VIEW)
@require_safe
def minutes(request: HubRequest, id: UUID) -> HttpResponse:
    """What a closed meeting decided, to be printed: of the cases that the reader may see."""
    meeting = queries.get(by=request.actor, id=id)
    if meeting.closed_at is None:
        messages.info(request, _("There are no minutes until the meeting is closed."))
        return redirect("meeting", id)
    lines = _lines(request, meeting, "meeting-minutes")
    context = {
        "meeting": meeting,
        "title": title_of(meeting),
        "pathway": _pathway(meeting),
        "rows": _facts(meeting),
        "cases": [(line, rows_of(one)) for one, line in lines],
        "back_url": reverse("meeting", args=[id]),
    }
    return render(request, "casework/meetings/minutes.html", context)


def _lines(request: HubRequest, meeting: "Meeting", where: str) -> list[Line]:
    """The agenda with its cases; whoever is shown is written down first."""
    found = dealt(request.actor, queries.items(request.actor, meeting))
    cases = lines_of(request.actor, [one.item.case_id for one in found])
    lines = [(one, cases[one.item.case_id]) for one in found if one.item.case_id in cases]
    shown = {}
    for one, line in lines:
        words = one.shown if where == "meeting-minutes" else {}
        named = {Category.IDENTITY: line.clause} if line.person else {}
        if words or named:
            shown[line.person or line.id] = {**words, **named}
    disclose(by=request.actor, people=shown, purpose="case", page=where)
    return lines


def _facts(meeting: "Meeting") -> list[Row]:
    found = [
        Row(_("When"), gov_date(meeting.held_on)),
        Row(_("Chair"), meeting.chair.display_name),
        Row(_("Attends"), and_list(queries.attendees(meeting)) or _("Nobody else")),
        Row(_("Agency"), meeting.agency.name),
    ]
    if meeting.closed_at is not None:
        found.append(Row(_("Closed"), gov_date(meeting.closed_at)))
    if meeting.called_off_on is not None:
        found.append(Row(_("Called off"), gov_date(meeting.called_off_on)))
        found.append(Row(_("Why"), _(dict(queries.WHY_NOT)[meeting.why_not])))
    return found


def _pathway(meeting: "Meeting") -> str:
    return in_words(definition(meeting.pathway, meeting.version).name)


def _case_url(line: CaseLine) -> str:
    return reverse("case", args=[line.id])


def _able(request: HubRequest, id: UUID, permission: Permission, event: MeetingEvent) -> "Meeting":
    """The meeting, if the reader may do this to it and its state lets it happen."""
    meeting = queries.get(by=request.actor, id=id)
    require(request.actor, permission, queries.facts(meeting))
    if not queries.happens(meeting, event):
        raise Refused(queries.why_not(meeting, event))
    return meeting


def _data(request: HubRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _form(
    request: HubRequest,
    form: GovForm,
    deed: Callable[[], HttpResponse],
    title: str,
    text: str,
    button: str,
    back_url: str,
) -> HttpResponse:
    """Draw it, or do it."""
    if request.method == "POST" and form.is_valid():
        try:
            return deed()
        except (InvalidInput, Refused) as error:
            form.explain(error)
    context = {"form": form, "title": title, "text": text, "button": button, "back_url": back_url}
    return render(request, "casework/meetings/form.html", context)
