"""Funding of pathways: the lines with their totals, and entering or changing one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from stepdown.casework.actions import funding as actions
from stepdown.casework.queries import appraisal
from stepdown.casework.queries import funding as queries
from stepdown.casework.queries.years import year_words
from stepdown.casework.web.appraisal_forms import PoundsField
from stepdown.casework.web.appraisal_words import pounds
from stepdown.casework.web.appraisals import asked, version_of
from stepdown.casework.web.case_list import sections
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.kernel.sheets import as_csv
from stepdown.pages.forms import GovForm, Select, Text
from stepdown.pages.parts import Cell, Table
from stepdown.policy.permissions import Permission

if TYPE_CHECKING:
    from stepdown.casework.models import FundingLine


class FundingForm(GovForm):
    """What one fund gave in one year."""

    pathway = forms.ChoiceField(
        label=gettext_lazy("Which pathway is it for?"),
        widget=Select,
        error_messages={"required": gettext_lazy("Select a pathway.")},
    )
    year = forms.CharField(
        label=gettext_lazy("In which financial year?"),
        help_text=gettext_lazy("For example 2016/17."),
        widget=Text(width=5),
        error_messages={"required": gettext_lazy("Enter a financial year, such as 2016/17.")},
    )
    fund = forms.CharField(
        label=gettext_lazy("Which fund is it from?"),
        max_length=120,
        widget=Text(),
        error_messages={"required": gettext_lazy("Enter which fund it is.")},
    )
    pounds = PoundsField(
        label=gettext_lazy("How much?"),
        error_messages={"required": gettext_lazy("Enter an amount.")},
    )
    source = forms.CharField(
        label=gettext_lazy("Where does this figure come from?"),
        help_text=gettext_lazy("The document and its date."),
        max_length=200,
        widget=Text(),
        error_messages={"required": gettext_lazy("Enter where it comes from.")},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["pathway"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [("", _("Select one")), *appraisal.pathways()]


@page(Permission.EVIDENCE_VIEW)
@require_safe
def index(request: HubRequest) -> HttpResponse:
    """Every pathway's funding, by year, each with its total."""
    found = queries.lines_for(request.actor)
    tables = [
        funding_table(
            [line for line in found if line.pathway == key],
            name,
            [line for line in found if queries.may_keep(request.actor, line)],
        )
        for key, name in appraisal.pathways()
        if any(line.pathway == key for line in found)
    ]
    context = {
        "tables": tables,
        "may_enter": appraisal.agency_for(request.actor) is not None,
        "sub_navigation": sections(request),
    }
    return render(request, "casework/appraisals/funding.html", context)


def funding_table(
    lines: "Sequence[FundingLine]", caption: str, own: "Sequence[FundingLine]" = ()
) -> Table:
    """The lines and what they come to. Those of ``own`` lead to where they are changed."""
    kept = {line.pk for line in own}
    rows = [
        [
            Cell(
                f"{line.fund}, {year_words(line.year)}",
                reverse("funding-change", args=[line.pk]) if line.pk in kept else "",
            ),
            Cell(pounds(line.pounds)),
            Cell(line.source),
        ]
        for line in lines
    ]
    rows.append([Cell(_("In all")), Cell(pounds(queries.total(lines))), Cell("")])
    heads = [_("Fund and year"), _("Pounds"), _("Source")]
    return Table(caption, heads, rows, numeric=frozenset({1}), hide_caption=False)


@page(Permission.EVIDENCE_VIEW)
@require_safe
def download(request: HubRequest) -> HttpResponse:
    """Every line as a file for a spreadsheet."""
    columns = ("pathway", "year", "fund", "pounds", "source", "agency")
    rows = [
        (line.pathway, year_words(line.year), line.fund, f"{line.pounds:.2f}", line.source,
         line.agency.name if line.agency else None)
        for line in queries.lines_for(request.actor)
    ]  # fmt: skip
    answer = HttpResponse(as_csv(columns, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="funding.csv"'
    return answer


@page(Permission.EVIDENCE_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HubRequest) -> HttpResponse:
    """Another line."""
    form = FundingForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.enter(by=request.actor, **form.cleaned_data)
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, _("The funding was entered."))
            return redirect("funding")
    return asked(request, form, _("Enter funding"), _("Enter this funding"), reverse("funding"))


@page(Permission.EVIDENCE_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HubRequest, id: UUID) -> HttpResponse:
    """Another figure, or another source for it."""
    line = queries.get(by=request.actor, id=id)
    names = ("pathway", "fund", "pounds", "source")
    initial = {name: getattr(line, name) for name in names} | {"year": year_words(line.year)}
    form = FundingForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            version = version_of(request, line.version)
            actions.change(by=request.actor, line=line, version=version, **form.cleaned_data)
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, _("The funding was changed."))
            return redirect("funding")
    title, back = _("Change this funding"), reverse("funding")
    return asked(request, form, title, _("Save"), back, version=line.version)
