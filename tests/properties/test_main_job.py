"""Whatever is done in whatever order: nothing is promised twice, and the ledger tells all of it.

Hypothesis walks the main job: offers sent, answered, withdrawn and lapsed; placements suspended,
resumed, handed over and ended; checks revoked and given; capacity and places changed; time passing.
After every step the store is looked at as a whole.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from stepdown.hub.models import LedgerEntry
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.kernel.slots import mask_of
from stepdown.policy.actors import Actor
from stepdown.volunteering.actions import credentials, needs, offers, placements, volunteers
from stepdown.volunteering.models import Credential, Hold, Need, Offer, Placement, Volunteer
from tests.factories import coordinator, make_credential, make_ready_need, make_volunteer
from tests.factories.offers import volunteer_actor

START = datetime(2026, 6, 1, 12, tzinfo=clock.LONDON)
TODAY = date(2026, 6, 1)
HUB = Actor.hub()
VERB_OF = {
    "accepted": "offer.accepted",
    "declined": "offer.declined",
    "lapsed": "offer.lapsed",
    "withdrawn": "offer.withdrawn",
    "ended": "placement.ended",
    "replaced": "placement.replaced",
}
# Few volunteers and needs, so that they meet again and again.
NUMBER = st.integers(0, 11)


@dataclass(frozen=True)
class Cast:
    """Who and what the walks are about; each walk begins with them as they were made."""

    by: Actor
    needs: list[Need]
    volunteers: list[Volunteer]


def make_cast() -> Cast:
    """Needs with and without times, places and checks; volunteers with little room."""
    with clock.at(START):
        wanted = [
            make_ready_need(
                places=2,
                starts=TODAY,
                slots=mask_of(["mon-am", "tue-pm"]),
                credential_types=["dbs"],
            ),
            make_ready_need(places=1, starts=TODAY, slots=mask_of(["mon-am"])),
            make_ready_need(places=2, starts=TODAY, credential_types=["dbs"]),
        ]
        people = [
            make_volunteer(capacity=2, slots=mask_of(["mon-am"]), credentials=["dbs"]),
            make_volunteer(capacity=1, slots=mask_of(["mon-am", "tue-pm"]), credentials=["dbs"]),
            make_volunteer(
                capacity=3,
                slots=mask_of(["mon-am", "tue-pm"]),
                credentials=["dbs"],
                valid_to=TODAY + timedelta(days=2),
                weekly_cap_minutes=240,
            ),
        ]
        return Cast(coordinator(), wanted, people)


class MainJob(RuleBasedStateMachine):
    """One walk. It happens in a transaction that is rolled back at its end."""

    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        self.walk = transaction.atomic()
        self.walk.__enter__()
        self.moment = START

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.walk.__exit__(None, None, None)

    @contextmanager
    def step(self, *, refusal_writes: frozenset[str] = frozenset()) -> Iterator[None]:
        """Do one verb now. What is refused writes nothing to the ledger but what is named."""
        before = LedgerEntry.objects.count()
        with clock.at(self.moment):
            try:
                yield
            except (Refused, InvalidInput):
                new = list(LedgerEntry.objects.order_by("-id")[: self.entries - before])
                assert {entry.verb for entry in new} <= refusal_writes
            else:
                assert self.entries > before

    @property
    def entries(self) -> int:
        return LedgerEntry.objects.count()

    def offer(self, number: int) -> Offer:
        return Offer.objects.order_by("id")[number % Offer.objects.count()]

    def placement(self, number: int) -> Placement:
        return Placement.objects.order_by("id")[number % Placement.objects.count()]

    @rule(need=NUMBER, volunteer=NUMBER)
    def send(self, need: int, volunteer: int) -> None:
        with self.step():
            offers.send(
                by=self.cast.by,
                need=self.cast.needs[need % 3],
                volunteer=self.cast.volunteers[volunteer % 3],
            )

    @rule(need=NUMBER, volunteer=NUMBER)
    def place(self, need: int, volunteer: int) -> None:
        person = self.cast.volunteers[volunteer % 3]
        with self.step():
            offer = offers.send(by=self.cast.by, need=self.cast.needs[need % 3], volunteer=person)
            offers.accept(by=volunteer_actor(person), offer=offer)

    @precondition(lambda self: Offer.objects.exists())
    @rule(number=NUMBER)
    def accept(self, number: int) -> None:
        offer = self.offer(number)
        with self.step(refusal_writes=frozenset({"offer.lapsed"})):
            offers.accept(by=volunteer_actor(offer.volunteer), offer=offer)

    @precondition(lambda self: Offer.objects.exists())
    @rule(number=NUMBER, reason=st.sampled_from(Offer.DeclineReason.values))
    def decline(self, number: int, reason: str) -> None:
        offer = self.offer(number)
        with self.step():
            offers.decline(by=volunteer_actor(offer.volunteer), offer=offer, reason=reason)

    @precondition(lambda self: Offer.objects.exists())
    @rule(number=NUMBER)
    def withdraw(self, number: int) -> None:
        with self.step():
            offers.withdraw(by=self.cast.by, offer=self.offer(number))

    @rule(hours=st.sampled_from([1, 30, 80]))
    def time_passes(self, hours: int) -> None:
        self.moment += timedelta(hours=hours)

    @rule()
    def the_hub_works(self) -> None:
        with clock.at(self.moment):
            offers.lapse_due(by=HUB)
            placements.suspend_lapsed(by=HUB)
            assert not Offer.objects.filter(state="sent", lapses_at__lte=self.moment).exists()
            for placement in Placement.objects.filter(state="live"):
                assert may_go(placement)

    @precondition(lambda self: Placement.objects.exists())
    @rule(number=NUMBER)
    def end(self, number: int) -> None:
        with self.step():
            placements.end(by=self.cast.by, placement=self.placement(number), reason="done")

    @precondition(lambda self: Placement.objects.exists())
    @rule(number=NUMBER)
    def suspend(self, number: int) -> None:
        with self.step():
            placements.suspend(by=self.cast.by, placement=self.placement(number), reason="Away")

    @precondition(lambda self: Placement.objects.exists())
    @rule(number=NUMBER)
    def resume(self, number: int) -> None:
        placement = self.placement(number)
        with self.step():
            assert may_go(placements.resume(by=self.cast.by, placement=placement))

    @precondition(lambda self: Placement.objects.exists())
    @rule(number=NUMBER, volunteer=NUMBER)
    def replace(self, number: int, volunteer: int) -> None:
        with self.step():
            placements.replace(
                by=self.cast.by,
                placement=self.placement(number),
                volunteer=self.cast.volunteers[volunteer % 3],
            )

    @rule(volunteer=NUMBER)
    def revoke_check(self, volunteer: int) -> None:
        person = self.cast.volunteers[volunteer % 3].person
        for held in Credential.objects.filter(person=person, state="current"):
            with self.step():
                credentials.revoke(by=self.cast.by, credential=held)

    @rule(volunteer=NUMBER)
    def give_check(self, volunteer: int) -> None:
        person = self.cast.volunteers[volunteer % 3].person
        with self.step():
            make_credential(
                person,
                by=self.cast.by,
                valid_from=TODAY,
                valid_to=clock.today() + timedelta(days=3),
            )

    @rule(volunteer=NUMBER, capacity=st.integers(1, 3))
    def change_capacity(self, volunteer: int, capacity: int) -> None:
        held = Volunteer.objects.get(pk=self.cast.volunteers[volunteer % 3].pk)
        with self.step():
            volunteers.change(
                by=self.cast.by, volunteer=held, version=held.version, capacity=capacity
            )

    @rule(need=NUMBER, places=st.integers(1, 3))
    def change_places(self, need: int, places: int) -> None:
        held = Need.objects.get(pk=self.cast.needs[need % 3].pk)
        with self.step():
            needs.change(by=self.cast.by, need=held, version=held.version, places=places)

    @precondition(lambda self: Placement.objects.filter(state="live").count() > 2)
    @rule(need=NUMBER)
    def close_and_reopen(self, need: int) -> None:
        held = self.cast.needs[need % 3]
        with self.step():
            needs.close(by=self.cast.by, need=held, outcome="partly")
            assert not Hold.objects.filter(need=held).exists()
            needs.reopen(by=self.cast.by, need=held)

    @invariant()
    def no_place_and_no_share_is_held_twice_or_beyond_its_number(self) -> None:
        for need in Need.objects.filter(pk__in=[one.pk for one in self.cast.needs]):
            held = list(need.holds.values_list("place", flat=True))
            assert len(set(held)) == len(held)
            assert set(held) <= set(range(1, need.places + 1))
        for volunteer in Volunteer.objects.filter(pk__in=[v.pk for v in self.cast.volunteers]):
            held = list(volunteer.holds.values_list("share", flat=True))
            assert len(set(held)) == len(held)
            assert set(held) <= set(range(1, volunteer.capacity + 1))

    @invariant()
    def nobody_is_in_two_places_in_one_slot_or_twice_on_one_need(self) -> None:
        rows = Hold.objects.values_list("volunteer_id", "slot", "need_id")
        times = Counter((volunteer, slot) for volunteer, slot, _ in rows if slot is not None)
        pairs = Counter((volunteer, need) for volunteer, _, need in rows)
        assert all(count == 1 for count in (*times.values(), *pairs.values()))

    @invariant()
    def what_is_held_is_what_open_offers_and_standing_placements_hold(self) -> None:
        open_offers = list(Offer.objects.filter(state="sent"))
        standing = list(Placement.objects.filter(state__in=["live", "suspended"]))
        holders: list[Offer | Placement] = [*open_offers, *standing]
        assert sorted(str(one.hold_id) for one in holders) == sorted(
            str(pk) for pk in Hold.objects.values_list("pk", flat=True)
        )
        for one in holders:
            assert one.hold is not None
            assert (one.hold.need_id, one.hold.volunteer_id, one.hold.slot) == (
                one.need_id,
                one.volunteer_id,
                one.slot,
            )
        over: list[Offer | Placement] = [
            *Offer.objects.exclude(state="sent"),
            *Placement.objects.exclude(state__in=["live", "suspended"]),
        ]
        assert all(one.hold_id is None for one in over)

    @invariant()
    def the_ledger_tells_how_every_offer_and_placement_came_to_stand_as_it_does(self) -> None:
        told = Counter(LedgerEntry.objects.values_list("object_id", "verb"))
        for offer in Offer.objects.all():
            assert told[offer.pk, "offer.sent"] == 1
            ends = [told[offer.pk, VERB_OF[state]] for state in ("accepted", "declined")]
            ends += [told[offer.pk, VERB_OF[state]] for state in ("lapsed", "withdrawn")]
            assert sum(ends) == (offer.state != "sent")
            if offer.state != "sent":
                assert told[offer.pk, VERB_OF[offer.state]] == 1
        for placement in Placement.objects.all():
            ends = [told[placement.pk, VERB_OF[state]] for state in ("ended", "replaced")]
            assert sum(ends) == (placement.state in ("ended", "replaced"))


def may_go(placement: Placement) -> bool:
    """Whether every check that the need asks for holds today: asked of the rows, nothing else."""
    held = Credential.objects.filter(person=placement.volunteer.person_id, state="current")
    return all(
        any(
            one.valid_from <= clock.today()
            and (one.valid_to is None or clock.today() <= one.valid_to)
            for one in held.filter(type=asked)
        )
        for asked in placement.need.credential_types.all()
    )


@pytest.mark.integration
@pytest.mark.django_db
def test_nothing_is_promised_twice_whatever_is_done_in_whatever_order() -> None:
    MainJob.cast = make_cast()
    run_state_machine_as_test(
        MainJob, settings=settings(max_examples=16, stateful_step_count=30, deadline=None)
    )
