"""Reading the ledger: timelines, and whether a seal still holds."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from stepdown.hub.models import LedgerBatch, LedgerEntry, User
from stepdown.hub.queries.paging import Page, page_of
from stepdown.hub.verbs import words_for
from stepdown.kernel import merkle
from stepdown.kernel.canonical import canonical, salted_hash


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


def timeline(kind: str, subject_id: UUID, *, limit: int = 50) -> list[Event]:
    """The newest entries that concern a record, newest first. Two queries.

    The caller has already been allowed to see the record.
    """
    return _events(list(_about(kind, subject_id).order_by("-id")[:limit]))


def timeline_page(
    kind: str, subject_id: UUID, *, after: str | None = None, size: int = 25
) -> Page[Event]:
    """The same a page at a time, for records with a long history. At most three queries."""
    page = page_of(_about(kind, subject_id), order=("-id",), after=after, size=size)
    return Page(_events(page.items), page.next, page.previous)


def _about(kind: str, subject_id: UUID) -> QuerySet[LedgerEntry]:
    found = LedgerEntry.objects.filter(subjects__kind=kind, subjects__subject_id=subject_id)
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


def digest_of(entry: LedgerEntry) -> bytes:
    """The entry's digest, 32 bytes: SHA-256 over the canonical form of all it states."""
    stated = {
        "id": str(entry.pk),
        "at": entry.at.isoformat(),
        "actor": [
            entry.actor_label,
            str(entry.actor_user or ""),
            str(entry.actor_person or ""),
        ],
        "verb": entry.verb,
        "object": [entry.object_kind, str(entry.object_id)],
        "payload": bytes(entry.payload_hash).hex(),
    }
    return salted_hash(b"stepdown-ledger-1", canonical(stated))


def faults() -> Iterator[str]:
    """Every way in which the sealed ledger no longer says what was sealed; nothing when sound."""
    head, expected = b"", 1
    for batch in LedgerBatch.objects.order_by("number"):
        entries = list(batch.entries.select_related("payload").order_by("seq"))
        found = [e.seq for e in entries]
        if batch.first_seq != expected or found != list(range(expected, batch.last_seq + 1)):
            yield f"Batch {batch.number}: entries are missing or out of order."
        for entry in entries:
            if digest_of(entry) != bytes(entry.digest):
                yield f"Entry {entry.seq}: it is not what was sealed."
            if hasattr(entry, "payload"):
                salt, body = bytes(entry.payload.salt), entry.payload.body.encode()
                if salted_hash(salt, body) != bytes(entry.payload_hash):
                    yield f"Entry {entry.seq}: its words are not what was sealed."
        root = merkle.root([merkle.leaf(bytes(e.digest)) for e in entries])
        head = salted_hash(head, root)
        if root != bytes(batch.root) or head != bytes(batch.head):
            yield f"Batch {batch.number}: the seal does not match."
        head, expected = bytes(batch.head), batch.last_seq + 1
