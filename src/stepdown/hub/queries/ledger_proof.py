"""Proofs that what the ledger says of one record is what was sealed."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from stepdown.hub.models import (
    DisclosedPerson,
    Disclosure,
    LedgerBatch,
    LedgerEntry,
    LedgerSubject,
)
from stepdown.hub.queries.ledger_heads import head_of
from stepdown.hub.queries.sealed import entry_texts, look_texts
from stepdown.kernel import merkle
from stepdown.kernel.canonical import fields
from stepdown.kernel.proof import ENTRY_TEXTS, LOOK_TEXTS
from stepdown.kernel.sealed import person_hash


class _Tree:
    """The batch of a line: one at a time is kept, as lines come in order."""

    def __init__(self) -> None:
        self.number = 0
        self.head: dict[str, Any] = {}
        self.leaves: list[bytes] = []

    def proof(self, seq: int, number: int) -> dict[str, Any]:
        """What leads from a line to the signed head."""
        if number != self.number:
            self._read(number)
        path = merkle.path(self.leaves, seq - int(self.head["first"]))
        return {"path": [one.hex() for one in path], "head": self.head}

    def _read(self, number: int) -> None:
        batch = LedgerBatch.objects.get(number=number)
        lines = [
            *batch.entries.values_list("seq", "digest"),
            *batch.looks.values_list("seq", "digest"),
        ]
        self.number, self.head = number, head_of(batch).as_json()
        self.leaves = [merkle.leaf(bytes(digest or b"")) for _, digest in sorted(lines)]


def proofs(record: UUID) -> Iterator[dict[str, Any]]:
    """Every sealed line that concerns a record, in order, as ``kernel.proof`` checks it.

    Lines of the first form are left out, as the seal is not over what they concern; so are looks
    whose people were disposed of. The caller answers for who may have them.
    """
    tree = _Tree()
    of_record = LedgerSubject.objects.filter(subject_id=record).values("entry")
    entries = LedgerEntry.objects.filter(
        pk__in=of_record, seq__isnull=False, subjects_hash__isnull=False
    )
    lines: list[LedgerEntry | Disclosure] = [*entries.select_related("payload")]
    shown = DisclosedPerson.objects.filter(person_id=record).values("disclosure")
    lines += Disclosure.objects.filter(pk__in=shown, seq__isnull=False, salt__isnull=False)
    for line in sorted(lines, key=lambda one: one.seq or 0):
        stated = _entry(line) if isinstance(line, LedgerEntry) else _look(line, record)
        yield {"seq": line.seq, **stated, **tree.proof(line.seq or 0, line.batch_id or 0)}


def _entry(entry: LedgerEntry) -> dict[str, Any]:
    payload = entry.payload if hasattr(entry, "payload") else None
    subjects = entry.subjects.order_by("kind", "subject_id").values_list("kind", "subject_id")
    return {
        **dict(zip(ENTRY_TEXTS, entry_texts(entry), strict=True)),
        "at": entry.at.isoformat(),
        "words": payload.body if payload else None,
        "salt": bytes(payload.salt).hex() if payload else None,
        "payload_hash": bytes(entry.payload_hash).hex(),
        "subjects": [[kind, one.hex] for kind, one in subjects],
    }


def _look(look: Disclosure, record: UUID) -> dict[str, Any]:
    """Of the others whom the response showed, only hashes leave."""
    salt = bytes(look.salt or b"")
    people = dict(look.people.values_list("person_id", "categories"))
    others = [
        person_hash(salt, fields(one.hex, shown)) for one, shown in people.items() if one != record
    ]
    return {
        **dict(zip(LOOK_TEXTS, look_texts(look), strict=True)),
        "at": look.at.isoformat(),
        "salt": salt.hex(),
        "categories": people[record],
        "others": sorted(one.hex() for one in others),
    }
