"""How long a session lasts, and demonstration accounts that leave their machine."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from stepdown.config.accounts import ONLY_HERE, barred
from stepdown.hub.web.page import refusal
from stepdown.kernel import clock

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
