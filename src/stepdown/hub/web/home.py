"""The start page: the way in for the public, and the first page of their work for others."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from stepdown.hub.web.page import HubRequest, page
from stepdown.policy.actors import Actor
from stepdown.policy.decide import may_ever
from stepdown.policy.permissions import Permission

# The first of these that the actor may open is where their work begins.
FIRST_PAGES = (
    (Permission.PAGE_TODAY, "today"),
    (Permission.OFFER_ANSWER, "my-offers"),
    (Permission.REFERRAL_VIEW, "referrals"),
    (Permission.USER_VIEW, "hub"),
    (Permission.AGREEMENT_VIEW, "agreements"),
)


def first_page(actor: Actor) -> str | None:
    """The address at which the actor's work begins; None for those who have none here."""
    for permission, name in FIRST_PAGES:
        if may_ever(actor, permission):
            return reverse(name)
    return None


@page(Permission.PAGE_PUBLIC)
def home(request: HubRequest) -> HttpResponse:
    address = first_page(request.actor)
    return redirect(address) if address else render(request, "hub/start.html")
