"""Putting a message into the outbox, and what became of it."""

from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet

from stepdown.hub.actions import transaction
from stepdown.hub.models import OutboxMessage
from stepdown.kernel import clock
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

MOST_ATTEMPTS = 6


def post(
    *,
    template: str,
    about: tuple[str, UUID],
    to_person: UUID | None = None,
    to_user: UUID | None = None,
) -> OutboxMessage:
    """One message for one person or user, in the caller's transaction. Called by actions only."""
    now = clock.now()
    return OutboxMessage.objects.create(
        template=template,
        to_person=to_person,
        to_user=to_user,
        about_kind=about[0],
        about_id=about[1],
        made_at=now,
        next_try_at=now,
    )


def cancel(*, about: tuple[str, UUID], template: str | None = None) -> int:
    """Take back what has not yet left about a record. The number taken back."""
    waiting = OutboxMessage.objects.filter(
        about_kind=about[0], about_id=about[1], state=OutboxMessage.State.WAITING
    )
    if template:
        waiting = waiting.filter(template=template)
    return waiting.update(state=OutboxMessage.State.CANCELLED)


@transaction.atomic
def claim(*, by: Actor, most: int = 50) -> list[OutboxMessage]:
    """Take messages that are due, oldest first, so that no other process sends them meanwhile.

    A claimed message is due again after some minutes: what a crash leaves is tried again.
    """
    require(by, Permission.MESSAGE_SEND)
    now = clock.now()
    due = list(
        OutboxMessage.objects.select_for_update()
        .filter(state=OutboxMessage.State.WAITING, next_try_at__lte=now)
        .order_by("next_try_at", "id")[:most]
    )
    for message in due:
        message.attempts += 1
        message.next_try_at = now + timedelta(minutes=2**message.attempts)
        message.save(update_fields=["attempts", "next_try_at"])
    return due


def still_wanted(*, by: Actor, message: OutboxMessage) -> bool:
    """Whether a claimed message has not been taken back since. Asked just before it leaves."""
    require(by, Permission.MESSAGE_SEND)
    return _waiting(message).exists()


@transaction.atomic
def take_back(*, by: Actor, message: OutboxMessage) -> None:
    """It does not leave any more: its reader may not see what it is about."""
    require(by, Permission.MESSAGE_SEND)
    _waiting(message).update(state=OutboxMessage.State.CANCELLED)


@transaction.atomic
def mark_sent(*, by: Actor, message: OutboxMessage) -> None:
    """The message has left, even where it was taken back in the same moment."""
    require(by, Permission.MESSAGE_SEND)
    message.state, message.sent_at = OutboxMessage.State.SENT, clock.now()
    message.save(update_fields=["state", "sent_at"])


@transaction.atomic
def mark_failed(*, by: Actor, message: OutboxMessage, failure: str, final: bool = False) -> None:
    """It did not leave: tried again later, or given up and shown. ``failure`` holds no address.

    One that was taken back since it was claimed stays taken back.
    """
    require(by, Permission.MESSAGE_SEND)
    message.failure = failure[:120]
    if final or message.attempts >= MOST_ATTEMPTS:
        message.state = OutboxMessage.State.FAILED
    _waiting(message).update(state=message.state, failure=message.failure)


@transaction.atomic
def give_up_all(*, by: Actor, failure: str) -> int:
    """Nothing that waits leaves any more; all of it is shown as failed. How many messages."""
    require(by, Permission.MESSAGE_SEND)
    waiting = OutboxMessage.objects.filter(state=OutboxMessage.State.WAITING)
    return waiting.update(state=OutboxMessage.State.FAILED, failure=failure[:120])


def _waiting(message: OutboxMessage) -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(pk=message.pk, state=OutboxMessage.State.WAITING)
