"""``stepdown ledger``: is it as it was sealed, and proof of it for others."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from stepdown.adapters.witness import FileWitness
from stepdown.cli.main import main
from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.actions.ledger import record, seal
from stepdown.hub.jobs import WitnessDisagrees
from stepdown.hub.jobs import seal as seal_job
from stepdown.hub.models import Disclosure, LedgerBatch, LedgerEntry, LedgerPayload
from stepdown.hub.queries.ledger_heads import shares
from stepdown.kernel.ids import new_id
from stepdown.policy.actors import Actor
from tests.support.tampering import delete_line, verb

HUB = Actor.hub()


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    """A hub with keys and a witness of its own."""
    settings.STEPDOWN_KEYS = tmp_path / "keys"
    settings.STEPDOWN_WITNESS = tmp_path / "witness.jsonl"
    return tmp_path


@pytest.fixture
def person() -> UUID:
    """Somebody whom the sealed ledger knows, and others beside."""
    person = new_id()
    for number in range(3):
        with transaction.atomic():
            for one in (person, new_id()):
                subjects = [("person", one)]
                words = {"count": number}
                record(by=HUB, verb=verb(), about=("need", new_id()), subjects=subjects,
                       payload=words)  # fmt: skip
        disclose(by=HUB, people=[person, new_id()], purpose="casework", page="person")
        seal_job()
    return person


def test_sound_ledger_is_said_to_be(person: UUID, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ledger", "verify"]) == 0
    said = capsys.readouterr().out
    assert "9 lines in 3 batches were read again." in said
    assert "The witness's last head is over entries up to 9." in said
    assert "All is as it was sealed." in said


def test_fault_is_said_with_its_place(person: UUID, capsys: pytest.CaptureFixture[str]) -> None:
    LedgerEntry.objects.filter(seq=4).update(verb="forged.deed")
    assert main(["ledger", "verify"]) == 1
    said = capsys.readouterr().out
    assert "Entry 4: it is not what was sealed.\n" in said
    assert "Something is WRONG." in said


def test_end_that_was_cut_off_is_seen_by_the_witness_that_is_named(
    home: Path, settings: Any, person: UUID, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "witness.jsonl").rename(home / "copy.jsonl")
    for seq in (7, 8, 9):
        delete_line(seq)
    LedgerBatch.objects.filter(number=3).delete()
    assert main(["ledger", "verify"]) == 0
    assert "No head stands with the witness" in capsys.readouterr().out
    assert main(["ledger", "verify", "--from-witness", str(home / "copy.jsonl")]) == 1
    assert "Entries 7 to 9: witnessed, and gone" in capsys.readouterr().out


def test_witness_that_is_not_there_is_no_witness(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ledger", "verify", "--from-witness", str(home / "none")]) == 1
    assert "there is no such file" in capsys.readouterr().err


def test_empty_ledger_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ledger", "verify"]) == 0
    assert "0 lines in 0 batches" in capsys.readouterr().out


def test_words_that_were_disposed_of_are_counted(
    person: UUID, capsys: pytest.CaptureFixture[str]
) -> None:
    LedgerPayload.objects.all().delete()
    assert main(["ledger", "verify"]) == 0
    assert "Of 6 the words, or the people, were disposed of." in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_several_processes_find_the_same_as_one(
    monkeypatch: pytest.MonkeyPatch, person: UUID, capsys: pytest.CaptureFixture[str]
) -> None:
    from django.db import connection

    from stepdown.cli import ledger_verify

    if connection.vendor == "sqlite":
        pytest.skip("A database in memory is one process's own")
    monkeypatch.setattr(ledger_verify, "SHARE", 3)
    assert main(["ledger", "verify", "--processes", "2"]) == 0
    assert "9 lines in 3 batches" in capsys.readouterr().out
    LedgerEntry.objects.filter(seq=1).update(verb="forged.deed")
    delete_line(8)
    assert main(["ledger", "verify", "--processes", "2"]) == 1
    said = capsys.readouterr().out
    assert "Entry 1: it is not what was sealed." in said
    assert "Entry 8: missing." in said


def test_work_is_shared_out_by_lines(person: UUID) -> None:
    assert shares(1) == [1, 2, 3]
    assert shares(4) == [2]
    assert shares(100) == []


class TestProof:
    def test_holds_every_line_about_the_record_and_no_other_s_name(
        self, home: Path, person: UUID, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = home / "proof.json"
        assert main(["ledger", "prove", str(person), "-o", str(file)]) == 0
        assert file.stat().st_mode & 0o777 == 0o600
        whole = json.loads(file.read_text())
        assert len(whole["lines"]) == 6
        others = {
            one.hex
            for one in Disclosure.objects.values_list("people__person_id", flat=True)
            if one not in {None, person}
        }
        assert others
        assert not any(one in file.read_text() for one in others)
        capsys.readouterr()
        witness = str(home / "witness.jsonl")
        keys = str(home / "keys")
        assert main(["ledger", "check-proof", str(file)]) == 0
        assert "6 of 6 entries are proved." in capsys.readouterr().out
        trusting = ["ledger", "check-proof", str(file), "--keys", keys, "--witness", witness]
        assert main(trusting) == 0

    def test_is_written_down_as_a_look_at_the_person(self, home: Path, person: UUID) -> None:
        main(["ledger", "prove", str(person), "-o", str(home / "proof.json")])
        last = Disclosure.objects.order_by("-id")[0]
        assert last.purpose == "ledger-proof"
        assert last.people.get().person_id == person

    def test_of_a_record_that_nothing_concerns_is_refused(
        self, home: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = home / "proof.json"
        assert main(["ledger", "prove", str(new_id()), "-o", str(file)]) == 1
        assert "no sealed entry concerns this record" in capsys.readouterr().err
        assert not file.exists()

    @pytest.mark.parametrize(
        ("name", "other"),
        [
            ("at", "2020-01-01T00:00:00+00:00"),
            ("verb", "forged.deed"),
            ("words", '{"count":9}'),
            ("object", "0" * 32),
            ("seq", 2),
            ("path", []),
            ("subjects", []),
            ("salt", "00" * 16),
            ("label", "public"),
            ("head", {}),
        ],
    )
    def test_that_was_changed_proves_nothing(
        self,
        home: Path,
        person: UUID,
        name: str,
        other: object,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        whole = self._made(home, person)
        whole["lines"][0][name] = other
        assert self._check(home, whole) == 1
        assert "5 of 6 entries are proved." in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("name", "other"), [("purpose", "other"), ("categories", "health"), ("others", [])]
    )
    def test_look_that_was_changed_proves_nothing(
        self, home: Path, person: UUID, name: str, other: object
    ) -> None:
        whole = self._made(home, person)
        look = next(line for line in whole["lines"] if "page" in line)
        look[name] = other
        assert self._check(home, whole) == 1

    def test_of_one_record_is_none_of_another(self, home: Path, person: UUID) -> None:
        whole = self._made(home, person)
        whole["record"] = new_id().hex
        assert self._check(home, whole) == 1

    def test_by_a_key_that_is_not_believed_is_none(
        self, home: Path, person: UUID, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        from stepdown.adapters import signing

        self._made(home, person)
        foreign = tmp_path_factory.mktemp("foreign")
        signing.signing_key(foreign)
        file = str(home / "proof.json")
        assert main(["ledger", "check-proof", file, "--keys", str(foreign)]) == 1

    def test_with_a_head_that_nobody_witnessed_is_none(
        self, home: Path, person: UUID, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self._made(home, person)
        lines = FileWitness(home / "witness.jsonl")
        short = FileWitness(home / "short.jsonl")
        short.write([line.head for line in lines.lines()][:2])
        file = str(home / "proof.json")
        assert main(["ledger", "check-proof", file, "--witness", str(short.path)]) == 1
        said = capsys.readouterr().out
        assert "4 of 6 entries are proved." in said
        assert "its head is not with the witness" in said

    @pytest.mark.parametrize("text", ["nothing", "[]", '{"lines": [], "record": ""}'])
    def test_file_that_is_none_is_refused(self, home: Path, text: str) -> None:
        (home / "proof.json").write_text(text)
        assert main(["ledger", "check-proof", str(home / "proof.json")]) == 1

    @staticmethod
    def _made(home: Path, person: UUID) -> Any:
        assert main(["ledger", "prove", str(person), "-o", str(home / "proof.json")]) == 0
        return json.loads((home / "proof.json").read_text())

    @staticmethod
    def _check(home: Path, whole: object) -> int:
        (home / "proof.json").write_text(json.dumps(whole))
        return main(["ledger", "check-proof", str(home / "proof.json")])


def test_new_key_signs_from_then_on_and_the_former_stays_good(
    home: Path, person: UUID, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ledger", "new-key"]) == 0
    disclose(by=HUB, people=[person], purpose="casework", page="person")
    seal_job()
    assert main(["ledger", "verify"]) == 0
    keys = {line.head.key for line in FileWitness(home / "witness.jsonl").lines()}
    assert len(keys) == 2
    (home / "keys" / "ledger.key").unlink()
    assert main(["ledger", "new-key"]) == 1
    assert "missing" in capsys.readouterr().err
    assert main(["ledger", "new-key", "--lost"]) == 0
    disclose(by=HUB, people=[person], purpose="casework", page="person")
    seal_job()
    assert main(["ledger", "verify"]) == 0


def test_witness_is_told_of_a_database_that_was_put_back(
    home: Path, person: UUID, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ledger", "put-back"]) == 0
    assert "nothing to tell" in capsys.readouterr().out
    for seq in (7, 8, 9):
        delete_line(seq)
    LedgerBatch.objects.filter(number=3).delete()
    disclose(by=HUB, people=[person], purpose="casework", page="person")
    # Until it is told, nothing is sealed: the new end would be another one of the same number.
    with pytest.raises(WitnessDisagrees):
        seal_job()
    assert LedgerBatch.objects.count() == 2
    assert main(["ledger", "verify"]) == 1
    assert main(["ledger", "put-back"]) == 0
    assert "goes on from entry 6" in capsys.readouterr().out
    assert LedgerEntry.objects.filter(verb="backup.restored").exists()
    assert seal_job() == 2
    assert main(["ledger", "verify"]) == 0


def test_end_that_was_never_witnessed_is_not_put_back_to(
    home: Path, person: UUID, capsys: pytest.CaptureFixture[str]
) -> None:
    delete_line(9)
    LedgerBatch.objects.filter(number=3).update(last_seq=8)
    assert main(["ledger", "put-back"]) == 1
    assert "not the one that its witness knows" in capsys.readouterr().err


def test_unsigned_batches_are_counted(person: UUID, capsys: pytest.CaptureFixture[str]) -> None:
    # One that comes after signed ones is a fault.
    disclose(by=HUB, people=[person], purpose="casework", page="person")
    seal(by=HUB)
    assert main(["ledger", "verify"]) == 1
    assert "1 batches were sealed without a signature" in capsys.readouterr().out
