"""What holds in every hub. What differs by machine comes from the environment."""

import os
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF

from stepdown.config import environment, logs
from stepdown.pages import wiring

SOURCE = Path(__file__).resolve().parents[2]

DEBUG = False
ALLOWED_HOSTS = os.environ.get("STEPDOWN_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
ROOT_URLCONF = "stepdown.config.urls"
WSGI_APPLICATION = "stepdown.config.wsgi.application"
DATABASES = {"default": environment.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "stepdown.hub",
    "stepdown.sharing",
    "stepdown.people",
    "stepdown.volunteering",
    "stepdown.casework",
    "stepdown.records",
    "stepdown.pages",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "stepdown.config.api_door.ApiMiddleware",
    "stepdown.config.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "stepdown.config.sessions.IdleMiddleware",
    "stepdown.config.sessions.DemonstrationMiddleware",
    "stepdown.config.sessions.SecondStepMiddleware",
    "stepdown.config.api_door.TokenMiddleware",
    "stepdown.config.middleware.ActorMiddleware",
    "stepdown.config.middleware.LookMiddleware",
    "stepdown.config.middleware.ReaderMiddleware",
    "stepdown.config.limits.LimitMiddleware",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "stepdown.pages.context.shell",
            ],
        },
    }
]
FORM_RENDERER = wiring.FORM_RENDERER

# The partnership
STEPDOWN_PARTNERSHIP_NAME = os.environ.get("STEPDOWN_PARTNERSHIP_NAME", "Stepdown")
STEPDOWN_CONTACT_EMAIL = os.environ.get("STEPDOWN_CONTACT_EMAIL", "")
# Where somebody who found a hole writes to: an address of email or of the web (security.txt).
STEPDOWN_SECURITY_CONTACT = os.environ.get("STEPDOWN_SECURITY_CONTACT", STEPDOWN_CONTACT_EMAIL)
STEPDOWN_DEMONSTRATION = environment.flag("STEPDOWN_DEMONSTRATION")
STEPDOWN_PHASE = os.environ.get("STEPDOWN_PHASE", "Beta")
# How long a volunteer has to answer an offer before it lapses and its place is free again.
STEPDOWN_OFFER_OPEN_FOR = timedelta(hours=environment.number("STEPDOWN_OFFER_HOURS", 72))
# How long an unfinished public referral is kept for its maker to come back to.
STEPDOWN_DRAFT_KEPT_FOR = timedelta(days=14)
# How long a record stays open that was opened in an emergency, and how soon that is to be reviewed.
# Unverified defaults.
STEPDOWN_OVERRIDE_HOURS = environment.number("STEPDOWN_OVERRIDE_HOURS", 4)
STEPDOWN_OVERRIDE_REVIEW_DAYS = environment.number("STEPDOWN_OVERRIDE_REVIEW_DAYS", 7)
# Whether coordinators review it where neither agency has a data-protection officer.
STEPDOWN_OVERRIDE_STAND_IN = environment.flag("STEPDOWN_OVERRIDE_STAND_IN", True)
# How long a number that was ranked is kept when nobody is referred from it. Unverified default.
STEPDOWN_CALLERS_KEPT_DAYS = environment.number("STEPDOWN_CALLERS_KEPT_DAYS", 365)
# How long a meeting is kept after it was held, once its cases are disposed of. Unverified default.
STEPDOWN_MEETINGS_KEPT_DAYS = environment.number("STEPDOWN_MEETINGS_KEPT_DAYS", 365 * 6)
# By which working days are counted: a function that gives dates.
STEPDOWN_BANK_HOLIDAYS = "stepdown.adapters.bank_holidays.england_and_wales"
# A hub with so many active volunteers keeps an index of them in files: see docs/architecture.md.
STEPDOWN_INDEX = environment.home() / "index"
STEPDOWN_INDEX_FROM = environment.number("STEPDOWN_INDEX_FROM", 5_000)
# Behind the ledger for longer than this, it is reported; so many changes behind, it is not used.
STEPDOWN_INDEX_LATE = timedelta(seconds=environment.number("STEPDOWN_INDEX_LATE_SECONDS", 60))
STEPDOWN_INDEX_MOST_CHANGED = environment.number("STEPDOWN_INDEX_MOST_CHANGED", 5_000)
# A plan of a large hub is stopped after so many seconds, with the best so far; 0 for never.
STEPDOWN_PLAN_SECONDS = environment.number("STEPDOWN_PLAN_SECONDS", 600)
# The points that a change to the last plan must earn for each match it changes, if it fills no
# more places. Above 0 every plan is made by the engine for large hubs.
STEPDOWN_PLAN_STICKY = environment.number("STEPDOWN_PLAN_STICKY", 0)
# The ledger's keys, and the witness of its seals: outside the database, best on another disk.
STEPDOWN_KEYS = environment.place("STEPDOWN_KEYS", "keys")
STEPDOWN_WITNESS: Path | None = environment.place("STEPDOWN_WITNESS", "witness.jsonl")
# What was disposed of: outside the database too, so that no old backup brings it back.
STEPDOWN_DISPOSALS: Path | None = environment.place("STEPDOWN_DISPOSALS", "disposals.jsonl")
# The keys of backups, apart from them and from the database.
STEPDOWN_BACKUP_KEYS = environment.place("STEPDOWN_BACKUP_KEYS", "backup.keys")
# The keys of shielded addresses: outside the database, in a file or by the environment.
STEPDOWN_SHIELDED_KEYS = environment.place("STEPDOWN_SHIELDED_KEYS", "shielded.keys")
STEPDOWN_SHIELDED_KEY = environment.stated_secret("STEPDOWN_SHIELDED_KEY")
STEPDOWN_SHIELDED_BOX = "stepdown.adapters.shielded_box.ShieldedBox"
STEPDOWN_HOME = environment.home()
# Where links in messages lead; the host a request came by is never trusted for that.
STEPDOWN_PUBLIC_URL = os.environ.get("STEPDOWN_PUBLIC_URL", "http://localhost:8000")

# Language and time
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en", "English"), ("cy", "Cymraeg")]
LOCALE_PATHS = [SOURCE / "pages" / "locale"]
USE_I18N = True
TIME_ZONE = "Europe/London"
USE_TZ = True

# Files
STATIC_URL = "static/"
STATIC_ROOT = environment.home() / "static"

# Sign-in: see config/sign_in.py
AUTH_USER_MODEL = "hub.User"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"

# Safety
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# A session ends when nobody used it for so long, and after a working day in any case.
STEPDOWN_IDLE_FOR = timedelta(minutes=environment.number("STEPDOWN_IDLE_MINUTES", 60))
STEPDOWN_SIGNED_IN_FOR = timedelta(hours=12)
# Whether every account needs an app or a passkey beside its password.
STEPDOWN_SECOND_STEP = environment.flag("STEPDOWN_SECOND_STEP", default=True)
# How many requests a minute a program may make by one access token.
STEPDOWN_API_A_MINUTE = environment.number("STEPDOWN_API_A_MINUTE", 120)
# How many proxies of ours stand between the browsers and the hub.
STEPDOWN_PROXIES = environment.number("STEPDOWN_PROXIES", 0)
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
# Attempts to sign in and other requests are counted here, the same for every process.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "hub_cache",
        # Beyond so many, counts that still hold are dropped too: not to be reached by flooding.
        "OPTIONS": {"MAX_ENTRIES": 50_000, "CULL_FREQUENCY": 10},
    }
}
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "stepdown.hub.web.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

# Messages leave through Django's mail backends; see hub/jobs.py
DEFAULT_FROM_EMAIL = os.environ.get("STEPDOWN_FROM_EMAIL", "no-reply@stepdown.invalid")
EMAIL_BACKEND = os.environ.get(
    "STEPDOWN_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend"
)
EMAIL_HOST = os.environ.get("STEPDOWN_SMTP_HOST", "localhost")
EMAIL_PORT = environment.number("STEPDOWN_SMTP_PORT", 25)
EMAIL_HOST_USER = os.environ.get("STEPDOWN_SMTP_USER", "")
EMAIL_HOST_PASSWORD = environment.stated_secret("STEPDOWN_SMTP_PASSWORD") or ""
EMAIL_USE_TLS = environment.flag("STEPDOWN_SMTP_TLS")
EMAIL_TIMEOUT = 20

LOGGING = logs.wiring(environment.choice("STEPDOWN_LOG_FORMAT", logs.FORMATS, logs.usual()))
