"""Notes on a case, and ticking off what a meeting asked for."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stepdown.casework.actions import case_notes, meeting_decisions
from stepdown.casework.queries import case_note, meeting_lines
from stepdown.casework.queries.case import facts, get
from stepdown.casework.web.case_bar import bar
from stepdown.casework.web.meeting_forms import NoteForm, category_choices
from stepdown.casework.web.meeting_words import asked
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.pages.forms import GovForm
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission


@page(Permission.CASE_NOTE)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HubRequest, id: UUID) -> HttpResponse:
    """A note of one's own, in one kind of information."""
    case = get(by=request.actor, id=id)
    require(request.actor, Permission.CASE_NOTE, facts(case))
    context = bar(request, case, "case-note")
    form = NoteForm(
        request.POST if request.method == "POST" else None,
        categories=category_choices(context["read"]),
        initial={"category": "support"},
    )
    if request.method == "POST" and form.is_valid():
        try:
            case_notes.write(by=request.actor, case=case, **form.cleaned_data)
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, _("The note is written down."))
            return redirect("case", id)
    context |= {"form": form, "title": _("Write a note"), "button": _("Save the note")}
    return render(request, "casework/cases/form.html", context)


@page(Permission.CASE_NOTE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HubRequest, id: UUID, note_id: UUID) -> HttpResponse:
    """The next version of a note; what it said before stays to be read."""
    case = get(by=request.actor, id=id)
    require(request.actor, Permission.CASE_NOTE, facts(case))
    context = bar(request, case, "case-note")
    note = case_note.get(case, context["read"], note_id)
    form = NoteForm(
        request.POST if request.method == "POST" else None,
        categories=(),
        initial={"words": note.words},
    )
    if request.method == "POST" and form.is_valid():
        try:
            words = form.cleaned_data["words"]
            case_notes.change(by=request.actor, case=case, note=note, words=words)
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, _("The note is changed. What it said before is kept."))
            return redirect("case", id)
    text = _("What it says now is kept beside the new words, with who wrote it.")
    context |= {"form": form, "title": _("Change a note"), "text": text, "button": _("Save")}
    return render(request, "casework/cases/form.html", context)


@page(Permission.CASE_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HubRequest, id: UUID, action_id: UUID) -> HttpResponse:
    """Say that what a meeting asked for is done."""
    case = get(by=request.actor, id=id)
    context = bar(request, case, "case-action")
    action = meeting_lines.action(case, context["read"], action_id)
    form = GovForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            meeting_decisions.done(by=request.actor, action=action)
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, _("It is done."))
            return redirect("case", id)
    words = {"title": _("Is this done?"), "text": asked(action), "button": _("It is done")}
    return render(request, "casework/cases/form.html", {**context, "form": form, **words})
