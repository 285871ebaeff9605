"""A sealed ledger, and random ways of changing it behind the hub's back.

Every way is told as (what was done, the sequence numbers it touched). Whoever does it may know the
program and hold the whole database, but not the keys and not the witness.
"""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction

from stepdown.adapters import signing, witness
from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.actions.ledger import record, seal
from stepdown.hub.models import (
    DisclosedPerson,
    Disclosure,
    LedgerBatch,
    LedgerEntry,
    LedgerPayload,
    LedgerSubject,
)
from stepdown.hub.queries.ledger_check import Fault, faults
from stepdown.hub.queries.ledger_heads import head_of, heads
from stepdown.hub.queries.ledger_witness import witness_faults
from stepdown.hub.queries.sealed import digest_of, digest_of_look
from stepdown.hub.verbs import Verb, known_verbs
from stepdown.kernel import merkle
from stepdown.kernel.canonical import salted_hash
from stepdown.kernel.ids import new_id
from stepdown.policy.actors import Actor

HUB = Actor.hub()
Touched = tuple[int, int]


def verb() -> Verb:
    """Any verb that the hub has."""
    return known_verbs()[0]


class Ledger:
    """Some sealed batches of entries and looks, with their witness and keys."""

    def __init__(self, folder: Path, *, batches: int = 4, size: int = 6) -> None:
        self.key = signing.signing_key(folder / "keys")
        self.keys = signing.public_keys(folder / "keys")
        self.witness = witness.FileWitness(folder / "witness.jsonl")
        for _ in range(batches):
            with transaction.atomic():
                for number in range(size):
                    subjects = [("person", new_id()), ("need", new_id())]
                    about = ("offer", new_id())
                    payload = {"count": number}
                    record(by=HUB, verb=verb(), about=about, subjects=subjects, payload=payload)
                    if number % 2:
                        people = [new_id(), new_id()]
                        disclose(by=HUB, people=people, purpose="casework", page="person")
            seal(by=HUB, signer=self.key)
        self.witness.write(list(heads()))
        last = LedgerBatch.objects.order_by("-number").first()
        assert last is not None
        self.end = last.last_seq

    def faults(self) -> list[Fault]:
        """What is found wrong."""
        found = list(faults(verifies=self.keys.verifies))
        return found + list(witness_faults(self.witness.lines, self.keys.verifies))


def _entry(chance: random.Random) -> LedgerEntry:
    return chance.choice(list(LedgerEntry.objects.filter(seq__isnull=False)))


def _any_look(chance: random.Random) -> Disclosure:
    return chance.choice(list(Disclosure.objects.filter(seq__isnull=False)))


def _spoil(text: str, chance: random.Random) -> str:
    place = chance.randrange(len(text))
    return text[:place] + ("a" if text[place] != "a" else "b") + text[place + 1 :]


def column(chance: random.Random) -> Touched:
    """One column of an entry."""
    entry = _entry(chance)
    change: dict[str, Any] = chance.choice(
        [
            {"verb": _spoil(entry.verb, chance)},
            {"actor_label": _spoil(entry.actor_label, chance)},
            {"actor_user": new_id()},
            {"actor_person": new_id()},
            {"object_kind": _spoil(entry.object_kind, chance)},
            {"object_id": new_id()},
            {"at": entry.at.replace(microsecond=(entry.at.microsecond + 1) % 1_000_000)},
            {"payload_hash": chance.randbytes(32)},
            {"subjects_hash": chance.randbytes(32)},
            {"digest": chance.randbytes(32)},
        ]
    )
    LedgerEntry.objects.filter(pk=entry.pk).update(**change)
    return entry.seq or 0, entry.seq or 0


def moved_boundary(chance: random.Random) -> Touched:
    """A letter moved from one text to the next one."""
    entry = _entry(chance)
    verb, kind = entry.verb[:-1], entry.verb[-1] + entry.object_kind
    LedgerEntry.objects.filter(pk=entry.pk).update(verb=verb, object_kind=kind)
    return entry.seq or 0, entry.seq or 0


def words(chance: random.Random) -> Touched:
    """An entry's words, or their salt."""
    entry = _entry(chance)
    payload = LedgerPayload.objects.get(entry=entry)
    if chance.random() < 0.5:
        payload.body = _spoil(payload.body, chance)
    else:
        payload.salt = chance.randbytes(16)
    payload.save()
    return entry.seq or 0, entry.seq or 0


def subjects(chance: random.Random) -> Touched:
    """What an entry concerns: one taken away, added, or another."""
    entry = _entry(chance)
    one = chance.choice(list(LedgerSubject.objects.filter(entry=entry)))
    match chance.randrange(3):
        case 0:
            one.delete()
        case 1:
            LedgerSubject.objects.create(entry=entry, kind="person", subject_id=new_id())
        case _:
            LedgerSubject.objects.filter(pk=one.pk).update(subject_id=new_id())
    return entry.seq or 0, entry.seq or 0


def look(chance: random.Random) -> Touched:
    """A line of the read log: who looked, why, at whom."""
    one = _any_look(chance)
    person = chance.choice(list(DisclosedPerson.objects.filter(disclosure=one)))
    rows = Disclosure.objects.filter(pk=one.pk)
    match chance.randrange(6):
        case 0:
            rows.update(actor_user=new_id())
        case 1:
            rows.update(purpose=_spoil(one.purpose, chance))
        case 2:
            rows.update(actor_as=_spoil(one.actor_as or "x", chance))
        case 3:
            person.delete()
        case 4:
            DisclosedPerson.objects.filter(pk=person.pk).update(person_id=new_id())
        case _:
            DisclosedPerson.objects.filter(pk=person.pk).update(categories="health")
    return one.seq or 0, one.seq or 0


def delete_line(seq: int) -> None:
    """A line with all that hangs on it."""
    entry = LedgerEntry.objects.filter(seq=seq).first()
    if entry is not None:
        LedgerSubject.objects.filter(entry=entry).delete()
        LedgerPayload.objects.filter(entry=entry).delete()
        entry.delete()
        return
    DisclosedPerson.objects.filter(disclosure__seq=seq).delete()
    Disclosure.objects.filter(seq=seq).delete()


def deletion(chance: random.Random) -> Touched:
    """A line, whole."""
    last = LedgerBatch.objects.order_by("-number")[0].last_seq
    seq = chance.randint(1, last)
    delete_line(seq)
    return seq, seq


def unsealing(chance: random.Random) -> Touched:
    """A line made to look as if it had never been sealed."""
    entry = _entry(chance)
    LedgerEntry.objects.filter(pk=entry.pk).update(seq=None, batch=None)
    return entry.seq or 0, entry.seq or 0


def reordering(chance: random.Random) -> Touched:
    """Two entries of one batch change places."""
    batch = chance.choice(list(LedgerBatch.objects.all()))
    one, other = sorted(chance.sample(list(batch.entries.order_by("seq")), 2), key=lambda e: e.pk)
    rows, places = LedgerEntry.objects, (one.seq, other.seq)
    rows.filter(pk=one.pk).update(seq=10**9)
    rows.filter(pk=other.pk).update(seq=places[0])
    rows.filter(pk=one.pk).update(seq=places[1])
    return places[0] or 0, places[1] or 0


def insertion(chance: random.Random) -> Touched:
    """A new line beyond the end, or before the beginning, of what was sealed."""
    with transaction.atomic():
        made = record(by=HUB, verb=verb(), about=("need", new_id()))
    batch = chance.choice(list(LedgerBatch.objects.all()))
    last = LedgerBatch.objects.order_by("-number")[0].last_seq
    seq = chance.choice([0, last + 1, last + chance.randrange(1, 99)])
    LedgerEntry.objects.filter(pk=made.pk).update(seq=seq, batch=batch)
    return seq, seq


def _refit(batch: LedgerBatch) -> None:
    """Hashes of a batch made to fit what is there; the signature cannot be."""
    lines = sorted(
        [*batch.entries.values_list("seq", "digest"), *batch.looks.values_list("seq", "digest")]
    )
    batch.root = merkle.root([merkle.leaf(bytes(digest or b"")) for _, digest in lines])
    if lines:
        batch.first_seq, batch.last_seq = lines[0][0] or 0, lines[-1][0] or 0
    batch.head = head_of(batch).digest()
    batch.save()


def _refit_from(number: int) -> None:
    for batch in LedgerBatch.objects.filter(number__gte=number).order_by("number"):
        _refit(batch)


def forgery(chance: random.Random) -> Touched:
    """An entry rewritten with all its hashes; sometimes the seals after it too."""
    entry = _entry(chance)
    payload = LedgerPayload.objects.get(entry=entry)
    payload.body = '{"count":99}'
    payload.save()
    entry.payload_hash = salted_hash(bytes(payload.salt), payload.body.encode())
    entry.digest = digest_of(entry)
    entry.save()
    batch = LedgerBatch.objects.get(entries=entry)
    match chance.randrange(4):
        case 0:
            pass
        case 1:
            _refit(batch)
        case 2:
            _refit_from(batch.number)
        case _:  # as if nobody had ever signed
            LedgerBatch.objects.update(key="", signature=b"")
            _refit_from(1)
    return batch.first_seq, batch.last_seq


def forged_look(chance: random.Random) -> Touched:
    """A look that is put down to somebody else, with its hash."""
    one = _any_look(chance)
    one.actor_user = new_id()
    one.digest = digest_of_look(one)
    one.save()
    batch = LedgerBatch.objects.get(looks=one)
    return batch.first_seq, batch.last_seq


def seal_itself(chance: random.Random) -> Touched:
    """A column of a seal."""
    batch = chance.choice(list(LedgerBatch.objects.all()))
    other: dict[str, Any] = chance.choice(
        [
            {"root": chance.randbytes(32)},
            {"head": chance.randbytes(32)},
            {"signature": chance.randbytes(64)},
            {"key": "0" * 16},
            {"key": ""},
            {"sealed_at": batch.sealed_at.replace(year=2020)},
            {"last_seq": 10**9 + batch.number},
            {"first_seq": 10**9 + batch.number},
        ]
    )
    LedgerBatch.objects.filter(pk=batch.pk).update(**other)
    return batch.first_seq, batch.last_seq


def truncation(chance: random.Random) -> Touched:
    """The newest batches and their lines, gone without a trace."""
    last = LedgerBatch.objects.order_by("-number")[0]
    keep = chance.randint(0, last.number - 1)
    kept = LedgerBatch.objects.filter(number=keep).first()
    start = kept.last_seq if kept else 0
    for seq in range(start + 1, last.last_seq + 1):
        delete_line(seq)
    LedgerBatch.objects.filter(number__gt=keep).delete()
    return start + 1, last.last_seq


def replaced_end(chance: random.Random) -> Touched:
    """The newest batch cut off and another one in its place, sealed without the key."""
    last = LedgerBatch.objects.order_by("-number")[0]
    for seq in range(last.first_seq, last.last_seq + 1):
        delete_line(seq)
    last.delete()
    with transaction.atomic():
        for _ in range(last.last_seq - last.first_seq + 1):
            record(by=HUB, verb=verb(), about=("need", new_id()))
    seal(by=HUB)
    return last.first_seq, last.last_seq


WAYS: tuple[Callable[[random.Random], Touched], ...] = (
    column, moved_boundary, words, subjects, look, deletion, unsealing, reordering, insertion,
    forgery, forged_look, seal_itself, truncation, replaced_end,
)  # fmt: skip


class Undo(Exception):
    """Ends a transaction that is not to be kept."""


def tampered(ledger: Ledger, seed: int) -> tuple[str, Touched, list[Fault]]:
    """One random change, what is found of it, and everything put back as it was."""
    chance = random.Random(seed)
    way = WAYS[seed % len(WAYS)]
    try:
        with transaction.atomic():
            touched = way(chance)
            found = ledger.faults()
            raise Undo
    except Undo:
        return way.__name__, touched, found


def near(found: list[Fault], touched: Touched) -> bool:
    """Whether a fault names a line that was touched, or a run of lines around one."""
    return any(one.first <= touched[1] and one.last >= touched[0] for one in found)
