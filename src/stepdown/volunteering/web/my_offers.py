"""A volunteer's offers: what is asked, yes, no."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from stepdown.hub.queries.link import stands
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.pages.forms import GovForm, Radios
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions import offers
from stepdown.volunteering.queries import mine
from stepdown.volunteering.queries.choices import DECLINE_REASONS
from stepdown.volunteering.web.my_words import (
    offer_rows,
    rows_of,
    short_rows,
    show_own,
    what_became,
)

REFUSED, INVALID = 403, 422


class YesForm(GovForm):
    """Nothing to fill in: the button is the answer. It carries what a refusal says."""


class DeclineForm(GovForm):
    """Why not. It helps the next plan, and one answer keeps two people apart."""

    heading_field = "reason"
    reason = forms.ChoiceField(
        label=gettext_lazy("Why can you not do this one?"),
        choices=DECLINE_REASONS,
        widget=Radios(
            hints={
                "know-them": gettext_lazy(
                    "You will not be asked to help this person again. We do not tell them."
                )
            }
        ),
        error_messages={"required": gettext_lazy("Select why you cannot do this one")},
    )


@page(Permission.OFFER_ANSWER)
@require_safe
def my_offers(request: HubRequest) -> HttpResponse:
    person = request.actor.person
    waiting, agreed = mine.my_offers(request.actor), mine.my_placements(request.actor)
    show_own(request, "my-offers")
    return render(
        request,
        "volunteering/my/offers.html",
        {
            "offers": [(one, offer_rows(one)) for one in waiting],
            "placements": [(one, short_rows(one.ask)) for one in agreed],
            "has_feed": person is not None and stands(person_id=person, purpose="calendar"),
        },
    )


@page(Permission.OFFER_ANSWER)
@require_safe
def my_offer(request: HubRequest, offer_id: UUID) -> HttpResponse:
    return _show(request, mine.my_offer(by=request.actor, id=offer_id))


def _show(request: HubRequest, one: mine.MyOffer, form: GovForm | None = None) -> HttpResponse:
    """The offer as it stands, with what refused an answer where one was refused."""
    show_own(request, "my-offer")
    placement = getattr(one.record, "placement", None)
    return render(
        request,
        "volunteering/my/offer.html",
        {
            "offer": one,
            "rows": offer_rows(one),
            "form": form,
            "placement": placement,
            "became": what_became(one, placement),
            "back_url": reverse("my-offers"),
        },
        status=REFUSED if form else 200,
    )


def _refused(request: HubRequest, form: GovForm, refused: Refused, id: UUID) -> HttpResponse:
    """The offer again, as it stands by now: a refusal may have lapsed it."""
    form.explain(refused)
    return _show(request, mine.my_offer(by=request.actor, id=id), form)


@page(Permission.OFFER_ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HubRequest, offer_id: UUID) -> HttpResponse:
    """Check what was read, then yes."""
    one = mine.my_offer(by=request.actor, id=offer_id)
    if request.method == "POST":
        try:
            offers.accept(by=request.actor, offer=one.record)
        except Refused as refused:
            return _refused(request, YesForm(request.POST), refused, offer_id)
        return redirect("my-offer", offer_id)
    if not one.open:
        return redirect("my-offer", offer_id)
    show_own(request, "my-offer-accept")
    return render(
        request,
        "volunteering/my/accept.html",
        {
            "offer": one,
            "rows": rows_of(one.ask),
            "back_url": reverse("my-offer", args=[offer_id]),
        },
    )


@page(Permission.OFFER_ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: HubRequest, offer_id: UUID) -> HttpResponse:
    """No, and why."""
    one = mine.my_offer(by=request.actor, id=offer_id)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            offers.decline(by=request.actor, offer=one.record, reason=form.cleaned_data["reason"])
        except Refused as refused:
            return _refused(request, form, refused, offer_id)
        except InvalidInput as wrong:
            form.explain(wrong)
        else:
            messages.success(request, _("Thank you for telling us. You have said no to this one."))
            return redirect("my-offers")
    if not form.is_bound and not one.open:
        return redirect("my-offer", offer_id)
    show_own(request, "my-offer-decline")
    return render(
        request,
        "volunteering/my/decline.html",
        {"form": form, "offer": one, "back_url": reverse("my-offer", args=[offer_id])},
        status=INVALID if form.errors else 200,
    )
