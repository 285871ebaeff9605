"""Access tokens: one's own, and those of an account for the administrator."""

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from stepdown.hub.actions import tokens
from stepdown.hub.queries import account as accounts
from stepdown.hub.queries import token as queries
from stepdown.hub.web.page import HubRequest, page
from stepdown.hub.web.token_forms import WRITE, TokenForm
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.policy.permissions import Permission

BOTH = ["GET", "HEAD", "POST"]


def _own(request: HubRequest) -> UUID:
    if request.actor.user is None:
        raise NotVisible("No account.")
    return request.actor.user


@page(Permission.TOKEN_MAKE)
@require_safe
def index(request: HubRequest) -> HttpResponse:
    """What one has made, and what it opens."""
    found = queries.tokens_of(by=request.actor, user_id=_own(request))
    return render(request, "hub/tokens.html", {"tokens": found})


@page(Permission.TOKEN_MAKE)
@require_http_methods(BOTH)
def add(request: HubRequest) -> HttpResponse:
    """A new one, after the password once more: whoever finds a session open makes none."""
    answer: HttpResponse = reauthentication_required(_add)(request)
    return answer


def _add(request: HubRequest) -> HttpResponse:
    """Its secret stands on the answer itself, and nowhere after that."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            token, secret = tokens.make(
                by=request.actor,
                name=given["name"],
                may_write=given["scope"] == WRITE,
                last_day=given["last_day"],
            )
        except (InvalidInput, Refused) as wrong:
            form.explain(wrong)
        else:
            return render(request, "hub/token_made.html", {"token": token, "secret": secret})
    status = 422 if form.is_bound else 200
    return render(request, "hub/add_token.html", {"form": form}, status=status)


@page(Permission.TOKEN_REVOKE)
@require_http_methods(BOTH)
def revoke(request: HubRequest, id: UUID) -> HttpResponse:
    """One's own, after asking."""
    token = queries.get(by=request.actor, id=id, user_id=_own(request))
    return _revoke(request, token, reverse("tokens"), "")


@page(Permission.USER_CHANGE)
@require_http_methods(BOTH)
def revoke_of(request: HubRequest, user_id: UUID, id: UUID) -> HttpResponse:
    """Somebody else's, by the administrator."""
    token = queries.get(by=request.actor, id=id, user_id=user_id)
    holder = accounts.account(by=request.actor, user_id=user_id).name
    return _revoke(request, token, reverse("hub-account", args=[user_id]), holder)


def _revoke(request: HubRequest, token: queries.Token, back: str, holder: str) -> HttpResponse:
    refused = ""
    if request.method == "POST":
        try:
            tokens.revoke(by=request.actor, token_id=token.id)
        except Refused as error:
            refused = error.reason
        else:
            messages.success(request, _("Token revoked."))
            return redirect(back)
    context = {"token": token, "refused": refused, "back_url": back, "holder": holder}
    status = 403 if refused else 200
    return render(request, "hub/revoke_token.html", context, status=status)
