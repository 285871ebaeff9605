"""The passkey forms without their one hole: what a browser sends may be nonsense.

allauth and the library under it raise KeyError and the like on an answer that is JSON but no
passkey's, which would be a broken page for anybody who sends one.
"""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms

from stepdown.pages.forms.account import AddKey

NONSENSE = (AttributeError, KeyError, TypeError, ValueError)


class SecondStepByKey(forms.AuthenticateWebAuthnForm):
    """A key after the password."""

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except NONSENSE:
            raise get_adapter().validation_error("incorrect_code") from None


class SignInByPasskey(SecondStepByKey, forms.LoginWebAuthnForm):
    """A passkey in place of a password."""


class ConfirmByKey(SecondStepByKey, forms.ReauthenticateWebAuthnForm):
    """A key once more, before something that protects the account is changed."""


class AddPasskey(AddKey):
    """A new key."""

    def clean(self) -> dict[str, Any] | None:
        try:
            return super().clean()
        except NONSENSE:
            raise get_adapter().validation_error("incorrect_code") from None
