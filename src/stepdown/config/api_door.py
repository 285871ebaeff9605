"""How programs come in: by a token in the Authorization header, and by nothing else.

Under ``/api/v1/`` a cookie opens nothing, whoever's it is, so that no page of another site can have
a browser ask there; what goes wrong is said as a problem document, whoever says it.
"""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from stepdown.config.accounts import ONLY_HERE, barred
from stepdown.config.limits import take
from stepdown.config.origin import address_of
from stepdown.hub.actions import tokens
from stepdown.hub.api.door import Bearer
from stepdown.hub.api.problem import MEDIA_TYPE, fill, problem
from stepdown.hub.queries.token import token_behind

if TYPE_CHECKING:
    from stepdown.hub.models import ApiToken, User

access = logging.getLogger("stepdown.access")
Answer = Callable[[HttpRequest], HttpResponse]

ROOT = "/api/v1/"
# What may be asked for without a token: it says what could be asked for, and names nobody.
OPEN = frozenset({f"{ROOT}openapi.json"})
# From one network address so many requests without a good token pass in so many seconds.
WRONG, WRONG_SECONDS = 60, 300
MINUTE = 60


def is_api(request: HttpRequest) -> bool:
    """Whether a request is a program's."""
    return request.path_info.startswith(ROOT)


class ApiMiddleware:
    """Takes the cookies off a program's request and off its answer, and words its problems."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_api(request):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        request.COOKIES = {}
        answer = self.get_response(request)
        answer.cookies.clear()
        if answer.status_code >= 400 and answer.get("Content-Type") != MEDIA_TYPE:
            fill(answer)
        return answer


class TokenMiddleware:
    """Puts the account of the token on a program's request, before anybody asks who acts.

    Without a token in force the answer is the same 401 for every address, there or not. A token
    opens no more than a session of its account would: a demonstration account's is good on the
    hub's own machine, and an account that needs a second step and has none opens nothing.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_api(request) or request.path_info in OPEN:
            return self.get_response(request)
        secret = _secret(request)
        token = token_behind(secret) if secret else None
        if token is None:
            return _unknown(request)
        why = _shut(token.user, request)
        if why:
            return problem(403, why)
        if not take(f"api by {token.pk}", settings.STEPDOWN_API_A_MINUTE, MINUTE):
            return _too_often(MINUTE)
        if _unusual(request):
            return problem(400)
        tokens.used(token=token)
        _let_in(request, token)
        return self.get_response(request)


def _secret(request: HttpRequest) -> str:
    scheme, _space, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def _unknown(request: HttpRequest) -> HttpResponse:
    access.warning("token refused", extra={"event": "token refused"})
    where = address_of(request) or "unknown"
    if not take(f"api without a token from {where}", WRONG, WRONG_SECONDS):
        return _too_often(WRONG_SECONDS)
    return problem(401)


def _too_often(seconds: int) -> HttpResponse:
    access.warning("limited: api", extra={"event": "limited", "page": "api"})
    answer = problem(429)
    answer["Retry-After"] = str(seconds)
    return answer


def _shut(user: "User", request: HttpRequest) -> str:
    """Why the account may not be used from here, or not yet; empty where it may."""
    if barred(user, request):
        return str(ONLY_HERE)
    if settings.STEPDOWN_SECOND_STEP and not user.demonstration:
        steps = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        if not is_mfa_enabled(user, steps):
            return _("Add a second step to your account first: an app or a passkey.")
    return ""


def _unusual(request: HttpRequest) -> bool:
    """Whether the request holds the one character that no database keeps in a text."""
    return "%00" in request.META.get("QUERY_STRING", "") or any(
        one in request.body for one in (b"\0", b"\\u0000")
    )


def _let_in(request: HttpRequest, token: "ApiToken") -> None:
    request.user = token.user
    request.bearer = Bearer(token.pk, token.may_write)  # type: ignore[attr-defined]
