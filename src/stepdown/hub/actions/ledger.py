"""Writing the ledger, and sealing it."""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from stepdown.hub.models import LedgerBatch, LedgerEntry, LedgerPayload, LedgerSubject
from stepdown.hub.queries.ledger import digest_of
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock, merkle
from stepdown.kernel.canonical import canonical, salted_hash
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

Subject = tuple[str, UUID]


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
    entry = LedgerEntry(
        at=clock.now(),
        actor_label=by.label or "user",
        actor_user=by.user,
        actor_person=by.person,
        verb=verb.key,
        object_kind=about[0],
        object_id=about[1],
        payload_hash=salted_hash(salt, body),
    )
    entry.digest = digest_of(entry)
    entry.save(force_insert=True)
    LedgerPayload.objects.create(entry=entry, salt=salt, body=body.decode())
    LedgerSubject.objects.bulk_create(
        LedgerSubject(entry=entry, kind=kind, subject_id=subject)
        for kind, subject in dict.fromkeys([about, *subjects])
    )
    return entry


@transaction.atomic
def seal(*, by: Actor, most: int = 10_000) -> LedgerBatch | None:
    """Give the oldest unsealed entries their numbers and a Merkle root; None if there are none.

    Safe to call from many processes: the last batch is locked, and ``number`` is unique.
    """
    require(by, Permission.LEDGER_SEAL)
    last = LedgerBatch.objects.select_for_update().order_by("-number").first()
    waiting = list(
        LedgerEntry.objects.select_for_update().filter(seq__isnull=True).order_by("id")[:most]
    )
    if not waiting:
        return None
    first = (last.last_seq if last else 0) + 1
    root = merkle.root([merkle.leaf(bytes(e.digest)) for e in waiting])
    batch = LedgerBatch.objects.create(
        number=(last.number if last else 0) + 1,
        first_seq=first,
        last_seq=first + len(waiting) - 1,
        root=root,
        head=salted_hash(bytes(last.head) if last else b"", root),
        sealed_at=clock.now(),
    )
    for seq, entry in enumerate(waiting, start=first):
        entry.seq, entry.batch = seq, batch
    # The rows are there and locked, so this only updates them: four times as fast as bulk_update.
    LedgerEntry.objects.bulk_create(
        waiting,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["seq", "batch"],
        batch_size=500,
    )
    return batch
