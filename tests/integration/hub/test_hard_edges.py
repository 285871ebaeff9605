"""What stands between the hub and whoever asks too often, too boldly or without a second step."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings

from stepdown.casework.models import Referral
from stepdown.config.limits import DEFAULT, LIMITS, take
from stepdown.config.origin import address_of
from stepdown.hub.models import LedgerEntry, User
from stepdown.kernel import clock
from stepdown.policy.roles import RoleKey
from tests.support.accounts import PASSWORD, account

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    cache.clear()


def _starts(client: Client, **meta: Any) -> int:
    return client.post("/refer/", **meta).status_code


class TestLimits:
    """Somebody without an account."""

    def test_drafts_are_limited_in_one_browser(self, client: Client) -> None:
        statuses = [_starts(client) for _ in range(LIMITS["refer"].of_session + 2)]
        # The first request has no session yet.
        assert statuses == [200] * (LIMITS["refer"].of_session + 1) + [429]
        assert Referral.objects.count() == LIMITS["refer"].of_session + 1

    def test_drafts_are_limited_from_one_address_whatever_the_browser(self) -> None:
        most = LIMITS["refer"].most
        statuses = [_starts(Client()) for _ in range(most + 3)]
        assert statuses == [200] * most + [429] * 3
        assert _starts(Client(), REMOTE_ADDR="198.51.100.7") == 200

    def test_one_subscriber_of_ipv6_is_one_address(self) -> None:
        most = LIMITS["refer"].most
        for number in range(most):
            assert _starts(Client(), REMOTE_ADDR=f"2001:db8:1:2::{number:x}") == 200
        assert _starts(Client(), REMOTE_ADDR="2001:db8:1:2:ffff::1") == 429
        assert _starts(Client(), REMOTE_ADDR="2001:db8:1:3::1") == 200

    def test_codes_are_not_tried_without_end_and_every_answer_is_the_same(
        self, client: Client
    ) -> None:
        started = client.post("/refer/").content.decode()
        found = re.search(r"R-\w{4}-\w{4}", started)
        assert found
        answers = set()
        for reference in (found[0], "R-0000-0000"):
            page = Client().post("/refer/return/", {"reference": reference, "code": "0000-0000"})
            body = re.sub(r'csrfmiddlewaretoken" value="\w+"', "", page.content.decode())
            answers.add((page.status_code, body.replace(reference, "")))
        assert len(answers) == 1
        tries = [
            Client().post("/refer/return/", {"reference": "R-0000-0000", "code": "1"}).status_code
            for _ in range(LIMITS["refer-return"].most)
        ]
        assert tries[-2:] == [429, 429]

    def test_answer_is_the_same_for_a_link_that_is_and_one_that_is_not(self) -> None:
        limit = LIMITS["link"]
        statuses = [Client().get("/v/unknown/").status_code for _ in range(limit.most + 1)]
        assert statuses == [404] * limit.most + [429]

    def test_refusal_says_when_to_come_back_and_nothing_else(self, client: Client) -> None:
        for _ in range(LIMITS["refer"].of_session + 1):
            _starts(client)
        answer = client.post("/refer/")
        assert answer.status_code == 429
        assert answer["Retry-After"] == "3600"
        assert b"Wait a few minutes" in answer.content
        assert "no-store" in answer["Cache-Control"]

    def test_whoever_is_signed_in_is_not_counted(self, client: Client) -> None:
        client.force_login(account(RoleKey.REFERRER))
        statuses = {_starts(client) for _ in range(LIMITS["refer"].most + 1)}
        assert statuses == {200}

    def test_a_page_that_nobody_thought_of_is_limited_too(self, client: Client) -> None:
        statuses = [client.post("/language/").status_code for _ in range(DEFAULT.most + 1)]
        assert statuses[-1] == 429
        assert 429 not in statuses[:-1]

    def test_places_in_a_window_are_never_more_than_there_are(self) -> None:
        now = 1_000_000.0
        assert [take("x", 3, 60, now=now) for _ in range(5)] == [True] * 3 + [False] * 2
        assert take("y", 3, 60, now=now)
        assert take("x", 3, 60, now=now + 60)

    def test_nothing_of_whoever_asked_lies_in_the_table(self, client: Client) -> None:
        client.post("/refer/", REMOTE_ADDR="198.51.100.7")
        with connection.cursor() as cursor:
            cursor.execute("SELECT cache_key, value FROM hub_cache")
            kept = str(cursor.fetchall())
        assert "limit:" in kept
        assert "198.51" not in kept


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    "connection.vendor == 'sqlite'", reason="Threads share no SQLite database in memory"
)
def test_many_at_once_take_no_more_places_than_there_are() -> None:
    cache.clear()

    def one(_number: int) -> bool:
        try:
            return take("crowd", 10, 3600)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as crowd:
        assert sum(crowd.map(one, range(60))) == 10


class TestSameWork:
    """Names that exist and names that do not cost the same: as many slow hashes."""

    @pytest.fixture
    def hashes(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
        from django.contrib.auth.hashers import MD5PasswordHasher

        done: list[int] = []
        encode = MD5PasswordHasher.encode

        def counted(self: Any, password: str, salt: str) -> str:
            done.append(1)
            return str(encode(self, password, salt))

        monkeypatch.setattr(MD5PasswordHasher, "encode", counted)

        def since() -> int:
            number = len(done)
            done.clear()
            return number

        return since

    def test_sign_in(self, hashes: Callable[[], int]) -> None:
        account(RoleKey.REFERRER)
        closed = account(name="closed")
        closed.is_active = False
        closed.save()
        counts = set()
        for name in ("referrer", "nobody-at-all", "closed"):
            hashes()
            Client().post("/account/login/", {"login": f"{name}@example.org", "password": "no no"})
            counts.add(hashes())
        assert counts == {1}

    def test_coming_back_to_a_referral(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from stepdown.casework.actions import drafts

        done: list[str] = []
        kept = drafts._hash

        def counted(reference: str, code: str) -> bytes:
            done.append(reference)
            return kept(reference, code)

        monkeypatch.setattr(drafts, "_hash", counted)
        started = Client().post("/refer/").content.decode()
        found = re.search(r"R-\w{4}-\w{4}", started)
        assert found
        for reference in (found[0], "R-0000-0000"):
            done.clear()
            Client().post("/refer/return/", {"reference": reference, "code": "0000-0000"})
            assert len(done) == 1

    def test_password_reset_sends_a_message_either_way(self, mailoutbox: list[Any]) -> None:
        account(RoleKey.REFERRER)
        pages = []
        for name in ("referrer", "nobody-at-all"):
            answer = Client().post("/account/password/reset/", {"email": f"{name}@example.org"})
            pages.append((answer.status_code, answer["Location"]))
        assert pages[0] == pages[1]
        assert len(mailoutbox) in {1, 2}


class TestSecurityTxt:
    """RFC 9116."""

    def test_names_who_reads_reports_and_until_when(self, client: Client, settings: Any) -> None:
        settings.STEPDOWN_SECURITY_CONTACT = "security@example.org"
        settings.STEPDOWN_PUBLIC_URL = "https://hub.example.org"
        with clock.at(datetime(2026, 11, 5, 9, tzinfo=UTC)):
            answer = client.get("/.well-known/security.txt")
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
        assert fields["Contact"] == "mailto:security@example.org"
        assert fields["Canonical"] == "https://hub.example.org/.well-known/security.txt"
        until = datetime.fromisoformat(fields["Expires"])
        assert timedelta(0) < until - datetime(2026, 11, 5, tzinfo=UTC) < timedelta(days=365)

    def test_is_not_there_while_nobody_is_named(self, client: Client, settings: Any) -> None:
        settings.STEPDOWN_SECURITY_CONTACT = ""
        assert client.get("/.well-known/security.txt").status_code == 404


class TestSecondStep:
    """A password alone opens no record."""

    def test_account_without_one_is_led_to_it_and_no_further(self, client: Client) -> None:
        client.force_login(account(RoleKey.COORDINATOR))
        with override_settings(STEPDOWN_SECOND_STEP=True):
            for page in ("/today/", "/needs/", "/people/"):
                answer = client.get(page)
                assert (answer.status_code, answer["Location"]) == (302, "/account/2fa/")
            assert client.post("/needs/add/", {}).status_code == 302
            assert b"add a second step" in client.get("/account/2fa/", follow=True).content
            assert client.get("/about/").status_code == 200
            assert client.post("/account/logout/").status_code == 302

    def test_account_with_one_goes_on(self, client: Client) -> None:
        from allauth.mfa.models import Authenticator

        user = account(RoleKey.COORDINATOR)
        client.force_login(user)
        kinds, make = Authenticator.Type, Authenticator.objects.create
        codes = make(user=user, type=kinds.RECOVERY_CODES, data={})
        with override_settings(STEPDOWN_SECOND_STEP=True):
            assert client.get("/today/").status_code == 302  # recovery codes alone are no step
            codes.delete()
            make(user=user, type=kinds.TOTP, data={})
            assert client.get("/today/").status_code == 200

    def test_demonstration_needs_none_on_its_own_machine(self) -> None:
        user = account(RoleKey.COORDINATOR, demonstration=True)
        client = Client(HTTP_HOST="localhost")
        client.force_login(user)
        with override_settings(STEPDOWN_SECOND_STEP=True):
            assert client.get("/today/").status_code == 200

    def test_a_running_hub_asks_for_it(self) -> None:
        from stepdown.config.settings import base

        assert base.STEPDOWN_SECOND_STEP is True


class TestClosing:
    """An administrator closes an account: it is out at its next request."""

    def test_open_session_ends_at_once_and_stays_ended(self) -> None:
        user = account(RoleKey.COORDINATOR)
        theirs, client = Client(), Client()
        theirs.force_login(user)
        assert theirs.get("/needs/").status_code == 200
        client.force_login(account(RoleKey.ADMINISTRATOR))
        address = f"/hub/accounts/{user.pk}/close/"
        assert b"Close this account?" in client.get(address).content
        assert client.post(address, {"then": "close"}).status_code == 302
        assert theirs.get("/needs/").status_code == 302
        form = {"login": user.email, "password": PASSWORD}
        assert theirs.post("/account/login/", form)["Location"] == "/account/inactive/"
        assert theirs.get("/needs/").status_code == 302
        assert client.post(address, {"then": "close"}).status_code == 403
        assert LedgerEntry.objects.filter(verb="user.closed", object_id=user.pk).count() == 1
        assert client.post(address, {"then": "reopen"}).status_code == 302
        assert User.objects.get(pk=user.pk).is_active
        theirs.post("/account/login/", form)
        assert theirs.get("/needs/").status_code == 200

    def test_nobody_closes_their_own(self, client: Client) -> None:
        own = account(RoleKey.ADMINISTRATOR)
        client.force_login(own)
        answer = client.post(f"/hub/accounts/{own.pk}/close/", {"then": "close"})
        assert answer.status_code == 403
        assert b"Another administrator must close your own account." in answer.content


def test_signing_out_clears_what_the_browser_kept(client: Client) -> None:
    client.force_login(account(RoleKey.COORDINATOR))
    assert client.post("/account/logout/")["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in client.get("/about/")


@pytest.mark.parametrize(
    ("stated", "counted"),
    [("::ffff:192.0.2.1", "192.0.2.1"), ("2001:db8::1", "2001:db8::"), ("192.0.2.1", "192.0.2.1")],
)
def test_addresses_are_counted_by_subscriber(rf: Any, stated: str, counted: str) -> None:
    assert address_of(rf.get("/", REMOTE_ADDR=stated)) == counted


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "CONNECT", "BREW"])
def test_methods_that_no_page_needs_are_refused(client: Client, method: str) -> None:
    answer = client.generic(method, "/about/", HTTP_COOKIE="secret=1")
    assert answer.status_code == 405
    assert b"secret" not in answer.content
