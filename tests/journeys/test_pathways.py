"""Every pathway from its referral to its end, in a browser, by those who use it.

What is said comes from the demonstration's stories; what is pressed, from the definition. The
browser runs no script. A referral is made by a referrer where the file lets one, taken in by the
coordinator of another agency, and worked on and closed by the officer whom the coordinator names.
"""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from stepdown.casework.models import Case
from stepdown.casework.queries.definitions import definition, library
from stepdown.cli.demonstration.case_deeds import Deed, deeds_of
from stepdown.cli.demonstration.case_stories import Course, Story, stories
from stepdown.cli.demonstration.case_volunteers import place_volunteers
from stepdown.hub.models import User
from stepdown.kernel import clock
from stepdown.pathways.facts import REFERRAL
from stepdown.pathways.schema import Definition
from stepdown.people.actions import accounts, addresses
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.models import Need, Placement
from tests.factories import make_user, make_volunteer
from tests.journeys.case_driver import Driver, fill, follow, only_words, press, put
from tests.support.browser import PHONE, OpenBrowser, overflows
from tests.support.world import World, first_day, fresh

EVERY = [one.key for one in library().latest()]
PRESTON, POSTCODE = "E07000123", "PR1 8RJ"


@pytest.fixture
def world(hub: str, settings: Any) -> World:
    settings.STEPDOWN_PUBLIC_URL = hub
    return fresh(first_day)


def told(key: str) -> tuple[Story, Course]:
    """The story of a pathway, and the one of its cases that ended well."""
    story = next(one for one in stories() if one.pathway == key)
    outcomes = {one.key: one.counts_as for one in definition(key).outcomes}
    return story, next(one for one in story.cases if one.end and outcomes[one.end[1]] == "success")


@pytest.mark.parametrize("key", EVERY)
def test_case_goes_from_referral_to_its_end(
    key: str, world: World, open_browser: OpenBrowser
) -> None:
    one, (story, course) = definition(key), told(key)

    def window(persona: str) -> Driver:
        page = only_words(open_browser(scripts=False, user=world.users[persona]))
        return Driver(one, page, case.path if case else "")

    case: Driver | None = None
    refers = "refer" in one.permissions.get("referrer", {}).get("made", ())
    case = window("referrer" if refers else "coordinator")
    case.refer({**story.referred[0], **course.but.get(REFERRAL, {})}, PRESTON)
    desk = window("coordinator")
    desk.name_people()
    desk.record_consent(str(world.users["coordinator"].pk))
    staff = [role.key for role in one.team if role.pool == "staff"]
    users = [str(world.users[persona].pk) for persona in ("officer", "approver")]
    desk.assign(dict(zip(staff, users, strict=False)))
    stage, at_work = one.first, desk
    phone: Page | None = None
    for deed in deeds_of(one, story, course):
        if deed.kind == "volunteers":
            find(world, one.key, desk, deed)
            at_work.page.goto(at_work.path)
        elif deed.kind == "step" and does_it_themselves(one, deed.key):
            phone = phone or open_browser(scripts=False, user=facilitator(), width=PHONE)
            do_on_a_phone(phone, one, deed)
            at_work.page.goto(at_work.path)
        elif deed.kind == "measure":
            at_work.measure(deed.key, deed.rest[0], 3)
        elif deed.kind == "step":
            at_work.do(deed.key, deed.said)
        else:
            at_work.move(stage.key, deed.key, *deed.rest)
            if at_work is desk:  # taken on: from here on it is the officer's
                at_work = window("officer")
            stage = one.stage(deed.key)
    kept = Case.objects.get()
    assert kept.closed_on is not None
    assert one.outcome(kept.outcome).counts_as == "success"
    case.page.goto(case.path)
    assert one.stage(kept.stage).name.en in case.page.inner_text("h1")


def does_it_themselves(one: Definition, key: str) -> bool:
    """Whether volunteers do the step, on pages of their own."""
    return bool(one.team_role(one.step(key).who).sees)


def facilitator() -> User:
    """One of the volunteers who were found has an account, with the agency whose case it is."""
    user = make_user(RoleKey.VOLUNTEER, agency=Case.objects.get().agency)
    person = Placement.objects.order_by("id")[0].volunteer.person
    accounts.link_user(by=Actor.hub(), person=person, user=user)
    return user


def do_on_a_phone(page: Page, one: Definition, deed: Deed) -> None:
    """A volunteer's step, from their own list of cases to what they recorded."""
    step = one.step(deed.key)
    page.goto("/my/cases/")
    assert not overflows(page)
    follow(page, page.locator("main").get_by_role("link", name=step.name.en, exact=True).first)
    fill(page, step.fields, deed.said)
    assert not overflows(page)
    press(page, "Save as done")
    recorded = page.get_by_role("heading", name="What you and others in your role recorded")
    expect(recorded).to_be_visible()
    assert not overflows(page)


def find(world: World, key: str, desk: Driver, deed: Deed) -> None:
    """The coordinator asks for volunteers on the case's page. How they are found is a journey of
    its own: here some live near by and say yes."""
    by, one = world.actor("coordinator"), definition(key)
    role = next(role for role in one.team if role.pool != "staff")
    person = Case.objects.get().people.order_by("id")[0].person
    addresses.set_address(by=by, person=person, postcode=POSTCODE, lines="")
    for _ in range(role.count):
        make_volunteer(
            by=by,
            agency=None,
            district=PRESTON,
            schemes=[role.scheme],
            credentials=["dbs-enhanced", "facilitator", "safeguarding-adults"],
            valid_to=clock.today() + timedelta(days=365),
        )
    desk.home()
    desk.page.get_by_role("link", name=f"Ask for volunteers: {role.name.en}").click()
    put(desk.page, "title", deed.key)
    put(desk.page, "person", str(person.pk))
    press(desk.page, "Add the need")
    need = Need.objects.get()
    assert place_volunteers(by, world.actor("approver"), need, role.count) == role.count
