"""The lines of an appraisal: added, changed, pasted all at once."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from stepdown.casework.actions import appraisal_lines as actions
from stepdown.casework.queries import appraisal as queries
from stepdown.casework.queries.years import year_words
from stepdown.casework.web.appraisal_forms import LineForm, LinesForm
from stepdown.casework.web.appraisals import asked, version_of
from stepdown.casework.web.case_list import sections
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.pages.parts import Cell, Table
from stepdown.policy.permissions import Permission


@page(Permission.EVIDENCE_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HubRequest, id: UUID) -> HttpResponse:
    """One more line."""
    held = queries.get(by=request.actor, id=id)
    form = LineForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.add(by=request.actor, appraisal=held, **form.cleaned_data)
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, _("The line was added."))
            return redirect("appraisal", id)
    back = reverse("appraisal", args=[id])
    return asked(request, form, _("Add a line"), _("Add this line"), back)


@page(Permission.EVIDENCE_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HubRequest, id: UUID, line_id: UUID) -> HttpResponse:
    """Another figure, or another source for it."""
    held = queries.get(by=request.actor, id=id)
    line = queries.line_of(held, line_id)
    names = ("kind", "what", "pounds", "whose", "source")
    initial = {name: getattr(line, name) for name in names} | {"year": year_words(line.year)}
    form = LineForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            version = version_of(request, line.version)
            actions.change(by=request.actor, line=line, version=version, **form.cleaned_data)
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, _("The line was changed."))
            return redirect("appraisal", id)
    back = reverse("appraisal", args=[id])
    title = _("Change this line")
    return asked(request, form, title, _("Save"), back, version=line.version)


@page(Permission.EVIDENCE_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def read(request: HubRequest, id: UUID) -> HttpResponse:
    """All lines at once, or none and the reasons, row by row."""
    held = queries.get(by=request.actor, id=id)
    form = LinesForm(request.POST if request.method == "POST" else None)
    faults: Table | None = None
    if form.is_valid():
        try:
            text = form.cleaned_data["rows"]
            count = actions.replace(by=request.actor, appraisal=held, text=text)
        except actions.WrongRows as wrong:
            form.add_error("rows", _("Nothing was changed. What is wrong is listed below."))
            faults = _faults(wrong)
        except Refused as error:
            form.explain(error)
        else:
            words = ngettext("%(n)d line was read.", "%(n)d lines were read.", count)
            messages.success(request, words % {"n": count})
            return redirect("appraisal", id)
    context = {
        "appraisal": held,
        "form": form,
        "faults": faults,
        "columns": actions.COLUMNS,
        "sub_navigation": sections(request),
    }
    status = 422 if form.is_bound else 200
    return render(request, "casework/appraisals/read.html", context, status=status)


def _faults(wrong: actions.WrongRows) -> Table:
    rows = [[Cell(one.row), Cell(one.column), Cell(one.words)] for one in wrong.faults]
    heads = [_("Row"), _("Column"), _("What is wrong")]
    return Table(_("What is wrong in the rows"), heads, rows, hide_caption=False)
