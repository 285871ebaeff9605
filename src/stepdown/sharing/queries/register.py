"""The sharing register as it is published: agreements in force, and nobody's name.

What people wrote for the parties alone stays out: signatures, reasons, the impact assessment.
"""

from dataclasses import dataclass
from datetime import date

from stepdown.hub.queries.paging import Page, page_of
from stepdown.kernel.errors import NotVisible
from stepdown.sharing.models import Agreement
from stepdown.sharing.queries.agreement import ClauseLine, clauses
from stepdown.sharing.queries.in_force import agreements_in_force


@dataclass(frozen=True)
class Published:
    """An agreement in force, as everybody may read it. ``clauses`` is empty in a list."""

    reference: str
    number: int
    title: str
    parties: tuple[str, ...]
    starts: date
    ends: date
    review_on: date
    clauses: tuple[ClauseLine, ...] = ()


def published(*, after: str | None = None) -> Page[Published]:
    """All agreements in force today, by title. A constant number of queries."""
    held = agreements_in_force().prefetch_related("parties__agency")
    page = page_of(held, order=("title", "-number"), after=after, size=25)
    return Page([_line(one) for one in page.items], page.next, page.previous, page.total)


def published_one(reference: str) -> Published:
    """One of them with its clauses. ``NotVisible`` for one that is not in force, or not at all."""
    held = agreements_in_force().prefetch_related("parties__agency")
    found = held.filter(reference=reference).first()
    if found is None:
        raise NotVisible("No such agreement.")
    return _line(found, tuple(clauses(found)))


def _line(held: Agreement, says: tuple[ClauseLine, ...] = ()) -> Published:
    return Published(
        reference=held.reference,
        number=held.number,
        title=held.title,
        parties=tuple(party.agency.name for party in held.parties.all()),
        starts=held.starts,
        ends=held.ends,
        review_on=held.review_on,
        clauses=says,
    )
