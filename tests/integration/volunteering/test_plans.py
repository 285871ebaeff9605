"""Plans: made one at a time, kept with their proof, read beside what has happened since."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stepdown.hub.models import LedgerEntry
from stepdown.kernel import clock
from stepdown.kernel.errors import Refused
from stepdown.kernel.slots import mask_of
from stepdown.people.actions import addresses
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.actions import offers, plans
from stepdown.volunteering.models import Plan, PlanPair, PlanRun
from stepdown.volunteering.queries import plan as reading
from stepdown.volunteering.queries.plan import PairStatus
from stepdown.volunteering.queries.plan_figures import figures
from stepdown.volunteering.queries.shortlist import shortlist, why_not
from tests.factories import (
    DISTRICT,
    OTHER_DISTRICT,
    actor_of,
    coordinator,
    make_need,
    make_person,
    make_postcode,
    make_ready_need,
    make_user,
    make_volunteer,
)
from tests.factories.offers import make_offer, volunteer_actor

NOON = datetime(2026, 6, 1, 12, tzinfo=clock.LONDON)
TODAY = date(2026, 6, 1)


def test_a_plan_fills_the_most_urgent_need_and_keeps_its_proof() -> None:
    by = coordinator()
    low, urgent = make_ready_need(band=4), make_ready_need(band=1)
    volunteer = make_volunteer()
    plan = plans.make(by=by)
    assert (plan.places, plan.filled, plan.proven, plan.gap) == (2, 1, True, 0)
    pair = plan.pairs.get()
    assert (pair.need, pair.volunteer, pair.band) == (urgent, volunteer, 1)
    assert sum(term["points"] for term in pair.terms) == pair.quality
    gap = plan.gaps.get()
    assert (gap.need, gap.places_unfilled) == (low, 1)
    assert LedgerEntry.objects.filter(verb="plan.made", object_id=plan.pk).exists()


def test_a_plan_says_what_would_fill_what_it_leaves_empty() -> None:
    by = coordinator()
    make_ready_need(slots=mask_of(["mon-am"]))
    make_volunteer(slots=mask_of(["tue-pm"]))
    plan = plans.make(by=by)
    gap = reading.gaps(by, plan).items[0]
    assert gap.why.startswith("No volunteer meets every rule.")
    assert "times offered: 1" in gap.why
    assert gap.change.startswith("If the time could also be Tuesday afternoon, Sam Example")


def test_nobody_but_who_may_plans() -> None:
    with pytest.raises(Refused):
        plans.make(by=volunteer_actor(make_volunteer()))


def test_a_second_plan_is_refused_while_one_runs() -> None:
    by = coordinator()
    make_volunteer()
    asked: list[str] = []

    def meanwhile(phase: str, done: int, total: int) -> None:
        if not asked:
            with pytest.raises(Refused, match="being made already") as refused:
                plans.make(by=by)
            asked.append(refused.value.reason)

    plans.make(by=by, progress=meanwhile)
    assert asked
    assert Plan.objects.count() == 1
    assert plans.make(by=by).proven


def test_a_run_that_was_killed_does_not_stop_planning_for_ever() -> None:
    by = coordinator()
    with clock.at(NOON):
        heard = NOON - timedelta(minutes=4)
        PlanRun.objects.create(state="running", asked_at=heard, began_at=heard, heard_at=heard)
        with pytest.raises(Refused):
            plans.make(by=by)
    with clock.at(NOON + timedelta(minutes=2)):
        assert plans.make(by=by).proven


def test_a_plan_that_fails_lets_the_next_one_begin() -> None:
    by = coordinator()

    def fail(phase: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        plans.make(by=by, progress=fail)
    assert plans.make(by=by).proven


def test_sending_a_plan_sends_what_can_be_and_says_why_the_rest_cannot() -> None:
    by = coordinator()
    ready, unready = make_ready_need(), make_need(postcode="PR1 8RJ")
    make_volunteer()
    make_volunteer()
    plan = plans.make(by=by)
    result = plans.send_offers(by=by, pairs=reading.chosen(by, plan))
    assert [offer.need for offer in result.sent] == [ready]
    assert [(pair.need, reason.split(",")[0]) for pair, reason in result.refused] == [
        (unready, "This need has no current")
    ]
    assert [pair.need for pair in reading.chosen(by, plan)] == [unready]


def test_a_coordinator_sends_their_part_of_a_plan_and_no_other() -> None:
    by, elsewhere = coordinator(DISTRICT), coordinator(OTHER_DISTRICT)
    mine = make_ready_need(district=DISTRICT)
    theirs = make_ready_need(district=OTHER_DISTRICT)
    make_volunteer(district=OTHER_DISTRICT)
    make_volunteer(district=OTHER_DISTRICT)
    plan = plans.make(by=by)
    assert plan.filled == 2
    pairs = list(plan.pairs.order_by("id"))
    assert [pair.need for pair in reading.chosen(by, plan)] == [mine]
    assert [pair.need for pair in reading.chosen(elsewhere, plan)] == [theirs]
    result = plans.send_offers(by=by, pairs=pairs)
    assert [offer.need for offer in result.sent] == [mine]
    assert [reason for _, reason in result.refused] == ["You cannot send offers for this need."]


def test_the_name_of_a_volunteer_outside_ones_districts_is_not_shown() -> None:
    by = coordinator(DISTRICT)
    make_ready_need(district=DISTRICT)
    make_volunteer(district=OTHER_DISTRICT)
    row = reading.pairs(by, plans.make(by=by)).items[0]
    assert (row.volunteer_name, row.volunteer_person_id) == ("", None)


def test_pairs_are_shown_beside_what_has_become_of_them() -> None:
    by = coordinator()
    for _ in range(4):
        make_ready_need()
        make_volunteer()
    plan = plans.make(by=by)
    chosen = reading.chosen(by, plan)
    accepted, declined, waiting = plans.send_offers(by=by, pairs=chosen[:3]).sent
    offers.accept(by=volunteer_actor(accepted.volunteer), offer=accepted)
    offers.decline(by=volunteer_actor(declined.volunteer), offer=declined, reason="times")
    status = {row.need_id: row.status for row in reading.pairs(by, plan).items}
    assert status[accepted.need_id] == PairStatus.PLACED
    assert status[declined.need_id] == PairStatus.REFUSED
    assert status[waiting.need_id] == PairStatus.OFFERED
    assert status[chosen[3].need_id] == PairStatus.NEW


def test_a_pair_that_has_become_impossible_says_why() -> None:
    by = coordinator()
    need, volunteer = make_ready_need(), make_volunteer()
    plan = plans.make(by=by)
    assert reading.pairs(by, plan).items[0].status == PairStatus.NEW
    make_offer(volunteer=volunteer)
    row = reading.pairs(by, plan).items[0]
    assert (row.need_id, row.status) == (need.pk, PairStatus.IMPOSSIBLE)
    assert row.problems == ["Places they hold: 1; places they can hold: 1."]


def test_nothing_says_how_far_it_is_where_an_address_is_kept_secret() -> None:
    make_postcode("LA1 1YN", easting=353_000, northing=440_000)
    by = coordinator()
    need = make_ready_need(person=make_person(postcode="LA1 1YN", shielded=True), postcode=None)
    make_volunteer(travel_limit_m=20_000)
    far = make_volunteer(travel_limit_m=5_000)
    plan = plans.make(by=by)
    row = reading.pairs(by, plan).items[0]
    assert row.quality is None
    best = shortlist(by, need, eligible_only=False)
    assert all(one.quality is None and one.distance is None for one in best)
    said = [*row.reasons, *(word for one in best for word in (*one.reasons, *one.failures))]
    assert not any(" km" in word for word in said)
    assert "It is further than they travel." in why_not(by, need, far)
    stored = str(list(plan.pairs.values_list("terms", flat=True)))
    assert "distance_m" not in stored


def test_figures_are_of_the_actors_part() -> None:
    by = coordinator(DISTRICT)
    make_ready_need(district=DISTRICT, band=2)
    make_ready_need(district=OTHER_DISTRICT, band=1)
    make_volunteer()
    make_volunteer()
    found = figures(by, plans.make(by=by))
    assert (found.pairs, found.unsent, found.unfilled) == (1, 1, 0)
    assert [(one.band, one.filled) for one in found.bands] == [(1, 0), (2, 1), (3, 0), (4, 0)]


def test_a_page_of_a_plan_takes_no_more_queries_for_more_rows() -> None:
    by = coordinator()
    counts = []
    for many in (2, 8):
        for _ in range(many):
            make_ready_need(person=make_person())
            make_volunteer()
            make_ready_need(slots=mask_of(["mon-am"]))
        plan = plans.make(by=by)
        with CaptureQueriesContext(connection) as queries:
            pairs = reading.pairs(by, plan, size=25).items
            gaps = reading.gaps(by, plan, size=25).items
        assert len(pairs) >= many
        assert len(gaps) >= many
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_shortlist_ranks_who_may_be_asked_and_says_why() -> None:
    make_postcode("PR2 2AA", easting=353_000, northing=434_000)
    by, need = coordinator(), make_ready_need(credential_types=["dbs"])
    near = make_volunteer(credentials=["dbs"])
    far = make_volunteer(credentials=["dbs"], postcode="PR2 2AA")
    unchecked = make_volunteer()
    rows = shortlist(by, need)
    assert [row.volunteer_id for row in rows] == [near.pk, far.pk]
    assert rows[1].distance == "5 km"
    assert "5 km away" in rows[1].reasons
    every = shortlist(by, need, eligible_only=False)
    assert [row.volunteer_id for row in every] == [near.pk, far.pk, unchecked.pk]
    assert every[2].failures == ["They do not hold Credential dbs."]


def test_the_shortlist_shows_volunteers_the_actor_may_see() -> None:
    need = make_ready_need(district=DISTRICT)
    here, _ = make_volunteer(), make_volunteer(district=OTHER_DISTRICT)
    assert [row.volunteer_id for row in shortlist(coordinator(DISTRICT), need)] == [here.pk]


def test_the_shortlist_takes_no_more_queries_for_more_volunteers() -> None:
    by, need = coordinator(), make_ready_need()
    counts = []
    for _ in range(2):
        for _ in range(4):
            make_volunteer()
        with CaptureQueriesContext(connection) as queries:
            shortlist(by, need)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_hub_itself_can_plan() -> None:
    plan = plans.make(by=Actor.hub(), on=TODAY)
    assert (plan.on, plan.made_by) == (TODAY, None)


def test_only_pairs_that_a_plan_holds_are_sent_and_only_by_who_sees_plans() -> None:
    far, near = make_volunteer(district=OTHER_DISTRICT), make_volunteer(capacity=0)
    need = make_ready_need()
    plan = plans.make(by=coordinator())
    [pair] = reading.chosen(coordinator(), plan)
    assert pair.volunteer == far
    with pytest.raises(Refused):
        plans.send_offers(by=actor_of(make_user(RoleKey.REFERRER)), pairs=[pair])
    made_up = PlanPair(plan=plan, need=need, volunteer=near, band=4, quality=0)
    assert plans.send_offers(by=coordinator(), pairs=[made_up]).sent == []
    # What was handed in may be stale or altered: the plan's own row says who is asked.
    pair.volunteer = near
    [offer] = plans.send_offers(by=coordinator(DISTRICT), pairs=[pair]).sent
    assert offer.volunteer == far


@pytest.mark.parametrize("who", ["person", "volunteer"])
def test_a_plan_says_no_distance_of_a_place_that_was_shielded_after_it_was_made(who: str) -> None:
    make_postcode("PR2 9AA", easting=356_000)
    by, person = coordinator(), make_person(postcode="PR1 8RJ")
    for band in (1, 2):
        make_ready_need(person=person, postcode=None, band=band, places=1)
    near = make_volunteer(postcode="PR2 9AA", travel_limit_m=20_000)
    far = make_volunteer(postcode="PR2 9AA", travel_limit_m=1_000)
    plan = plans.make(by=by)
    [pair], [gap] = reading.pairs(by, plan).items, reading.gaps(by, plan).items
    assert " km" in str(pair.reasons)
    assert pair.quality is not None
    assert "3 km" in gap.change
    for one in (person,) if who == "person" else (near.person, far.person):
        addresses.set_address(by=by, person=one, postcode="PR1 8RJ", shielded=True)
    [pair], [gap] = reading.pairs(by, plan).items, reading.gaps(by, plan).items
    assert " km" not in str(pair.reasons)
    assert pair.quality is None
    assert " km" not in gap.change
