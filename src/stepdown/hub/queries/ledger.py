"""Reading the ledger: timelines."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from stepdown.hub.models import LedgerEntry, User
from stepdown.hub.queries.paging import Page, page_of
from stepdown.hub.queries.reader import as_hub
from stepdown.hub.verbs import words_for


@dataclass(frozen=True)
class Event:
    """One line of a timeline. ``details`` is the entry's payload, empty once disposed of."""

    at: datetime
    verb: str
    words: str
    actor: str
    object_kind: str
    object_id: UUID
    details: dict[str, Any]


@as_hub("a page asks by way of a record it may show")
def timeline(kind: str, subject_id: UUID, *, limit: int = 50, told: Q | None = None) -> list[Event]:
    """The newest entries that concern a record, newest first. Two queries.

    The caller has already been allowed to see the record. ``told``: which entries about others
    may be told.
    """
    return _events(list(_about(kind, subject_id, told).order_by("-id")[:limit]))


@as_hub("a page asks by way of a record it may show")
def timeline_page(
    kind: str, subject_id: UUID, *, after: str | None = None, size: int = 25, told: Q | None = None
) -> Page[Event]:
    """The same a page at a time, for records with a long history. At most three queries."""
    page = page_of(_about(kind, subject_id, told), order=("-id",), after=after, size=size)
    return Page(_events(page.items), page.next, page.previous)


def of_itself(record: UUID) -> Q:
    """Entries about the record alone, for ``timeline``. Sifted out of its answer instead, entries
    about others would push the record's own out of sight."""
    return Q(object_id=record)


def _about(kind: str, subject_id: UUID, told: Q | None) -> QuerySet[LedgerEntry]:
    found = LedgerEntry.objects.filter(subjects__kind=kind, subjects__subject_id=subject_id)
    found = found if told is None else found.filter(told)
    return found.select_related("payload")


def _events(entries: list[LedgerEntry]) -> list[Event]:
    users = {e.actor_user for e in entries if e.actor_user}
    names = dict(User.objects.filter(pk__in=users).values_list("pk", "display_name"))
    return [
        Event(
            at=e.at,
            verb=e.verb,
            words=words_for(e.verb),
            actor=names.get(e.actor_user, e.actor_label) if e.actor_user else e.actor_label,
            object_kind=e.object_kind,
            object_id=e.object_id,
            details=json.loads(e.payload.body) if hasattr(e, "payload") else {},
        )
        for e in entries
    ]
