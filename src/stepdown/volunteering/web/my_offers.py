"""A volunteer's offers: what is asked, yes, no."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.pages.forms import GovForm, Radios
from stepdown.pages.parts import Row
from stepdown.pages.words import gov_date, gov_datetime, slot_words
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions import offers
from stepdown.volunteering.queries import mine
from stepdown.volunteering.queries.choices import DECLINE_REASONS
from stepdown.volunteering.queries.mine import Ask


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
    )


def duration(minutes: int) -> str:
    """90 → "1 hour 30 minutes"."""
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours})
    if rest or not hours:
        parts.append(ngettext("%(n)d minute", "%(n)d minutes", rest) % {"n": rest})
    return " ".join(parts)


def where(ask: Ask) -> str:
    """Roughly where, or that it is not to be told."""
    if ask.protected:
        return _("The place is protected. Your coordinator will tell you.")
    if ask.km is None:
        return ask.area
    return _("%(area)s, about %(km)d km from your home") % {"area": ask.area, "km": ask.km}


def rows_of(ask: Ask) -> list[Row]:
    """What, where, when, who to ask: the rows of its summary list."""
    until = _(" to %(day)s") % {"day": gov_date(ask.ends)} if ask.ends else ""
    who = _("%(name)s, %(agency)s") % {"name": ask.who, "agency": ask.agency}
    return [
        Row(_("Kind of volunteering"), ask.scheme),
        Row(_("Where"), where(ask)),
        Row(_("When"), slot_words(ask.slot) or _("Times to agree")),
        Row(_("From"), f"{gov_date(ask.starts)}{until}"),
        Row(_("Each week"), _("About %(time)s") % {"time": duration(ask.weekly_minutes)}),
        Row(_("Who to ask"), who if ask.who else ask.agency),
    ]


def show_own(request: HubRequest, page_name: str) -> None:
    """Log that the actor was shown their own record."""
    if request.actor.person is not None:
        disclose(
            by=request.actor, people=[request.actor.person], purpose="own-record", page=page_name
        )


@page(Permission.OFFER_ANSWER)
@require_safe
def my_offers(request: HubRequest) -> HttpResponse:
    show_own(request, "my-offers")
    return render(
        request,
        "volunteering/my/offers.html",
        {
            "offers": [(one, rows_of(one.ask)) for one in mine.my_offers(request.actor)],
            "placements": [(one, rows_of(one.ask)) for one in mine.my_placements(request.actor)],
        },
    )


@page(Permission.OFFER_ANSWER)
@require_safe
def my_offer(request: HubRequest, offer_id: UUID) -> HttpResponse:
    show_own(request, "my-offer")
    return _show(request, offer_id)


def _show(
    request: HubRequest, offer_id: UUID, problem: str = "", status: int = 200
) -> HttpResponse:
    one = mine.my_offer(by=request.actor, id=offer_id)
    rows = [*rows_of(one.ask), Row(_("Answer by"), gov_datetime(one.lapses_at))]
    placement = getattr(one.record, "placement", None)
    context: dict[str, Any] = {
        "offer": one,
        "rows": rows,
        "problem": problem,
        "placement": placement,
        "back_url": reverse("my-offers"),
    }
    return render(request, "volunteering/my/offer.html", context, status=status)


@page(Permission.OFFER_ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HubRequest, offer_id: UUID) -> HttpResponse:
    """Check what was read, then yes."""
    one = mine.my_offer(by=request.actor, id=offer_id)
    if request.method == "POST":
        try:
            offers.accept(by=request.actor, offer=one.record)
        except Refused as refused:
            return _show(request, offer_id, refused.reason, 409)
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
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            offers.decline(by=request.actor, offer=one.record, reason=form.cleaned_data["reason"])
        except Refused as refused:
            return _show(request, offer_id, refused.reason, 409)
        except InvalidInput as wrong:
            form.explain(wrong)
        else:
            messages.success(request, _("Thank you for telling us. You have said no to this one."))
            return redirect("my-offers")
    if request.method != "POST" and not one.open:
        return redirect("my-offer", offer_id)
    show_own(request, "my-offer-decline")
    return render(
        request,
        "volunteering/my/decline.html",
        {"form": form, "offer": one, "back_url": reverse("my-offer", args=[offer_id])},
        status=422 if form.errors else 200,
    )
