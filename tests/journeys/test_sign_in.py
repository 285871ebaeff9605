"""Signing in, in a real browser and under the strict policy: password, app, passkey."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from stepdown.policy.roles import RoleKey
from tests.support.accounts import PASSWORD, account
from tests.support.browser import accessibility_faults, overflows

pytestmark = pytest.mark.django_db(transaction=True)
SIGN_IN = "/account/login/"


def sign_in(page: Page, email: str) -> None:
    page.goto(SIGN_IN)
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def add_authenticator(page: Page) -> None:
    """A phone's own passkeys, in software: present, and unlocked by its holder."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def test_administrator_adds_a_passkey_and_signs_in_with_it(
    open_browser: Callable[..., Page], hub: str
) -> None:
    user = account(RoleKey.ADMINISTRATOR)
    page = open_browser()
    local = hub.replace("127.0.0.1", "localhost")  # passkeys belong to names, not to numbers
    add_authenticator(page)
    page.goto(local + SIGN_IN)
    page.get_by_label("Email address").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/hub/")

    page.get_by_role("link", name="Sign-in and security").click()
    page.get_by_role("link", name="Add a passkey or security key").click()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.get_by_label("Name for this key").fill("My laptop")
    page.get_by_label("Use it to sign in without a password").check()
    page.locator("main form button").click()
    page.wait_for_url("**/recovery-codes/")

    page.get_by_role("button", name="Sign out").click()
    page.goto(local + SIGN_IN)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/hub/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Health of the hub")


def test_wrong_password_is_told_at_the_top_and_locks_after_five(phone: Page) -> None:
    user = account(RoleKey.REFERRER)
    for attempt in range(5):
        phone.goto(SIGN_IN)
        phone.get_by_label("Email address").fill(user.email)
        phone.get_by_label("Password", exact=True).fill("not the password")
        phone.get_by_role("button", name="Sign in", exact=True).click()
        if attempt == 0:
            expect(phone.get_by_role("alert")).to_contain_text("There is a problem")
            assert phone.title().startswith("Error: ")
            assert accessibility_faults(phone) == []
    expect(phone.get_by_role("heading", level=1)).to_have_text("You cannot sign in for now")
    assert accessibility_faults(phone) == []
    assert not overflows(phone)


def test_sign_in_works_without_scripts(open_browser: Callable[..., Page]) -> None:
    user = account(RoleKey.ADMINISTRATOR)
    page = open_browser(scripts=False)
    sign_in(page, user.email)
    expect(page.get_by_role("heading", level=1)).to_have_text("Health of the hub")
