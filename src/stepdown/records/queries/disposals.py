"""Reviews that wait, holds that stand, and tombstones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from stepdown.hub.queries.paging import Page, page_of
from stepdown.hub.queries.reader import as_hub
from stepdown.hub.queries.scope import Columns, compile_scope
from stepdown.hub.queries.user import names_of
from stepdown.kernel.errors import NotVisible
from stepdown.policy.actors import Actor
from stepdown.policy.decide import scope_for
from stepdown.policy.permissions import Permission
from stepdown.records.models import Disposal, LegalHold, RetentionReview
from stepdown.records.queries.keepers import Keepers
from stepdown.records.queries.retention import holds
from stepdown.records.queries.words_of import counted_in_words

COLUMNS: Columns = {"district": "person__district", "keeper": Keepers("person")}


@dataclass(frozen=True)
class Proposal:
    """A review that waits for a second person. Names nobody but who reviewed."""

    id: UUID
    short: str
    schedule: str
    decision: str
    reason: str
    answers: Mapping[str, str]
    by: str
    by_id: UUID
    at: datetime


@dataclass(frozen=True)
class Standing:
    """A hold that stands."""

    id: UUID
    reason: str
    until: date | None
    by: str
    at: datetime


@dataclass(frozen=True)
class Tombstone:
    """What is left of a disposal."""

    id: UUID
    reference: str
    kind: str
    ground: str
    schedule: str
    at: datetime
    by: str
    told: Sequence[str]
    counts: Mapping[str, int]
    registered: bool
    stays: Sequence[str] = ()


def proposals(by: Actor) -> list[Proposal]:
    """All that wait, the longest first."""
    scope = compile_scope(scope_for(by, Permission.RETENTION_AGREE), COLUMNS)
    with as_hub("reviews that wait, without names of whom they are about"):
        waiting = RetentionReview.objects.filter(scope, state=RetentionReview.State.PROPOSED)
        rows = list(waiting.order_by("id"))
    names = names_of(row.made_by_id for row in rows)
    return [_proposal(row, names.get(row.made_by_id, "")) for row in rows]


def proposal(by: Actor, review: UUID) -> Proposal:
    """One of them."""
    found = next((one for one in proposals(by) if one.id == review), None)
    if found is None:
        raise NotVisible("No such review.")
    return found


def _proposal(row: RetentionReview, by: str) -> Proposal:
    short = row.person_id.hex[-8:].upper()
    return Proposal(
        row.pk,
        short,
        row.schedule,
        row.decision,
        row.reason,
        dict(row.answers),
        by,
        row.made_by_id,
        row.made_at,
    )


def holds_of(person: UUID) -> list[Standing]:
    """The holds that stand on somebody's records."""
    with as_hub("holds on one person's records"):
        rows = list(holds().filter(person=person).order_by("id"))
    names = names_of(row.placed_by_id for row in rows)
    return [
        Standing(row.pk, row.reason, row.until, names.get(row.placed_by_id, ""), row.placed_at)
        for row in rows
    ]


def hold_named(text: str) -> UUID:
    """The hold that a button names. ``NotVisible`` for what is no id of one."""
    try:
        with as_hub("whether there is a hold that a button names"):
            return LegalHold.objects.only("pk").get(pk=UUID(text)).pk
    except (ValueError, LegalHold.DoesNotExist):
        raise NotVisible("No such hold.") from None


def list_disposals(*, after: str | None = None) -> Page[Tombstone]:
    """Every disposal, the newest first."""
    page = page_of(Disposal.objects.all(), order=("-id",), after=after, size=25)
    names = names_of(row.by_id for row in page.items if row.by_id)
    items = [_tombstone(row, names.get(row.by_id, "") if row.by_id else "") for row in page.items]
    return Page(items, page.next, page.previous, page.total)


def disposal(id: UUID) -> Tombstone:
    """One of them."""
    row = Disposal.objects.filter(pk=id).first()
    if row is None:
        raise NotVisible("No such disposal.")
    names = names_of([row.by_id] if row.by_id else [])
    return _tombstone(row, names.get(row.by_id, "") if row.by_id else "")


def unregistered(most: int = 500) -> list[Disposal]:
    """Those not yet in the register outside the database."""
    return list(Disposal.objects.filter(registered=False).order_by("id")[:most])


def _tombstone(row: Disposal, by: str) -> Tombstone:
    return Tombstone(
        row.pk,
        row.reference,
        row.kind,
        row.ground,
        row.schedule,
        row.at,
        by,
        list(row.told),
        counted_in_words(row.counts),
        row.registered,
        list(row.stays),
    )
