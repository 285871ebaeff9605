"""Signing in: what opens, what is counted, and what nobody learns."""

import re
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.core import mail
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from django.utils import timezone

from stepdown.config.origin import address_of
from stepdown.hub.models import LedgerEntry, User
from stepdown.policy.roles import RoleKey
from tests.support.accounts import PASSWORD, account

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"


def try_to_sign_in(client: Client, email: str, password: str, **meta: Any) -> int:
    """The status of the answer to a password."""
    return client.post(LOGIN, {"login": email, "password": password}, **meta).status_code


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_right_password_opens_the_hub(client: Client) -> None:
    account(RoleKey.ADMINISTRATOR)
    assert try_to_sign_in(client, "administrator@example.org", PASSWORD) == 302
    assert is_signed_in(client)
    assert client.get("/hub/").status_code == 200


def test_sign_in_name_is_the_email_address_in_any_case(client: Client) -> None:
    account(RoleKey.ADMINISTRATOR)
    assert try_to_sign_in(client, " Administrator@Example.org ", PASSWORD) == 302


def test_wrong_password_and_unknown_name_get_the_same_answer(client: Client) -> None:
    account(RoleKey.REFERRER)
    pages = []
    for email in ("referrer@example.org", "nobody.here@example.org"):
        answer = client.post(LOGIN, {"login": email, "password": "wrong"})
        assert answer.status_code == 200
        text = answer.content.decode().replace(email, "-")
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text))
    assert pages[0] == pages[1]
    assert "There is a problem" in pages[0]


def test_account_that_is_closed_does_not_open(client: Client) -> None:
    user = account(RoleKey.REFERRER)
    User.objects.filter(pk=user.pk).update(is_active=False)
    try_to_sign_in(client, user.email, PASSWORD)
    assert not is_signed_in(client)


def test_account_closed_while_signed_in_loses_its_session(client: Client) -> None:
    user = account(RoleKey.ADMINISTRATOR)
    client.force_login(user)
    assert client.get("/hub/").status_code == 200
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/hub/").status_code == 302


@pytest.mark.parametrize("email", ["referrer@example.org", "nobody.here@example.org"])
def test_five_wrong_passwords_lock_a_name_whether_or_not_it_exists(
    client: Client, email: str
) -> None:
    account(RoleKey.REFERRER)
    answers = [client.post(LOGIN, {"login": email, "password": "no"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429, 429]
    assert "account/locked.html" in [template.name for template in answers[5].templates]
    assert b"You cannot sign in for now" in answers[5].content
    assert email.encode() not in answers[5].content


def test_locked_name_does_not_open_with_the_right_password(client: Client) -> None:
    account(RoleKey.REFERRER)
    for _ in range(5):
        try_to_sign_in(client, "referrer@example.org", "no")
    assert try_to_sign_in(client, "referrer@example.org", PASSWORD) == 429
    assert not is_signed_in(client)


def test_other_spellings_of_a_name_give_no_fresh_attempts(client: Client) -> None:
    account(RoleKey.REFERRER)
    spellings = ["referrer", "Referrer", "REFERRER", " referrer", "rEferrer"]
    for spelling in spellings:
        try_to_sign_in(client, f"{spelling}@example.org", "no")
    assert try_to_sign_in(client, "referrer@example.org", PASSWORD) == 429


def test_lock_concerns_one_name_from_one_address(client: Client) -> None:
    account(RoleKey.REFERRER)
    account(RoleKey.COORDINATOR)
    for _ in range(5):
        try_to_sign_in(client, "referrer@example.org", "no")
    assert try_to_sign_in(Client(), "coordinator@example.org", PASSWORD) == 302
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert try_to_sign_in(elsewhere, "referrer@example.org", PASSWORD) == 302


def test_lock_ends_a_quarter_of_an_hour_after_the_last_counted_attempt(client: Client) -> None:
    account(RoleKey.REFERRER)
    for _ in range(7):
        try_to_sign_in(client, "referrer@example.org", "no")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert try_to_sign_in(client, "referrer@example.org", PASSWORD) == 302


def test_success_clears_the_count(client: Client) -> None:
    account(RoleKey.REFERRER)
    for _ in range(2):
        for _ in range(4):
            try_to_sign_in(Client(), "referrer@example.org", "no")
        assert try_to_sign_in(Client(), "referrer@example.org", PASSWORD) == 302


def test_name_tried_from_many_addresses_is_slowed_down() -> None:
    account(RoleKey.REFERRER)
    for n in range(11):
        try_to_sign_in(Client(REMOTE_ADDR=f"192.0.2.{n}"), "referrer@example.org", "no")
    client = Client(REMOTE_ADDR="192.0.2.99")
    answer = client.post(LOGIN, {"login": "referrer@example.org", "password": PASSWORD})
    assert answer.status_code == 200
    assert b"too many attempts" in answer.content
    assert not is_signed_in(client)


def test_wrong_password_when_asked_again_is_counted_too(client: Client) -> None:
    """Somebody at an open screen may not guess the password there without end."""
    client.force_login(account(RoleKey.REFERRER))
    codes = [
        client.post("/account/reauthenticate/", {"password": "no"}).status_code for _ in range(6)
    ]
    assert 429 in codes
    assert client.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 429


def test_no_password_and_no_name_is_kept_or_logged(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(6):
        try_to_sign_in(client, "secret.name@example.org", "my secret words")
    kept = AccessAttempt.objects.get()
    assert "my secret words" not in kept.post_data
    assert "secret.name" not in kept.post_data
    assert "secret.name" not in caplog.text
    assert "my secret words" not in caplog.text


@pytest.mark.parametrize("address", ["/account/signup/", "/account/signup/?next=/hub/"])
def test_nobody_can_make_an_account_for_themselves(client: Client, address: str) -> None:
    form = {"email": "me@example.org", "password1": PASSWORD, "password2": PASSWORD}
    for answer in (client.get(address), client.post(address, form)):
        assert b"You cannot make an account yourself" in answer.content
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "name", ["account_email", "account_email_verification_sent", "account_confirm_login_code"]
)
def test_pages_that_the_hub_keeps_shut_do_not_exist(client: Client, name: str) -> None:
    client.force_login(account(RoleKey.REFERRER))
    assert client.get(reverse(name)).status_code == 404
    assert client.post(reverse(name), {"email": "new@example.org"}).status_code == 404


def test_sign_in_leads_back_to_the_page_that_was_asked_for(client: Client) -> None:
    account(RoleKey.ADMINISTRATOR)
    asked = client.get("/hub/accounts/?after=x")
    answer = client.post(
        asked["Location"],
        {
            "login": "administrator@example.org",
            "password": PASSWORD,
            "next": "/hub/accounts/?after=x",
        },
    )
    assert answer["Location"] == "/hub/accounts/?after=x"


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example/", "javascript:x"])
def test_sign_in_leads_nowhere_else(client: Client, where: str) -> None:
    account(RoleKey.ADMINISTRATOR)
    form = {"login": "administrator@example.org", "password": PASSWORD, "next": where}
    answer = client.post(f"{LOGIN}?next={where}", form)
    assert answer["Location"] == "/"


def test_signing_out_needs_a_button_and_ends_the_session(client: Client) -> None:
    client.force_login(account(RoleKey.ADMINISTRATOR))
    assert client.get("/account/logout/").status_code == 200
    assert is_signed_in(client)
    client.post("/account/logout/")
    assert not is_signed_in(client)


class TestForgottenPassword:
    def link(self) -> str:
        """The address in the message, without the hub's own."""
        found = re.search(r"https?://\S+", str(mail.outbox[0].body))
        assert found
        assert found[0].startswith(settings.STEPDOWN_PUBLIC_URL)
        return found[0].removeprefix(settings.STEPDOWN_PUBLIC_URL)

    def test_holder_sets_a_new_password_by_the_link_sent_to_them(self, client: Client) -> None:
        user = account(RoleKey.REFERRER)
        other = Client()
        other.force_login(user)
        client.post("/account/password/reset/", {"email": "Referrer@example.org"})
        assert mail.outbox[0].to == ["referrer@example.org"]
        shown = client.get(self.link(), follow=True)
        new = "an entirely new phrase 23"
        done = client.post(shown.redirect_chain[-1][0], {"password1": new, "password2": new})
        assert done.status_code == 302
        assert try_to_sign_in(client, user.email, PASSWORD) == 200
        assert try_to_sign_in(client, user.email, new) == 302
        # Whoever was signed in with the old password is signed out.
        assert other.get("/account/2fa/").status_code == 302
        assert LedgerEntry.objects.filter(verb="user.password-set", object_id=user.pk).exists()

    def test_link_is_good_once(self, client: Client) -> None:
        account(RoleKey.REFERRER)
        client.post("/account/password/reset/", {"email": "referrer@example.org"})
        shown = client.get(self.link(), follow=True)
        new = "an entirely new phrase 23"
        client.post(shown.redirect_chain[-1][0], {"password1": new, "password2": new})
        again = Client().get(self.link(), follow=True)
        assert b"password1" not in again.content

    def test_link_is_good_for_an_hour(self, client: Client) -> None:
        account(RoleKey.REFERRER)
        client.post("/account/password/reset/", {"email": "referrer@example.org"})
        with override_settings(PASSWORD_RESET_TIMEOUT=-1):
            late = client.get(self.link(), follow=True)
        assert b"password1" not in late.content
        assert settings.PASSWORD_RESET_TIMEOUT == 3600

    def test_link_leads_to_the_hub_whatever_host_was_asked_for(self) -> None:
        account(RoleKey.REFERRER)
        elsewhere = Client(HTTP_HOST="127.0.0.1:9999")
        elsewhere.post("/account/password/reset/", {"email": "referrer@example.org"})
        assert self.link().startswith("/account/password/reset/key/")

    def test_unknown_address_gets_the_same_answer(self, client: Client) -> None:
        account(RoleKey.REFERRER)
        known = client.post("/account/password/reset/", {"email": "referrer@example.org"})
        unknown = client.post("/account/password/reset/", {"email": "nobody.here@example.org"})
        assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
        # Both cost a message, so that the time taken tells nothing; the second opens nothing.
        assert len(mail.outbox) == 2
        assert "/reset/key/" not in str(mail.outbox[1].body)

    def test_nobody_is_flooded_with_messages(self, client: Client) -> None:
        account(RoleKey.REFERRER)
        for _ in range(6):
            client.post("/account/password/reset/", {"email": "referrer@example.org"})
        assert len(mail.outbox) == 3

    def test_weak_password_is_refused_in_words(self, client: Client) -> None:
        account(RoleKey.REFERRER)
        client.post("/account/password/reset/", {"email": "referrer@example.org"})
        shown = client.get(self.link(), follow=True)
        where = shown.redirect_chain[-1][0]
        answer = client.post(where, {"password1": "short", "password2": "short"})
        assert answer.status_code == 200
        assert b"govuk-error-summary" in answer.content


@pytest.mark.parametrize(
    ("proxies", "header", "found"),
    [
        (0, None, "192.0.2.1"),
        # A header that the client wrote itself counts for nothing.
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (2, "1.1.1.1, 203.0.113.9, 192.0.2.1", "203.0.113.9"),
        (2, "203.0.113.9", None),
        (1, "not an address", None),
        (1, None, None),
    ],
)
def test_attempts_are_counted_by_the_address_that_our_own_proxies_saw(
    proxies: int, header: str | None, found: str | None
) -> None:
    extra: dict[str, Any] = {"HTTP_X_FORWARDED_FOR": header} if header else {}
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", **extra)
    with override_settings(STEPDOWN_PROXIES=proxies):
        assert address_of(request) == found


def test_sign_in_works_over_a_unix_socket(client: Client) -> None:
    account(RoleKey.REFERRER)
    assert try_to_sign_in(client, "referrer@example.org", "no", REMOTE_ADDR="") == 200
    assert try_to_sign_in(client, "referrer@example.org", PASSWORD, REMOTE_ADDR="") == 302
