"""Rates: what an hour or a visit costs, where that comes from, and entering another."""

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

from stepdown.casework.actions import rates as actions
from stepdown.casework.queries import rate as queries
from stepdown.casework.web.case_list import sections
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.pages.forms import GovDateField, GovForm, Radios, Select, Text
from stepdown.pages.parts import Cell, Row, Table
from stepdown.pages.words import gov_date
from stepdown.policy.decide import may_ever
from stepdown.policy.permissions import Permission

if TYPE_CHECKING:
    from stepdown.casework.models import Rate

PER = {"hour": gettext_lazy("an hour"), "each": gettext_lazy("for each one")}


class RateForm(GovForm):
    """A rate from a day on."""

    line = forms.ChoiceField(
        label=gettext_lazy("What is it the rate of?"),
        widget=Select,
        error_messages={"required": gettext_lazy("Select what is added up.")},
    )
    payer = forms.CharField(
        label=gettext_lazy("Whose time or money is it?"),
        help_text=gettext_lazy("For example Police, or Ambulance service."),
        max_length=80,
        widget=Text(width=20),
        error_messages={"required": gettext_lazy("Enter whose time or money it is.")},
    )
    per = forms.ChoiceField(
        label=gettext_lazy("What is the rate for?"),
        choices=[
            ("hour", gettext_lazy("An hour (what is added up is minutes)")),
            ("each", gettext_lazy("Each one, such as a visit")),
        ],
        widget=Radios(),
        error_messages={"required": gettext_lazy("Select what the rate is for.")},
    )
    pounds = forms.DecimalField(
        label=gettext_lazy("How much?"),
        max_digits=9,
        decimal_places=2,
        widget=Text(width=10, prefix="£"),
        error_messages={
            "required": gettext_lazy("Enter an amount."),
            "invalid": gettext_lazy("Enter pounds and pence, such as 26.94."),
            "max_decimal_places": gettext_lazy("Enter pounds and pence, such as 26.94."),
        },
    )
    valid_from = GovDateField(label=gettext_lazy("The first day it holds"))
    source = forms.CharField(
        label=gettext_lazy("Where does it come from?"),
        help_text=gettext_lazy("The document and its date."),
        max_length=200,
        widget=Text(),
        error_messages={"required": gettext_lazy("Enter where the rate comes from.")},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["line"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        known = [(one.key, f"{one.pathway}: {one.name}") for one in queries.lines()]
        field.choices = [("", _("Select one")), *known]


@page(Permission.RATE_VIEW)
@require_safe
def index(request: HubRequest) -> HttpResponse:
    """Every rate there is or was, the latest of each line first."""
    names = {one.key: one for one in queries.lines()}
    rows = [
        [
            Cell(names[key].name if key in names else rate.line,
                 hint=names[key].pathway if key in names else rate.pathway),
            Cell(rate.payer),
            Cell(f"£{rate.pounds:,.2f} {PER[rate.per]}"),
            Cell(gov_date(rate.valid_from)),
            Cell(rate.source),
            _looked_at(request, rate),
        ]
        for rate in queries.every()
        for key in [f"{rate.pathway}/{rate.line}"]
    ]  # fmt: skip
    heads = [_("What is added up"), _("Whose"), _("Rate"), _("From"), _("Where it comes from"),
             _("Looked at by somebody else")]  # fmt: skip
    context = {
        "table": Table(_("Rates"), heads, rows) if rows else None,
        "may_enter": may_ever(request.actor, Permission.RATE_ENTER),
        "sub_navigation": sections(request),
    }
    return render(request, "casework/rates/index.html", context)


@page(Permission.RATE_ENTER)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HubRequest) -> HttpResponse:
    """Another rate; what held before stays readable."""
    form = RateForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.enter(by=request.actor, **form.cleaned_data)
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, _("The rate was entered."))
            return redirect("rates")
    context = {"form": form, "sub_navigation": sections(request)}
    status = 422 if form.is_bound else 200
    return render(request, "casework/rates/enter.html", context, status=status)


@page(Permission.RATE_ENTER)
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HubRequest, id: UUID) -> HttpResponse:
    """It is compared with its source by somebody other than who entered it."""
    rate = queries.get(id)
    if request.method == "POST":
        try:
            actions.verify(by=request.actor, rate=rate)
        except Refused as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The rate is verified."))
        return redirect("rates")
    names = {one.key: one for one in queries.lines()}
    named = names.get(f"{rate.pathway}/{rate.line}")
    rows = [
        Row(_("What is added up"), f"{named.pathway}: {named.name}" if named else rate.line),
        Row(_("Whose"), rate.payer),
        Row(_("Rate"), f"£{rate.pounds:,.2f} {PER[rate.per]}"),
        Row(_("From"), gov_date(rate.valid_from)),
        Row(_("Where it comes from"), rate.source),
    ]
    context = {
        "rows": rows,
        "may_verify": queries.may_verify(request.actor, rate),
        "verified": rate.verified,
        "sub_navigation": sections(request),
    }
    return render(request, "casework/rates/verify.html", context)


def _looked_at(request: HubRequest, rate: "Rate") -> Cell:
    if rate.verified_on is not None:
        who = rate.verified_by.display_name if rate.verified_by else ""
        return Cell(who, hint=gov_date(rate.verified_on))
    if queries.may_verify(request.actor, rate):
        address = reverse("rate-verify", args=[rate.pk])
        return Cell(_("Compare it with its source"), url=address, hint=_("Not verified"))
    return Cell(_("Not verified"))
