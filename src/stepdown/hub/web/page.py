"""What makes a view a page of the hub: one declared permission, and errors in the hub's manner."""

import logging
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

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
# Every decision whether somebody may have a page, for the hub's log: ids and kinds, no words. What
# is then shown of whom stands in the read log, what is done in the ledger.
access = logging.getLogger("stepdown.access")

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
                    _told(request, permission, "sign-in needed", kwargs)
                    return redirect_to_login(request.get_full_path())
                _told(request, permission, "refused", kwargs)
                return refusal(request, _why_not(request.actor))
            try:
                answer = view(request, *args, **kwargs)
                _told(request, permission, "let in", kwargs)
                return answer
            except NotVisible as hidden:
                _told(request, permission, "not visible", kwargs)
                raise Http404 from hidden
            except Refused as refused:
                _told(request, permission, "refused", kwargs)
                return refusal(request, refused.reason)
            except CannotRecord as unwritten:
                log.error("The read log cannot be written: pages about people stay shut.")
                return unavailable(str(unwritten))

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return declare


def _told(
    request: HubRequest, permission: Permission, event: str, kwargs: Mapping[str, Any]
) -> None:
    level = logging.INFO if event == "let in" else logging.WARNING
    if not access.isEnabledFor(level):
        return
    actor, found = request.actor, request.resolver_match
    about = {
        "event": event,
        "permission": permission.value,
        "page": found.view_name if found else None,
        "user": actor.user,
        "person": actor.person,
        "roles": sorted({grant.role.value for grant in actor.grants}),
        "record": next((value for value in kwargs.values() if isinstance(value, UUID)), None),
    }
    access.log(level, "%s: %s", event, about["page"], extra=about)


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
