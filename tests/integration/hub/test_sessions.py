"""How long a session lasts, and what of it stays in a browser."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client

from stepdown.hub.models import User
from stepdown.kernel import clock
from stepdown.policy.roles import RoleKey
from tests.support.accounts import account

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_session_that_is_used_goes_on(client: Client) -> None:
    client.force_login(account(RoleKey.ADMINISTRATOR))
    for minutes in range(0, 300, 50):
        with clock.at(START + timedelta(minutes=minutes)):
            assert client.get("/hub/").status_code == 200


def test_session_that_is_left_alone_ends_and_leads_back(client: Client) -> None:
    client.force_login(account(RoleKey.ADMINISTRATOR))
    with clock.at(START):
        client.get("/hub/")
    with clock.at(START + settings.STEPDOWN_IDLE_FOR + timedelta(minutes=2)):
        answer = client.get("/hub/accounts/?after=x")
    assert answer.status_code == 302
    assert answer["Location"] == "/account/login/?next=/hub/accounts/%3Fafter%3Dx"
    assert not signed_in(client)


def test_what_is_sent_after_the_session_ended_is_not_done(client: Client) -> None:
    client.force_login(account(RoleKey.ADMINISTRATOR))
    with clock.at(START):
        client.get("/hub/")
    form = {"display_name": "New", "email": "new@example.org"}
    with clock.at(START + timedelta(hours=3)):
        answer = client.post("/hub/accounts/add/", form)
    assert answer["Location"] == "/account/login/?next=/hub/accounts/add/"
    assert not User.objects.filter(email="new@example.org").exists()


def test_session_ends_after_a_working_day_however_busy_it_was(client: Client) -> None:
    client.force_login(account(RoleKey.ADMINISTRATOR))
    statuses = []
    for half_hours in range(26):
        with clock.at(START + timedelta(minutes=30 * half_hours)):
            statuses.append(client.get("/hub/").status_code)
    assert statuses == [200] * 25 + [302]


def test_unfinished_public_session_is_not_ended(client: Client) -> None:
    session = client.session
    session["referral"] = "kept"
    session.save()
    for hours in (0, 5, 30):
        with clock.at(START + timedelta(hours=hours)):
            assert client.get("/about/").status_code == 200
    assert client.session["referral"] == "kept"


def test_session_by_link_ends_like_any_other(client: Client) -> None:
    session = client.session
    session["link"] = "01890000-0000-7000-8000-000000000000"
    session.save()
    with clock.at(START):
        client.get("/about/")
    with clock.at(START + timedelta(hours=3)):
        client.get("/about/")
    assert "link" not in client.session


def test_session_is_not_written_at_every_step(client: Client) -> None:
    client.force_login(account(RoleKey.ADMINISTRATOR))
    with clock.at(START):
        client.get("/about/")
    first = client.session["seen_at"]
    with clock.at(START + timedelta(seconds=30)):
        client.get("/about/")
    assert client.session["seen_at"] == first
    with clock.at(START + timedelta(seconds=61)):
        client.get("/about/")
    assert client.session["seen_at"] == first + 61


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(client: Client) -> None:
    client.post(
        "/account/login/",
        {"login": account(RoleKey.REFERRER).email, "password": "a long enough phrase 17"},
    )
    client.post("/language/", {"language": "cy"})
    cookies = client.cookies
    assert {"sessionid", "csrftoken", "django_language"} <= set(cookies) | {"csrftoken"}
    for cookie in cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
    # It goes when the browser is closed.
    assert not cookies["sessionid"]["expires"]
