"""The pages of signing in, with our words and without faults."""

from pathlib import Path

import allauth
import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client

import stepdown.pages
from tests.integration.pages.markup import faults

pytestmark = pytest.mark.urls("tests.integration.pages.gallery")
PASSWORD = "correct horse battery staple"
OURS = Path(stepdown.pages.__file__).parent / "templates"
THEIRS = Path(allauth.__file__).parent / "templates"


@pytest.fixture
def officer(client: Client) -> Client:
    """A browser signed in, which has just confirmed the password as changes to security ask."""
    get_user_model().objects.create_user("officer@example.org", PASSWORD, display_name="Jo")
    client.post("/account/login/", {"login": "officer@example.org", "password": PASSWORD})
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


def test_every_template_we_put_in_place_of_a_package_s_one_has_that_one_to_replace() -> None:
    assert apps.is_installed("allauth.mfa")
    ours = {
        path.relative_to(OURS).as_posix()
        for folder in ("account", "allauth", "mfa")
        for path in (OURS / folder).rglob("*.*")
    }
    theirs = {path.relative_to(THEIRS).as_posix() for path in THEIRS.rglob("*.*")}
    assert ours - theirs == {"account/locked.html"}


def test_a_failed_try_does_not_say_what_was_wrong(client: Client, officer: Client) -> None:
    officer.logout()
    answers = []
    for login in ("officer@example.org", "nobody@example.org"):
        response = client.post("/account/login/", {"login": login, "password": "not it"})
        html = response.content.decode()
        assert faults(html) == []
        assert "<title>Error: Sign in" in html
        answers.append("Together they match no account." in html)
    assert answers == [True, True]


def test_signing_in_with_nothing_entered_asks_for_each(client: Client) -> None:
    html = client.post("/account/login/", {}).content.decode()
    assert '<a href="#id_login">Enter your email address</a>' in html
    assert '<a href="#id_password">Enter your password</a>' in html


@pytest.mark.parametrize(
    ("address", "heading"),
    [
        ("/account/2fa/", "Sign-in and security"),
        ("/account/2fa/totp/activate/", "Turn on an authenticator app"),
        ("/account/2fa/webauthn/", "Passkeys and security keys"),
        ("/account/2fa/webauthn/add/", "Add a passkey or security key"),
        ("/account/password/change/", "Change your password"),
        ("/account/logout/", "Are you sure you want to sign out?"),
        ("/account/reauthenticate/", "Confirm it is you"),
    ],
)
def test_pages_of_an_account_are_well_made(officer: Client, address: str, heading: str) -> None:
    response = officer.get(address)
    html = response.content.decode()
    assert response.status_code == 200
    assert heading in html
    assert faults(html) == []


def test_an_email_to_reset_a_password_names_nobody(client: Client, officer: Client) -> None:
    officer.logout()
    client.post("/account/password/reset/", {"email": "officer@example.org"})
    [message] = mail.outbox
    assert "/account/password/reset/key/" in message.body
    assert "officer@" not in f"{message.body}{message.subject}"
    assert "Jo" not in message.body.split()


def test_asking_to_reset_answers_the_same_for_an_address_we_do_not_know(client: Client) -> None:
    response = client.post("/account/password/reset/", {"email": "nobody@example.org"})
    assert response.status_code == 302
    assert response["Location"] == "/account/password/reset/done/"
    assert all("nobody@" not in message.body for message in mail.outbox)
