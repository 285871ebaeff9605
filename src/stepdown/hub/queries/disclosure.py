"""Reading the read log: who was shown a person, when, for which purpose."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from stepdown.hub.models import DisclosedPerson
from stepdown.hub.queries.reader import as_hub
from stepdown.hub.queries.user import names_of


@dataclass(frozen=True)
class Shown:
    """One response that showed the person. ``to`` is the account's name, else who it was;
    ``clauses`` are those of agreements by which one agency's record was shown to another."""

    at: datetime
    to: str
    purpose: str
    page: str
    categories: tuple[str, ...]
    clauses: tuple[str, ...] = ()


@as_hub("a page asks by way of a record it may show")
def shown(person_id: UUID, *, limit: int = 50) -> list[Shown]:
    """The newest responses that showed a person, newest first. Two queries.

    The caller has already been allowed to see the person's record.
    """
    rows = list(
        DisclosedPerson.objects.filter(person_id=person_id)
        .select_related("disclosure")
        .order_by("-disclosure_id")[:limit]
    )
    names = names_of(r.disclosure.actor_user for r in rows if r.disclosure.actor_user)
    return [
        Shown(
            at=row.disclosure.at,
            to=names.get(row.disclosure.actor_user, row.disclosure.actor_label)
            if row.disclosure.actor_user
            else row.disclosure.actor_label,
            purpose=row.disclosure.purpose,
            page=row.disclosure.page,
            categories=tuple(c.partition("@")[0] for c in row.categories.split(",") if c),
            clauses=tuple(
                dict.fromkeys(c.partition("@")[2] for c in row.categories.split(",") if "@" in c)
            ),
        )
        for row in rows
    ]
