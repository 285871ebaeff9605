"""Today: what waits on the reader, what is overdue, what lapses soon; and for whom."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stepdown.casework.actions import referrals
from stepdown.hub.models import DisclosedPerson, OutboxMessage, User
from stepdown.kernel import clock
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.actions import (
    credentials,
    hours,
    needs,
    offers,
    placements,
    risk_assessments,
)
from tests.factories import (
    DISTRICT,
    OTHER_DISTRICT,
    actor_of,
    approve_risk,
    coordinator,
    make_credential,
    make_need,
    make_ready_need,
    make_referral,
    make_user,
    make_volunteer,
    write_risk,
)
from tests.factories.offers import make_offer, make_placement, volunteer_actor

EMPTY = "Nothing waits on you"


@pytest.fixture
def user() -> User:
    return make_user(RoleKey.COORDINATOR)


@pytest.fixture
def staff(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def _page(client: Client, query: str = "") -> str:
    answer = client.get(reverse("today") + query)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


@contextmanager
def _at(moment: datetime, client: Client, user: User) -> Iterator[None]:
    """At another time, newly signed in: a session does not last for days."""
    with clock.at(moment):
        client.logout()
        client.force_login(user)
        yield


def _section(html: str, key: str) -> str:
    found = re.search(rf'<section id="{key}".*?</section>', html)
    return found[0] if found else ""


def test_a_quiet_day_says_so_kindly(staff: Client) -> None:
    assert EMPTY in _page(staff)


def test_what_waits_has_a_card_that_leads_to_it_and_says_how_many(staff: Client) -> None:
    make_referral(soon="month")
    make_referral(soon="days", family_name="Other")
    html = _page(staff)
    assert EMPTY not in html
    assert re.search(r'app-stat__number">2</span>.*?href="#triage">Referrals to triage', html)
    assert 'id="triage"' in html


def test_referrals_wait_the_most_urgent_first(staff: Client) -> None:
    later, soon = make_referral(soon="month"), make_referral(soon="days", family_name="Other")
    section = _section(_page(staff), "triage")
    assert section.index(soon.reference) < section.index(later.reference)
    assert "Specimen" not in section, "a reference is enough on a screen that others may see"
    referrals.reject(by=coordinator(), referral=soon, reason="incomplete")
    assert soon.reference not in _page(staff)


def test_an_assessment_waits_for_those_who_have_not_written_it(client: Client) -> None:
    need = make_need()
    writer, reader = make_user(RoleKey.COORDINATOR), make_user(RoleKey.COORDINATOR)
    draft = write_risk(need, by=actor_of(writer))
    sent = risk_assessments.submit(by=actor_of(writer), assessment=draft)
    client.force_login(writer)
    assert not _section(_page(client), "approve")
    client.force_login(reader)
    section = _section(_page(client), "approve")
    assert need.reference in section
    assert reverse("need-risk", args=[need.pk]) in section
    risk_assessments.send_back(by=actor_of(reader), assessment=sent, note="Say who carries")
    assert not _section(_page(client), "approve")
    client.force_login(writer)
    assert "Say who carries" in _section(_page(client), "returned")


def test_reviews_are_soon_for_a_fortnight_and_then_overdue(staff: Client, user: User) -> None:
    need = make_need(starts=clock.today() + timedelta(days=90))
    approve_risk(need, review_on=clock.today() + timedelta(days=20))
    assert not _section(_page(staff), "reviews")
    start = clock.now()
    with _at(start + timedelta(days=6), staff, user):
        section = _section(_page(staff), "reviews")
        assert "in 14 days" in section
        assert not _section(_page(staff), "late-reviews")
    with _at(start + timedelta(days=20), staff, user):
        assert ", today" in _section(_page(staff), "reviews")
    with _at(start + timedelta(days=21), staff, user):
        assert not _section(_page(staff), "reviews")
        assert "1 day ago" in _section(_page(staff), "late-reviews")


def test_an_offer_is_shown_in_its_last_day(staff: Client, user: User) -> None:
    offer = make_offer()
    assert not _section(_page(staff), "offers")
    with _at(offer.lapses_at - timedelta(hours=23), staff, user):
        section = _section(_page(staff), "offers")
        assert reverse("offer", args=[offer.pk]) in section
        assert offer.volunteer.person.full_name in section


def test_a_declined_offer_waits_until_somebody_else_is_asked(staff: Client, user: User) -> None:
    need = make_ready_need()
    offer = make_offer(need)
    offers.decline(by=volunteer_actor(offer.volunteer), offer=offer, reason="travel")
    assert need.reference in _section(_page(staff), "lost")
    again = make_offer(need)
    assert not _section(_page(staff), "lost")
    with _at(again.lapses_at + timedelta(minutes=1), staff, user):
        offers.lapse_due(by=Actor.hub())
        section = _section(_page(staff), "lost")
        assert section.count(need.reference) == 1, "a need is listed once"
        assert "Lapsed" in section
    with _at(again.lapses_at + timedelta(days=3), staff, user):
        assert not _section(_page(staff), "lost"), "since yesterday only"


def test_a_volunteer_who_cannot_make_it_and_a_suspended_placement_are_shown(
    staff: Client,
) -> None:
    placement = make_placement()
    placements.ask_to_step_back(by=volunteer_actor(placement.volunteer), placement=placement)
    section = _section(_page(staff), "stepping-back")
    assert placement.volunteer.person.full_name in section
    placements.suspend(by=coordinator(), placement=placement, reason="A check is late")
    section = _section(_page(staff), "suspended")
    assert "A check is late" in section
    placements.end(by=coordinator(), placement=placement, reason="volunteer")
    html = _page(staff)
    assert not _section(html, "suspended")
    assert not _section(html, "stepping-back")


def test_hours_wait_for_somebody_else_than_the_one_who_gave_them(staff: Client) -> None:
    placement = make_placement(make_ready_need(starts=clock.today()))
    entry = hours.log(
        by=volunteer_actor(placement.volunteer), placement=placement, on=clock.today(), minutes=90
    )
    assert "1 hour 30 minutes" in _section(_page(staff), "hours")
    hours.confirm(by=coordinator(), entry=entry)
    assert not _section(_page(staff), "hours")


def test_needs_with_an_empty_place_are_soon_then_overdue(staff: Client, user: User) -> None:
    soon = make_need(starts=clock.today() + timedelta(days=7))
    make_need("Too far off", starts=clock.today() + timedelta(days=8))
    late = make_need(starts=clock.today())
    full = make_ready_need(starts=clock.today() + timedelta(days=1))
    make_placement(full)
    over = make_need("Over", starts=clock.today(), ends=clock.today())
    with _at(clock.now() + timedelta(days=1), staff, user):
        html = _page(staff)
        overdue, coming = _section(html, "late-needs"), _section(html, "needs")
    assert late.reference in overdue
    assert over.reference not in overdue, "a need that has ended wants nobody"
    assert soon.reference in coming
    assert "0 of 1 filled, 0 offered" in coming
    assert full.reference not in coming
    assert "Too far off" in coming


def test_checks_lapse_soon_for_those_with_a_live_placement_only(staff: Client) -> None:
    today = clock.today()
    placed = make_volunteer(credentials=["dbs"], valid_to=today + timedelta(days=5))
    make_placement(make_ready_need(starts=today), placed)
    idle = make_volunteer(credentials=["dbs"], valid_to=today + timedelta(days=5))
    html = _page(staff)
    section = _section(html, "checks")
    assert placed.person.full_name in section
    assert "in 5 days" in section
    assert idle.person.full_name not in section
    for days in (7, 30, 60):
        assert re.search(rf'number">1</span>[^/]*?href="#checks">Checks that lapse within {days}',
                         html)  # fmt: skip
    make_credential(placed.person, "dbs", valid_from=today, valid_to=today + timedelta(days=900))
    assert not _section(_page(staff), "checks"), "a renewal is in hand"


def test_a_revoked_check_is_no_longer_soon(staff: Client) -> None:
    placed = make_volunteer()
    make_placement(make_ready_need(starts=clock.today()), placed)
    held = make_credential(placed.person, "dbs", valid_to=clock.today() + timedelta(days=50))
    assert _section(_page(staff), "checks")
    credentials.revoke(by=coordinator(), credential=held)
    assert not _section(_page(staff), "checks")


def test_failed_messages_are_told_to_those_who_may_open_them(client: Client) -> None:
    offer = make_offer()
    OutboxMessage.objects.filter(about_id=offer.pk).update(state=OutboxMessage.State.FAILED)
    client.force_login(make_user(RoleKey.COORDINATOR))
    html = _page(client)
    assert "Messages that could not be sent" in html
    assert client.get(reverse("hub-failed-messages")).status_code == 200
    client.force_login(make_user(RoleKey.OUTREACH_OFFICER))
    assert "Messages that could not be sent" not in _page(client)


def test_an_officers_own_caseload_comes_first_and_triage_is_not_theirs(client: Client) -> None:
    officer = make_user(RoleKey.OUTREACH_OFFICER, [DISTRICT])
    starts = clock.today() + timedelta(days=2)
    other = make_need(band=1, starts=starts)
    own = make_need(band=4, starts=starts + timedelta(days=1), officer=officer)
    far = make_need(district=OTHER_DISTRICT, starts=starts)
    make_referral()
    client.force_login(officer)
    html = _page(client)
    section = _section(html, "needs")
    assert section.index(own.reference) < section.index(other.reference)
    assert far.reference not in html
    assert not _section(html, "triage")


def test_a_coordinator_sees_their_districts_only(client: Client) -> None:
    make_referral()
    placement = make_placement()
    placements.suspend(by=coordinator(), placement=placement, reason="A check is late")
    make_need(starts=clock.today())
    client.force_login(make_user(RoleKey.COORDINATOR, [OTHER_DISTRICT]))
    assert EMPTY in _page(client)


def test_a_long_section_shows_five_and_opens_to_all(staff: Client) -> None:
    found = [make_need(f"Need {n}", starts=clock.today()) for n in range(7)]
    html = _page(staff)
    section = _section(html, "needs")
    assert sum(one.reference in section for one in found) == 5
    assert "?show=needs#needs" in section
    assert "Show all 7" in section
    section = _section(_page(staff, "?show=needs"), "needs")
    assert all(one.reference in section for one in found)
    assert "Show all" not in section


def test_the_people_named_are_in_the_read_log(staff: Client) -> None:
    placement = make_placement()
    placements.suspend(by=coordinator(), placement=placement, reason="A check is late")
    _page(staff)
    log = DisclosedPerson.objects.filter(disclosure__page="today")
    assert {one.person_id for one in log} == {placement.volunteer.person_id}


@pytest.mark.parametrize("role", [RoleKey.REFERRER, RoleKey.VOLUNTEER, RoleKey.ADMINISTRATOR])
def test_others_have_no_today(client: Client, role: RoleKey) -> None:
    client.force_login(make_user(role))
    assert client.get(reverse("today")).status_code == 403


def test_the_number_of_queries_does_not_grow_with_what_waits(staff: Client) -> None:
    def more(many: int) -> int:
        for number in range(many):
            make_referral(family_name=f"Name{number}")
            make_need(starts=clock.today())
            draft = write_risk(make_need(starts=clock.today()))
            risk_assessments.submit(by=coordinator(), assessment=draft)
            volunteer = make_volunteer(credentials=["dbs"],
                                       valid_to=clock.today() + timedelta(days=5))  # fmt: skip
            placement = make_placement(make_ready_need(starts=clock.today()), volunteer)
            hours.log(by=volunteer_actor(volunteer), placement=placement, on=clock.today(),
                      minutes=60)  # fmt: skip
            placements.ask_to_step_back(by=volunteer_actor(volunteer), placement=placement)
            other = make_placement()
            placements.suspend(by=coordinator(), placement=other, reason="A check is late")
            lost = make_offer()
            offers.decline(by=volunteer_actor(lost.volunteer), offer=lost, reason="travel")
        with CaptureQueriesContext(connection) as seen:
            _page(staff, "?show=hours")
        return len(seen)

    more(2)
    assert more(3) == more(8)


def test_a_need_past_its_last_day_is_overdue_until_it_is_closed(staff: Client) -> None:
    day = clock.today()
    with clock.at(clock.now() - timedelta(days=20)):
        need = make_ready_need(starts=day - timedelta(days=15), ends=day - timedelta(days=1))
        make_ready_need(starts=day - timedelta(days=15), ends=day)

    shown = _page(staff)

    assert "Needs past their last day (1)" in shown
    assert need.reference in shown
    with clock.at(clock.now() + timedelta(seconds=1)):
        needs.close(by=coordinator(), need=need, outcome="stepped-down")
    assert "Needs past their last day" not in _page(staff)
