"""Walking a case through its pages: what is pressed and filled comes from the definition."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from stepdown.cli.demonstration.case_stories import answers
from stepdown.kernel import clock
from stepdown.pathways.schema import Definition, Field

GRAPHICS = [f"*.{kind}*" for kind in ("css", "woff", "png", "svg", "ico", "js", "webmanifest")]


def only_words(page: Page) -> Page:
    """Leave out what only looks need: it is looked at in the catalogue of pages. The browser itself
    does: to ask here about each file takes longer than the file."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.setBlockedURLs", {"urls": GRAPHICS})
    return page


def put(page: Page, name: str, value: Any) -> None:
    """Answer one question, whatever it asks for."""
    if isinstance(value, date):
        for part in ("day", "month", "year"):
            page.locator(f"[name='{name}-{part}']").fill(str(getattr(value, part)))
        return
    found = page.locator(f"[name='{name}']")
    if isinstance(value, list):
        for one in value:
            page.locator(f"[name='{name}'][value='{one}']").check(force=True)
    elif found.first.get_attribute("type") == "radio":
        page.locator(f"[name='{name}'][value='{value}']").check(force=True)
    elif found.first.evaluate("e => e.tagName") == "SELECT":
        found.select_option(str(value))
    else:
        found.fill(str(value))


def fill(page: Page, fields: tuple[Field, ...], said: Mapping[str, Any]) -> None:
    """Fill the form that a definition's questions make."""
    given = answers(fields, said)
    for field in fields:
        if field.key in given:
            value = given[field.key]
            put(page, field.key, date.fromisoformat(value) if field.kind == "date" else value)


def follow(page: Page, target: Locator) -> None:
    """Press what leads to another page, and wait until all of that page is there.

    A click alone returns while the next page is still read: what is then counted or listed
    would be a part of it.
    """
    with page.expect_navigation(wait_until="domcontentloaded"):
        target.click()


def press(page: Page, name: str) -> None:
    follow(page, page.get_by_role("button", name=name, exact=True).first)


def send(page: Page) -> None:
    """Press the button of a page that has one form."""
    follow(page, page.locator("main button[type=submit]").first)


@dataclass
class Driver:
    """One case, whose address is ``path`` once it is sent, in the window of whoever works on it."""

    definition: Definition
    page: Page
    path: str = ""

    def home(self) -> None:
        """The case's own page."""
        if urlsplit(self.page.url).path != self.path:
            self.page.goto(self.path)

    def refer(self, said: Mapping[str, Any], district: str) -> None:
        """Page by page, from the list of pathways to the answers checked and sent."""
        one, page = self.definition, self.page
        page.goto("/cases/refer/")
        press(page, f"Refer: {one.name.en}")
        if one.names_somebody:
            put(page, "given_name", "Ivy")
            put(page, "family_name", "Sample")
            put(page, "date_of_birth", date(1980, 2, 3))
        put(page, "district", district)
        put(page, "source", one.sources[0].key)
        press(page, "Continue")
        if one.names_more:
            expect(page.get_by_role("heading", level=1)).to_have_text("Who else is it about?")
            press(page, "Continue")
        for screen in one.screens:
            expect(page.get_by_role("heading", level=1)).to_have_text(screen.name.en)
            keys = {field.key for field in screen.fields}
            fill(page, screen.fields, {key: said[key] for key in keys & said.keys()})
            press(page, "Continue")
        expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
        press(page, "Confirm and send")
        self.path = urlsplit(page.url).path
        expect(page.get_by_role("heading", level=1)).to_contain_text(one.first.name.en)

    def name_people(self) -> None:
        """Everybody who must be there; the first under the name in the referral."""
        for role in self.definition.people:
            for number in range(role.least):
                self.home()
                follow(self.page, self.page.get_by_role("link", name="Name a person"))
                put(self.page, "role", role.key)
                put(self.page, "person", "new")
                if role is not self.definition.people[0] or number:
                    put(self.page, "given_name", "Una")
                    put(self.page, "family_name", f"Sample-{role.key}")
                press(self.page, "Name this person")
                expect(self.page.locator("body")).to_contain_text("They are named in the case")

    def record_consent(self, explained_by: str) -> None:
        """Of everybody who is asked, on their own record."""
        for role in self.definition.people:
            for number in range(role.least if role.consent else 0):
                self.home()
                heading = self.page.get_by_role("heading", name=role.name.en, exact=True)
                named = heading.locator("xpath=following-sibling::ul[1]/li").nth(number)
                follow(self.page, named.get_by_role("link", name=re.compile("^Consent")))
                follow(self.page, self.page.locator(f"a[href$='/{role.consent}/add/']"))
                put(self.page, "answer", "yes")
                put(self.page, "explained_by", explained_by)
                put(self.page, "explained_on", clock.today())
                send(self.page)
        self.home()
        if any(role.consent for role in self.definition.people):
            expect(self.page.locator("body")).not_to_contain_text("No consent recorded")

    def assign(self, users: Mapping[str, str]) -> None:
        """Roles on the team, by who has them."""
        for role, user in users.items():
            self.home()
            follow(self.page, self.page.get_by_role("link", name="Give a role to somebody"))
            put(self.page, "role", role)
            put(self.page, "user", user)
            send(self.page)
            expect(self.page.locator("body")).to_contain_text("has somebody in this role")

    def do(self, key: str, said: Mapping[str, Any]) -> None:
        """A step of the stage, from the task list."""
        step = self.definition.step(key)
        self.home()
        main = self.page.locator("main")
        follow(self.page, main.get_by_role("link", name=step.name.en, exact=True).first)
        fill(self.page, step.fields, said)
        press(self.page, "Save as done")
        expect(self.page.get_by_role("heading", name="What happened", exact=True)).to_be_visible()

    def measure(self, key: str, occasion: str, value: int) -> None:
        """What somebody answered, from the case's page."""
        measure = self.definition.measure(key)
        named = next(one for one in measure.occasions if one.key == occasion)
        self.home()
        words = f"Record {measure.name.en}, {named.name.en}"
        for link in range(self.page.get_by_role("link", name=words).count()):
            follow(self.page, self.page.get_by_role("link", name=words).nth(link))
            for item in self.page.locator("main input[type=text], main input[type=number]").all():
                item.fill(str(value))
            send(self.page)
            expect(self.page.locator("body")).to_contain_text("What was recorded")

    def move(self, stage: str, to: str, outcome: str = "", reason: str = "") -> None:
        """A way out of the stage."""
        way = next(one for one in self.definition.stage(stage).moves if one.to == to)
        self.home()
        press(self.page, way.name.en)
        if outcome:
            put(self.page, "outcome", outcome)
        if reason:
            put(self.page, f"why-{outcome}", reason)
        press(self.page, way.name.en)
        name = self.definition.stage(to).name.en
        expect(self.page.locator("h1")).to_contain_text(name)
        expect(self.page.locator("body")).to_contain_text("The case is now at")
