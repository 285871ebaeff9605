"""How long a session lasts, what it needs, and demonstration accounts that leave their machine."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from stepdown.config.accounts import ONLY_HERE, barred
from stepdown.hub.web.page import permission_of, refusal
from stepdown.kernel import clock
from stepdown.policy.permissions import Permission

Answer = Callable[[HttpRequest], HttpResponse]
SEEN, BEGAN = "seen_at", "began_at"
# The session is written at most this often for being used.
EVERY_SECONDS = 60


class IdleMiddleware:
    """Ends a session that was left alone, and any that has lasted a working day.

    It concerns those signed in and those who came by a link: an unfinished public referral holds
    nothing of other people's, and its maker must not lose it.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session = request.session
        if not request.user.is_authenticated and "link" not in session:
            return self.get_response(request)
        now = int(clock.now().timestamp())
        seen, began = session.get(SEEN, now), session.get(BEGAN, now)
        if (
            now - seen > settings.STEPDOWN_IDLE_FOR.total_seconds()
            or now - began > settings.STEPDOWN_SIGNED_IN_FOR.total_seconds()
        ):
            logout(request)
            if request.method in {"GET", "HEAD"}:
                return redirect_to_login(request.get_full_path())
            # What was typed stays on the page behind "back"; sign-in leads to that page again.
            return redirect_to_login(request.path)
        if BEGAN not in session:
            session[BEGAN] = now
        if SEEN not in session or now - seen >= EVERY_SECONDS:
            session[SEEN] = now
        return self.get_response(request)


class DemonstrationMiddleware:
    """Ends a session of a demonstration account as soon as it is used from elsewhere."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and barred(request.user, request):
            logout(request)
            return refusal(request, str(ONLY_HERE))
        return self.get_response(request)


class SecondStepMiddleware:
    """Nobody reaches a record by a password alone: without a second step, first that is set up.

    Demonstration accounts, whose people are made up, are good on their own machine only.
    """

    OPEN = ("account_", "mfa_", "set_language")

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """None to go on."""
        user = request.user
        if not settings.STEPDOWN_SECOND_STEP or not user.is_authenticated:
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name.startswith(self.OPEN) or permission_of(view) is Permission.PAGE_PUBLIC:
            return None
        steps = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        if getattr(user, "demonstration", False) or is_mfa_enabled(user, steps):
            return None
        messages.info(request, gettext("Before you go on, add a second step: an app or a passkey."))
        return redirect("mfa_index")
