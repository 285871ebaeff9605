"""The heads of sealed batches, as they were signed."""

from collections.abc import Iterator

from stepdown.hub.models import LedgerBatch
from stepdown.kernel.heads import Head


def head_of(batch: LedgerBatch) -> Head:
    """The head, put together from what the batch's row says. The one before it is looked up."""
    before = LedgerBatch.objects.filter(number=batch.number - 1).values_list("head", flat=True)
    return _head(batch, bytes(before.first() or b""))


def last_head() -> Head | None:
    """The newest head; None before the first seal."""
    batch = LedgerBatch.objects.order_by("-number").first()
    return head_of(batch) if batch else None


def head_number(number: int) -> Head | None:
    """One head."""
    batch = LedgerBatch.objects.filter(number=number).first()
    return head_of(batch) if batch else None


def heads(after: int = 0, until: int | None = None) -> Iterator[Head]:
    """Heads in order, those after a number, up to another. A few at a time from the database."""
    before = bytes(
        LedgerBatch.objects.filter(number=after).values_list("head", flat=True).first() or b""
    )
    found = LedgerBatch.objects.filter(number__gt=after).order_by("number")
    if until is not None:
        found = found.filter(number__lte=until)
    for batch in found.iterator(chunk_size=2_000):
        yield _head(batch, before)
        before = bytes(batch.head)


def shares(lines: int) -> list[int]:
    """Numbers of batches between which there are about so many lines each, the first excluded."""
    found, last = [], 0
    ends = LedgerBatch.objects.order_by("number").values_list("number", "last_seq")
    for number, end in ends.iterator(chunk_size=10_000):
        if end - last >= lines:
            found.append(number)
            last = end
    return found


def stored_digest(number: int) -> bytes:
    """The digest of a head as its row holds it; empty for one that is not there."""
    rows = LedgerBatch.objects.filter(number=number).values_list("head", flat=True)
    return bytes(rows.first() or b"")


def _head(batch: LedgerBatch, previous: bytes) -> Head:
    return Head(
        number=batch.number,
        first=batch.first_seq,
        last=batch.last_seq,
        root=bytes(batch.root),
        previous=previous,
        at=batch.sealed_at.isoformat(),
        key=batch.key,
        signature=bytes(batch.signature),
    )
