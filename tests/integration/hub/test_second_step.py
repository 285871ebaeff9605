"""Authenticator apps, recovery codes and passkeys, from adding them to signing in with them."""

import json
import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from stepdown.hub.models import User
from stepdown.policy.roles import RoleKey
from tests.support.accounts import PASSWORD, account
from tests.support.passkey import Passkey

pytestmark = pytest.mark.django_db
HOST = "localhost"


def code_now(secret: str, steps: int = 0) -> str:
    """What an authenticator app shows (RFC 6238, 30 seconds)."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def sign_in(user: User, **meta: Any) -> tuple[Client, Any]:
    """A fresh browser that has just sent the right password."""
    client = Client(HTTP_HOST=HOST)
    form = {"login": user.email, "password": PASSWORD}
    return client, client.post("/account/login/", form, **meta)


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def confirm(client: Client) -> None:
    """The password once more, which every change of the ways in asks for."""
    client.post("/account/reauthenticate/", {"password": PASSWORD})


def turn_on_app(client: Client) -> str:
    """Adds an authenticator app; its secret."""
    confirm(client)
    page = client.get("/account/2fa/totp/activate/")
    assert page.status_code == 200
    found = re.search(r"\b[A-Z2-7]{32}\b", page.content.decode())
    assert found, "the page must show the secret to those who cannot scan a picture"
    answer = client.post("/account/2fa/totp/activate/", {"code": code_now(found[0])})
    assert answer.status_code == 302
    return found[0]


def add_passkey(client: Client, *, passwordless: bool = True) -> Passkey:
    """Adds a passkey on the page for it."""
    confirm(client)
    page = client.get("/account/2fa/webauthn/add/")
    key = Passkey(f"http://{HOST}")
    credential = key.create(page.context["js_data"]["creation_options"])
    form = {"name": "My phone", "credential": json.dumps(credential)}
    if passwordless:
        form["passwordless"] = "on"
    answer = client.post("/account/2fa/webauthn/add/", form)
    assert answer.status_code == 302, answer.content.decode()
    return key


def sign_in_by_passkey(key: Passkey, **meta: Any) -> tuple[Client, Any]:
    """A fresh browser that uses the passkey and no password."""
    client = Client(HTTP_HOST=HOST)
    asked = client.get(
        "/account/2fa/webauthn/login/", headers={"accept": "application/json"}, **meta
    )
    credential = key.get(asked.json()["request_options"])
    form = {"credential": json.dumps(credential)}
    return client, client.post("/account/2fa/webauthn/login/", form, **meta)


class TestAuthenticatorApp:
    def test_password_alone_no_longer_opens_the_hub(self) -> None:
        user = account(RoleKey.ADMINISTRATOR)
        client, _ = sign_in(user)
        secret = turn_on_app(client)
        other, answer = sign_in(user)
        assert answer["Location"].startswith("/account/2fa/authenticate/")
        assert not signed_in(other)
        assert other.get("/hub/").status_code == 302
        other.post("/account/2fa/authenticate/", {"code": code_now(secret, 1)})
        assert signed_in(other)

    def test_code_is_good_once(self) -> None:
        user = account(RoleKey.ADMINISTRATOR)
        client, _ = sign_in(user)
        secret = turn_on_app(client)
        code = code_now(secret, 1)
        first, _ = sign_in(user)
        first.post("/account/2fa/authenticate/", {"code": code})
        assert signed_in(first)
        second, _ = sign_in(user)
        second.post("/account/2fa/authenticate/", {"code": code})
        assert not signed_in(second)

    def test_codes_cannot_be_guessed_without_end(self) -> None:
        user = account(RoleKey.ADMINISTRATOR)
        client, _ = sign_in(user)
        secret = turn_on_app(client)
        other, _ = sign_in(user)
        for n in range(11):
            other.post("/account/2fa/authenticate/", {"code": f"{n:06}"})
        answer = other.post("/account/2fa/authenticate/", {"code": code_now(secret, 1)})
        assert answer.status_code == 200
        assert not signed_in(other)

    def test_recovery_code_opens_the_hub_once(self) -> None:
        user = account(RoleKey.ADMINISTRATOR)
        client, _ = sign_in(user)
        turn_on_app(client)
        codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
        shown = client.get("/account/2fa/recovery-codes/").content.decode()
        assert codes[0] in shown
        for expected in (True, False):
            other, _ = sign_in(user)
            other.post("/account/2fa/authenticate/", {"code": codes[0]})
            assert signed_in(other) is expected

    def test_secrets_lie_encrypted(self) -> None:
        client, _ = sign_in(account(RoleKey.ADMINISTRATOR))
        secret = turn_on_app(client)
        for stored in Authenticator.objects.all():
            assert secret not in json.dumps(stored.data)
            for sealed in stored.data.values():
                if isinstance(sealed, str):
                    assert sealed.startswith("gAAAA")

    def test_secrets_survive_a_change_of_the_hub_s_key(self, settings: Any) -> None:
        client, _ = sign_in(account(RoleKey.ADMINISTRATOR))
        secret = turn_on_app(client)
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another key"
        assert Authenticator.objects.get(type="totp").wrap().validate_code(code_now(secret, 1))

    def test_password_is_asked_again_before_the_app_is_turned_off(self) -> None:
        user = account(RoleKey.ADMINISTRATOR)
        client, _ = sign_in(user)
        turn_on_app(client)
        session = client.session
        for record in session["account_authentication_methods"]:
            record["at"] -= 3600
        session.save()
        answer = client.post("/account/2fa/totp/deactivate/")
        assert answer["Location"].startswith("/account/reauthenticate/")
        assert Authenticator.objects.filter(type="totp").exists()


class TestPasskey:
    def test_passkey_opens_the_hub_without_a_password(self) -> None:
        client, _ = sign_in(account(RoleKey.ADMINISTRATOR))
        key = add_passkey(client)
        other, answer = sign_in_by_passkey(key)
        assert answer.status_code == 302
        assert signed_in(other)
        assert other.get("/hub/").status_code == 200

    def test_another_site_s_answer_is_refused(self) -> None:
        client, _ = sign_in(account(RoleKey.ADMINISTRATOR))
        key = add_passkey(client)
        key.origin = "https://evil.example"
        other, _ = sign_in_by_passkey(key)
        assert not signed_in(other)

    def test_answer_cannot_be_used_twice(self) -> None:
        client, _ = sign_in(account(RoleKey.ADMINISTRATOR))
        key = add_passkey(client)
        first = Client(HTTP_HOST=HOST)
        asked = first.get(
            "/account/2fa/webauthn/login/", headers={"accept": "application/json"}
        ).json()
        form = {"credential": json.dumps(key.get(asked["request_options"]))}
        first.post("/account/2fa/webauthn/login/", form)
        assert signed_in(first)
        second = Client(HTTP_HOST=HOST)
        second.get("/account/2fa/webauthn/login/", headers={"accept": "application/json"})
        second.post("/account/2fa/webauthn/login/", form)
        assert not signed_in(second)

    @pytest.mark.parametrize("credential", ["", "{}", "[]", "not json", '{"id": 1}', "null"])
    def test_nonsense_is_refused_and_breaks_nothing(self, credential: str) -> None:
        client = Client(HTTP_HOST=HOST)
        client.get("/account/2fa/webauthn/login/", headers={"accept": "application/json"})
        answer = client.post("/account/2fa/webauthn/login/", {"credential": credential})
        assert answer.status_code == 302
        assert not signed_in(client)

    def test_demonstration_account_with_a_passkey_is_refused_elsewhere(self) -> None:
        persona = account(RoleKey.ADMINISTRATOR, demonstration=True)
        client, _ = sign_in(persona)
        key = add_passkey(client)
        here, answer = sign_in_by_passkey(key)
        assert signed_in(here)
        away, answer = sign_in_by_passkey(key, REMOTE_ADDR="192.0.2.1")
        assert answer.status_code == 403
        assert b"This is a demonstration account." in answer.content
        assert not signed_in(away)

    def test_key_is_listed_renamed_and_removed(self) -> None:
        client, _ = sign_in(account(RoleKey.ADMINISTRATOR))
        key = add_passkey(client)
        pk = Authenticator.objects.get(type="webauthn").pk
        assert b"My phone" in client.get("/account/2fa/webauthn/").content
        client.post(f"/account/2fa/webauthn/keys/{pk}/edit/", {"name": "Old phone"})
        assert b"Old phone" in client.get("/account/2fa/webauthn/").content
        client.post(f"/account/2fa/webauthn/keys/{pk}/remove/")
        other, _ = sign_in_by_passkey(key)
        assert not signed_in(other)

    @pytest.mark.parametrize("credential", ["{}", "[]", '{"id": "AAAA", "response": 3}'])
    def test_nonsense_makes_no_key(self, credential: str) -> None:
        client, _ = sign_in(account(RoleKey.ADMINISTRATOR))
        confirm(client)
        client.get("/account/2fa/webauthn/add/")
        answer = client.post("/account/2fa/webauthn/add/", {"credential": credential})
        assert answer.status_code == 200
        assert not Authenticator.objects.exists()

    def test_nobody_reaches_another_s_key(self) -> None:
        client, _ = sign_in(account(RoleKey.ADMINISTRATOR))
        add_passkey(client)
        pk = Authenticator.objects.get(type="webauthn").pk
        stranger, _ = sign_in(account(RoleKey.REFERRER))
        confirm(stranger)
        for verb in ("edit", "remove"):
            assert stranger.get(f"/account/2fa/webauthn/keys/{pk}/{verb}/").status_code == 404
