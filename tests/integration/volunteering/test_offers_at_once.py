"""Two people act in the same moment: exactly one of them gets what there is one of."""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.db import OperationalError, connection, connections

from stepdown.config import environment
from stepdown.kernel import clock
from stepdown.kernel.errors import Refused
from stepdown.kernel.slots import mask_of
from stepdown.policy.actors import Actor
from stepdown.volunteering.actions import exclusions, offers
from stepdown.volunteering.models import Hold, Need, Offer, Placement, Volunteer
from tests.factories import coordinator, make_person, make_ready_need, make_volunteer
from tests.factories.offers import make_offer, make_placement, volunteer_actor

pytestmark = pytest.mark.django_db(transaction=True)

Outcome = str | None


def at_once(*verbs: Callable[[], object]) -> list[Outcome]:
    """Run each verb in a thread of its own, all from one gate: None, or why it was refused."""
    with reachable_from_threads():
        return _race(verbs)


def _race(verbs: Sequence[Callable[[], object]]) -> list[Outcome]:
    gate = threading.Barrier(len(verbs))
    outcomes: list[Outcome] = ["it never ended"] * len(verbs)

    def run(number: int, verb: Callable[[], object]) -> None:
        try:
            gate.wait(10)
            verb()
            outcomes[number] = None
        except Refused as refused:
            outcomes[number] = refused.reason
        except OperationalError as failed:
            outcomes[number] = f"the database failed: {failed}"
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=(number, verb)) for number, verb in enumerate(verbs)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


@contextmanager
def reachable_from_threads() -> Iterator[None]:
    """SQLite's test database is one connection's memory: for the race it moves into a file.

    The file is opened as a hub opens its own, and what it holds afterwards moves back.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with TemporaryDirectory() as folder:
        path = Path(folder) / "hub.sqlite3"
        ours = environment.database(f"sqlite:///{path}")
        told = connection.settings_dict
        kept = {name: told[name] for name in ("NAME", "OPTIONS")}
        with closing(sqlite3.connect(path)) as file:
            connection.connection.backup(file)
        told.update(NAME=str(path), OPTIONS=ours["OPTIONS"])
        try:
            yield
        finally:
            told.update(kept)
            with closing(sqlite3.connect(path)) as file:
                file.backup(connection.connection)


def sending(by: Actor, need: Need, volunteer: Volunteer) -> Callable[[], object]:
    """Send one offer."""
    return lambda: offers.send(by=by, need=need, volunteer=volunteer)


def test_the_last_place_is_offered_to_one_of_two_volunteers() -> None:
    by, need = coordinator(), make_ready_need(places=1)
    outcomes = at_once(*(sending(by, need, make_volunteer()) for _ in range(4)))
    assert sorted(map(str, outcomes)) == ["All places of this need are taken."] * 3 + ["None"]
    assert Hold.objects.count() == Offer.objects.count() == 1


def test_one_slot_of_a_volunteer_is_promised_to_one_of_two_needs() -> None:
    by = coordinator()
    volunteer = make_volunteer(capacity=4, slots=mask_of(["mon-am"]))
    wanted = [make_ready_need(slots=mask_of(["mon-am"])) for _ in range(4)]
    outcomes = at_once(*(sending(by, need, volunteer) for need in wanted))
    assert outcomes.count(None) == 1
    assert Hold.objects.count() == Offer.objects.count() == 1


def test_the_last_share_of_a_volunteer_is_promised_once() -> None:
    by, volunteer = coordinator(), make_volunteer(capacity=1)
    wanted = [make_ready_need() for _ in range(4)]
    outcomes = at_once(*(sending(by, need, volunteer) for need in wanted))
    assert outcomes.count(None) == 1
    assert Hold.objects.count() == 1


def test_an_offer_is_accepted_or_withdrawn_but_never_both() -> None:
    by, offer = coordinator(), make_offer()
    outcomes = at_once(
        lambda: offers.accept(by=volunteer_actor(offer.volunteer), offer=offer),
        lambda: offers.withdraw(by=by, offer=offer),
    )
    assert outcomes.count(None) == 1
    assert Placement.objects.count() == Hold.objects.count()


def test_an_offer_accepted_twice_at_once_makes_one_placement() -> None:
    offer = make_offer()
    by = volunteer_actor(offer.volunteer)
    outcomes = at_once(*(lambda: offers.accept(by=by, offer=offer) for _ in range(3)))
    assert outcomes.count(None) == 1
    assert Placement.objects.count() == Hold.objects.count() == 1


def test_crossing_sends_do_not_wait_for_each_other_for_ever() -> None:
    by = coordinator()
    needs = [make_ready_need(places=3) for _ in range(3)]
    people = [make_volunteer(capacity=3) for _ in range(3)]
    pairs = [(need, person) for need in needs for person in reversed(people)]
    outcomes = at_once(*(sending(by, need, person) for need, person in pairs))
    assert outcomes == [None] * 9
    assert Hold.objects.count() == 9


def test_a_lapse_that_accepting_finds_stands_although_the_answer_is_refused() -> None:
    offer = make_offer()
    with clock.at(clock.now() + timedelta(days=30)), pytest.raises(Refused, match="was up"):
        offers.accept(by=volunteer_actor(offer.volunteer), offer=offer)
    offer.refresh_from_db()
    assert offer.state == "lapsed"


def test_two_who_must_be_kept_apart_are_not_brought_together_meanwhile() -> None:
    by, person = coordinator(), make_person(postcode="PR1 8RJ")
    for _ in range(5):
        offer = make_offer(make_ready_need(person=person), make_volunteer(capacity=2))
        outcomes = at_once(
            partial(offers.accept, by=volunteer_actor(offer.volunteer), offer=offer),
            partial(
                exclusions.record,
                by=by,
                volunteer=offer.volunteer,
                person=person,
                reason="request",
            ),
        )
        assert outcomes[1] is None
        assert not Placement.objects.filter(volunteer=offer.volunteer, state="live").exists()


def test_keeping_apart_and_sending_do_not_wait_for_each_other_for_ever() -> None:
    by, person = coordinator(), make_person(postcode="PR1 8RJ")
    volunteer = make_volunteer(capacity=6)
    needs = [make_ready_need(person=person, places=2) for _ in range(4)]
    for need in needs:
        make_placement(need, volunteer)
    outcomes = at_once(
        lambda: exclusions.record(by=by, volunteer=volunteer, person=person, reason="request"),
        *(sending(by, need, volunteer) for need in needs),
    )
    assert not any("database" in str(outcome) for outcome in outcomes)
    assert not Placement.objects.filter(volunteer=volunteer, state="live").exists()
