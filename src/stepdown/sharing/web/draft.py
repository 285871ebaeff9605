"""Drafting an agreement, step by step, until its answers are checked and it is sent."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.pages.forms import GovForm
from stepdown.policy.permissions import Permission
from stepdown.sharing.actions import agreements
from stepdown.sharing.actions.clauses import Asked
from stepdown.sharing.queries import agreement as queries
from stepdown.sharing.web.agreements import may_draft, whole
from stepdown.sharing.web.forms import (
    REFERRALS,
    AssessmentForm,
    ClauseForm,
    DraftForm,
    TermsForm,
)
from stepdown.sharing.web.template import referral_clauses

if TYPE_CHECKING:
    from stepdown.sharing.models import Agreement


@page(Permission.AGREEMENT_DRAFT)
def add(request: HubRequest) -> HttpResponse:
    """A new draft: title, parties, dates, and what it begins with."""
    form = DraftForm(request.POST if request.method == "POST" else None)
    made: list[UUID] = []

    def save() -> None:
        given = dict(form.cleaned_data)
        template = given.pop("template")
        with transaction.atomic():
            held = agreements.draft(by=request.actor, **given)
            own = {str(g.agency) for g in request.actor.grants if g.agency}
            for asked in referral_clauses(given["agencies"], own) if template == REFERRALS else ():
                agreements.add_clause(by=request.actor, agreement=held, asked=asked)
        made.append(held.pk)

    if _done(request, form, save):
        return redirect("agreement", made[0])
    context = {
        "form": form,
        "title": _("Draft an agreement"),
        "button": _("Save and continue"),
        "back_url": reverse("agreements"),
        "section": "agreements",
    }
    return render(request, "sharing/form.html", context)


@page(Permission.AGREEMENT_DRAFT)
def change(request: HubRequest, id: UUID) -> HttpResponse:
    """Other words or dates for a draft."""
    held = _draft(request, id)
    names = ("title", "starts", "ends", "review_on")
    form = TermsForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(held, name) for name in names},
    )

    def save() -> None:
        agreements.change(
            by=request.actor, agreement=held, version=held.version, **form.cleaned_data
        )

    return _step(request, held, form, save, _("Title and dates"), _("Save and continue"))


@page(Permission.AGREEMENT_DRAFT)
def add_clause(request: HubRequest, id: UUID) -> HttpResponse:
    """One clause more."""
    held = _draft(request, id)
    parties = [(str(party.agency_id), party.agency.name) for party in held.parties.all()]
    form = ClauseForm(request.POST if request.method == "POST" else None, parties=parties)

    def save() -> None:
        given: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in form.cleaned_data.items()
        }
        agreements.add_clause(by=request.actor, agreement=held, asked=Asked(**given))
        messages.success(request, _("Clause added."))

    return _step(request, held, form, save, _("Add a clause"), _("Add clause"))


@page(Permission.AGREEMENT_DRAFT)
def remove_clause(request: HubRequest, id: UUID, number: int) -> HttpResponse:
    """A clause less."""
    held = _draft(request, id)
    form = GovForm(request.POST if request.method == "POST" else None)

    def save() -> None:
        agreements.remove_clause(by=request.actor, agreement=held, number=number)
        messages.success(request, _("Clause taken out. Those after it have new numbers."))

    title = _("Take out clause %(number)d?") % {"number": number}
    return _step(request, held, form, save, title, _("Take out clause"))


@page(Permission.AGREEMENT_DRAFT)
def assessment(request: HubRequest, id: UUID) -> HttpResponse:
    """The impact assessment."""
    held = _draft(request, id)
    form = AssessmentForm(
        request.POST if request.method == "POST" else None, initial=queries.answers(held)
    )

    def save() -> None:
        agreements.assess(by=request.actor, agreement=held, answers=form.cleaned_data)

    return _step(request, held, form, save, _("Impact assessment"), _("Save and continue"))


@page(Permission.AGREEMENT_DRAFT)
def check(request: HubRequest, id: UUID) -> HttpResponse:
    """All of it once more, then off to the parties for signature."""
    held = _draft(request, id)
    form = GovForm(request.POST if request.method == "POST" else None)

    def save() -> None:
        agreements.issue(by=request.actor, agreement=held)
        messages.success(request, _("The agreement is out for signature."))

    if _done(request, form, save):
        return redirect("agreement", id)
    context = {
        **whole(held),
        "form": form,
        "back_url": reverse("agreement", args=[id]),
        "section": "agreements",
    }
    return render(request, "sharing/check.html", context)


def _draft(request: HubRequest, id: UUID) -> "Agreement":
    held = queries.get(by=request.actor, id=id)
    if not may_draft(request, held):
        raise Refused(_("Only a data-protection officer of one of the parties changes a draft."))
    if not queries.may(held, queries.AgreementEvent.CHANGE):
        raise Refused(queries.why_not(held, queries.AgreementEvent.CHANGE))
    return held


def _step(
    request: HubRequest,
    held: "Agreement",
    form: GovForm,
    save: Callable[[], None],
    title: str,
    button: str,
) -> HttpResponse:
    """One step: saved, it leads back to the draft."""
    if _done(request, form, save):
        return redirect("agreement", held.pk)
    context: dict[str, Any] = {
        "form": form,
        "title": title,
        "caption": held.title,
        "button": button,
        "back_url": reverse("agreement", args=[held.pk]),
        "section": "agreements",
    }
    return render(request, "sharing/form.html", context)


def _done(request: HubRequest, form: GovForm, save: Callable[[], None]) -> bool:
    """Whether the form was sent, was right, and its verb was done."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        save()
    except (InvalidInput, Refused) as error:
        form.explain(error)
        return False
    return True
