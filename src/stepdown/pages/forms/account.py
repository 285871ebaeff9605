"""The sign-in forms of django-allauth, in our words."""

from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from stepdown.pages.forms.base import GovFormMixin

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Words
else:
    Words = object


class _InOurWords(GovFormMixin):
    """Label and "required" message of each named field, hints, and a width for codes."""

    words: ClassVar[dict[str, tuple[Words, Words]]] = {}
    hints: ClassVar[dict[str, Words]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, required) in self.words.items():
            if name in self.fields:
                self.fields[name].label = label
                self.fields[name].error_messages["required"] = required
        for name, hint in self.hints.items():
            self.fields[name].help_text = hint
        if "code" in self.fields:
            self.fields["code"].widget.attrs["class"] = "govuk-input--width-10"


_PASSWORD = (_("Password"), _("Enter your password"))
_NEW = (_("New password"), _("Enter a new password"))
_AGAIN = (_("New password again"), _("Enter the new password again"))
_CODE = (_("Code"), _("Enter the code"))
_CODE_HINT = _("The 6 numbers in your app, or a recovery code.")
_KEY_NAME = (_("Name for this key"), _("Enter a name for this key"))
_KEY_HINT = _("So that you can tell your keys apart, like “My phone”.")


class SignInForm(_InOurWords, account.LoginForm):
    """Email address and password. A failed try says nothing about which of the two was wrong."""

    words: ClassVar[dict[str, tuple[Words, Words]]] = {
        "login": (_("Email address"), _("Enter your email address")),
        "password": _PASSWORD,
    }

    def clean(self) -> dict[str, Any] | None:
        try:
            return super().clean()
        except ValidationError as error:
            if not str(error.code).endswith("_password_mismatch"):
                raise
            text = _("Check your email address and password. Together they match no account.")
            raise ValidationError(text, code=error.code) from None


class ChangePassword(_InOurWords, account.ChangePasswordForm):
    """The current password, and a new one twice."""

    words: ClassVar[dict[str, tuple[Words, Words]]] = {
        "oldpassword": (_("Current password"), _("Enter your current password")),
        "password1": _NEW,
        "password2": _AGAIN,
    }


class SetPassword(_InOurWords, account.SetPasswordForm):
    """A first password, twice."""

    words: ClassVar[dict[str, tuple[Words, Words]]] = {"password1": _NEW, "password2": _AGAIN}


class ResetPassword(_InOurWords, account.ResetPasswordKeyForm):
    """A new password, twice, after following the link in the email."""

    words: ClassVar[dict[str, tuple[Words, Words]]] = {"password1": _NEW, "password2": _AGAIN}


class AskForReset(_InOurWords, account.ResetPasswordForm):
    """Where to send the link. The answer is the same whether or not there is an account."""

    words: ClassVar[dict[str, tuple[Words, Words]]] = {
        "email": (_("Email address"), _("Enter your email address"))
    }


class ConfirmPassword(_InOurWords, account.ReauthenticateForm):
    """The password once more, before something that protects the account is changed."""

    words: ClassVar[dict[str, tuple[Words, Words]]] = {"password": _PASSWORD}


class EnterCode(_InOurWords, mfa.AuthenticateForm):
    """The second step of signing in."""

    words: ClassVar[dict[str, tuple[Words, Words]]] = {"code": _CODE}
    hints: ClassVar[dict[str, Words]] = {"code": _CODE_HINT}


class ConfirmCode(_InOurWords, mfa.ReauthenticateForm):
    """The second step once more."""

    words: ClassVar[dict[str, tuple[Words, Words]]] = {"code": _CODE}
    hints: ClassVar[dict[str, Words]] = {"code": _CODE_HINT}


class TurnOnApp(_InOurWords, totp.ActivateTOTPForm):
    """The first code of an app proves that it holds the key."""

    words: ClassVar[dict[str, tuple[Words, Words]]] = {
        "code": (_("Code from the app"), _("Enter the 6 numbers that the app shows"))
    }


class AddKey(_InOurWords, webauthn.AddWebAuthnForm):
    """A passkey, or a security key that only confirms a password."""

    words: ClassVar[dict[str, tuple[Words, Words]]] = {
        "name": _KEY_NAME,
        "passwordless": (_("Use it to sign in without a password"), ""),
    }
    hints: ClassVar[dict[str, Words]] = {
        "name": _KEY_HINT,
        "passwordless": _("Your device will ask for your fingerprint, face or PIN instead."),
    }


class RenameKey(_InOurWords, webauthn.EditWebAuthnForm):
    """What the owner calls a key."""

    words: ClassVar[dict[str, tuple[Words, Words]]] = {"name": _KEY_NAME}
    hints: ClassVar[dict[str, Words]] = {"name": _KEY_HINT}
