"""What people say of their records, for whoever reads what it is about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from stepdown.hub.queries.reader import as_hub
from stepdown.people.models import PersonStatement
from stepdown.policy.categories import Category


@dataclass(frozen=True)
class Says:
    """One statement: about what, in whose words, since when. Has no ``repr`` of its words."""

    about: str
    words: str
    category: str
    kept_on: date

    def __repr__(self) -> str:
        return f"Says({self.category})"


@as_hub("a statement is shown with the record to those who read its category")
def said_by(people: Iterable[UUID | None], read: Iterable[Category]) -> list[Says]:
    """What these people say of data of the categories that the reader reads, the oldest first.

    The caller has been allowed to read those categories, and writes the look down. One query.
    """
    ids = {one for one in people if one}
    if not ids:
        return []
    held = PersonStatement.objects.filter(person__in=ids, category__in=[c.value for c in read])
    return [
        Says(one.about, one.words, one.category, one.kept_on)
        for one in held.order_by("kept_on", "id")
    ]


@as_hub("what came of a request, for those who may see the request")
def said_in(request: UUID) -> Says | None:
    """The statement that came of a request. One query."""
    one = PersonStatement.objects.filter(asked_in=request).first()
    return Says(one.about, one.words, one.category, one.kept_on) if one else None
