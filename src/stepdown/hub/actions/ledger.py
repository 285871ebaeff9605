"""Writing the ledger, and sealing it."""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from stepdown.hub.actions import transaction
from stepdown.hub.models import (
    Disclosure,
    LedgerBatch,
    LedgerEntry,
    LedgerPayload,
    LedgerSubject,
)
from stepdown.hub.queries.ledger_heads import head_of
from stepdown.hub.queries.sealed import digest_of
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock, merkle
from stepdown.kernel.canonical import canonical, fields, salted_hash
from stepdown.kernel.heads import Head, Signer
from stepdown.kernel.sealed import subjects_hash
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

Subject = tuple[str, UUID]
# Lines of one batch.
MOST = 10_000
Line = TypeVar("Line", LedgerEntry, Disclosure)


def record(
    *,
    by: Actor,
    verb: Verb,
    about: Subject,
    subjects: Iterable[Subject] = (),
    payload: Mapping[str, Any] | None = None,
) -> LedgerEntry:
    """One entry for one verb, in the caller's transaction. ``about`` is always among the subjects.

    ``payload`` holds words and figures that JSON can hold. RuntimeError outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A ledger entry is written in its action's transaction.")
    salt, body = secrets.token_bytes(16), canonical(payload or {})
    concerned = dict.fromkeys([about, *subjects])
    entry = LedgerEntry(
        at=clock.now(),
        actor_label=by.label or "user",
        actor_user=by.user,
        actor_person=by.person,
        verb=verb.key,
        object_kind=about[0],
        object_id=about[1],
        payload_hash=salted_hash(salt, body),
        subjects_hash=subjects_hash(fields(kind, subject.hex) for kind, subject in concerned),
    )
    entry.digest = digest_of(entry)
    entry.save(force_insert=True)
    LedgerPayload.objects.create(entry=entry, salt=salt, body=body.decode())
    LedgerSubject.objects.bulk_create(
        LedgerSubject(entry=entry, kind=kind, subject_id=subject) for kind, subject in concerned
    )
    return entry


@transaction.atomic
def seal(*, by: Actor, signer: Signer | None = None, most: int = MOST) -> LedgerBatch | None:
    """Give the oldest unsealed entries and looks their numbers, a Merkle root and a signed head;
    None if there are none.

    Safe to call from many processes: the last batch is locked, and ``number`` is unique. A hub
    always has a ``signer``; without one the head is only chained.
    """
    require(by, Permission.LEDGER_SEAL)
    last = LedgerBatch.objects.select_for_update().order_by("-number").first()
    entries, looks = LedgerEntry.objects, Disclosure.objects.filter(digest__isnull=False)
    waiting: list[LedgerEntry | Disclosure] = sorted(
        (
            one
            for book in (entries, looks)
            for one in book.select_for_update().filter(seq__isnull=True).order_by("id")[:most]
        ),
        key=lambda one: one.pk.int,
    )[:most]
    if not waiting:
        return None
    first = (last.last_seq if last else 0) + 1
    sealed_at = clock.now()
    head = Head(
        number=(last.number if last else 0) + 1,
        first=first,
        last=first + len(waiting) - 1,
        root=merkle.root([merkle.leaf(bytes(one.digest or b"")) for one in waiting]),
        previous=head_of(last).digest() if last else b"",
        at=sealed_at.isoformat(),
    )
    if signer is not None:
        head = head.signed(signer)
    batch = LedgerBatch.objects.create(
        number=head.number,
        first_seq=head.first,
        last_seq=head.last,
        root=head.root,
        head=head.digest(),
        sealed_at=sealed_at,
        key=head.key,
        signature=head.signature,
    )
    for seq, one in enumerate(waiting, start=first):
        one.seq, one.batch = seq, batch
    _number([one for one in waiting if isinstance(one, LedgerEntry)])
    _number([one for one in waiting if isinstance(one, Disclosure)])
    return batch


def _number(lines: list[Line]) -> None:
    """Write the numbers of lines of one book. They are there and locked, so that this only updates
    them: four times as fast as bulk_update."""
    if lines:
        type(lines[0])._base_manager.bulk_create(
            lines,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["seq", "batch"],
            batch_size=500,
        )
