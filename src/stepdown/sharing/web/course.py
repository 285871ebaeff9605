"""Signing an agreement, withdrawing from it, and making a new version."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from stepdown.hub.queries.agency import agency
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.pages.forms import GovForm
from stepdown.policy.permissions import Permission
from stepdown.sharing.actions import agreements
from stepdown.sharing.queries import agreement as queries
from stepdown.sharing.queries.agreement import AgreementEvent
from stepdown.sharing.web.agreements import whole
from stepdown.sharing.web.forms import SignForm, WithdrawForm

if TYPE_CHECKING:
    from stepdown.hub.models import Agency
    from stepdown.sharing.models import Agreement


@page(Permission.AGREEMENT_SIGN)
def sign(request: HubRequest, id: UUID) -> HttpResponse:
    """All that it says, and a signature under it."""
    held = _in_state(request, id, AgreementEvent.SIGN)
    signed = {one.agency_id for one in held.signatures.all()}
    parties = [
        (str(one.pk), one.name)
        for one in queries.acts_for(request.actor, held, Permission.AGREEMENT_SIGN)
        if one.pk not in signed
    ]
    if not parties:
        raise Refused(_("Your agency has signed this agreement already."))
    form = SignForm(
        request.POST if request.method == "POST" else None,
        parties=parties,
        initial={"agency": parties[0][0]} if len(parties) == 1 else {},
    )
    if request.method == "POST" and form.is_valid():
        try:
            agreements.sign(by=request.actor, agreement=held, agency=_agency(form))
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, _("Signed."))
            return redirect("agreement", id)
    return _draw(request, held, form, "sharing/sign.html")


@page(Permission.AGREEMENT_WITHDRAW)
def withdraw(request: HubRequest, id: UUID) -> HttpResponse:
    """An agency ends the agreement, for all parties, at once."""
    held = _in_state(request, id, AgreementEvent.WITHDRAW)
    acts_for = queries.acts_for(request.actor, held, Permission.AGREEMENT_WITHDRAW)
    parties = [(str(one.pk), one.name) for one in acts_for]
    form = WithdrawForm(
        request.POST if request.method == "POST" else None,
        parties=parties,
        initial={"agency": parties[0][0]} if len(parties) == 1 else {},
    )
    if request.method == "POST" and form.is_valid():
        try:
            agreements.withdraw(
                by=request.actor,
                agreement=held,
                agency=_agency(form),
                reason=form.cleaned_data["reason"],
            )
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, _("Withdrawn. Nothing more is shown by this agreement."))
            return redirect("agreement", id)
    return _draw(request, held, form, "sharing/withdraw.html")


@page(Permission.AGREEMENT_DRAFT)
def renew(request: HubRequest, id: UUID) -> HttpResponse:
    """A new version as a draft."""
    held = _in_state(request, id, AgreementEvent.RENEW)
    form = GovForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = agreements.renew(by=request.actor, agreement=held)
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, _("This is a draft of the new version."))
            return redirect("agreement", made.pk)
    return _draw(request, held, form, "sharing/renew.html")


def _in_state(request: HubRequest, id: UUID, event: AgreementEvent) -> "Agreement":
    held = queries.get(by=request.actor, id=id)
    if not queries.may(held, event):
        raise Refused(queries.why_not(held, event))
    return held


def _agency(form: GovForm) -> "Agency":
    found = agency(UUID(form.cleaned_data["agency"]))
    if found is None:
        raise InvalidInput({"agency": _("Select a partner from the list")})
    return found


def _draw(request: HubRequest, held: "Agreement", form: GovForm, template: str) -> HttpResponse:
    context: dict[str, Any] = {
        **whole(held),
        "form": form,
        "back_url": reverse("agreement", args=[held.pk]),
        "section": "agreements",
    }
    return render(request, template, context)
