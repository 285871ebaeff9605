"""Whether the hub is well: its database, its messages, its ledger. No casework, no people."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Min

from stepdown.hub.models import LedgerBatch, LedgerEntry
from stepdown.hub.queries import outbox
from stepdown.hub.queries.ledger import faults
from stepdown.hub.queries.outbox import OutboxCounts
from stepdown.kernel import clock
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

# Entries are sealed by a job every few minutes: older unsealed ones mean that it does not run.
UNSEALED_TOO_LONG = timedelta(hours=1)


@dataclass(frozen=True)
class LedgerHealth:
    """Entries that wait for their seal, since when, and the last seal."""

    unsealed: int
    unsealed_since: datetime | None
    batches: int
    last_sealed_at: datetime | None
    last_seq: int

    @property
    def late(self) -> bool:
        """Whether an entry has waited so long that sealing cannot be running."""
        since = self.unsealed_since
        return since is not None and since < clock.now() - UNSEALED_TOO_LONG


@dataclass(frozen=True)
class Standing:
    """How something that a higher wing keeps stands: its name, in words, and what is wrong."""

    name: str
    words: str
    warning: str = ""


_kept: list[Callable[[], Standing]] = []


def also(standing: Callable[[], Standing]) -> None:
    """What else an administrator is told. Higher wings say so, once, at start."""
    if standing not in _kept:
        _kept.append(standing)


@dataclass(frozen=True)
class Health:
    """``database`` is "sqlite" or "postgresql"; ``migrations_waiting`` is 0 when all is applied."""

    database: str
    database_version: str
    migrations_waiting: int
    messages: OutboxCounts
    ledger: LedgerHealth
    kept: list[Standing]


def _version() -> str:
    numbers = connection.get_database_version()
    return ".".join(str(n) for n in numbers)


def _ledger() -> LedgerHealth:
    waiting = LedgerEntry.objects.filter(seq__isnull=True).aggregate(
        number=Count("pk"), since=Min("at")
    )
    last = LedgerBatch.objects.order_by("-number").first()
    return LedgerHealth(
        unsealed=waiting["number"],
        unsealed_since=waiting["since"],
        batches=last.number if last else 0,
        last_sealed_at=last.sealed_at if last else None,
        last_seq=last.last_seq if last else 0,
    )


def health(*, by: Actor) -> Health:
    """The state of the hub now."""
    require(by, Permission.USER_VIEW)
    executor = MigrationExecutor(connection)
    return Health(
        database=connection.vendor,
        database_version=_version(),
        migrations_waiting=len(executor.migration_plan(executor.loader.graph.leaf_nodes())),
        messages=outbox.counts(),
        ledger=_ledger(),
        kept=[standing() for standing in _kept],
    )


def check_seals(*, by: Actor, most: int = 20) -> list[str]:
    """Read the whole sealed ledger again and say what is wrong with it; at most ``most`` faults."""
    require(by, Permission.USER_VIEW)
    found = []
    for fault in faults():
        found.append(fault)
        if len(found) == most:
            break
    return found
