"""The ledger: written with the deed, sealed afterwards, and telling whoever changes it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from stepdown.hub.actions.ledger import record, seal
from stepdown.hub.models import LedgerBatch, LedgerEntry, LedgerPayload, LedgerSubject
from stepdown.hub.queries.ledger import timeline
from stepdown.hub.queries.ledger_check import faults
from stepdown.hub.verbs import Verb, known_verbs, words_for
from stepdown.kernel import clock
from stepdown.kernel.errors import Refused
from stepdown.kernel.ids import new_id
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from tests.support.accounts import account

HUB = Actor.hub()
TESTED = Verb("test.done", "Something was tested")


def write(number: int) -> list[LedgerEntry]:
    """Some entries, each with words of its own."""
    with transaction.atomic():
        return [
            record(by=HUB, verb=TESTED, about=("need", new_id()), payload={"count": n})
            for n in range(number)
        ]


@pytest.mark.django_db(transaction=True)
def test_entry_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        record(by=HUB, verb=TESTED, about=("need", new_id()))
    assert not LedgerEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_deed_that_fails_leaves_no_entry() -> None:
    @transaction.atomic
    def deed() -> None:
        record(by=HUB, verb=TESTED, about=("need", new_id()), payload={"a": 1})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        deed()
    assert not LedgerEntry.objects.exists()
    assert not LedgerPayload.objects.exists()
    assert not LedgerSubject.objects.exists()


@pytest.mark.django_db
class TestEntries:
    def test_entry_says_who_did_what_when(self) -> None:
        actor = Actor(grants=(), user=new_id(), person=new_id(), label="user")
        moment = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
        with clock.at(moment):
            entry = record(by=actor, verb=TESTED, about=("offer", new_id()))
        stored = LedgerEntry.objects.get()
        assert stored.pk == entry.pk
        assert (stored.at, stored.verb) == (moment, "test.done")
        assert (stored.actor_user, stored.actor_person) == (actor.user, actor.person)

    def test_entry_has_no_sequence_number_until_it_is_sealed(self) -> None:
        (entry,) = write(1)
        assert entry.seq is None
        seal(by=HUB)
        entry.refresh_from_db()
        assert entry.seq == 1

    def test_every_subject_s_timeline_shows_it_once(self) -> None:
        need, person = new_id(), new_id()
        record(
            by=HUB,
            verb=TESTED,
            about=("need", need),
            subjects=[("person", person), ("need", need), ("person", person)],
            payload={"note": "here"},
        )
        for kind, subject in (("need", need), ("person", person)):
            (event,) = timeline(kind, subject)
            assert event.words == "Something was tested"
            assert event.details == {"note": "here"}
            assert event.actor == "hub"
        assert timeline("offer", need) == []

    def test_timeline_runs_from_the_newest_and_names_who_acted(self) -> None:
        user, need = account(RoleKey.REFERRER), new_id()
        actor = Actor(grants=(), user=user.pk, label="user")
        for n in range(3):
            record(by=actor, verb=TESTED, about=("need", need), payload={"n": n})
        events = timeline("need", need)
        assert [e.details["n"] for e in events] == [2, 1, 0]
        assert {e.actor for e in events} == {"Referrer"}
        assert len(timeline("need", need, limit=2)) == 2

    def test_timeline_makes_as_many_queries_for_many_entries_as_for_few(
        self, django_assert_num_queries: Callable[[int], object]
    ) -> None:
        user, need = account(RoleKey.REFERRER), new_id()
        for n in range(12):
            record(by=Actor((), user=user.pk), verb=TESTED, about=("need", need), payload={"n": n})
        with django_assert_num_queries(2):  # type: ignore[attr-defined]
            timeline("need", need)

    def test_timeline_goes_on_without_the_words_that_were_disposed_of(self) -> None:
        entry = write(1)[0]
        LedgerPayload.objects.filter(entry=entry).delete()
        (event,) = timeline("need", entry.object_id)
        assert event.details == {}
        assert event.words == "Something was tested"

    def test_same_words_have_another_hash_each_time(self) -> None:
        need = new_id()
        two = [
            record(by=HUB, verb=TESTED, about=("need", need), payload={"yes": True})
            for _ in range(2)
        ]
        assert two[0].payload_hash != two[1].payload_hash

    def test_payload_that_json_cannot_hold_is_refused(self) -> None:
        with pytest.raises(TypeError):
            record(by=HUB, verb=TESTED, about=("need", new_id()), payload={"at": object()})


def test_verb_is_declared_once() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        Verb("test.done", "Again")


def test_every_verb_has_words_and_a_kind() -> None:
    for verb in known_verbs():
        kind, _dot, deed = verb.key.partition(".")
        assert kind
        assert deed
        assert str(verb.words)
    assert words_for("nobody.declared") == "nobody.declared"


@pytest.mark.django_db
class TestSealing:
    def test_sound_ledger_has_no_fault(self) -> None:
        write(5)
        seal(by=HUB)
        write(3)
        seal(by=HUB)
        assert list(faults()) == []

    def test_sealing_goes_on_where_the_last_batch_ended(self) -> None:
        write(5)
        first = seal(by=HUB)
        write(2)
        second = seal(by=HUB)
        assert first
        assert second
        assert (first.number, first.first_seq, first.last_seq) == (1, 1, 5)
        assert (second.number, second.first_seq, second.last_seq) == (2, 6, 7)
        assert first.head != second.head

    def test_numbers_follow_the_order_of_the_entries(self) -> None:
        entries = write(20)
        seal(by=HUB, most=7)
        seal(by=HUB, most=7)
        seal(by=HUB)
        numbers = dict(LedgerEntry.objects.values_list("pk", "seq"))
        assert [numbers[e.pk] for e in entries] == list(range(1, 21))
        assert LedgerBatch.objects.count() == 3
        assert list(faults()) == []

    def test_nothing_to_seal_makes_no_batch(self) -> None:
        assert seal(by=HUB) is None
        write(1)
        seal(by=HUB)
        assert seal(by=HUB) is None
        assert LedgerBatch.objects.count() == 1

    def test_sealing_is_for_the_hub_alone(self) -> None:
        with pytest.raises(Refused):
            seal(by=Actor.public())

    def test_seal_verifies_after_lawful_disposal_of_the_words(self) -> None:
        write(4)
        seal(by=HUB)
        LedgerPayload.objects.all().delete()
        assert list(faults()) == []

    def test_unsealed_entries_are_no_fault(self) -> None:
        write(2)
        seal(by=HUB)
        write(2)
        assert list(faults()) == []


def other_verb() -> None:
    LedgerEntry.objects.filter(seq=3).update(verb="test.forged")


def other_actor() -> None:
    LedgerEntry.objects.filter(seq=3).update(actor_user=new_id())


def other_person() -> None:
    LedgerEntry.objects.filter(seq=3).update(actor_person=new_id())


def other_label() -> None:
    LedgerEntry.objects.filter(seq=3).update(actor_label="public")


def other_time() -> None:
    entry = LedgerEntry.objects.get(seq=3)
    LedgerEntry.objects.filter(seq=3).update(at=entry.at + timedelta(microseconds=1))


def other_record() -> None:
    LedgerEntry.objects.filter(seq=3).update(object_id=new_id())


def other_kind() -> None:
    LedgerEntry.objects.filter(seq=3).update(object_kind="offer")


def other_words() -> None:
    LedgerPayload.objects.filter(entry__seq=3).update(body='{"count":99}')


def other_words_and_salt() -> None:
    LedgerPayload.objects.filter(entry__seq=3).update(body='{"count":99}', salt=b"0" * 16)


def other_words_and_hash() -> None:
    from stepdown.kernel.canonical import salted_hash

    body, salt = '{"count":99}', b"0" * 16
    LedgerPayload.objects.filter(entry__seq=3).update(body=body, salt=salt)
    LedgerEntry.objects.filter(seq=3).update(payload_hash=salted_hash(salt, body.encode()))


def everything_of_the_entry() -> None:
    """Words, hash and digest, as somebody with the code at hand would change them."""
    from stepdown.hub.queries.sealed import digest_of

    other_words_and_hash()
    entry = LedgerEntry.objects.get(seq=3)
    LedgerEntry.objects.filter(seq=3).update(digest=digest_of(entry))


def entry_gone() -> None:
    entry = LedgerEntry.objects.get(seq=3)
    LedgerSubject.objects.filter(entry=entry).delete()
    LedgerPayload.objects.filter(entry=entry).delete()
    entry.delete()


def last_entry_gone() -> None:
    entry = LedgerEntry.objects.get(seq=8)
    LedgerSubject.objects.filter(entry=entry).delete()
    LedgerPayload.objects.filter(entry=entry).delete()
    entry.delete()


def two_change_places() -> None:
    LedgerEntry.objects.filter(seq=3).update(seq=99)
    LedgerEntry.objects.filter(seq=4).update(seq=3)
    LedgerEntry.objects.filter(seq=99).update(seq=4)


def moved_to_another_batch() -> None:
    LedgerEntry.objects.filter(seq=5).update(batch=2)


def entry_smuggled_in() -> None:
    entry = write(1)[0]
    LedgerEntry.objects.filter(pk=entry.pk).update(seq=99, batch=1)


def unsealed_again() -> None:
    LedgerEntry.objects.filter(seq=3).update(seq=None, batch=None)


def other_root() -> None:
    LedgerBatch.objects.filter(number=1).update(root=b"0" * 32)


def other_head() -> None:
    LedgerBatch.objects.filter(number=1).update(head=b"0" * 32)


def first_batch_gone() -> None:
    LedgerEntry.objects.filter(batch=1).update(seq=None, batch=None)
    LedgerBatch.objects.filter(number=1).delete()


def first_batch_sealed_anew() -> None:
    """The root made to fit: the chain to the next batch does not."""
    from stepdown.hub.queries.sealed import digest_of
    from stepdown.kernel import merkle
    from stepdown.kernel.canonical import salted_hash

    LedgerEntry.objects.filter(seq=3).update(verb="test.forged")
    for entry in LedgerEntry.objects.filter(batch=1):
        LedgerEntry.objects.filter(pk=entry.pk).update(digest=digest_of(entry))
    digests = LedgerEntry.objects.filter(batch=1).order_by("seq").values_list("digest", flat=True)
    root = merkle.root([merkle.leaf(bytes(d)) for d in digests])
    LedgerBatch.objects.filter(number=1).update(root=root, head=salted_hash(b"", root))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "tamper",
    [
        other_verb,
        other_actor,
        other_person,
        other_label,
        other_time,
        other_record,
        other_kind,
        other_words,
        other_words_and_salt,
        other_words_and_hash,
        everything_of_the_entry,
        entry_gone,
        last_entry_gone,
        two_change_places,
        moved_to_another_batch,
        entry_smuggled_in,
        unsealed_again,
        other_root,
        other_head,
        first_batch_gone,
        first_batch_sealed_anew,
    ],
    ids=lambda tamper: tamper.__name__,
)
def test_whatever_is_changed_after_sealing_is_found(tamper: Callable[[], None]) -> None:
    write(5)
    seal(by=HUB)
    write(3)
    seal(by=HUB)
    assert list(faults()) == []
    tamper()
    assert list(faults())


@pytest.mark.django_db(transaction=True)
def test_many_processes_seal_at_once_without_gap_or_double() -> None:
    """Each thread has a connection of its own; on SQLite they queue, on PostgreSQL they race."""
    if connection.vendor == "sqlite":
        pytest.skip("A database in memory is one connection's: the race is PostgreSQL's")
    from concurrent.futures import ThreadPoolExecutor

    from django.db import IntegrityError

    def work(_number: int) -> int:
        made = 0
        try:
            for _ in range(6):
                write(3)
                try:
                    made += seal(by=HUB, most=4) is not None
                except IntegrityError:
                    # Another took the same number first; its transaction is undone whole.
                    continue
        finally:
            connection.close()
        return made

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(work, range(6))) > 1
    while seal(by=HUB):
        pass
    assert LedgerEntry.objects.filter(seq__isnull=True).count() == 0
    assert LedgerEntry.objects.count() == 108
    assert list(faults()) == []
