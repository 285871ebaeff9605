"""The hub's jobs: what leaves it, to whom, with what in it, and what happens when one fails."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core import mail

from stepdown.cli import work
from stepdown.hub import jobs as hub
from stepdown.hub.actions import memberships, outbox
from stepdown.hub.jobs import Letter
from stepdown.hub.models import LedgerEntry, Membership, OutboxMessage
from stepdown.hub.queries.link import link_behind
from stepdown.kernel import clock
from stepdown.people.actions import contacts
from stepdown.people.models import Contact
from stepdown.people.queries.contact import safe_email
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from stepdown.volunteering import jobs
from stepdown.volunteering.actions import needs, offers, placements
from stepdown.volunteering.models import Need
from stepdown.volunteering.models.offer import OfferState
from stepdown.volunteering.queries.sight import hears
from stepdown.volunteering.queries.watcher import watchers_of
from tests.factories import (
    DISTRICT,
    coordinator,
    make_person,
    make_ready_need,
    make_user,
    make_volunteer,
)
from tests.factories.offers import make_offer, make_placement, volunteer_actor

NOON = datetime(2026, 6, 1, 12, tzinfo=clock.LONDON)
TO_VOLUNTEERS = (
    "hours-queried",
    "offer-sent",
    "offer-withdrawn",
    "placement-ended",
    "placement-resumed",
    "placement-suspended",
)
TO_STAFF = (
    "offer-accepted",
    "offer-declined",
    "offer-lapsed",
    "placement-step-back",
    "placement-suspended-alert",
)


def drained(deliver: hub.Deliver) -> int:
    by = Actor.hub()
    return hub.drain(
        by=by,
        deliver=deliver,
        address_of_person=safe_email,
        may_hear=hears,
        may_write=jobs.may_write,
    )


def test_an_offer_reaches_the_volunteer_with_a_link_that_stands_for_them() -> None:
    volunteer = make_volunteer(email="sam@example.org")
    make_offer(volunteer=volunteer)
    assert jobs.drain() == 1
    (letter,) = mail.outbox
    assert letter.to == ["sam@example.org"]
    assert letter.subject == "You have a message from Test partnership"
    (address,) = (line for line in str(letter.body).splitlines() if line.startswith("http"))
    assert address.startswith(f"{settings.STEPDOWN_PUBLIC_URL}/v/")
    secret = urlsplit(address).path.split("/")[2]
    found = link_behind(secret=secret, purpose="volunteer")
    assert found is not None
    assert found.person_id == volunteer.person_id
    assert OutboxMessage.objects.get(template="offer-sent").state == OutboxMessage.State.SENT


def test_a_message_names_nobody_and_no_place() -> None:
    person = make_person("Ottilie", "Quartermaine", postcode="PR1 8RJ")
    volunteer = make_volunteer(make_person("Barnaby", "Featherstone", email="b@example.org"))
    need = make_ready_need("Weekly shopping", person=person)
    make_offer(need, volunteer)
    jobs.drain()
    text = mail.outbox[0].subject + str(mail.outbox[0].body)
    for word in ("Ottilie", "Quartermaine", "Barnaby", "Featherstone", "PR1", "shopping"):
        assert word not in text
    assert need.reference not in text


def test_a_message_is_sent_once() -> None:
    make_offer(volunteer=make_volunteer(email="sam@example.org"))
    jobs.drain()
    with clock.at(clock.now() + timedelta(hours=2)):
        jobs.drain()
    assert len(mail.outbox) == 1


def test_nobody_is_written_to_at_an_address_that_is_not_safe() -> None:
    volunteer = make_volunteer()
    contacts.add(
        by=coordinator(),
        person=volunteer.person,
        kind=Contact.Kind.EMAIL,
        value="shared@example.org",
        safe=False,
        safe_note="A shared computer",
    )
    make_offer(volunteer=volunteer)
    assert jobs.drain() == 0
    assert not mail.outbox
    message = OutboxMessage.objects.get(template="offer-sent")
    assert (message.state, message.failure) == (
        OutboxMessage.State.FAILED,
        "No safe email address",
    )


def test_an_officer_is_told_at_the_address_of_their_account() -> None:
    officer = make_user(email="officer@example.org")
    need = make_ready_need()
    needs.assign(by=coordinator(), need=need, officer=officer)
    offer = make_offer(need, make_volunteer(email="sam@example.org"))
    offers.accept(by=volunteer_actor(offer.volunteer), offer=offer)
    jobs.drain()
    letter = mail.outbox[-1]
    assert letter.to == ["officer@example.org"]
    assert "/v/" not in str(letter.body)


@pytest.mark.parametrize("template", [*TO_VOLUNTEERS, *TO_STAFF])
def test_every_message_has_words(template: str) -> None:
    volunteer, user = make_volunteer(email="sam@example.org"), make_user()
    whom = {"to_person": volunteer.person_id} if template in TO_VOLUNTEERS else {"to_user": user.pk}
    outbox.post(template=template, about=("volunteer", volunteer.pk), **whom)
    assert jobs.drain() == 1
    body = str(mail.outbox[0].body)
    assert settings.STEPDOWN_PUBLIC_URL in body
    assert len(body) > 60
    assert "{" not in body


def test_a_message_that_fails_is_tried_again_and_keeps_no_other_waiting() -> None:
    make_offer(volunteer=make_volunteer(email="first@example.org"))
    make_offer(volunteer=make_volunteer(email="second@example.org"))
    left: list[str] = []

    def deliver(letter: Letter) -> None:
        if letter.to == "first@example.org" and not left.count("again"):
            raise OSError("first@example.org is not reachable")
        left.append(letter.to)

    assert drained(deliver) == 1
    waiting = OutboxMessage.objects.get(state=OutboxMessage.State.WAITING)
    assert waiting.failure == "OSError"  # the error's words held an address
    left.append("again")
    with clock.at(clock.now() + timedelta(hours=1)):
        assert drained(deliver) == 1
    assert left == ["second@example.org", "again", "first@example.org"]


def test_an_offer_withdrawn_while_other_messages_leave_is_not_sent() -> None:
    make_offer(volunteer=make_volunteer(email="first@example.org"))
    second = make_offer(volunteer=make_volunteer(email="second@example.org"))
    left: list[str] = []

    def deliver(letter: Letter) -> None:
        left.append(letter.to)
        if letter.to == "first@example.org":
            offers.withdraw(by=coordinator(), offer=second)

    assert drained(deliver) == 1
    assert left == ["first@example.org"]
    assert not OutboxMessage.objects.filter(state=OutboxMessage.State.WAITING).exists()


def test_a_message_without_words_is_not_tried_for_ever() -> None:
    outbox.post(template="no-such", about=("user", make_user().pk), to_user=make_user().pk)
    moment = clock.now()
    for _ in range(outbox.MOST_ATTEMPTS):
        with clock.at(moment):
            jobs.drain()
        moment += timedelta(days=1)
    assert OutboxMessage.objects.get().state == OutboxMessage.State.FAILED


def test_one_tick_lapses_alerts_writes_and_seals() -> None:
    officer = make_user(email="officer@example.org")
    with clock.at(NOON):
        today = clock.today()
        stale = make_offer(make_ready_need(starts=today))
        need = make_ready_need(credential_types=["dbs"], starts=today)
        needs.assign(by=coordinator(), need=need, officer=officer)
        placement = make_placement(need, make_volunteer(credentials=["dbs"], valid_to=today))
    with clock.at(NOON + timedelta(days=4)):
        assert work.tick(jobs.TICK) == 0
    stale.refresh_from_db()
    placement.refresh_from_db()
    assert (stale.state, placement.state) == (OfferState.LAPSED, "suspended")
    assert ["officer@example.org"] in [letter.to for letter in mail.outbox]
    assert not LedgerEntry.objects.filter(seq=None).exists()


def test_a_job_that_fails_stops_no_other_and_says_nothing_personal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    done: list[str] = []

    def fails() -> int:
        raise ValueError("Ottilie Quartermaine")

    def works() -> int:
        done.append("yes")
        return 1

    assert work.tick([fails, works]) == 1
    assert done == ["yes"]
    said = capsys.readouterr().err
    assert said == "stepdown: the job fails failed: ValueError\n"


def test_jobs_have_nothing_to_do_when_nothing_is_due() -> None:
    assert (jobs.lapse_due(), jobs.suspend_lapsed(), jobs.drain()) == (0, 0, 0)
    assert placements.suspend_lapsed(by=Actor.hub()) == 0


def test_an_alert_does_not_go_to_an_officer_who_has_left_but_to_coordinators() -> None:
    officer, watching = make_user(RoleKey.OUTREACH_OFFICER, [DISTRICT]), make_user()
    need = make_ready_need()
    needs.assign(by=coordinator(), need=need, officer=officer)
    placement = make_placement(need)
    assert watchers_of(Need.objects.all()) == {need.pk: [officer.pk]}
    memberships.end(by=Actor.hub(), membership=Membership.objects.get(user=officer))
    placements.suspend(by=Actor.hub(), placement=placement, reason="A check lapsed")
    told = OutboxMessage.objects.filter(template="placement-suspended-alert")
    assert watching.pk in set(told.values_list("to_user", flat=True))
    assert not told.filter(to_user=officer.pk).exists()
