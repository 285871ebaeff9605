"""Whoever changes the sealed ledger behind the hub's back is found out, and where."""

from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from stepdown.adapters import signing
from stepdown.adapters.witness import FileWitness
from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.actions.ledger import record, seal
from stepdown.hub.jobs import WitnessDisagrees, witness_heads
from stepdown.hub.jobs import seal as seal_job
from stepdown.hub.models import (
    DisclosedPerson,
    Disclosure,
    LedgerBatch,
    LedgerEntry,
    LedgerPayload,
    LedgerSubject,
)
from stepdown.hub.queries.ledger_check import faults
from stepdown.hub.queries.ledger_heads import head_number, heads
from stepdown.hub.queries.sealed import first_form
from stepdown.kernel import clock
from stepdown.kernel.ids import new_id
from tests.support.tampering import HUB, WAYS, Ledger, delete_line, near, tampered, verb

pytestmark = pytest.mark.django_db
ROUNDS = 10


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path)


@pytest.mark.parametrize("way", range(len(WAYS)), ids=[way.__name__ for way in WAYS])
def test_change_is_found_and_its_place_named(ledger: Ledger, way: int) -> None:
    assert ledger.faults() == []
    for turn in range(ROUNDS):
        seed = way + turn * len(WAYS)
        name, touched, found = tampered(ledger, seed)
        assert found, f"{name}, seed {seed}, was not found"
        assert near(found, touched), f"{name}, seed {seed}: {touched} is not among {found}"
    assert ledger.faults() == []


def test_change_of_one_line_names_that_line_alone(ledger: Ledger) -> None:
    LedgerEntry.objects.filter(seq=7).update(verb="forged.deed")
    assert [str(one) for one in ledger.faults()] == ["Entry 7: it is not what was sealed."]


def test_ledger_is_sound_after_lawful_disposal(ledger: Ledger) -> None:
    first = LedgerEntry.objects.filter(seq__lte=9).values("pk")
    LedgerPayload.objects.filter(entry__in=first).delete()
    whole = LedgerEntry.objects.filter(seq__gt=9).values("pk")
    LedgerPayload.objects.filter(entry__in=whole).delete()
    LedgerSubject.objects.filter(entry__in=whole).delete()
    DisclosedPerson.objects.all().delete()
    Disclosure.objects.update(salt=None)
    assert ledger.faults() == []


def test_what_is_left_after_disposal_is_still_guarded(ledger: Ledger) -> None:
    entry = LedgerEntry.objects.get(seq=1)
    LedgerPayload.objects.filter(entry=entry).delete()
    LedgerSubject.objects.filter(entry=entry)[0].delete()
    look = Disclosure.objects.filter(seq__isnull=False).order_by("seq")[0]
    Disclosure.objects.filter(pk=look.pk).update(salt=None)
    assert {one.first for one in ledger.faults()} == {1, look.seq}


@pytest.mark.parametrize("zone", [UTC, clock.LONDON])
def test_entries_from_before_subjects_were_sealed_are_checked_in_their_own_form(
    zone: tzinfo,
) -> None:
    """Written by an earlier version; a demonstration's stated the time as it was in London."""
    with transaction.atomic(), clock.at(datetime(2026, 7, 1, 12, tzinfo=UTC)):
        for _ in range(3):
            entry = record(by=HUB, verb=verb(), about=("need", new_id()))
            entry.subjects_hash = None
            entry.digest = first_form(entry, zone)
            entry.save()
    seal(by=HUB)
    assert list(faults()) == []
    LedgerEntry.objects.filter(seq=2).update(actor_label="public")
    assert [one.first for one in faults()] == [2]


def test_looks_and_entries_are_one_sequence(ledger: Ledger) -> None:
    numbers = [
        *LedgerEntry.objects.values_list("seq", flat=True),
        *Disclosure.objects.values_list("seq", flat=True),
    ]
    assert sorted(number for number in numbers if number) == list(range(1, ledger.end + 1))


def test_hub_that_was_put_back_is_sound_when_the_witness_was_told(ledger: Ledger) -> None:
    kept = head_number(2)
    assert kept
    for seq in range(kept.last + 1, ledger.end + 1):
        delete_line(seq)
    LedgerBatch.objects.filter(number__gt=2).delete()
    assert "cut off" in str(ledger.faults()[0])
    ledger.witness.write([kept], restored=True)
    assert ledger.faults() == []
    disclose(by=HUB, people=[new_id()], purpose="casework", page="person")
    seal(by=HUB, signer=ledger.key)
    ledger.witness.write(list(heads(2)))
    assert ledger.faults() == []
    # From then on its new heads are looked for like any other.
    LedgerBatch.objects.filter(number=3).update(sealed_at="2020-01-01T00:00:00Z")
    assert ledger.faults()


class TestTheJob:
    def test_signs_and_witnesses_what_it_seals(self, settings: Any, tmp_path: Path) -> None:
        witnessed = _home(settings, tmp_path)
        disclose(by=HUB, people=[new_id()], purpose="casework", page="person")
        assert seal_job() == 1
        batch = LedgerBatch.objects.get()
        last = witnessed.last()
        assert last is not None
        assert last.head.digest() == bytes(batch.head)
        assert last.head.good(signing.public_keys(tmp_path / "keys").verifies)
        assert seal_job() == 0
        assert len(list(witnessed.lines())) == 1

    def test_goes_on_while_there_is_more_than_one_batch_to_seal(
        self, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        witnessed = _home(settings, tmp_path)
        monkeypatch.setattr("stepdown.hub.actions.ledger.MOST", 2)
        for _ in range(5):
            disclose(by=HUB, people=[new_id()], purpose="casework", page="person")
        assert seal_job() == 5
        assert [line.head.last for line in witnessed.lines()] == [2, 4, 5]

    def test_witnesses_later_what_it_could_not_before(self, settings: Any, tmp_path: Path) -> None:
        witnessed = _home(settings, tmp_path)
        (tmp_path / "witness").write_text("no folder")
        for _ in range(2):
            disclose(by=HUB, people=[new_id()], purpose="casework", page="person")
            with pytest.raises(OSError, match=r"exists|directory"):
                seal_job()
        (tmp_path / "witness").unlink()
        assert seal_job() == 0
        assert [line.head.number for line in witnessed.lines()] == [1, 2]

    def test_writes_nothing_to_a_witness_that_knows_another_ledger(
        self, settings: Any, tmp_path: Path
    ) -> None:
        witnessed = _home(settings, tmp_path)
        for _ in range(3):
            disclose(by=HUB, people=[new_id()], purpose="casework", page="person")
            seal_job()
        batch = LedgerBatch.objects.get(number=3)
        LedgerBatch.objects.filter(number=3).update(sealed_at=batch.sealed_at - timedelta(days=1))
        with pytest.raises(WitnessDisagrees):
            witness_heads()
        assert len(list(witnessed.lines())) == 3


def _home(settings: Any, folder: Path) -> FileWitness:
    settings.STEPDOWN_KEYS = folder / "keys"
    settings.STEPDOWN_WITNESS = folder / "witness" / "heads.jsonl"
    return FileWitness(folder / "witness" / "heads.jsonl")
