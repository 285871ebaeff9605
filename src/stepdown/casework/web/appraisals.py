"""Appraisals: the list, one with its table and picture, and starting or changing one."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stepdown.casework.actions import appraisals as actions
from stepdown.casework.queries import appraisal as queries
from stepdown.casework.queries.years import year_words
from stepdown.casework.web import appraisal_words as words
from stepdown.casework.web.appraisal_forms import AppraisalForm
from stepdown.casework.web.case_list import sections
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.kernel.sheets import as_csv
from stepdown.pages.parts import Cell, Table
from stepdown.policy.decide import may_ever
from stepdown.policy.permissions import Permission

if TYPE_CHECKING:
    from stepdown.casework.models import Appraisal


@page(Permission.EVIDENCE_VIEW)
@require_safe
def index(request: HubRequest) -> HttpResponse:
    """Every appraisal the reader may see."""
    names = dict(queries.pathways())
    rows = [
        [
            Cell(one.title, reverse("appraisal", args=[one.pk])),
            Cell(names.get(one.pathway, one.pathway) or _("None, or several")),
            Cell(one.agency.name if one.agency else _("The partnership")),
            Cell(year_words(one.base_year)),
            Cell(one.many),  # type: ignore[attr-defined]
        ]
        for one in queries.every(request.actor)
    ]
    heads = [_("Appraisal"), _("Pathway"), _("Kept by"), _("First year"), _("Lines")]
    table = Table(_("Appraisals"), heads, rows, numeric=frozenset({4})) if rows else None
    context = {
        "table": table,
        "may_start": queries.agency_for(request.actor) is not None,
        "sub_navigation": sections(request),
    }
    return render(request, "casework/appraisals/index.html", context)


@page(Permission.EVIDENCE_VIEW)
@require_safe
def show(request: HubRequest, id: UUID) -> HttpResponse:
    """One appraisal: what it comes to, year by year, and what each figure rests on."""
    held = queries.get(by=request.actor, id=id)
    lines = queries.lines_of(held)
    found = queries.worked(held, lines)
    keeps = queries.may_keep(request.actor, held)
    context = {
        "appraisal": held,
        "pathway": dict(queries.pathways()).get(held.pathway, held.pathway),
        "facts": words.facts(held),
        "results": words.results(held, found) if lines else [],
        "picture": words.picture(held, found) if lines else "",
        "years": words.years(held, found) if lines else None,
        "rests": words.rests(found) if lines else None,
        "lines": words.lines(held, lines, change=keeps) if lines else None,
        "may_keep": keeps,
        "may_verify": may_ever(request.actor, Permission.EVIDENCE_CHECK)
        and held.rate_verified_on is None
        and held.rate_by_id != request.actor.user,
        "sub_navigation": sections(request),
    }
    return render(request, "casework/appraisals/appraisal.html", context)


@page(Permission.EVIDENCE_VIEW)
@require_safe
def download(request: HubRequest, id: UUID) -> HttpResponse:
    """Its lines as a file that can be read back in."""
    held = queries.get(by=request.actor, id=id)
    rows = [
        (one.kind, one.what, year_words(one.year), f"{one.pounds:.2f}", one.whose, one.source)
        for one in queries.lines_of(held)
    ]
    columns = ("kind", "what", "year", "pounds", "whose", "source")
    answer = HttpResponse(as_csv(columns, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="appraisal-{held.base_year}.csv"'
    return answer


@page(Permission.EVIDENCE_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HubRequest) -> HttpResponse:
    """Another appraisal."""
    form = AppraisalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = actions.start(by=request.actor, **form.cleaned_data)
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, _("The appraisal was started. Add its lines."))
            return redirect("appraisal", made.pk)
    title, back = _("Start an appraisal"), reverse("appraisals")
    return asked(request, form, title, _("Start it"), back)


@page(Permission.EVIDENCE_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HubRequest, id: UUID) -> HttpResponse:
    """What it is about, and by which rate."""
    held = queries.get(by=request.actor, id=id)
    initial = {**_initial(held), "base_year": year_words(held.base_year)}
    form = AppraisalForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            version = version_of(request, held.version)
            actions.change(by=request.actor, appraisal=held, version=version, **form.cleaned_data)
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, _("The appraisal was changed."))
            return redirect("appraisal", id)
    title, back = _("Change this appraisal"), reverse("appraisal", args=[id])
    return asked(request, form, title, _("Save"), back, version=held.version)


@page(Permission.EVIDENCE_CHECK)
@require_POST
def verify(request: HubRequest, id: UUID) -> HttpResponse:
    """The rate was compared with its source."""
    held = queries.get(by=request.actor, id=id)
    actions.verify_rate(by=request.actor, appraisal=held, version=version_of(request, held.version))
    messages.success(request, _("The discount rate is verified."))
    return redirect("appraisal", id)


def version_of(request: HubRequest, now: int) -> int:
    """The version that the page was made from, as the form sends it back."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else now


def asked(
    request: HubRequest, form: Any, title: str, button: str, back: str, **more: Any
) -> HttpResponse:
    """A page with one form."""
    context = {
        "form": form, "title": title, "button": button, "back_url": back,
        "sub_navigation": sections(request), **more,
    }  # fmt: skip
    status = 422 if form.is_bound else 200
    return render(request, "casework/appraisals/form.html", context, status=status)


def _initial(held: "Appraisal") -> dict[str, Any]:
    names = ("title", "pathway", "rate", "rate_source", "rate_dated", "each", "each_source")
    return {name: getattr(held, name) for name in names}
