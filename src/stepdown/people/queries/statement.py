"""What people say of their records, for whoever reads what it is about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from stepdown.hub.queries.reader import as_hub
from stepdown.people.models import PersonStatement
from stepdown.people.queries.shown import shown_of
from stepdown.policy.actors import Actor
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
def said_by(by: Actor, people: Iterable[UUID | None], read: Iterable[Category]) -> list[Says]:
    """What these people say of data of the categories that the reader reads, the oldest first.

    What stands beside another agency's record is for those whom it shows that record to. The caller
    has been allowed to read the categories, and writes the look down. One query, and a few more
    for a statement beside another agency's record.
    """
    ids = {one for one in people if one}
    if not ids:
        return []
    held = PersonStatement.objects.filter(person__in=ids, category__in=[c.value for c in read])
    return [
        Says(one.about, one.words, one.category, one.kept_on)
        for one in held.select_related("person").order_by("kept_on", "id")
        if _is_for(by, one)
    ]


def _is_for(by: Actor, one: PersonStatement) -> bool:
    """Whether it is the partnership's, the reader's own or of their agency, or shown to that."""
    ours = {grant.agency for grant in by.grants}
    if one.agency_id is None or one.agency_id in ours or one.person_id == by.person:
        return True
    return Category(one.category) in shown_of(one.person, one.agency_id, ours)


@as_hub("what came of a request, for those who may see the request")
def said_in(request: UUID) -> Says | None:
    """The statement that came of a request. One query."""
    one = PersonStatement.objects.filter(asked_in=request).first()
    return Says(one.about, one.words, one.category, one.kept_on) if one else None
