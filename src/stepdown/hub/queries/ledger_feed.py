"""The ledger as a feed: what has been recorded since a place in it that was reached before.

Places are those of the sealed ledger: an entry that is not sealed yet comes after all that are,
whenever its transaction ended. So nothing is missed, however transactions overlap.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from stepdown.hub.models import LedgerBatch, LedgerEntry, LedgerSubject


@dataclass(frozen=True)
class Reached:
    """The last sealed entry, 0 before the first, and the seal of its batch."""

    seq: int
    head: str


@dataclass(frozen=True)
class Since:
    """The records that entries concern, by kind, and when the oldest of the entries was made."""

    subjects: dict[str, set[UUID]]
    oldest: datetime | None


def reached() -> Reached:
    """Where the ledger stands now. One query."""
    last = LedgerBatch.objects.order_by("-number").first()
    return Reached(last.last_seq, bytes(last.head).hex()) if last else Reached(0, "")


def is_ours(place: Reached) -> bool:
    """Whether this ledger ever stood there: another hub's, or one put back to before, did not."""
    if place.seq == 0:
        return place.head == ""
    heads = LedgerBatch.objects.filter(last_seq=place.seq).values_list("head", flat=True)
    return any(bytes(head).hex() == place.head for head in heads)


def since(seq: int, kinds: Collection[str], *, until: int | None = None, most: int) -> Since | None:
    """What entries after ``seq`` concern; None where that is more than ``most`` records.

    With ``until``, sealed entries up to that one only. One query.
    """
    later = Q(seq__gt=seq)
    if until is None:
        later |= Q(seq__isnull=True)
    else:
        later &= Q(seq__lte=until)
    rows = LedgerSubject.objects.filter(
        kind__in=list(kinds), entry__in=LedgerEntry.objects.filter(later).values("pk")
    ).values_list("kind", "subject_id", "entry__at")
    found: dict[str, set[UUID]] = {kind: set() for kind in kinds}
    oldest: datetime | None = None
    for kind, subject, at in rows.iterator(chunk_size=2_000):
        found[kind].add(subject)
        oldest = at if oldest is None or at < oldest else oldest
        if sum(map(len, found.values())) > most:
            return None
    return Since(found, oldest)
