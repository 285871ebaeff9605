"""Demonstration passwords are public, so they open nothing but the machine that serves the hub."""

from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.test import Client, RequestFactory

from stepdown.config.accounts import Adapter
from stepdown.config.origin import PROXY_HEADERS, on_this_machine
from stepdown.hub.models import User
from stepdown.policy.roles import RoleKey
from tests.support.accounts import PASSWORD, account

HERE: dict[str, Any] = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost:8000"}
ELSEWHERE: list[dict[str, Any]] = [
    {"REMOTE_ADDR": "192.0.2.1"},
    {"REMOTE_ADDR": "10.0.0.5"},
    {"REMOTE_ADDR": ""},  # a Unix socket: a proxy stands there, or may
    {"REMOTE_ADDR": "not an address"},
    {"REMOTE_ADDR": "::ffff:192.0.2.1"},
    {"HTTP_HOST": "hub.example.org"},
    {"HTTP_HOST": "localhost.example.org"},
    {"HTTP_HOST": "192.0.2.1"},
    {"HTTP_HOST": ""},
    {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
    {"HTTP_X_FORWARDED_HOST": "localhost"},
    {"HTTP_X_FORWARDED_PROTO": "https"},
    {"HTTP_FORWARDED": "for=127.0.0.1"},
    {"HTTP_X_REAL_IP": "127.0.0.1"},
    {"HTTP_VIA": "1.1 proxy"},
]


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"REMOTE_ADDR": "127.0.0.53"},
        {"REMOTE_ADDR": "::1", "HTTP_HOST": "[::1]:8000"},
        {"REMOTE_ADDR": "::ffff:127.0.0.1"},
        {"HTTP_HOST": "127.0.0.1"},
        {"HTTP_HOST": "LOCALHOST"},
    ],
)
def test_browser_on_the_same_machine_is_known(change: dict[str, Any]) -> None:
    assert on_this_machine(RequestFactory().get("/", **(HERE | change)))


@pytest.mark.parametrize("change", [*ELSEWHERE, *({key: "x"} for key in sorted(PROXY_HEADERS))])
def test_any_sign_of_another_machine_is_enough(change: dict[str, Any]) -> None:
    assert not on_this_machine(RequestFactory().get("/", **(HERE | change)))


# What reaches the hub at all: the names it answers to are tested elsewhere.
REACHING = [c for c in ELSEWHERE if "HTTP_HOST" not in c]


@pytest.fixture
def persona(db: None, settings: Any) -> User:
    settings.ALLOWED_HOSTS = ["*"]
    return account(RoleKey.ADMINISTRATOR, demonstration=True)


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_persona_opens_the_hub_on_this_machine(client: Client, persona: User) -> None:
    form = {"login": persona.email, "password": PASSWORD}
    assert client.post("/account/login/", form, **HERE).status_code == 302
    assert client.get("/hub/", **HERE).status_code == 200


@pytest.mark.parametrize("change", [*REACHING, {"HTTP_HOST": "hub.example.org"}])
def test_password_is_refused_elsewhere_in_plain_words(
    client: Client, persona: User, change: dict[str, Any]
) -> None:
    form = {"login": persona.email, "password": PASSWORD}
    answer = client.post("/account/login/", form, **(HERE | change))
    assert answer.status_code == 200
    assert b"This is a demonstration account." in answer.content
    assert not signed_in(client)


def test_wrong_password_is_not_told_that_the_account_is_a_demonstration(
    client: Client, persona: User
) -> None:
    form = {"login": persona.email, "password": "wrong"}
    answer = client.post("/account/login/", form, REMOTE_ADDR="192.0.2.1")
    assert b"demonstration account" not in answer.content


def test_backend_refuses_whoever_calls_it(persona: User) -> None:
    for change in ({}, *REACHING):
        request = RequestFactory().post("/", **(HERE | change))
        found = authenticate(request, email=persona.email, password=PASSWORD)
        assert (found is not None) == (change == {})


@pytest.mark.parametrize("change", REACHING)
def test_session_ends_when_it_is_used_from_elsewhere(
    client: Client, persona: User, change: dict[str, Any]
) -> None:
    client.force_login(persona)
    assert client.get("/hub/", **HERE).status_code == 200
    answer = client.get("/hub/", **(HERE | change))
    assert answer.status_code == 403
    assert b"This is a demonstration account." in answer.content
    assert not signed_in(client)
    assert client.get("/hub/", **HERE).status_code == 302


@pytest.mark.parametrize("change", REACHING)
def test_passkey_and_reset_link_pass_the_same_gate(persona: User, change: dict[str, Any]) -> None:
    """Every way of signing in ends in ``pre_login``, with the account that was proven."""
    request = RequestFactory().post("/account/2fa/webauthn/login/", **(HERE | change))
    answer = Adapter().pre_login(
        request,
        persona,
        email_verification="none",
        signal_kwargs={},
        email=None,
        signup=False,
        redirect_url=None,
    )
    assert answer is not None
    assert answer.status_code == 403
    assert b"This is a demonstration account." in answer.content


def test_ordinary_account_signs_in_from_anywhere(client: Client, db: None) -> None:
    user = account(RoleKey.ADMINISTRATOR)
    form = {"login": user.email, "password": PASSWORD}
    meta: dict[str, Any] = {"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": "203.0.113.5"}
    assert client.post("/account/login/", form, **meta).status_code == 302
    assert client.get("/hub/", **meta).status_code == 200
