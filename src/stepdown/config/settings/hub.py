"""A running hub: `stepdown serve`."""

import os

from stepdown.config import environment
from stepdown.config.settings.base import *  # noqa: F403
from stepdown.config.sign_in import *  # noqa: F403

SECRET_KEY = environment.secret("STEPDOWN_SECRET_KEY", "secret-key")
# Keys it had before: what was signed or sealed with them is read, nothing new is made with them.
SECRET_KEY_FALLBACKS = environment.former_secrets("STEPDOWN_SECRET_KEY_FALLBACKS")
# `stepdown demo` leaves this mark beside the database it fills.
if environment.is_demonstration(DATABASES["default"]):  # noqa: F405
    STEPDOWN_DEMONSTRATION = True
    STEPDOWN_PARTNERSHIP_NAME = os.environ.get(
        "STEPDOWN_PARTNERSHIP_NAME", "Example Volunteer Partnership"
    )

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Behind a proxy that speaks TLS, which a hub with real people must be.
if environment.flag("STEPDOWN_TLS"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    LANGUAGE_COOKIE_SECURE = True
    # Browsers let no other host, and no page without TLS, set a cookie of such a name.
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    LANGUAGE_COOKIE_NAME = "__Host-language"
