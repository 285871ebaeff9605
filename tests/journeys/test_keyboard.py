"""The first pages of a referral with nothing but a keyboard: every stop is visible and in order."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import DESKTOP, OpenBrowser

pytestmark = pytest.mark.django_db(transaction=True)
MOST_STOPS = 30
# What the focused control says to a screen reader: its label, or its own words.
SAYS = """() => {
  const at = document.activeElement;
  const label = at.labels && at.labels[0];
  return (label || at).innerText.trim();
}"""
SHOWS = """() => {
  const at = document.activeElement;
  const styles = [at, ...(at.labels || [])].flatMap(
    one => [getComputedStyle(one), getComputedStyle(one, '::before')]);
  return styles.some(s => (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0)
    || s.boxShadow !== 'none');
}"""


def tab_to(page: Page, words: str) -> None:
    """Tab until the control that begins with these words; focus shows at every stop on the way."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        assert page.evaluate(SHOWS), f"focus cannot be seen on {page.evaluate(SAYS)!r}"
        if page.evaluate(SAYS).startswith(words):
            return
    raise AssertionError(f"{words!r} is not reached by the Tab key")


def test_referral_is_begun_by_keyboard_alone(open_browser: OpenBrowser) -> None:
    page = open_browser(width=DESKTOP)
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate(SAYS) == "Skip to main content"
    page.keyboard.press("Enter")
    tab_to(page, "Make a referral")
    page.keyboard.press("Enter")
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text("Ask for help for somebody")
    tab_to(page, "Start now")
    page.keyboard.press("Enter")
    expect(title).to_have_text("Who is making this referral?")
    tab_to(page, "Continue")
    page.keyboard.press("Enter")
    # The summary of what is wrong takes the focus, and leads to the first option.
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    tab_to(page, "Select who is making this referral")
    page.keyboard.press("Enter")
    assert page.evaluate(SAYS).startswith("I work with the person")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(SAYS) == "I am a relative, friend or neighbour"
    tab_to(page, "Continue")
    page.keyboard.press("Enter")
    expect(title).to_have_text("Your details")
    tab_to(page, "Full name")
    page.keyboard.type("Nora Neighbour")
    tab_to(page, "Telephone number")
    page.keyboard.type("01632 960 001")
    page.keyboard.press("Enter")
    expect(title).to_have_text("Does the person know about this referral and agree to it?")
    tab_to(page, "Back")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Full name")).to_have_value("Nora Neighbour")
