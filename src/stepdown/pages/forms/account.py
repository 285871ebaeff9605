"""The sign-in forms of django-allauth, in our words."""

from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stepdown.pages.forms.base import GovFormMixin

if TYPE_CHECKING:
    from django.forms import BaseForm as _Base
else:
    _Base = object

Words = str | Promise
CODE_HINT = _("The 6 numbers in your app, or a recovery code.")


class _InOurWords(GovFormMixin, _Base):
    """Label and "required" message of each named field, and a width for codes."""

    words: ClassVar[dict[str, tuple[Words, Words]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, required) in self.words.items():
            field = self.fields.get(name)
            if field is not None:
                field.label = label
                field.error_messages["required"] = required
                if name == "code":
                    field.help_text = field.help_text or CODE_HINT
                    field.widget.attrs.setdefault("class", "govuk-input--width-10")


_PASSWORD = (_("Password"), _("Enter your password"))
_NEW = (_("New password"), _("Enter a new password"))
_AGAIN = (_("New password again"), _("Enter the new password again"))
_CODE = (_("Code"), _("Enter the code"))


class SignInForm(_InOurWords, account.LoginForm):
    words: ClassVar[dict[str, tuple[Words, Words]]] = {
        "login": (_("Email address"), _("Enter your email address")),
        "password": _PASSWORD,
    }


class ChangePassword(_InOurWords, account.ChangePasswordForm):
    words: ClassVar[dict[str, tuple[Words, Words]]] = {
        "oldpassword": (_("Current password"), _("Enter your current password")),
        "password1": _NEW,
        "password2": _AGAIN,
    }


class SetPassword(_InOurWords, account.SetPasswordForm):
    words: ClassVar[dict[str, tuple[Words, Words]]] = {"password1": _NEW, "password2": _AGAIN}


class ResetPassword(_InOurWords, account.ResetPasswordKeyForm):
    words: ClassVar[dict[str, tuple[Words, Words]]] = {"password1": _NEW, "password2": _AGAIN}


class AskForReset(_InOurWords, account.ResetPasswordForm):
    words: ClassVar[dict[str, tuple[Words, Words]]] = {
        "email": (_("Email address"), _("Enter your email address"))
    }


class ConfirmPassword(_InOurWords, account.ReauthenticateForm):
    words: ClassVar[dict[str, tuple[Words, Words]]] = {"password": _PASSWORD}


class EnterCode(_InOurWords, mfa.AuthenticateForm):
    words: ClassVar[dict[str, tuple[Words, Words]]] = {"code": _CODE}


class ConfirmCode(_InOurWords, mfa.ReauthenticateForm):
    words: ClassVar[dict[str, tuple[Words, Words]]] = {"code": _CODE}


class TurnOnApp(_InOurWords, totp.ActivateTOTPForm):
    words: ClassVar[dict[str, tuple[Words, Words]]] = {
        "code": (_("Code from the app"), _("Enter the 6 numbers that the app shows"))
    }
