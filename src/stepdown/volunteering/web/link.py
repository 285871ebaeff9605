"""The link in a message: a volunteer's way in without a password."""

from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from stepdown.hub.queries.link import link_behind
from stepdown.hub.web.page import HubRequest, page
from stepdown.policy.decide import may_ever
from stepdown.policy.permissions import Permission


@page(Permission.PAGE_PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HubRequest, secret: str) -> HttpResponse:
    """Opening it only shows a button, so that scanners that follow links do nothing by it.

    Unknown, expired and revoked links get one and the same answer.
    """
    found = link_behind(secret=secret, purpose="volunteer")
    if found is None:
        answer = render(request, "volunteering/my/link_over.html", status=404)
    elif request.method == "POST":
        # Somebody signed in as themself stays so: a link opens less than their account does.
        if request.actor.person != found.person_id or not may_ever(
            request.actor, Permission.OFFER_ANSWER
        ):
            # Whoever else was signed in on this phone is not the one who now answers.
            logout(request)
            request.session["link"] = str(found.pk)
            request.session.cycle_key()
        answer = redirect("my-offers")
    else:
        answer = render(request, "volunteering/my/link.html")
    if found is None:
        answer["Referrer-Policy"] = "no-referrer"
    # Else it stays at same-origin: with no-referrer, browsers send the button's POST as from an
    # unknown origin, which is refused.
    answer["Cache-Control"] = "no-store"
    return answer
