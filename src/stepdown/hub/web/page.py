"""What makes a view a page of the hub: one declared permission, and errors in the hub's manner."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from stepdown.hub.actions.disclosure import CannotRecord
from stepdown.kernel.errors import NotVisible, Refused
from stepdown.policy.actors import Actor
from stepdown.policy.decide import may_ever
from stepdown.policy.permissions import Permission

log = logging.getLogger(__name__)

P = ParamSpec("P")


class HubRequest(HttpRequest):
    """A request as pages see it: the middleware has put the actor on it."""

    actor: Actor


View = Callable[Concatenate[HubRequest, P], HttpResponse]


def page(permission: Permission) -> Callable[[View[P]], View[P]]:
    """Declare the permission without which the page does not open.

    Nobody signed in: to the sign-in page. Role lacks it: 403 with the reason. ``NotVisible`` from
    within: 404, as for a record that does not exist. ``Refused``: 403 with its words; pages that
    can say it better beside their form catch it themselves. ``CannotRecord``: 503, and nothing
    is shown. Public pages declare ``PAGE_PUBLIC``.
    """

    def declare(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HubRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not may_ever(request.actor, permission):
                if request.actor.user is None and request.actor.person is None:
                    return redirect_to_login(request.get_full_path())
                return refusal(request, _why_not(request.actor))
            try:
                return view(request, *args, **kwargs)
            except NotVisible as hidden:
                raise Http404 from hidden
            except Refused as refused:
                return refusal(request, refused.reason)
            except CannotRecord as unwritten:
                log.error("The read log cannot be written: pages about people stay shut.")
                return unavailable(str(unwritten))

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return declare


def _why_not(actor: Actor) -> str:
    if actor.signed_in:
        return gettext("Your role does not include this page.")
    return gettext("The link in your message does not open this page. Sign in to see it.")


def refusal(request: HttpRequest, reason: str) -> HttpResponse:
    """The page that says why something may not be done."""
    return render(request, "403.html", {"reason": reason}, status=403)


def unavailable(reason: str) -> HttpResponse:
    """The page that says why nothing is shown now. It asks the database for nothing."""
    return render(None, "503.html", {"reason": reason}, status=503)


def permission_of(view: Any) -> Permission | None:
    """The permission a view declares, if any; the walk over all addresses asks this."""
    return getattr(view, "permission", None)
