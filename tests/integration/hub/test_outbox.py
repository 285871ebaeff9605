"""What must leave the hub: posted with the deed, claimed once, tried again, given up in sight."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction

from stepdown.hub.actions import backups, outbox
from stepdown.hub.models import OutboxMessage
from stepdown.hub.queries import outbox as queries
from stepdown.kernel import clock
from stepdown.kernel.errors import Refused
from stepdown.kernel.ids import new_id
from stepdown.policy.actors import Actor, Grant
from stepdown.policy.roles import RoleKey

HUB = Actor.hub()
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
State = OutboxMessage.State
ADMINISTRATOR = Actor(grants=(Grant(RoleKey.ADMINISTRATOR),), user=new_id())


def post(about: UUID | None = None, template: str = "offer") -> OutboxMessage:
    return outbox.post(template=template, about=("offer", about or new_id()), to_person=new_id())


@pytest.mark.django_db(transaction=True)
def test_deed_that_fails_posts_nothing() -> None:
    @transaction.atomic
    def deed() -> None:
        post()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        deed()
    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db
class TestOutbox:
    def test_message_names_people_and_records_by_id_only(self) -> None:
        texts = {
            field.name
            for field in OutboxMessage._meta.get_fields()
            if field.get_internal_type() in {"CharField", "TextField"}  # type: ignore[union-attr]
        }
        assert texts == {"template", "about_kind", "state", "failure"}

    def test_message_is_claimed_once(self) -> None:
        message = post()
        assert [m.pk for m in outbox.claim(by=HUB)] == [message.pk]
        assert outbox.claim(by=HUB) == []

    def test_oldest_are_claimed_first_and_no_more_than_asked_for(self) -> None:
        made = []
        for minute in range(5):
            with clock.at(NOON + timedelta(minutes=minute)):
                made.append(post().pk)
        with clock.at(NOON + timedelta(minutes=10)):
            assert [m.pk for m in outbox.claim(by=HUB, most=3)] == made[:3]
            assert [m.pk for m in outbox.claim(by=HUB, most=3)] == made[3:]

    def test_message_that_a_crash_left_is_tried_again_later_and_later(self) -> None:
        with clock.at(NOON):
            post()
        waits, moment = [], NOON
        for _ in range(4):
            with clock.at(moment):
                (claimed,) = outbox.claim(by=HUB)
            waits.append(claimed.next_try_at - moment)
            with clock.at(claimed.next_try_at - timedelta(seconds=1)):
                assert outbox.claim(by=HUB) == []
            moment = claimed.next_try_at
        assert waits == [timedelta(minutes=m) for m in (2, 4, 8, 16)]

    def test_message_that_was_sent_is_not_claimed_again(self) -> None:
        with clock.at(NOON):
            post()
            (message,) = outbox.claim(by=HUB)
            outbox.mark_sent(by=HUB, message=message)
        stored = OutboxMessage.objects.get()
        assert (stored.state, stored.sent_at) == (State.SENT, NOON)
        with clock.at(NOON + timedelta(days=1)):
            assert outbox.claim(by=HUB) == []

    def test_failure_is_tried_again_six_times_and_then_given_up_in_sight(self) -> None:
        with clock.at(NOON):
            post()
        moment = NOON
        for attempt in range(1, 7):
            with clock.at(moment):
                (message,) = outbox.claim(by=HUB)
                outbox.mark_failed(by=HUB, message=message, failure="The mail server is away")
            message.refresh_from_db()
            assert message.state == (State.FAILED if attempt == 6 else State.WAITING)
            moment = message.next_try_at
        with clock.at(moment + timedelta(days=1)):
            assert outbox.claim(by=HUB) == []
            (failed,) = queries.failed(by=ADMINISTRATOR).items
        assert (failed.attempts, failed.reason) == (6, "The mail server is away")

    def test_failure_for_good_is_given_up_at_once(self) -> None:
        post()
        (message,) = outbox.claim(by=HUB)
        outbox.mark_failed(by=HUB, message=message, failure="No such mailbox", final=True)
        assert OutboxMessage.objects.get().state == State.FAILED

    def test_long_reason_is_cut_to_fit(self) -> None:
        post()
        (message,) = outbox.claim(by=HUB)
        outbox.mark_failed(by=HUB, message=message, failure="x" * 500)
        assert len(OutboxMessage.objects.get().failure) == 120

    def test_what_was_taken_back_does_not_leave(self) -> None:
        offer, other = new_id(), new_id()
        post(offer), post(offer, "reminder"), post(other)
        assert outbox.cancel(about=("offer", offer)) == 2
        assert [m.about_id for m in outbox.claim(by=HUB)] == [other]

    def test_one_kind_of_message_can_be_taken_back(self) -> None:
        offer = new_id()
        post(offer), post(offer, "reminder")
        assert outbox.cancel(about=("offer", offer), template="reminder") == 1
        assert [m.template for m in outbox.claim(by=HUB)] == ["offer"]

    def test_what_has_left_cannot_be_taken_back(self) -> None:
        offer = new_id()
        post(offer)
        (message,) = outbox.claim(by=HUB)
        outbox.mark_sent(by=HUB, message=message)
        assert outbox.cancel(about=("offer", offer)) == 0
        assert OutboxMessage.objects.get().state == State.SENT

    def test_only_the_hub_s_own_jobs_send(self) -> None:
        message = post()
        for forbidden in (
            lambda: outbox.claim(by=ADMINISTRATOR),
            lambda: outbox.mark_sent(by=ADMINISTRATOR, message=message),
            lambda: outbox.mark_failed(by=ADMINISTRATOR, message=message, failure="x"),
        ):
            with pytest.raises(Refused):
                forbidden()

    def test_counts_tell_waiting_late_and_failed_apart(self) -> None:
        with clock.at(NOON):
            post(), post()
        with clock.at(NOON + timedelta(minutes=16)):
            post()
            found = queries.counts()
            assert (found.waiting, found.late, found.failed) == (3, 2, 0)
            assert found.oldest == NOON
            for message in outbox.claim(by=HUB):
                outbox.mark_failed(by=HUB, message=message, failure="x", final=True)
            assert queries.counts() == queries.OutboxCounts(0, 0, 3, None)

    def test_failed_messages_are_for_those_who_keep_the_hub(self) -> None:
        with pytest.raises(Refused):
            queries.failed(by=Actor.public())


@pytest.mark.django_db
def test_message_taken_back_after_it_was_claimed_is_never_tried_again() -> None:
    about = new_id()
    post(about)
    [claimed] = outbox.claim(by=HUB)
    assert outbox.still_wanted(by=HUB, message=claimed)
    outbox.cancel(about=("offer", about))
    assert not outbox.still_wanted(by=HUB, message=claimed)
    outbox.mark_failed(by=HUB, message=claimed, failure="Timeout")
    assert OutboxMessage.objects.get().state == State.CANCELLED


@pytest.mark.django_db
def test_nothing_that_waited_leaves_again_after_an_old_backup_was_put_back() -> None:
    """Whether it left since, the hub cannot know: people see it with what failed."""
    [sent] = (post(), outbox.claim(by=HUB))[1]
    outbox.mark_sent(by=HUB, message=sent)
    post(), post()
    with pytest.raises(Refused):
        outbox.give_up_all(by=ADMINISTRATOR, failure="x")
    assert backups.restored(by=HUB, of=NOON) == 2
    with clock.at(clock.now() + timedelta(days=1)):
        assert outbox.claim(by=HUB) == []
    found = queries.counts()
    assert (found.waiting, found.failed) == (0, 2)
    assert OutboxMessage.objects.get(pk=sent.pk).state == State.SENT
