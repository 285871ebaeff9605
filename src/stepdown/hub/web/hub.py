"""The administrator's page: is the hub well?"""

from contextlib import suppress

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from stepdown.adapters import signing, witness
from stepdown.hub.queries import health, outbox
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import Refused
from stepdown.policy.decide import may_ever
from stepdown.policy.permissions import Permission

# What a message may be about that has a page, whose address bears the name of its kind.
OPENED = {"offer", "placement", "referral"}


def _witness() -> witness.Witness:
    return witness.at(settings.STEPDOWN_WITNESS)


def _troubles() -> list[str]:
    """What is wrong with the files that the ledger stands on: keys, witness."""
    found = [signing.trouble(settings.STEPDOWN_KEYS)]
    try:
        _witness().last()
    except OSError as wrong:
        found.append(_("The witness cannot be read: %(why)s") % {"why": wrong})
    return [one for one in found if one]


@page(Permission.USER_VIEW)
def hub(request: HubRequest) -> HttpResponse:
    troubles, last = _troubles(), None
    with suppress(OSError):
        last = _witness().last()
    found = health.health(by=request.actor, witnessed=last)
    context = {"health": found, "troubles": troubles, "section": "health"}
    return render(request, "hub/hub.html", context)


@page(Permission.USER_VIEW)
def seals(request: HubRequest) -> HttpResponse:
    """Reads the whole ledger, so it has a page of its own."""
    try:
        last, keys = _witness().last(), signing.public_keys(settings.STEPDOWN_KEYS)
    except (OSError, signing.KeyTrouble) as wrong:
        raise Refused(_("The seals cannot be checked: %(why)s") % {"why": wrong}) from wrong
    faults = health.check_seals(by=request.actor, verifies=keys.verifies, lines=_witness().lines)
    found = health.health(by=request.actor, witnessed=last)
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
