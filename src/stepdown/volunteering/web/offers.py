"""Offers as staff see them: how one stands, and taking it back."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.queries.user import names_of
from stepdown.hub.web.page import HubRequest, page
from stepdown.pages.parts import Flag, Row
from stepdown.pages.status import status_of
from stepdown.pages.words import gov_datetime
from stepdown.policy.decide import decide
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions import offers as verbs
from stepdown.volunteering.queries import need as needs
from stepdown.volunteering.queries import offer as queries
from stepdown.volunteering.queries import placement
from stepdown.volunteering.queries.choices import DECLINE_REASONS, LAPSE_REASONS
from stepdown.volunteering.web.ask import JustDo, ask, posted
from stepdown.volunteering.web.need_words import label_of
from stepdown.volunteering.web.placement_page import named, pair_facts, pair_links, people_of
from stepdown.volunteering.web.timeline import events

if TYPE_CHECKING:
    from stepdown.volunteering.models import Offer


def _offer(request: HubRequest, id: UUID) -> "Offer":
    """An offer whose need the reader may see: a volunteer's own has other pages."""
    found = queries.get(by=request.actor, id=id)
    needs.get(by=request.actor, id=found.need_id)
    return found


@page(Permission.NEED_VIEW)
@require_safe
def show(request: HubRequest, id: UUID) -> HttpResponse:
    offer = _offer(request, id)
    waits = queries.is_open(offer)
    state = offer.state if waits or offer.state != "sent" else "lapsed"
    placed = next(
        (one for one in placement.of_needs(request.actor, [offer.need_id]) if one.offer_id == id),
        None,
    )
    disclose(by=request.actor, people=people_of(request, offer), purpose="casework", page="offer")
    context = {
        "offer": offer,
        "need": offer.need,
        "name": named(request, offer),
        "facts": pair_facts(request, offer),
        "flags": [Flag(*map(str, status_of(state)))],
        "links": pair_links(request, offer),
        "rows": _rows(offer, waits),
        "placed": placed,
        "may_withdraw": waits
        and decide(request.actor, Permission.OFFER_SEND, queries.facts(offer)).allowed,
        "events": events(request.actor, "offer", offer.pk),
    }
    return render(request, "volunteering/offers/offer.html", context)


def _rows(offer: "Offer", waits: bool) -> list[Row]:
    senders = names_of([offer.sent_by_id] if offer.sent_by_id else [])
    sender = senders.get(offer.sent_by_id) if offer.sent_by_id else None
    answer = {
        "accepted": _("Accepted on %(when)s"),
        "declined": _("Declined on %(when)s"),
    }.get(offer.state, "")
    why = label_of(DECLINE_REASONS, offer.decline_reason) or label_of(
        LAPSE_REASONS, offer.lapse_reason
    )
    rows = [
        Row(_("Sent"), gov_datetime(offer.sent_at)),
        Row(_("Sent by"), sender or _("The hub itself")),
        Row(_("Lapses") if waits else _("To be answered by"), gov_datetime(offer.lapses_at)),
        Row(
            _("Answer"),
            answer % {"when": gov_datetime(offer.answered_at)} if answer else _("None"),
        ),
    ]
    return [*rows, Row(_("Reason"), why)] if why else rows


@page(Permission.OFFER_SEND)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HubRequest, id: UUID) -> HttpResponse:
    offer = _offer(request, id)
    return ask(
        request,
        form=JustDo(posted(request)),
        do=lambda _given: verbs.withdraw(by=request.actor, offer=offer),
        done=_("Offer withdrawn."),
        back=reverse("need", args=[offer.need_id]),
        words={
            "title": _("Withdraw this offer"),
            "caption": f"{offer.need.reference} · {named(request, offer)}",
            "text": _("Its place is free again at once. The volunteer is told, if the message has "
                      "gone out."),
            "button": _("Withdraw offer"),
        },
        people=people_of(request, offer),
        page="offer-withdraw",
    )  # fmt: skip
