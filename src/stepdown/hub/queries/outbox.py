"""What waits to leave the hub and what could not: counts and reasons, never whom it was for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Min, Q

from stepdown.hub.models import OutboxMessage
from stepdown.hub.queries.paging import Page, page_of
from stepdown.hub.queries.reader import as_hub
from stepdown.kernel import clock
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

# A message that nobody fetched for so long: the jobs are not running.
LATE_AFTER = timedelta(minutes=15)


@dataclass(frozen=True)
class OutboxCounts:
    """``late`` are those due for a while and not fetched; ``oldest`` is since when one waits."""

    waiting: int
    late: int
    failed: int
    oldest: datetime | None


@dataclass(frozen=True)
class FailedMessage:
    """A message that was given up: what it was about is a record's kind and id, not a person."""

    template: str
    about: str
    about_id: UUID
    made_at: datetime
    attempts: int
    reason: str

    @property
    def words(self) -> str:
        """What it was about: "Offer sent". The wing that posted it names its own messages."""
        return self.template.replace("-", " ").capitalize()


@as_hub("how messages stand, without whom they are to")
def counts() -> OutboxCounts:
    """One query. The caller has been allowed to see the state of the hub."""
    waiting = Q(state=OutboxMessage.State.WAITING)
    found = OutboxMessage.objects.aggregate(
        waiting=Count("pk", filter=waiting),
        late=Count("pk", filter=waiting & Q(next_try_at__lt=clock.now() - LATE_AFTER)),
        failed=Count("pk", filter=Q(state=OutboxMessage.State.FAILED)),
        oldest=Min("made_at", filter=waiting),
    )
    return OutboxCounts(**found)


@as_hub("how messages stand, without whom they are to")
def failed(*, by: Actor, after: str | None = None) -> Page[FailedMessage]:
    """Messages that were given up, newest first."""
    require(by, Permission.MESSAGE_VIEW)
    page = page_of(
        OutboxMessage.objects.filter(state=OutboxMessage.State.FAILED), order=("-id",), after=after
    )
    return Page(
        [
            FailedMessage(m.template, m.about_kind, m.about_id, m.made_at, m.attempts, m.failure)
            for m in page.items
        ],
        page.next,
        page.previous,
    )
