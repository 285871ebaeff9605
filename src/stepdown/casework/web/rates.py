"""Rates: what an hour or a visit costs, where that comes from, and entering another."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from stepdown.casework.actions import rates as actions
from stepdown.casework.queries import rate as queries
from stepdown.casework.web.case_list import sections
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.pages.forms import GovDateField, GovForm, Radios, Select, Text
from stepdown.pages.parts import Cell, Table
from stepdown.pages.words import gov_date
from stepdown.policy.decide import may_ever
from stepdown.policy.permissions import Permission

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
    verified = forms.BooleanField(
        label=gettext_lazy("I have checked it against that document"), required=False
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
            Cell(rate.source, hint="" if rate.verified else _("Not verified")),
        ]
        for rate in queries.every()
        for key in [f"{rate.pathway}/{rate.line}"]
    ]  # fmt: skip
    heads = [_("What is added up"), _("Whose"), _("Rate"), _("From"), _("Where it comes from")]
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
