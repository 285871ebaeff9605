"""The ledger against its witness: nothing that was witnessed may be gone or different."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from django.utils.translation import gettext as _

from stepdown.hub.models import LedgerBatch
from stepdown.hub.queries.ledger_check import Fault
from stepdown.hub.queries.ledger_heads import head_number, last_head
from stepdown.kernel.heads import Head, Verifies, Witnessed

Lines = Callable[[], Iterable[Witnessed]]


def agrees(line: Witnessed | None) -> bool:
    """Whether the ledger has the head that was witnessed last. Without one there is nothing to
    disagree with. At most two queries."""
    if line is None:
        return True
    ours = head_number(line.head.number)
    return ours is not None and ours.digest() == line.head.digest()


def waiting_since(line: Witnessed | None) -> str:
    """When the oldest signed head was sealed that is not with the witness yet; else empty."""
    last = last_head()
    if last is None or not last.key or (line and line.head.number >= last.number):
        return ""
    after = line.head.number if line else 0
    found = LedgerBatch.objects.filter(number__gt=after).exclude(key="").order_by("number")
    first = found.values_list("sealed_at", flat=True).first()
    return first.isoformat() if first else ""


def witness_faults(lines: Lines, verifies: Verifies) -> Iterator[Fault]:
    """Heads that were witnessed and that the ledger no longer has as they were.

    ``lines`` is called twice: where the hub was put back to an earlier head, those witnessed
    after it and before that are no longer looked for.
    """
    last = last_head()
    end, gone = (last.last if last else 0), 0
    kept = _kept(lines)
    while some := list(islice(kept, 1_000)):
        numbers = [one.number for one in some]
        ours = dict(LedgerBatch.objects.filter(number__in=numbers).values_list("number", "head"))
        for head in some:
            if head.number in ours:
                if bytes(ours[head.number]) != head.digest():
                    what = _("the seal is not the one that was witnessed.")
                    yield Fault(head.first, head.last, what)
            elif not head.good(verifies):
                yield Fault(
                    head.first, head.last, _("witnessed with a signature that is not ours.")
                )
            elif head.last > end:
                gone = max(gone, head.last)
            else:
                yield Fault(
                    head.first, head.last, _("they were witnessed, and their seal is gone.")
                )
    if gone:
        yield Fault(end + 1, gone, _("witnessed, and gone: the end of the ledger was cut off."))


def _kept(lines: Lines) -> Iterator[Head]:
    marks = [line.head.number for line in lines() if line.restored]
    # A head counts as far as no later mark says that the hub was put back to before it.
    bound: list[int] = []
    for number in reversed(marks):
        bound.append(min(number, bound[-1]) if bound else number)
    bound.reverse()
    passed = 0
    for line in lines():
        passed += line.restored
        if passed >= len(bound) or line.head.number <= bound[passed]:
            yield line.head
