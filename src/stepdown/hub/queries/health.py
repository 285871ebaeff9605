"""Whether the hub is well: its database, its messages, its ledger. No casework, no people."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Max, Min

from stepdown.hub.models import Disclosure, LedgerBatch, LedgerEntry, LedgerSubject
from stepdown.hub.queries import outbox
from stepdown.hub.queries.ledger_check import faults
from stepdown.hub.queries.ledger_witness import Lines, agrees, waiting_since, witness_faults
from stepdown.hub.queries.looks import Unusual, unusual
from stepdown.hub.queries.outbox import OutboxCounts
from stepdown.hub.queries.reader import as_hub
from stepdown.kernel import clock
from stepdown.kernel.heads import Verifies, Witnessed
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

# Entries are sealed by a job every few seconds: older unsealed ones mean that it does not run.
UNSEALED_TOO_LONG = timedelta(hours=1)
# A head is with the witness so soon after it was sealed.
WITNESS_WITHIN = timedelta(seconds=60)


@dataclass(frozen=True)
class LedgerHealth:
    """Entries and looks that wait for their seal, since when, the last seal, and its witness."""

    unsealed: int
    unsealed_since: datetime | None
    batches: int
    last_sealed_at: datetime | None
    last_seq: int
    key: str = ""
    witnessed: int = 0
    witness_agrees: bool = True
    unwitnessed_since: datetime | None = None

    @property
    def witness_late(self) -> bool:
        """Whether a signed head has waited for its witness for longer than it may."""
        since = self.unwitnessed_since
        return since is not None and since < clock.now() - WITNESS_WITHIN

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
_walls: list[Callable[[], Standing]] = []


def also(standing: Callable[[], Standing]) -> None:
    """What else an administrator is told. Higher wings say so, once, at start."""
    if standing not in _kept:
        _kept.append(standing)


def walls_by(standing: Callable[[], Standing]) -> None:
    """Who says how the walls around records stand: whoever knows every table. Once, at start."""
    _walls[:] = [standing]


@dataclass(frozen=True)
class Health:
    """``database`` is "sqlite" or "postgresql"; ``migrations_waiting`` is 0 when all is applied."""

    database: str
    database_version: str
    migrations_waiting: int
    messages: OutboxCounts
    ledger: LedgerHealth
    unusual: list[Unusual]
    backup_at: datetime | None
    kept: list[Standing]
    walls: Standing | None


def _version() -> str:
    numbers = connection.get_database_version()
    return ".".join(str(n) for n in numbers)


def _ledger(witnessed: Witnessed | None) -> LedgerHealth:
    unsealed = LedgerEntry.objects.filter(seq__isnull=True)
    looks = Disclosure.objects.filter(seq__isnull=True, digest__isnull=False)
    waiting = [book.aggregate(number=Count("pk"), since=Min("at")) for book in (unsealed, looks)]
    last = LedgerBatch.objects.order_by("-number").first()
    since = waiting_since(witnessed)
    return LedgerHealth(
        unsealed=sum(one["number"] for one in waiting),
        unsealed_since=min((one["since"] for one in waiting if one["since"]), default=None),
        batches=last.number if last else 0,
        last_sealed_at=last.sealed_at if last else None,
        last_seq=last.last_seq if last else 0,
        key=last.key if last else "",
        witnessed=witnessed.head.last if witnessed else 0,
        witness_agrees=agrees(witnessed),
        unwitnessed_since=datetime.fromisoformat(since) if since else None,
    )


def _last_backup() -> datetime | None:
    """By way of its subjects, which are few: entries are many, and in no order of verbs."""
    backups = LedgerSubject.objects.filter(kind="backup", entry__verb="backup.made")
    last: datetime | None = backups.aggregate(last=Max("entry__at"))["last"]
    return last


@as_hub("how the hub stands, in numbers")
def health(*, by: Actor, witnessed: Witnessed | None = None) -> Health:
    """The state of the hub now. ``witnessed`` is the newest line of the ledger's witness."""
    require(by, Permission.USER_VIEW)
    executor = MigrationExecutor(connection)
    return Health(
        database=connection.vendor,
        database_version=_version(),
        migrations_waiting=len(executor.migration_plan(executor.loader.graph.leaf_nodes())),
        messages=outbox.counts(),
        ledger=_ledger(witnessed),
        unusual=unusual(by=by),
        backup_at=_last_backup(),
        kept=[standing() for standing in _kept],
        walls=_walls[0]() if _walls else None,
    )


@as_hub("how the hub stands, in numbers")
def check_seals(*, by: Actor, verifies: Verifies, lines: Lines, most: int = 20) -> list[str]:
    """Read the whole sealed ledger again, and its witness, and say what is wrong; at most ``most``
    faults."""
    require(by, Permission.USER_VIEW)
    found = chain(faults(verifies=verifies), witness_faults(lines, verifies))
    return [str(fault) for fault in islice(found, most)]
