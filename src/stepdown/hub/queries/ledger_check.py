"""Does the sealed ledger still say what was sealed? If not, where not?

Everything is read again from the records' own columns, a few thousand lines at a time. A change is
named by its sequence number. Where somebody changed a line and all its hashes to fit, the seal
still tells, and names the lines that it is over: those of a few seconds of the hub's life.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from stepdown.hub.models import Disclosure, LedgerEntry
from stepdown.hub.queries.ledger_heads import heads, stored_digest
from stepdown.hub.queries.ledger_rows import Line, lines
from stepdown.kernel import merkle
from stepdown.kernel.heads import Head, Verifies

AT_ONCE = 10_000
MOST = 100_000  # lines of one batch

Progress = Callable[[int], object]


@dataclass(frozen=True)
class Fault:
    """What is wrong with the lines from one sequence number to another."""

    first: int
    last: int
    what: str

    def __str__(self) -> str:
        if self.first >= self.last:
            return _("Entry %(seq)d: %(what)s") % {"seq": self.first, "what": self.what}
        between = {"first": self.first, "last": self.last, "what": self.what}
        return _("Entries %(first)d to %(last)d: %(what)s") % between


@dataclass
class Tally:
    """What was read: lines, those whose words were disposed of, the last one, unsigned heads."""

    lines: int = 0
    disposed: int = 0
    last: int = 0
    heads: int = 0
    unsigned: int = 0

    def add(self, other: "Tally") -> None:
        """Put two together."""
        self.lines += other.lines
        self.disposed += other.disposed
        self.last = max(self.last, other.last)
        self.heads += other.heads
        self.unsigned += other.unsigned


def faults(
    *,
    verifies: Verifies | None = None,
    after: int = 0,
    until: int | None = None,
    progress: Progress = lambda lines: None,
    tally: Tally | None = None,
) -> Iterator[Fault]:
    """Every way in which sealed batches, those after a number and up to another, no longer say what
    was sealed; nothing when sound. Without ``verifies`` signatures are not looked at.
    """
    tally = Tally() if tally is None else tally
    chain = _Chain(after, verifies)
    for some in _groups(after, until):
        # The hub seals at most so many at once: a range that somebody made endless is cut short.
        start = some[0].first - 1
        found = lines(start, min(max(one.last for one in some), start + 2 * MOST))
        place = 0
        for head in some:
            tally.heads += 1
            tally.unsigned += not head.key
            yield from chain.next(head)
            begin = place
            while place < len(found) and found[place].seq <= head.last:
                place += 1
            yield from _batch(head, found[begin:place], tally)
        progress(len(found))
    if until is None:
        yield from _astray(chain.last)


def _groups(after: int, until: int | None) -> Iterator[list[Head]]:
    """Heads, so many together that their lines are worth a query."""
    some: list[Head] = []
    for head in heads(after, until):
        if some and head.last - some[0].first >= AT_ONCE:
            yield some
            some = []
        some.append(head)
    if some:
        yield some


class _Chain:
    """Heads one after another: numbers, ranges, digests, signatures."""

    def __init__(self, after: int, verifies: Verifies | None) -> None:
        before = next(heads(after - 1, after), None) if after else None
        self.number = after
        self.last = before.last if before else 0
        self.signed = bool(before and before.key)
        self.verifies = verifies

    def next(self, head: Head) -> Iterator[Fault]:
        """What is wrong with the next head itself."""
        if head.number != self.number + 1 or head.first != self.last + 1:
            yield Fault(self.last + 1, max(self.last + 1, head.first - 1), _("a seal is missing."))
        wrong = head.digest() != stored_digest(head.number)
        if head.key:
            wrong = wrong or (self.verifies is not None and not head.good(self.verifies))
        elif self.signed:
            wrong = True
        if wrong:
            yield Fault(head.first, head.last, _("the head of this batch is not what was signed."))
        self.number, self.last, self.signed = head.number, head.last, bool(head.key)


def _batch(head: Head, found: list[Line], tally: Tally) -> Iterator[Fault]:
    expected, before, leaves = head.first, "", []
    sha, number = hashlib.sha256, head.number
    for seq, batch, identity, digest, disposed, wrong in found:
        if seq < head.first:
            yield Fault(seq, seq, _("it is in no batch."))
            continue
        if seq > expected:
            yield Fault(expected, seq - 1, _("missing."))
        elif seq < expected:
            yield Fault(seq, seq, _("there are two of it."))
        if batch != number:
            yield Fault(seq, seq, _("it was moved to another batch."))
        if identity <= before:
            yield Fault(seq, seq, _("it is out of order."))
        expected, before = seq + 1, identity
        if wrong:
            yield Fault(seq, seq, wrong)
        if disposed:
            tally.disposed += 1
        leaves.append(sha(b"\x00" + digest).digest())
    tally.lines += len(found)
    tally.last = max(tally.last, head.last)
    if expected <= head.last:
        yield Fault(expected, head.last, _("missing."))
    if merkle.root(leaves) != head.root:
        yield Fault(head.first, head.last, _("together they are not what was sealed."))


def _astray(last: int) -> Iterator[Fault]:
    """Lines that say they are sealed and are beyond every seal, or in none."""
    outside = Q(seq__gt=last) | Q(seq__lt=1) | Q(seq__isnull=True, batch__isnull=False)
    for book in (LedgerEntry, Disclosure):
        for seq in book.objects.filter(outside).order_by("id").values_list("seq", flat=True)[:100]:
            place = last + 1 if seq is None else seq
            yield Fault(place, place, _("it is in no batch."))
