"""Measures of performance: the list, one with its figures, and entering them."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from stepdown.casework.actions import performance as actions
from stepdown.casework.queries import appraisal
from stepdown.casework.queries import performance as queries
from stepdown.casework.web import performance_words as words
from stepdown.casework.web.appraisals import asked, version_of
from stepdown.casework.web.case_list import sections
from stepdown.casework.web.performance_forms import FigureForm, MeasureForm
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.kernel.sheets import as_csv
from stepdown.pages.parts import Cell, Table
from stepdown.policy.permissions import Permission

if TYPE_CHECKING:
    from stepdown.casework.models import PerformanceFigure


@page(Permission.EVIDENCE_VIEW)
@require_safe
def index(request: HubRequest) -> HttpResponse:
    """Every measure, with its last figure."""
    rows = []
    for one in queries.every(request.actor):
        figures = list(one.figures.all())
        last = queries.worked(one, figures, share=False)[-1] if figures else None
        value = words.plain(figures[-1].value) if figures else ""
        rows.append([
            Cell(one.name, reverse("performance-measure", args=[one.pk])),
            Cell(f"{value} {one.unit}" if figures else _("No figure yet")),
            Cell(words.compared(last) if last else ""),
            Cell(one.agency.name if one.agency else _("The partnership")),
        ])  # fmt: skip
    heads = [_("Measure"), _("Last figure"), _("Compared"), _("Kept by")]
    context = {
        "table": Table(_("Measures"), heads, rows) if rows else None,
        "may_begin": appraisal.agency_for(request.actor) is not None,
        "sub_navigation": sections(request),
    }
    return render(request, "casework/performance/index.html", context)


@page(Permission.EVIDENCE_VIEW)
@require_safe
def show(request: HubRequest, id: UUID) -> HttpResponse:
    """One measure: its figures, what each comes to, and where they contradict themselves."""
    held = queries.get(by=request.actor, id=id)
    found = queries.worked(held, list(held.figures.all()))
    keeps = queries.may_keep(request.actor, held)
    context = {
        "measure": held,
        "pathway": dict(appraisal.pathways()).get(held.pathway, held.pathway),
        "picture": words.picture(held, found),
        "table": words.table(held, found, change=keeps) if found else None,
        "parts": words.parts(found),
        "warned": any(one.faults for one in found),
        "may_keep": keeps,
        "sub_navigation": sections(request),
    }
    return render(request, "casework/performance/measure.html", context)


@page(Permission.EVIDENCE_VIEW)
@require_safe
def download(request: HubRequest, id: UUID) -> HttpResponse:
    """Its figures as a file, with what they come to."""
    held = queries.get(by=request.actor, id=id)
    columns = ("measure", "unit", "since", "until", "value", "against", "comparator", "percent",
               "stated", "each", "warnings", "source")  # fmt: skip
    rows = []
    for one in queries.worked(held, list(held.figures.all())):
        row, percent = one.row, one.published.percent
        rows.append((
            held.name, held.unit, row.since.isoformat(), row.until.isoformat(),
            actions.plain(row.value), row.against,
            None if row.comparator is None else actions.plain(row.comparator),
            None if percent is None else f"{percent:.1f}", row.stated,
            None if one.each is None else f"{one.each:.1f}",
            " ".join(words.warnings(one)), row.source,
        ))  # fmt: skip
    answer = HttpResponse(as_csv(columns, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="performance.csv"'
    return answer


@page(Permission.EVIDENCE_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HubRequest) -> HttpResponse:
    """Another measure."""
    others = queries.choices(request.actor)
    form = MeasureForm(request.POST if request.method == "POST" else None, others=others)
    if form.is_valid():
        try:
            made = actions.begin(by=request.actor, **form.cleaned_data)
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, _("The measure was added. Enter its figures."))
            return redirect("performance-measure", made.pk)
    back = reverse("performance")
    return asked(request, form, _("Add a measure"), _("Add this measure"), back)


@page(Permission.EVIDENCE_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HubRequest, id: UUID) -> HttpResponse:
    """What it is called, and of which other measure it is worked out."""
    held = queries.get(by=request.actor, id=id)
    initial = {"name": held.name, "unit": held.unit, "pathway": held.pathway, "per": held.per_id}
    others = queries.choices(request.actor, held.pk)
    data = request.POST if request.method == "POST" else None
    form = MeasureForm(data, others=others, initial=initial)
    if form.is_valid():
        try:
            version = version_of(request, held.version)
            actions.change(by=request.actor, measure=held, version=version, **form.cleaned_data)
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, _("The measure was changed."))
            return redirect("performance-measure", id)
    title, back = _("Change this measure"), reverse("performance-measure", args=[id])
    return asked(request, form, title, _("Save"), back, version=held.version)


@page(Permission.EVIDENCE_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HubRequest, id: UUID) -> HttpResponse:
    """A figure as its source has it."""
    held = queries.get(by=request.actor, id=id)
    form = FigureForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.enter(by=request.actor, measure=held, **form.cleaned_data)
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, _("The figure was entered."))
            return redirect("performance-measure", id)
    back = reverse("performance-measure", args=[id])
    return asked(request, form, _("Enter a figure"), _("Enter this figure"), back)


@page(Permission.EVIDENCE_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HubRequest, id: UUID, figure_id: UUID) -> HttpResponse:
    """Another number, or another source for it."""
    held = queries.get(by=request.actor, id=id)
    figure = queries.figure_of(held, figure_id)
    data = request.POST if request.method == "POST" else None
    form = FigureForm(data, initial=_initial(figure))
    if form.is_valid():
        try:
            version = version_of(request, figure.version)
            actions.correct(by=request.actor, figure=figure, version=version, **form.cleaned_data)
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, _("The figure was changed."))
            return redirect("performance-measure", id)
    title, back = _("Change this figure"), reverse("performance-measure", args=[id])
    return asked(request, form, title, _("Save"), back, version=figure.version)


def _initial(figure: "PerformanceFigure") -> dict[str, Any]:
    names = ("since", "until", "value", "against", "comparator", "stated", "narrative", "source",
             "as_printed")  # fmt: skip
    parts = "\n".join(f"{name}, {number}" for name, number in figure.parts)
    return {name: getattr(figure, name) for name in names} | {"parts": parts}
