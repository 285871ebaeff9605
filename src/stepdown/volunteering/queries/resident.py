"""The resident index of volunteers, as every process of the hub uses it.

The index is a copy (`stepdown.matching.national.snapshot`) and never the source of truth. Whatever
the ledger says has changed since it was written is read from the records at the moment of use; a
snapshot that cannot be used, or that is too far behind, is not, and the records are read as before.
"""

import hashlib
import logging
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from threading import Lock
from uuid import UUID

import numpy as np
from django.conf import settings
from django.db import connection

from stepdown.hub.queries import ledger_feed
from stepdown.hub.queries.ledger_feed import Reached
from stepdown.hub.queries.reader import as_hub
from stepdown.kernel import clock
from stepdown.matching.national import snapshot as store
from stepdown.matching.national.people import ids_of, merged, uuids_of
from stepdown.matching.national.snapshot import Mark, Snapshot, SnapshotRefused
from stepdown.people.queries.restriction import Use, restricted
from stepdown.volunteering.models import Placement, Volunteer
from stepdown.volunteering.models.placement import PlacementState
from stepdown.volunteering.queries.resident_rows import Progress, read, tables
from stepdown.volunteering.queries.world_people import active

log = logging.getLogger("stepdown.index")
KINDS = ("volunteer", "person", "need")
TOO_FAR = "it is too far behind the records"
FOREIGN = "it reflects a ledger that this hub does not have"
_BATCH = 5_000


@dataclass(frozen=True)
class Current:
    """The index as it may be used now. ``changed`` are volunteers to be read from the records."""

    snapshot: Snapshot
    changed: frozenset[UUID]
    late: bool


@dataclass(frozen=True)
class Status:
    """What an administrator is told. ``refused`` says why it cannot be used, empty where it can."""

    wanted: bool
    used: bool
    refused: str = ""
    volunteers: int = 0
    changed: int = 0
    late: bool = False
    seq: int = 0
    written: datetime | None = None


@dataclass
class _Opened:
    """What this process has open, and what it last said of it."""

    snapshot: Snapshot | None = None
    folder: Path | None = None
    said: str = ""
    lock: Lock = field(default_factory=Lock)


_opened = _Opened()


def folder() -> Path:
    """Where the index lies: in the hub's own folder, for its owner alone."""
    return Path(settings.STEPDOWN_INDEX)


def is_large() -> bool:
    """Whether the hub has so many active volunteers that an index is worth keeping."""
    least: int = settings.STEPDOWN_INDEX_FROM
    return active().order_by()[:least].count() >= least


def current(on: date) -> Current | None:
    """The index for questions about today; None where the records are to be read instead.

    Says so in the log where a hub that should have an index cannot use it.
    """
    if on != clock.today():
        return None
    try:
        found = _usable()
    except SnapshotRefused as refused:
        if is_large():
            _say(refused.reason)
        return None
    if found.snapshot.size < settings.STEPDOWN_INDEX_FROM:
        return None
    if found.late:
        _say("it is not kept up to date; what has changed is read from the records", used=True)
    else:
        _opened.said = ""
    return found


def _usable() -> Current:
    snapshot = _open()
    if snapshot.mark.hub != _hub() or not ledger_feed.is_ours(_reached(snapshot)):
        raise SnapshotRefused(FOREIGN)
    most: int = settings.STEPDOWN_INDEX_MOST_CHANGED
    since = ledger_feed.since(snapshot.mark.seq, KINDS, most=most)
    if since is None:
        raise SnapshotRefused(TOO_FAR)
    changed = _concerned(since.subjects) | _expired(snapshot) | _kept_out()
    if len(changed) > most:
        raise SnapshotRefused(TOO_FAR)
    limit = clock.now() - settings.STEPDOWN_INDEX_LATE
    return Current(snapshot, changed, since.oldest is not None and since.oldest < limit)


def _open() -> Snapshot:
    where = folder()
    with _opened.lock:
        known = _opened.snapshot if _opened.folder == where else None
        _opened.snapshot, _opened.folder = None, where
        _opened.snapshot = store.open_snapshot(where, known)
        return _opened.snapshot


def _concerned(subjects: dict[str, set[UUID]]) -> frozenset[UUID]:
    """Volunteers whom a change of some records touches, those who are no longer there too.

    A need touches those placed on it: how many minutes a week it takes counts against their cap.
    """
    profiles = Volunteer.objects.filter(person__in=subjects["person"]).values_list("pk", flat=True)
    placed = Placement.objects.filter(need__in=subjects["need"], state=PlacementState.LIVE)
    touched = set(subjects["volunteer"])
    if subjects["person"]:
        touched.update(profiles)
    if subjects["need"]:
        touched.update(placed.values_list("volunteer_id", flat=True))
    return frozenset(touched)


def _expired(snapshot: Snapshot) -> frozenset[UUID]:
    """Those whose row time alone has made wrong: an offer ran out, a renewal came to count."""
    now = int(clock.now().timestamp())
    base = np.setdiff1d(np.flatnonzero(snapshot.base.more.expires <= now), snapshot.gone)
    added = np.flatnonzero(snapshot.added.more.expires <= now)
    return frozenset(uuids_of(snapshot.base.ids[base]) + uuids_of(snapshot.added.ids[added]))


@as_hub("which volunteers are left out of plans")
def _kept_out() -> frozenset[UUID]:
    """Those whose data is not used today: they are read from the records, where they are left out.
    A use of it that is allowed ends by itself, which the ledger does not say."""
    found = Volunteer.objects.filter(person__in=restricted(Use.MATCH))
    return frozenset(found.values_list("pk", flat=True))


def _say(reason: str, *, used: bool = False) -> None:
    """One line in the log when it changes. It names no record."""
    if reason != _opened.said:
        _opened.said = reason
        so = "" if used else " Volunteers are read from the records, which takes longer."
        log.warning("The index of volunteers: %s.%s", reason, so)


def rebuild(*, progress: Progress = lambda _what, _rows: None) -> Snapshot:
    """Read all active volunteers and write the index afresh. ``progress`` hears (what, rows)."""
    mark = _mark()  # before the rows: what changes while they are read is looked at again
    names = tables()
    rows = read(active(), names, clock.today(), progress=progress)
    store.write(folder(), rows, names, mark)
    return _open()


def refresh() -> int:
    """Bring the index to where the ledger is sealed. How many volunteers were read again.

    Written afresh where it cannot be used, and from itself where much has changed or somebody is
    gone for good, so that nothing of them is left.
    """
    try:
        snapshot = _open()
        if snapshot.mark.hub != _hub() or not ledger_feed.is_ours(_reached(snapshot)):
            raise SnapshotRefused(FOREIGN)
    except SnapshotRefused:
        return rebuild().size
    mark = _mark()
    most = max(_BATCH, snapshot.size // 5)
    since = ledger_feed.since(snapshot.mark.seq, KINDS, until=mark.seq, most=most)
    if since is None:
        return rebuild().size
    changed = sorted(_concerned(since.subjects) | _expired(snapshot))
    names = tables(snapshot.tables)
    if changed or names != snapshot.tables:
        _write_changes(snapshot, changed, mark)
    elif mark.seq != snapshot.mark.seq:
        store.add(folder(), snapshot, snapshot.added.take(_nothing()), ids_of([]), mark)
    return len(changed)


def _write_changes(snapshot: Snapshot, changed: list[UUID], mark: Mark) -> None:
    names, today = tables(snapshot.tables), clock.today()
    parts = [
        read(active().filter(pk__in=changed[at : at + _BATCH]), names, today)
        for at in range(0, max(1, len(changed)), _BATCH)
    ]
    rows = merged(parts)
    _, kept = rows.find(ids_of(changed))
    removed = [one for one, here in zip(changed, kept.tolist(), strict=True) if not here]
    erased = len(removed) - Volunteer.objects.filter(pk__in=removed).count()
    many = snapshot.changes + len(changed) > max(1_000, snapshot.size // 100)
    if not (erased or many or names != snapshot.tables):
        store.add(folder(), snapshot, rows, ids_of(removed), mark)
        return
    whole = snapshot.whole().widened(names)
    at, here = whole.find(ids_of(changed))
    stays = np.ones(whole.size, np.bool_)
    stays[at[here]] = False
    store.write(folder(), merged([whole.take(np.flatnonzero(stays)), rows]), names, mark)


def _nothing() -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.zeros(0, np.int64)


def keep() -> int:
    """What the hub's jobs do: keep the index current where the hub is large, else leave none."""
    if is_large():
        return refresh()
    if (folder() / store.POINTER).exists():
        store.remove(folder())
    return 0


def status(*, verify: bool = False) -> Status:
    """How the index stands. ``verify`` reads every file of it whole."""
    wanted = is_large()
    try:
        if verify:
            store.open_snapshot(folder(), verify=True)
        found = _usable()
    except SnapshotRefused as refused:
        return Status(wanted, used=False, refused=refused.reason)
    mark = found.snapshot.mark
    return Status(
        wanted,
        used=found.snapshot.size >= settings.STEPDOWN_INDEX_FROM,
        volunteers=found.snapshot.size,
        changed=len(found.changed),
        late=found.late,
        seq=mark.seq,
        written=datetime.fromisoformat(mark.at),
    )


def _mark() -> Mark:
    reached = ledger_feed.reached()
    return Mark(_hub(), reached.seq, reached.head, clock.now().isoformat())


def _reached(snapshot: Snapshot) -> Reached:
    return Reached(snapshot.mark.seq, snapshot.mark.head)


def _hub() -> str:
    """Which database this is, as far as it says, and without saying it."""
    parts = (connection.settings_dict.get(key) for key in ("ENGINE", "HOST", "PORT", "NAME"))
    return hashlib.sha256("\0".join(str(part or "") for part in parts).encode()).hexdigest()[:16]
