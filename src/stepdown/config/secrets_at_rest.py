"""The seeds of authenticator apps and recovery codes lie encrypted: a copy of the table opens
nothing without the hub's secret key."""

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes


def _key(secret: str | bytes) -> Fernet:
    digest = hashlib.sha256(b"stepdown second factor\x00" + force_bytes(secret)).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def _box() -> MultiFernet:
    """Writes with today's secret key, reads with former ones too (SECRET_KEY_FALLBACKS)."""
    return MultiFernet([_key(s) for s in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


class SecondFactor(DefaultMFAAdapter):
    """allauth's second factor, with its secrets sealed."""

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()
