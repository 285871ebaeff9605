"""Sign-in: django-allauth with a second factor and passkeys, lock-out by django-axes.

Two counts work together. django-axes locks one sign-in name from one address; allauth's limits hold
for a name from all addresses, for an address over all names, for second factors and for messages.
"""

from datetime import timedelta

from stepdown.pages import wiring

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "stepdown.config.accounts.Backend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
# A link to set a password is good for an hour.
PASSWORD_RESET_TIMEOUT = 60 * 60

ACCOUNT_ADAPTER = "stepdown.config.accounts.Adapter"
ACCOUNT_FORMS = wiring.ACCOUNT_FORMS
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "60/m/ip,10/900s/key",
    "reset_password": "20/m/ip,3/900s/key",
}

MFA_ADAPTER = "stepdown.config.secrets_at_rest.SecondFactor"
_PASSKEYS = "stepdown.config.passkeys"
MFA_FORMS = wiring.MFA_FORMS | {
    "add_webauthn": f"{_PASSKEYS}.AddPasskey",
    "authenticate_webauthn": f"{_PASSKEYS}.SecondStepByKey",
    "login_webauthn": f"{_PASSKEYS}.SignInByPasskey",
    "reauthenticate_webauthn": f"{_PASSKEYS}.ConfirmByKey",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Stepdown"
# One step either way: a phone's clock may be half a minute out.
MFA_TOTP_TOLERANCE = 1

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "stepdown.config.accounts.sign_in_name"
AXES_CLIENT_IP_CALLABLE = "stepdown.config.origin.address_of"
AXES_CLIENT_STR_CALLABLE = "stepdown.config.accounts.nobody_named"
AXES_SENSITIVE_PARAMETERS = [
    "login", "email", "oldpassword", "password1", "password2", "csrfmiddlewaretoken",
]  # fmt: skip
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
