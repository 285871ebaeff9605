"""Signing in and out, second steps, and what is said when it does not work."""

from stepdown.cli.demonstration.personas import PASSWORD
from tests.journeys.catalogue.state import State, Step, fill, press

SIGN_IN = "/account/login/"
CONFIRM: tuple[Step, ...] = (fill("Password", PASSWORD), press("Confirm"))


def _sign_in(password: str, email: str = "coordinator@demo.example") -> tuple[Step, ...]:
    return (fill("Email address", email), fill("Password", password),
            press("Sign in"))  # fmt: skip


def _confirmed(name: str, page: str, says: str, *do: Step, who: str = "keyholder",
               of: tuple[str, ...] = (), lands: str = "") -> State:  # fmt: skip
    """A page that asks for the password once more before it opens."""
    return State(name, page, says, who, of, do=(*CONFIRM, *do), lands=lands)


STATES = (
    State("sign-in", "account_login", "Sign in"),
    State("sign-in-empty", "account_login", "There is a problem", do=(press("Sign in"),)),
    State("sign-in-wrong", "account_login", "There is a problem", do=_sign_in("not this one")),
    State("sign-in-locked", "account_login", "You cannot sign in for now", status=429,
          do=tuple(_sign_in("not this one") * 5)),
    State("sign-in-second-step", "account_login", "Confirm it is you", lands="mfa_authenticate",
          do=_sign_in(PASSWORD, "keyholder@demo.example")),
    State("sign-in-second-step-wrong", "account_login", "There is a problem",
          lands="mfa_authenticate",
          do=(*_sign_in(PASSWORD, "keyholder@demo.example"), fill("Code", "000000"),
              press("Continue"))),
    State("sign-out", "account_logout", "Are you sure you want to sign out?", "coordinator"),
    State("sign-up-closed", "account_signup", "You cannot make an account yourself"),
    State("account-closed", "account_inactive", "Your account is closed"),
    State("password-reset", "account_reset_password", "Reset your password"),
    State("password-reset-wrong", "account_reset_password", "There is a problem",
          do=(press("Send me a link"),)),
    State("password-reset-sent", "account_reset_password_done", "Check your email"),
    State("password-reset-old-link", "account_reset_password_from_key",
          "This link no longer works", of=("1", "set-password")),
    State("password-reset-link", "account_reset_password_from_key", "Choose a new password",
          of=("reset-user", "reset-key")),
    State("password-reset-done", "account_reset_password_from_key_done",
          "Your password is changed"),
    State("password-change", "account_change_password", "Change your password", "coordinator"),
    State("password-change-wrong", "account_change_password", "There is a problem", "coordinator",
          do=(fill("Current password", "not this one"), fill("New password", "short"),
              press("Change password"))),
    State("confirm", "account_reauthenticate", "Confirm it is you", "coordinator"),
    State("confirm-wrong", "account_reauthenticate", "The password is not right", "coordinator",
          do=(fill("Password", "not this one"), press("Confirm"))),
    State("confirm-by-app", "mfa_reauthenticate", "Confirm it is you", "keyholder"),
    State("confirm-by-passkey", "mfa_reauthenticate_webauthn", "Confirm it is you", "keyholder"),
    State("security", "mfa_index", "Sign-in and security", "coordinator"),
    State("security-all-set", "mfa_index", "Sign-in and security", "keyholder"),
    _confirmed("app-turn-on", "mfa_activate_totp", "Turn on an authenticator app",
               who="coordinator"),
    _confirmed("app-turn-on-wrong", "mfa_activate_totp", "There is a problem",
               fill("Code", "000000"), press("Turn on"), who="coordinator"),
    _confirmed("app-turn-off", "mfa_deactivate_totp", "Turn off the authenticator app"),
    _confirmed("recovery-codes", "mfa_view_recovery_codes", "Recovery codes"),
    _confirmed("recovery-codes-make", "mfa_generate_recovery_codes", "Make recovery codes"),
    State("passkeys", "mfa_list_webauthn", "Work laptop", "keyholder"),
    _confirmed("passkey-add", "mfa_add_webauthn", "Add a passkey or security key"),
    _confirmed("passkey-rename", "mfa_edit_webauthn", "Rename this key", of=("passkey",)),
    _confirmed("passkey-remove", "mfa_remove_webauthn", "Remove this key", of=("passkey",)),
    State("no-role", "home", "Help from volunteers", "nobody"),
    State("no-role-forbidden", "today", "Your role does not include this page", "nobody",
          status=403),
)  # fmt: skip
