"""What a named state of a page is, and the steps by which a reader gets into one."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from playwright.sync_api import Page

from tests.support.world import World

Step = Callable[[Page], object]


@dataclass(frozen=True)
class State:
    """A page as somebody may meet it.

    ``page`` is the name of its address, ``of`` names the records (or says the words) that fill the
    address in. ``who`` is the persona who opens it: nobody in particular where it is empty, a
    volunteer come by the link in a message where it is ``link``. ``do`` is what they do there, and
    ``lands`` the name of the address where that leads; ``says`` stands on the page in the end.
    """

    name: str
    page: str
    says: str
    who: str = ""
    of: tuple[str, ...] = ()
    query: str = ""
    do: tuple[Step, ...] = ()
    lands: str = ""
    status: int = 200
    first_day: bool = False

    def address(self, world: World) -> str:
        """Where it is, in this world."""
        found = [world.records.get(name, name) for name in self.of]
        path = reverse(self.page, args=[getattr(one, "pk", one) for one in found])
        return f"{path}?{self.query}" if self.query else path


def press(name: str, within: str = "main") -> Step:
    """Press the first button, or link that looks like one, whose name begins with this."""
    pattern = re.compile("^" + re.escape(name))
    return lambda page: page.locator(within).get_by_role("button", name=pattern).first.click()


def follow(name: str, within: str = "main") -> Step:
    """Follow the first link whose name begins with this."""
    pattern = re.compile("^" + re.escape(name))
    return lambda page: page.locator(within).get_by_role("link", name=pattern).first.click()


def fill(label: str, text: str) -> Step:
    """Write into the first field whose label begins with this."""
    pattern = re.compile("^" + re.escape(label))
    return lambda page: page.locator("main").get_by_label(pattern).first.fill(text)


def choose(label: str, question: str = "") -> Step:
    """Tick the first box or option whose label begins with this; of one question, where named."""
    pattern = re.compile("^" + re.escape(label))

    def check(page: Page) -> None:
        asked = page.locator("main")
        if question:
            asked = asked.get_by_role("group", name=question)
        asked.get_by_label(pattern).first.check()

    return check


def visit(path: str) -> Step:
    """Go on to another address."""
    return lambda page: page.goto(path)


def lose_cookies(page: Page) -> None:
    """As when a browser forgets them while a page stands open."""
    page.context.clear_cookies()
