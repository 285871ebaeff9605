"""A long ledger, written straight into the tables: by the hub's own verbs it would take an hour.

Nine lines in ten are entries, with words and two subjects; the others looks at two people.
"""

import secrets
from pathlib import Path
from typing import Any

from stepdown.adapters import signing, witness
from stepdown.hub.actions.ledger import seal
from stepdown.hub.models import (
    DisclosedPerson,
    Disclosure,
    LedgerEntry,
    LedgerPayload,
    LedgerSubject,
)
from stepdown.hub.queries.ledger_heads import heads
from stepdown.hub.queries.sealed import digest_of, digest_of_look
from stepdown.kernel import clock
from stepdown.kernel.canonical import canonical, fields, salted_hash
from stepdown.kernel.ids import new_id
from stepdown.kernel.sealed import people_hash, person_hash, subjects_hash
from stepdown.policy.actors import Actor


def write(home: Path, lines: int, batch: int) -> int:
    """So many lines, sealed with the keys in the folder and witnessed there. How many."""
    key = signing.signing_key(home / "keys")
    for _ in range(lines // batch):
        _lines(batch)
        seal(by=Actor.hub(), signer=key, most=batch)
    kept = witness.FileWitness(home / "witness.jsonl")
    last = kept.last()
    kept.write(list(heads(last.head.number if last else 0)))
    return lines


def _lines(count: int) -> None:
    made: dict[Any, list[Any]] = {
        book: []
        for book in (LedgerEntry, LedgerPayload, LedgerSubject, Disclosure, DisclosedPerson)
    }
    user = new_id()
    for number in range(count):
        if number % 10:
            _entry(made, number, user)
        else:
            _look(made, user)
    for book, rows in made.items():
        book.objects.bulk_create(rows, batch_size=2_000)


def _entry(made: dict[Any, list[Any]], number: int, user: Any) -> None:
    salt = secrets.token_bytes(16)
    body = canonical({"need": f"N-{number:08}", "note": "Rang back, all is well", "band": 2})
    about, person = new_id(), new_id()
    concerned = [("need", about), ("person", person)]
    entry = LedgerEntry(
        at=clock.now(),
        actor_label="user",
        actor_user=user,
        verb="need.changed",
        object_kind="need",
        object_id=about,
        payload_hash=salted_hash(salt, body),
        subjects_hash=subjects_hash(fields(kind, one.hex) for kind, one in concerned),
    )
    entry.digest = digest_of(entry)
    made[LedgerEntry].append(entry)
    made[LedgerPayload].append(LedgerPayload(entry=entry, salt=salt, body=body.decode()))
    made[LedgerSubject] += [
        LedgerSubject(entry=entry, kind=kind, subject_id=one) for kind, one in concerned
    ]


def _look(made: dict[Any, list[Any]], user: Any) -> None:
    salt, people = secrets.token_bytes(16), [new_id(), new_id()]
    look = Disclosure(
        at=clock.now(),
        actor_label="user",
        actor_user=user,
        actor_as="coordinator",
        purpose="casework",
        page="person",
        salt=salt,
        people_hash=people_hash(person_hash(salt, fields(one.hex, "identity")) for one in people),
    )
    look.digest = digest_of_look(look)
    made[Disclosure].append(look)
    made[DisclosedPerson] += [
        DisclosedPerson(disclosure=look, person_id=one, categories="identity") for one in people
    ]
