"""Fixtures for journeys: the hub served on loopback, and a person's browser in front of it."""

import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.support.chromium import ADVICE, SWITCHES, ChromiumMissing, on_machine

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

# Widths in CSS pixels: the narrowest that the guidelines name, a phone, and a desk.
NARROW, PHONE, DESKTOP = 320, 390, 1280
PATIENCE_MS = 15_000


@cache
def _axe_source() -> str:
    """The accessibility checker, as text; evaluated from outside the page, past its own policy."""
    return AXE.read_text(encoding="utf-8")


def accessibility_faults(page: Page) -> list[str]:
    """What axe-core finds wrong with the page as it stands: one line per fault, none when well."""
    page.evaluate(_axe_source())
    found: list[dict[str, Any]] = page.evaluate(
        "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
    )
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: {node['target']}: {node['html'][:200]}"
        for rule in found
        for node in rule["nodes"]
    ]


def overflows(page: Page) -> bool:
    """Whether the page is wider than its window, so that a reader would have to scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


@pytest.fixture(scope="session")
def browser(django_db_setup: None) -> Iterator[Browser]:
    """One Chromium for the whole run."""
    found = on_machine()
    if found is None:
        raise ChromiumMissing(ADVICE)
    # Playwright's own event loop runs in this thread; the tests' database calls are not inside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(found), args=SWITCHES)
        yield chromium
        chromium.close()


@pytest.fixture
def hub(live_server: Any) -> str:
    """The address of the hub, served from this process on loopback."""
    return str(live_server.url)


@pytest.fixture
def open_browser(browser: Browser, hub: str) -> Iterator[Callable[..., Page]]:
    """Open a window of its own: ``open_browser(width=390, scripts=False, user=user)``.

    Each window has its own cookies. ``user`` is signed in without the sign-in page, which has a
    journey of its own. An error in the hub or in a page's script, or a refusal by the content
    security policy, fails the test when the window closes.
    """
    opened: list[BrowserContext] = []
    complaints: list[str] = []

    def open_one(*, width: int = DESKTOP, scripts: bool = True, user: Any = None) -> Page:
        context = browser.new_context(
            base_url=hub,
            viewport={"width": width, "height": 844 if width < 600 else 900},
            has_touch=width < 600,
            java_script_enabled=scripts,
            locale="en-GB",
            timezone_id="Europe/London",
            reduced_motion="reduce",
        )
        opened.append(context)
        context.set_default_timeout(PATIENCE_MS)
        if user is not None:
            client = Client()
            client.force_login(user)
            name = settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": hub}])
        page = context.new_page()
        page.on(
            "response",
            lambda answer: (
                complaints.append(f"{answer.url}: status {answer.status}")
                if answer.status >= 500
                else None
            ),
        )
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: (
                complaints.append(f"{page.url}: {message.text}")
                if "Content Security Policy" in message.text
                else None
            ),
        )
        return page

    expect.set_options(timeout=PATIENCE_MS)
    yield open_one
    for context in opened:
        context.close()
    assert complaints == []


@pytest.fixture
def page(open_browser: Callable[..., Page]) -> Page:
    """A window at a desk's width, nobody signed in."""
    return open_browser(width=DESKTOP)


@pytest.fixture
def phone(open_browser: Callable[..., Page]) -> Page:
    """A window at a phone's width, nobody signed in."""
    return open_browser(width=PHONE)


@pytest.fixture
def photograph() -> Callable[[Page, str], None]:
    """Keep a picture of the whole page under a name, when STEPDOWN_SCREENSHOTS names a folder."""
    folder = os.environ.get("STEPDOWN_SCREENSHOTS")

    def keep(page: Page, name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return keep
