"""The main job, from a neighbour's referral to a need that stepped down, by those who do it.

Once at a desk, once on phones, once on phones whose browser runs no script.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from stepdown.cli.demonstration.personas import PASSWORD
from stepdown.hub.models import OutboxMessage
from stepdown.kernel import clock
from stepdown.volunteering.jobs import TICK
from tests.factories import make_credential, make_person, make_volunteer
from tests.support.browser import DESKTOP, PHONE, OpenBrowser
from tests.support.planning import made_meanwhile
from tests.support.world import World, fresh, partnership

POSTCODE = "PR1 8RJ"
ADDRESS = "hal@demo.example"
NAME = "Ada Specimen"
TITLE = "Shopping once a week"


@pytest.fixture
def world(hub: str, settings: Any) -> World:
    settings.STEPDOWN_PUBLIC_URL = hub
    return fresh(partnership)


@pytest.fixture
def people(open_browser: OpenBrowser, width: int, scripts: bool) -> "Callable[[], Page]":
    """A window for one more person at the job."""
    return lambda: open_browser(width=width, scripts=scripts)


@dataclass(frozen=True)
class Kept:
    """What somebody who stops half-way has written down."""

    reference: str
    code: str


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str | re.Pattern[str]) -> None:
    page.get_by_role("link", name=name, exact=isinstance(name, str)).first.click()


def heading(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def go(page: Page, entry: str) -> None:
    """By the service navigation, behind its button where the window is narrow."""
    menu = page.get_by_role("button", name="Menu")
    if menu.is_visible():
        menu.click()
    page.get_by_role("navigation", name="Menu").get_by_role("link", name=entry, exact=True).click()


def sign_in(page: Page, world: World, persona: str) -> None:
    page.goto("/")
    follow(page, "Sign in")
    page.get_by_label("Email address").fill(world.users[persona].email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Sign in")
    heading(page, "Today")


def answer(page: Page, title: str, *fill: tuple[str, str], choose: str = "") -> None:
    """One page of the referral: its heading, the fields, the option; then on."""
    heading(page, title)
    for label, text in fill:
        page.get_by_label(label, exact=True).fill(text)
    if choose:
        page.get_by_label(choose, exact=True).check()
    press(page, "Continue")


def begin_referral(page: Page) -> Kept:
    """A neighbour tells us who and where, then has to stop."""
    page.goto("/")
    press(page, "Make a referral")
    press(page, "Start now")
    told = page.locator(".govuk-inset-text").inner_text()
    kept = Kept(
        re.search(r"R-\w{4}-\w{4}", told)[0],  # type: ignore[index]
        re.search(r"Code: (\w{4}-\w{4})", told)[1],  # type: ignore[index]
    )
    kind = "I am a relative, friend or neighbour"
    answer(page, "Who is making this referral?", choose=kind)
    answer(page, "Your details", ("Full name", "Nora Neighbour"),
           ("Telephone number", "01632 960 001"))  # fmt: skip
    answer(page, "Does the person know about this referral and agree to it?",
           choose="Yes, they know and agree")  # fmt: skip
    given, family = NAME.split()
    answer(page, "What is the person’s name?", ("First name", given), ("Last name", family))
    heading(page, "How old is the person?")
    page.get_by_label("Day", exact=True).fill("31")
    page.get_by_label("Month", exact=True).fill("3")
    page.get_by_label("Year", exact=True).fill("1947")
    press(page, "Save and come back later")
    heading(page, "Your answers so far are saved")
    shown = page.locator(".govuk-summary-list").inner_text()
    assert kept.reference in shown
    return Kept(kept.reference, re.search(r"\w{4}-\w{4}$", shown.strip())[0])  # type: ignore[index]


def finish_referral(page: Page, kept: Kept) -> None:
    """On another day and another phone, with reference and code."""
    page.goto("/refer/")
    follow(page, "Come back to a referral you have started")
    page.get_by_label("Reference", exact=True).fill(kept.reference.lower())
    page.get_by_label("Code", exact=True).fill(kept.code)
    press(page, "Continue")
    answer(page, "Must the person’s address be kept secret?", choose="No")
    answer(page, "Where does the person live?", ("Postcode", POSTCODE))
    heading(page, "Is it safe for us to contact the person?")
    press(page, "Continue")
    expect(page.get_by_role("alert")).to_contain_text(
        "Select whether it is safe to contact the person"
    )
    page.get_by_label("Only at certain times or in certain ways").check()
    page.get_by_label("How and when is it safe?").fill("Ring after 6pm, leave no message")
    press(page, "Continue")
    answer(page, "How can we reach the person?",
           ("Telephone number (optional)", "07700 900 982"))  # fmt: skip
    heading(page, "What help is needed?")
    page.get_by_label("Shopping and errands").check()
    page.get_by_label("Tell us more in your own words").fill("Cannot carry heavy bags home")
    press(page, "Continue")
    answer(page, "Is there anything about the person’s health that we should know?")
    answer(page, "Could a visit be risky for the person or for a volunteer?", choose="No")
    answer(page, "Language and communication")
    answer(page, "How soon is help needed?", choose="Today or tomorrow")
    answer(page, "Which times of the week suit the person?")
    heading(page, "Check your answers")
    told = (*NAME.split(), "31 March 1947", "Ring after 6pm, leave no message", "Shopping and")
    for said in told:
        expect(page.locator("main")).to_contain_text(said)
    press(page, "Confirm and send")
    heading(page, "Referral sent")
    expect(page.locator("main")).to_contain_text(kept.reference)


def make_need(page: Page, kept: Kept) -> str:
    """The coordinator reads the referral and makes a need of it. The need's address."""
    go(page, "Referrals")
    follow(page, re.compile(NAME))
    heading(page, re.compile(f"^Referral {kept.reference}"))
    expect(page.locator("main")).to_contain_text("Cannot carry heavy bags home")
    expect(page.locator(".moj-identity-bar, .app-identity-bar").first).to_contain_text(
        "Contact with care"
    )
    press(page, "Make a need")
    page.get_by_label("What the help is").fill(TITLE)
    page.get_by_label("Somebody new: start a record for them").check()
    page.get_by_label("Scheme", exact=True).select_option(label="Good neighbour")
    page.get_by_label("Polish", exact=True).check()
    press(page, "Make the need")
    expect(page.locator("main")).to_contain_text("The referral became need")
    return page.url


def write_risk(page: Page, need: str) -> None:
    page.goto(need)
    follow(page, "Risk assessment")
    follow(page, "Write the risk assessment")
    page.get_by_label("What could go wrong?").fill("Lifting heavy bags")
    page.get_by_label("Who could be harmed?").fill("The volunteer")
    page.get_by_label("What is done about it?").fill("Bags under 5 kg, a trolley")
    page.get_by_label("How likely is it, with that done?").select_option("2")
    page.get_by_label("How bad would it be?").select_option("2")
    press(page, "Add another hazard")
    second = page.get_by_role("group", name="Hazard 2")
    second.get_by_label("What could go wrong?").fill("A slippery step")
    second.get_by_label("Who could be harmed?").fill("The volunteer")
    second.get_by_label("What is done about it?").fill("Visits in daylight")
    second.get_by_label("How likely is it, with that done?").select_option("1")
    second.get_by_label("How bad would it be?").select_option("3")
    page.get_by_role("radio", name="Yes").check()
    review = clock.today() + timedelta(days=180)
    for part, text in (("Day", review.day), ("Month", review.month), ("Year", review.year)):
        page.get_by_label(part, exact=True).fill(str(text))
    press(page, "Save and send for approval")
    expect(page.locator("main")).to_contain_text("Risk assessment sent for approval.")
    # Nobody approves what they have written themself.
    expect(page.get_by_role("button", name="Approve", exact=True)).to_have_count(0)


def approve_risk(page: Page, need: str) -> None:
    page.goto(need)
    follow(page, "Risk assessment")
    expect(page.locator("main")).to_contain_text("Lifting heavy bags")
    press(page, "Approve")
    expect(page.locator("main")).to_contain_text("Risk assessment approved.")


def plan_and_send(page: Page, volunteer: str, *, scripts: bool) -> None:
    """Make a plan, read why, send this one offer after a look at the check page."""
    go(page, "Plan")
    press(page, "Make a new plan")
    heading(page, "Making a plan")
    expect(page.get_by_role("status")).to_have_text("Waiting to begin")
    made_meanwhile(page)
    if not scripts:  # where there are, the page moves on by itself
        follow(page, "See how far it is now")
    expect(page.locator("main")).to_contain_text("The plan is ready")
    expect(page.locator("main")).to_contain_text("Proven best")
    follow(page, "Proposed matches")
    match = page.locator(".govuk-summary-card", has_text=TITLE).filter(has_text=volunteer)
    expect(match).to_contain_text("has never been asked")  # why
    match.get_by_label("Send this offer").check()
    press(page, "Send the offers ticked")
    heading(page, "Check before you send")
    expect(page.locator("main")).to_contain_text("1 offer to 1 volunteer")
    press(page, "Send 1 offer")
    heading(page, "1 offer sent")


def read_message(address: str) -> str:
    """The hub's own work goes on; the message has left. The link in it, for its reader alone."""
    for job in TICK:
        job()
    assert not OutboxMessage.objects.filter(state="failed").exists()
    letter = next(one for one in reversed(mail.outbox) if one.to == [address])
    assert TITLE not in letter.body
    return re.search(r"http\S+/v/\S+/", str(letter.body))[0]  # type: ignore[index]


def accept(page: Page, link: str) -> None:
    page.goto(link)
    heading(page, "You have been asked to help")
    press(page, "See what is asked")
    page.get_by_role("button", name=re.compile("^Answer")).click()
    heading(page, TITLE)
    # Enough to decide by; not who it is, not where exactly.
    expect(page.locator("main")).to_contain_text("Preston")
    for withheld in (*NAME.split(), POSTCODE):
        expect(page.locator("main")).not_to_contain_text(withheld)
    press(page, "Yes, I can")
    press(page, "Yes, I will do this")
    heading(page, "You have said yes")


def log_hours(page: Page) -> None:
    follow(page, "See the placement")
    press(page, "Log hours")
    page.get_by_label("Hours", exact=True).fill("1")
    page.get_by_label("Minutes", exact=True).fill("30")
    press(page, "Log hours")
    expect(page.locator("main")).to_contain_text("Your hours have been logged")
    expect(page.locator("main")).to_contain_text("1 hour 30 minutes")


def confirm_hours(page: Page, need: str) -> None:
    page.goto(need)
    follow(page, re.compile("^Placement"))
    page.get_by_role("button", name=re.compile("^Confirm")).click()
    expect(page.locator("main")).to_contain_text("Confirmed: 1 hour 30 minutes")


def close_need(page: Page, need: str) -> None:
    page.goto(need)
    press(page, "Close")
    page.get_by_label(re.compile("[Ss]tepped down")).check()
    press(page, "Close need")
    expect(page.locator("main")).to_contain_text("Need closed.")


@pytest.mark.parametrize(
    ("width", "scripts"),
    [(DESKTOP, True), (PHONE, True), (PHONE, False)],
    ids=["desk", "phone", "phone-without-scripts"],
)
def test_referral_becomes_a_need_is_matched_helped_and_steps_down(
    world: World, people: Callable[[], Page], width: int, scripts: bool
) -> None:
    coordinator = world.actor("coordinator")
    helper = make_person("Hal", "Helper", by=coordinator, postcode=POSTCODE, email=ADDRESS)
    make_credential(helper, "dbs-basic", by=coordinator, valid_from=clock.today())
    make_volunteer(helper, by=coordinator, skills=["shopping"], languages=["pl"],
                   schemes=["good-neighbour"], preferred_schemes=["good-neighbour"])  # fmt: skip

    kept = begin_referral(people())
    neighbour = people()
    finish_referral(neighbour, kept)

    desk = people()
    sign_in(desk, world, "coordinator")
    need = make_need(desk, kept)
    write_risk(desk, need)
    second = people()
    sign_in(second, world, "approver")
    approve_risk(second, need)
    plan_and_send(desk, "Hal Helper", scripts=scripts)

    volunteer = people()
    accept(volunteer, read_message(ADDRESS))
    log_hours(volunteer)
    confirm_hours(desk, need)
    close_need(desk, need)

    # What was done stands on the need's timeline, the newest first, with who did it.
    told = desk.locator(".moj-timeline").inner_text()
    order = ["Need closed", "Hours confirmed", "Hours logged", "Offer accepted", "Offer sent",
             "Risk assessment approved"]  # fmt: skip
    places = [told.index(said) for said in order]
    assert places == sorted(places)
    assert "Carol Kestrel" in told
    assert "Colin Curlew" in told
    # The neighbour comes back with the code and reads what became of it.
    neighbour.goto("/refer/return/")
    neighbour.get_by_label("Reference", exact=True).fill(kept.reference)
    neighbour.get_by_label("Code", exact=True).fill(kept.code)
    press(neighbour, "Continue")
    heading(neighbour, "What became of your referral")
