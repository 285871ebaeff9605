"""Fixtures for journeys: the hub served on loopback, and a person's browser in front of it."""

import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect, sync_playwright

from tests.support import pictures
from tests.support.chromium import ADVICE, SWITCHES, ChromiumMissing, on_machine

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

# Widths in CSS pixels: the narrowest that the guidelines name, a phone, and a desk.
NARROW, PHONE, DESKTOP = 320, 390, 1280
PATIENCE_MS = 15_000
# WCAG 2.0, 2.1 and 2.2 at levels A and AA, and what its makers call best practice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
PICTURES = os.environ.get("STEPDOWN_SCREENSHOTS")


@cache
def _axe_source() -> str:
    """The accessibility checker, as text; evaluated from outside the page, past its own policy."""
    return AXE.read_text(encoding="utf-8")


def accessibility_faults(page: Page, *, contrast: bool = True) -> list[str]:
    """What axe-core finds wrong with the page as it stands: one line per fault, none when well.
    Without ``contrast`` all but the colours, which take it longest."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe_source())
    found: list[dict[str, Any]] = page.evaluate(
        "async ([tags, contrast]) => (await axe.run(document, {"
        " runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'],"
        " rules: {'color-contrast': {enabled: contrast}}})).violations",
        [RULES, contrast],
    )
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: {node['target']}: {node['html'][:200]}"
        for rule in found
        for node in rule["nodes"]
    ]


def overflows(page: Page) -> bool:
    """Whether the page is wider than its window, so that a reader would have to scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def widen(page: Page, width: int) -> None:
    """Make the window so wide, as tall as such a screen is."""
    page.set_viewport_size({"width": width, "height": 844 if width < 600 else 900})


def save_picture(page: Page, name: str) -> None:
    """Keep a picture of the page under a name, when STEPDOWN_SCREENSHOTS names a folder."""
    if PICTURES:
        pictures.save(page, Path(PICTURES) / f"{name}.png")


class OpenBrowser(Protocol):
    """Opens a window of its own, with its own cookies."""

    def __call__(
        self,
        *,
        width: int = DESKTOP,
        scripts: bool = True,
        user: Any = None,
        link: Any = None,
        anew: bool = True,
    ) -> Page: ...


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
def hub(django_db_setup: None, live_server: Any) -> str:
    """The address of the hub, served from this process on loopback.

    The tests' database is there first: a server begun before it would share one connection, to a
    database in memory, among all its threads, which ends the process now and then.
    """
    assert not live_server.thread.connections_override
    return str(live_server.url)


def sign_in_without_form(context: BrowserContext, hub: str, user: Any, link: Any) -> None:
    """Put the session of an account, or of a link in a message, into a window."""
    client = Client()
    if user is not None:
        client.force_login(user)
    else:
        session = client.session
        session["link"] = str(link.pk)
        session.save()
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": hub}])


_kept: dict[tuple[Browser, int, bool], BrowserContext] = {}


class Windows:
    """Windows opened by a test, and what was heard from them that should not have been."""

    def __init__(self, browser: Browser, hub: str) -> None:
        self.browser, self.hub = browser, hub
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def open(
        self,
        *,
        width: int = DESKTOP,
        scripts: bool = True,
        user: Any = None,
        link: Any = None,
        anew: bool = True,
    ) -> Page:
        context = self._context(width, scripts) if anew else self._kept_context(width, scripts)
        context.set_default_timeout(PATIENCE_MS)
        if user is not None or link is not None:
            sign_in_without_form(context, self.hub, user, link)
        page = context.new_page()
        page.on("response", self._answered)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda said: self._said(page, said.type, said.text))
        return page

    def _context(self, width: int, scripts: bool) -> BrowserContext:
        context = self.browser.new_context(
            base_url=self.hub,
            viewport={"width": width, "height": 844 if width < 600 else 900},
            has_touch=width < 600,
            java_script_enabled=scripts,
            locale="en-GB",
            timezone_id="Europe/London",
            reduced_motion="reduce",
        )
        self.contexts.append(context)
        return context

    def _kept_context(self, width: int, scripts: bool) -> BrowserContext:
        """One that earlier tests had, which has read the pages' styles; nobody is signed in."""
        key = (self.browser, width, scripts)
        if key not in _kept:
            _kept[key] = self._context(width, scripts)
            self.contexts.remove(_kept[key])
            # It holds the window open: a browser takes longer over a new window than over a page.
            _kept[key].new_page()
        _kept[key].clear_cookies()
        return _kept[key]

    def _answered(self, answer: Response) -> None:
        if answer.status >= 500:
            self.complaints.append(f"{answer.url}: status {answer.status}")

    def _said(self, page: Page, kind: str, text: str) -> None:
        # The browser itself calls an answer of 403, 404 or 422 an error: those are meant.
        if kind in {"error", "warning"} and not text.startswith("Failed to load resource"):
            self.complaints.append(f"{page.url}: {text}")

    def close(self) -> None:
        for context in _kept.values():
            for page in context.pages[1:]:
                page.close()
        for context in self.contexts:
            context.close()
        self.contexts = []


@pytest.fixture
def open_browser(browser: Browser, hub: str) -> Iterator[OpenBrowser]:
    """Open a window: ``open_browser(width=390, scripts=False, user=user)``.

    ``user``, or the one whom a ``link`` in a message stands for, is there without the sign-in
    page, which has a journey of its own. ``anew=False`` takes over a cache from the tests before:
    quicker where a page is only looked at. An error in the hub or in a page's script, or a refusal
    by the content security policy, fails the test when the window closes.
    """
    expect.set_options(timeout=PATIENCE_MS)
    windows = Windows(browser, hub)
    yield windows.open
    windows.close()
    assert windows.complaints == []


@pytest.fixture
def page(open_browser: Callable[..., Page]) -> Page:
    """A window at a desk's width, nobody signed in."""
    return open_browser(width=DESKTOP)


@pytest.fixture
def phone(open_browser: Callable[..., Page]) -> Page:
    """A window at a phone's width, nobody signed in."""
    return open_browser(width=PHONE)
