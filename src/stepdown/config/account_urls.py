"""The addresses of sign-in: allauth's, but for those that the hub keeps shut.

Signing up is shut by the adapter. An administrator changes an account's email address; allauth
asks for the names of these addresses, so they stand, and lead nowhere.
"""

from typing import Any, NoReturn

from django.http import Http404, HttpRequest
from django.urls import include, path, re_path


def shut(request: HttpRequest, **kwargs: Any) -> NoReturn:
    """There is no such page."""
    raise Http404


urlpatterns = [
    path("email/", shut, name="account_email"),
    path("confirm-email/", shut, name="account_email_verification_sent"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", shut, name="account_confirm_email"),
    path("login/code/confirm/", shut, name="account_confirm_login_code"),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
]
