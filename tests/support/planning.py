"""The hub's jobs make a plan while somebody waits for it at a page."""

from playwright.sync_api import Page

from stepdown.volunteering.jobs import make_plan


def made_meanwhile(page: Page) -> None:
    """The plan that waits is made. The page asks for nothing in that time: the tests' server and
    the jobs have one connection to the database between them."""
    page.context.set_offline(True)
    assert make_plan() == 1
    page.context.set_offline(False)
