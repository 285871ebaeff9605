"""One case at a meeting: all that is needed to decide, and the decision, on one page."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stepdown.casework.actions import meeting_decisions
from stepdown.casework.queries import meeting as queries
from stepdown.casework.queries.case import definition_of, facts, get, may, right_to_move
from stepdown.casework.queries.case_facts import endings_of, standing_of
from stepdown.casework.queries.case_words import in_words, said
from stepdown.casework.queries.meeting import MeetingEvent
from stepdown.casework.queries.meeting_lines import REASONS, dealt
from stepdown.casework.web.case_bar import bar
from stepdown.casework.web.cases import forms_of
from stepdown.casework.web.meeting_forms import ActionForm, DecisionForm, category_choices
from stepdown.casework.web.meeting_words import rows_of, title_of
from stepdown.hub.queries.user import officer_choices
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.pathways.interpret import Standing
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

if TYPE_CHECKING:
    from stepdown.casework.models import Case, Meeting, MeetingItem


@page(Permission.MEETING_HOLD)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HubRequest, id: UUID, case_id: UUID) -> HttpResponse:
    """Decide on the case, or put it off."""
    meeting, item, case = _held(request, id, case_id)
    context = bar(request, case, "meeting-case")
    now = standing_of(case)
    form = _form(request, meeting, case, now, context["read"])
    if request.method == "POST" and form.is_valid():
        try:
            words = _decide(request, item, form)
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, words)
            return redirect("meeting", id)
    file = definition_of(case)
    context |= {
        "meeting": meeting,
        "title": title_of(meeting),
        "form": form,
        "refused": [
            (in_words(way.move.name), [said(why) for why in way.refused])
            for way in now.ways
            if way.refused
        ],
        "stage_name": in_words(file.stage(case.stage).name),
        "dealt": rows_of(dealt(request.actor, [item])[0]),
        "forms": forms_of(case, {one.value for one in context["read"]}),
        "asks": queries.happens(meeting, MeetingEvent.DECIDE)
        and may(request.actor, case, Permission.CASE_NOTE),
        "back_url": reverse("meeting", args=[id]),
    }
    return render(request, "casework/meetings/case.html", context)


@page(Permission.MEETING_HOLD)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HubRequest, id: UUID, case_id: UUID) -> HttpResponse:
    """Somebody is to do something about the case."""
    meeting, item, case = _held(request, id, case_id)
    require(request.actor, Permission.CASE_NOTE, facts(case))
    if not queries.happens(meeting, MeetingEvent.DECIDE):
        raise Refused(queries.why_not(meeting, MeetingEvent.DECIDE))
    context = bar(request, case, "meeting-action")
    form = ActionForm(
        request.POST if request.method == "POST" else None,
        users=officer_choices(),
        categories=category_choices(context["read"]),
        initial={"category": "support"},
    )
    if request.method == "POST" and form.is_valid():
        try:
            meeting_decisions.ask(by=request.actor, item=item, **form.cleaned_data)
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, _("They are told on their page Today."))
            return redirect("meeting-case", id, case_id)
    back = reverse("meeting-case", args=[id, case_id])
    words = {"title": _("Ask somebody to act"), "button": _("Ask them"), "back_url": back}
    return render(request, "casework/cases/form.html", {**context, "form": form, **words})


def _held(request: HubRequest, id: UUID, case_id: UUID) -> tuple["Meeting", "MeetingItem", "Case"]:
    meeting = queries.get(by=request.actor, id=id)
    require(request.actor, Permission.MEETING_HOLD, queries.facts(meeting))
    item = queries.item(by=request.actor, meeting=meeting, case_id=case_id)
    if not queries.happens(meeting, MeetingEvent.PUT_OFF):
        raise Refused(queries.why_not(meeting, MeetingEvent.PUT_OFF))
    return meeting, item, get(by=request.actor, id=case_id)


def _form(
    request: HubRequest, meeting: "Meeting", case: "Case", now: Standing, read: Any
) -> DecisionForm:
    by = request.actor
    decides = queries.happens(meeting, MeetingEvent.DECIDE)
    notes = may(by, case, Permission.CASE_NOTE) and case.closed_on is None
    ways = _ways(request, case, now) if decides else []
    decisions = []
    if decides and may(by, case, Permission.CASE_ASSIGN) and case.closed_on is None:
        decisions.append(("allocate", _("Give it to somebody")))
    if ways:
        decisions.append(("move", _("Take it on to another stage, or close it")))
    decisions.append(("put-off", _("Put it off to the next meeting")))
    if decides and notes:
        decisions.append(("note", _("Nothing but a note of what was said")))
    roles = [one for one in definition_of(case).team if one.pool == "staff"]
    users = officer_choices()
    return DecisionForm(
        request.POST if request.method == "POST" else None,
        decisions=decisions,
        holders=[
            (
                f"{role.key} {user}",
                _("%(name)s, as %(role)s") % {"name": name, "role": in_words(role.name)},
            )
            for role in roles
            for user, name in users
        ],
        ways=ways,
        reasons=[(key, _(words)) for key, words in REASONS],
        categories=category_choices(read) if notes else [],
        initial={"category": "support"},
    )


def _ways(request: HubRequest, case: "Case", now: Standing) -> list[tuple[str, str]]:
    """Every way out that is open to the reader now; to an end, one for each outcome and reason."""
    found = []
    for way in now.ways:
        ends = way.stage.ends
        if way.refused or not may(request.actor, case, right_to_move(case, ends=ends)):
            continue
        words, to = in_words(way.move.name), way.stage.key
        if not ends:
            found.append((f"{to}||", words))
            continue
        for one in (one for one, refused in endings_of(case, to) if not refused):
            name = f"{words}: {in_words(one.name)}"
            reasons = [
                (f"{to}|{one.key}|{r.key}", f"{name}, {in_words(r.name)}") for r in one.reasons
            ]
            found += reasons or [(f"{to}|{one.key}|", name)]
    return found


def _decide(request: HubRequest, item: "MeetingItem", form: DecisionForm) -> str:
    by, given, note = request.actor, form.cleaned_data, form.note()
    match given["decision"]:
        case "allocate":
            role, user = given["allocate"].split(" ", 1)
            meeting_decisions.allocate(by=by, item=item, role=role, user=user, note=note)
            return _("The case has somebody in this role.")
        case "move":
            to, outcome, reason = given["move"].split("|")
            meeting_decisions.move(
                by=by, item=item, to=to, outcome=outcome, reason=reason, note=note
            )
            return _("The case was moved on.")
        case "put-off":
            meeting_decisions.put_off(by=by, item=item, reason=given["reason"], note=note)
            return _("The case is put off.")
    meeting_decisions.discuss(by=by, item=item, note=note or ("", ""))
    return _("The note is written down.")
