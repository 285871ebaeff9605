"""The administrator's page: is the hub well?"""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from stepdown.adapters import signing, witness
from stepdown.hub.queries import health, outbox
from stepdown.hub.web.page import HubRequest, page
from stepdown.policy.decide import may_ever
from stepdown.policy.permissions import Permission

# What a message may be about that has a page, whose address bears the name of its kind.
OPENED = {"offer", "placement", "referral"}


def _witness() -> witness.Witness:
    return witness.at(settings.STEPDOWN_WITNESS)


@page(Permission.USER_VIEW)
def hub(request: HubRequest) -> HttpResponse:
    found = health.health(by=request.actor, witnessed=_witness().last())
    return render(request, "hub/hub.html", {"health": found, "section": "health"})


@page(Permission.USER_VIEW)
def seals(request: HubRequest) -> HttpResponse:
    """Reads the whole ledger, so it has a page of its own."""
    keys = signing.public_keys(settings.STEPDOWN_KEYS)
    faults = health.check_seals(by=request.actor, verifies=keys.verifies, lines=_witness().lines)
    found = health.health(by=request.actor, witnessed=_witness().last())
    return render(
        request, "hub/seals.html", {"faults": faults, "ledger": found.ledger, "section": "health"}
    )


@page(Permission.MESSAGE_VIEW)
def failed_messages(request: HubRequest) -> HttpResponse:
    found = outbox.failed(by=request.actor, after=request.GET.get("after"))
    # Coordinators look after messages, and have no other section of the hub.
    alone = not may_ever(request.actor, Permission.USER_VIEW)
    lines = [
        (one, reverse(one.about, args=[one.about_id]) if alone and one.about in OPENED else "")
        for one in found.items
    ]
    context = {"page": found, "lines": lines, "section": "messages", "alone": alone}
    return render(request, "hub/failed_messages.html", context)
