"""What is asked of every state of every page: by a checker of accessibility, and by its width."""

from urllib.parse import urlsplit

from django.urls import resolve
from playwright.sync_api import Page, Response, expect

from tests.journeys.catalogue import PICTURED, State
from tests.journeys.catalogue.records import catalogue, first_morning
from tests.support.browser import (
    DESKTOP,
    NARROW,
    PHONE,
    OpenBrowser,
    accessibility_faults,
    overflows,
    save_picture,
    widen,
)
from tests.support.world import World, fresh


def world_of(state: State) -> World:
    """The hub that the state is in."""
    return fresh(first_morning if state.first_day else catalogue)


def look_at(state: State, world: World, open_browser: OpenBrowser) -> None:
    """Get into the state, be sure that it is the one named, and look at it at three widths."""
    page = _enter(state, world, open_browser)
    for width, picture in ((NARROW, ""), (PHONE, "phone"), (DESKTOP, "desktop")):
        widen(page, width)
        assert not overflows(page), f"{width} px: {_too_wide(page)}"
        if picture:
            # At a desk one state of each page is enough for its colours.
            colours = picture == "phone" or state.name in PICTURED
            assert accessibility_faults(page, contrast=colours) == []
            if state.name in PICTURED:
                save_picture(page, f"{state.name}-{picture}")


def _enter(state: State, world: World, open_browser: OpenBrowser) -> Page:
    link = world["link"] if state.who == "link" else None
    user = None if link else world.users.get(state.who)
    assert link or user or not state.who
    page = open_browser(width=PHONE, user=user, link=link, anew=False)
    answers: list[Response] = []
    page.on("response", lambda one: _keep(answers, page, one))
    page.goto(state.address(world))
    for step in state.do:
        step(page)
    expect(page.locator("body")).to_contain_text(state.says)
    assert resolve(urlsplit(page.url).path).url_name == (state.lands or state.page)
    assert answers[-1].status in {state.status, 422 if state.status == 200 and state.do else 0}
    return page


def _keep(answers: list[Response], page: Page, one: Response) -> None:
    if one.request.is_navigation_request() and one.frame == page.main_frame:
        answers.append(one)


def _too_wide(page: Page) -> list[str]:
    """What reaches beyond the window, to find it by."""
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('main *, header *, footer *')]"
        ".filter(e => e.getBoundingClientRect().right > window.innerWidth + 1)"
        ".slice(0, 5).map(e => e.outerHTML.slice(0, 160))"
    )
    return found
