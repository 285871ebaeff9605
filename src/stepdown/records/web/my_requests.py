"""Somebody signed in asks about their own data, one question a page, and sees how it stands."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.adapters.bank_holidays import england_and_wales
from stepdown.hub.queries import agency
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.pages.forms import GovForm, Radios, TextArea
from stepdown.pages.parts import Cell, Change, Row, Table
from stepdown.pages.words import gov_date
from stepdown.policy.permissions import Permission
from stepdown.policy.roles import RoleKey
from stepdown.records.actions import rights_requests
from stepdown.records.queries import rights_request as queries
from stepdown.records.queries.rights_pack import pack_of
from stepdown.records.queries.rights_request import RightsEvent
from stepdown.records.web import rights_words as words
from stepdown.records.web.rights_forms import choose
from stepdown.records.web.rights_letter import paragraphs

KEPT = "my-request"


class KindForm(GovForm):
    """What is asked for."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What do you want?"),
        choices=words.choices(words.OWN_KINDS),
        widget=Radios(),
    )


class AgencyForm(GovForm):
    """Whom they ask."""

    agency = forms.ChoiceField(
        label=gettext_lazy("Whom do you ask?"),
        widget=Radios(),
        help_text=gettext_lazy("Each partner answers for the records that it keeps or is shown."),
    )


class WordsForm(GovForm):
    """What they want to say."""

    asked_for = forms.CharField(
        label=gettext_lazy("Is there something particular you want? (optional)"),
        required=False,
        max_length=2000,
        widget=TextArea(max_characters=2000),
        help_text=gettext_lazy("Which records, from when, or what is wrong in them."),
    )


@dataclass(frozen=True)
class Step:
    """One page of the question course."""

    slug: str
    form: type[GovForm]
    name: str
    title: words.Words


STEPS = (
    Step("what", KindForm, "kind", gettext_lazy("What do you want?")),
    Step("whom", AgencyForm, "agency", gettext_lazy("Whom do you ask?")),
    Step("more", WordsForm, "asked_for", gettext_lazy("Is there something particular you want?")),
)


@page(Permission.RIGHTS_ASK)
def index(request: HubRequest) -> HttpResponse:
    """The actor's own requests, and how to make one."""
    rows = [
        [
            Cell(words.OWN_KINDS[one.kind], reverse("my-request", args=[one.id]), False,
                 one.reference),
            Cell(gov_date(one.received_on)),
            Cell(words.OWN_STATES[one.state]),
        ]
        for one in queries.own_requests(request.actor, england_and_wales())
    ]  # fmt: skip
    headings = [_("What you asked for"), _("Asked on"), _("Where it stands")]
    table = Table(_("Your requests"), headings, rows)
    return render(request, "records/my/index.html", {"table": table})


@page(Permission.RIGHTS_ASK)
def start(request: HubRequest) -> HttpResponse:
    """Begin anew."""
    request.session.pop(KEPT, None)
    return redirect("my-request-step", STEPS[0].slug)


@page(Permission.RIGHTS_ASK)
def step(request: HubRequest, step: str) -> HttpResponse:
    """One question, or what was answered before it is sent."""
    if step == "check":
        return _check(request)
    found = next((one for one in STEPS if one.slug == step), None)
    if found is None:
        raise Http404
    given = request.session.get(KEPT, {})
    form = found.form(
        request.POST if request.method == "POST" else None,
        initial={found.name: given.get(found.name)},
    )
    if found.name == "agency":
        choose(form, "agency", _agencies())
    if request.method == "POST" and form.is_valid():
        request.session[KEPT] = {**given, found.name: form.cleaned_data[found.name]}
        at = STEPS.index(found)
        on = "check" if "asked_for" in given or at + 1 == len(STEPS) else STEPS[at + 1].slug
        return redirect("my-request-step", on)
    at = STEPS.index(found)
    back = reverse("my-request-step", args=[STEPS[at - 1].slug]) if at else reverse("my-requests")
    context = {"form": form, "title": found.title, "back_url": back, "button": _("Continue")}
    return render(request, "records/my/step.html", context)


def _check(request: HubRequest) -> HttpResponse:
    given = request.session.get(KEPT, {})
    missing = next((one for one in STEPS if one.name not in given), None)
    if missing:
        return redirect("my-request-step", missing.slug)
    to = agency.agency(UUID(given["agency"]))
    form = GovForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and to is not None:
        try:
            made = rights_requests.ask(
                by=request.actor, agency=to, kind=given["kind"], asked_for=given["asked_for"]
            )
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            request.session.pop(KEPT, None)
            messages.success(request, _("We have your request."))
            return redirect("my-request", made.pk)
    says = [words.OWN_KINDS[given["kind"]], to.name if to else "", given["asked_for"]]
    rows = [
        Row(
            str(one.title),
            value,
            Change(reverse("my-request-step", args=[one.slug]), str(one.title).lower()),
        )
        for one, value in zip(STEPS, says, strict=True)
    ]
    context = {
        "form": form,
        "rows": rows,
        "title": _("Check your answers"),
        "back_url": reverse("my-request-step", args=[STEPS[-1].slug]),
        "button": _("Send your request"),
    }
    return render(request, "records/my/step.html", context)


@page(Permission.RIGHTS_ASK)
def show(request: HubRequest, id: UUID) -> HttpResponse:
    """How it stands: the same words as the letter."""
    held = queries.get(by=request.actor, id=id, permission=Permission.RIGHTS_ASK)
    context = {
        "held": held,
        "kind": words.OWN_KINDS[held.kind],
        "state": words.OWN_STATES[held.state],
        "paragraphs": paragraphs(held),
        "pack": pack_of(held),
        "may_withdraw": queries.may(held, RightsEvent.WITHDRAW),
        "back_url": reverse("my-requests"),
    }
    return render(request, "records/my/show.html", context)


@page(Permission.RIGHTS_ASK)
def withdraw(request: HubRequest, id: UUID) -> HttpResponse:
    """Take it back."""
    held = queries.get(by=request.actor, id=id, permission=Permission.RIGHTS_ASK)
    form = GovForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            rights_requests.withdraw(by=request.actor, request=held)
        except Refused as error:
            form.explain(error)
        else:
            messages.success(request, _("You have taken it back."))
            return redirect("my-request", id)
    context = {
        "form": form,
        "title": _("Take back your request"),
        "back_url": reverse("my-request", args=[id]),
        "button": _("Take it back"),
    }
    return render(request, "records/my/step.html", context)


def _agencies() -> list[tuple[str, str]]:
    """Partners that have somebody who deals with requests."""
    held = agency.holders_of([RoleKey.DATA_PROTECTION_OFFICER])
    able = {str(pk) for pk, _role in held}
    return [one for one in agency.choices() if one[0] in able]
