"""The hub's own rules of sign-in, on top of django-allauth and django-axes."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from stepdown.config.origin import address_of, on_this_machine
from stepdown.hub.actions.sign_ins import password_set
from stepdown.hub.web.page import refusal

ONLY_HERE = _(
    "This is a demonstration account. It can only be used on the computer that runs the hub."
)


def barred(user: Any, request: HttpRequest) -> bool:
    """Whether the account may not be used from where the request comes."""
    return bool(getattr(user, "demonstration", False)) and not on_this_machine(request)


class Backend(AuthenticationBackend):
    """Email address and password. Demonstration passwords are public: good on this machine only."""

    def authenticate(
        self, request: HttpRequest | None, **credentials: Any
    ) -> AbstractBaseUser | None:
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user is None or not getattr(user, "demonstration", False):
            return user
        if request is not None and on_this_machine(request):
            return user
        if request is not None:
            request.only_here = True  # type: ignore[attr-defined]
        return None


class Adapter(DefaultAccountAdapter):
    """Accounts are given by an administrator; every way of signing in passes here."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_password": _("The password is not right"),
        "too_many_login_attempts": _("There were too many attempts. Try again in 15 minutes"),
        "rate_limited": _("There were too many attempts. Try again in a few minutes"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """The password was right, so its holder may be told why it does not open the hub."""
        if getattr(request, "only_here", False):
            raise ValidationError(ONLY_HERE)

    def pre_login(
        self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any
    ) -> HttpResponse | None:
        """The last gate, whichever way somebody comes: password, passkey, reset link."""
        if barred(user, request):
            return refusal(request, str(ONLY_HERE))
        answer: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return answer

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """A new password ends every other session of the account, and stands in the ledger."""
        with transaction.atomic():
            super().set_password(user, password)
            password_set(user_id=user.pk)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link in the message leads to the hub's own address, whatever Host was asked for."""
        path = reverse(
            "account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"}
        ).replace("UID-KEY", key)
        return urljoin(settings.STEPDOWN_PUBLIC_URL, path)

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request) or "unknown"


def sign_in_name(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """The name under which failed attempts are counted: as typed, but for case and spaces.

    One spelling for every form that takes a password, so that none gives fresh attempts.
    """
    given = credentials or {}
    name = given.get("email") or given.get("username") or given.get("login")
    return str(name or request.POST.get("login") or "").strip().lower()[:255]


def nobody_named(username: str, ip: str | None, agent: str, path: str, request: Any) -> str:
    """What the lock-out writes to the log in place of a name and an address: neither."""
    return f"somebody at {path}"
