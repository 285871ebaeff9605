"""The referral that a visitor fills in: the hub keeps it, the session holds its id and no more."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect

from stepdown.casework.queries.referral import ReferralState, draft_for
from stepdown.casework.web.refer_steps import Step, progress_of
from stepdown.hub.web.page import HubRequest
from stepdown.kernel.errors import NotVisible

if TYPE_CHECKING:
    from stepdown.casework.models import Referral

P = ParamSpec("P")

_SESSION = "referral"


def remember(request: HubRequest, referral: "Referral") -> None:
    """From now on the visitor's pages are about this referral."""
    request.session[_SESSION] = str(referral.pk)


def forget(request: HubRequest) -> None:
    """They are about none."""
    request.session.pop(_SESSION, None)


def current(request: HubRequest) -> "Referral | None":
    """The referral that the session is about, if it is there still."""
    try:
        return draft_for(by=request.actor, id=UUID(request.session[_SESSION]))
    except (KeyError, ValueError, NotVisible):
        return None


def of_draft(
    view: Callable[Concatenate[HubRequest, "Referral", P], HttpResponse],
) -> Callable[Concatenate[HubRequest, P], HttpResponse]:
    """Hand the unsent referral to a view; without one, lead to the page that should be open."""

    @wraps(view)
    def found(request: HubRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        referral = current(request)
        if referral is None:
            return redirect("refer")
        if referral.state != ReferralState.DRAFT:
            return redirect("refer-sent")
        return view(request, referral, *args, **kwargs)

    return found


def go_to(referral: "Referral") -> HttpResponse:
    """The page where a referral stands."""
    if referral.state != ReferralState.DRAFT:
        return redirect("refer-sent")
    return go_to_step(progress_of(referral.pk).first_open())


def go_to_step(step: Step | None) -> HttpResponse:
    """A page of questions; the answers to check when none is left."""
    return redirect("refer-step", step.slug) if step else redirect("refer-check")
