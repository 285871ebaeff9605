"""The matching problem read from the store: what the engine is told, and what nobody is."""

from datetime import date, datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from stepdown.kernel import clock
from stepdown.kernel.slots import mask_of
from stepdown.matching.problem import Need as Asked
from stepdown.matching.problem import Volunteer as Offering
from stepdown.volunteering.actions import exclusions, offers, placements, volunteers
from stepdown.volunteering.models import Need, Volunteer
from stepdown.volunteering.queries import world
from stepdown.volunteering.queries.world_people import joined
from tests.factories import (
    coordinator,
    make_need,
    make_person,
    make_postcode,
    make_ready_need,
    make_scheme,
    make_volunteer,
)
from tests.factories.offers import make_offer, make_placement, volunteer_actor

NOON = datetime(2026, 6, 1, 12, tzinfo=clock.LONDON)
TODAY = date(2026, 6, 1)


def offering(volunteer: Volunteer, found: world.World) -> Offering:
    """The engine's record of a volunteer."""
    return found.problem.volunteer(str(volunteer.pk))


def asked(need: Need, found: world.World) -> Asked:
    """The engine's record of a need."""
    return found.problem.need(str(need.pk))


def test_a_need_is_told_with_everything_it_asks() -> None:
    make_postcode("PR1 8RJ", 353_000, 429_000)
    scheme = make_scheme("visitor", credential_types=["vetting"], minimum_age=18)
    with clock.at(NOON):
        need = make_need(
            scheme=scheme,
            postcode="PR1 8RJ",
            band=2,
            places=3,
            slots=mask_of(["tue-pm"]),
            skills=["driving"],
            languages=["ur"],
            credential_types=["dbs"],
            gender="female",
            gender_reason="personal-care",
            minimum_age=21,
            starts=TODAY,
            ends=TODAY + timedelta(days=30),
        )
        found = world.build(on=TODAY)
    assert asked(need, found) == Asked(
        id=str(need.pk),
        easting=353_000,
        northing=429_000,
        band=2,
        places=3,
        skills=frozenset({"driving"}),
        credentials=frozenset({"vetting", "dbs"}),
        languages=frozenset({"ur"}),
        gender="female",
        minimum_age=21,
        slots=mask_of(["tue-pm"]),
        starts=TODAY,
        ends=TODAY + timedelta(days=30),
        kind="visitor",
    )


def test_a_volunteer_is_told_with_what_some_need_asks_and_no_more() -> None:
    make_postcode("PR1 8RJ", 353_000, 429_000)
    make_need(skills=["driving"], languages=["ur"], credential_types=["dbs"])
    volunteer = make_volunteer(
        slots=mask_of(["tue-pm"]),
        travel_limit_m=8_000,
        capacity=2,
        weekly_cap_minutes=240,
        skills=["driving", "cooking"],
        languages=["ur", "pl"],
        credentials=["dbs", "vetting"],
        valid_to=date(2030, 1, 1),
        preferred_schemes=["community-support"],
        gender="female",
    )
    assert offering(volunteer, world.build(on=TODAY)) == Offering(
        id=str(volunteer.pk),
        easting=353_000,
        northing=429_000,
        limit_m=8_000,
        skills=frozenset({"driving"}),
        languages=frozenset({"ur"}),
        credentials={"dbs": (date(2020, 1, 1), date(2030, 1, 1))},
        gender="female",
        date_of_birth=date(1980, 5, 17),
        slots=mask_of(["tue-pm"]),
        capacity=2,
        weekly_cap=240,
        preferred=frozenset({"community-support"}),
    )


def test_open_offers_and_placements_hold_capacity_slots_and_places() -> None:
    volunteer = make_volunteer(capacity=3, slots=mask_of(["mon-am", "tue-pm"]))
    need = make_ready_need(places=2, slots=mask_of(["mon-am"]))
    make_placement(need, volunteer)
    make_offer(make_ready_need(slots=mask_of(["tue-pm"])), volunteer)
    found = world.build(on=clock.today())
    told = offering(volunteer, found)
    assert (told.held, told.asks, told.weekly_load) == (2, 2, 120)
    assert told.busy_slots == mask_of(["mon-am", "tue-pm"])
    assert asked(need, found).held == 1
    assert (str(volunteer.pk), str(need.pk)) in found.problem.held_pairs


def test_an_offer_out_of_time_holds_nothing_even_before_it_is_swept() -> None:
    with clock.at(NOON):
        volunteer, need = make_volunteer(), make_ready_need(starts=TODAY)
        make_offer(need, volunteer)
    with clock.at(NOON + timedelta(hours=72)):
        found = world.build(on=TODAY)
    assert offering(volunteer, found).held == 0
    assert asked(need, found).held == 0


def test_full_needs_closed_needs_and_needs_that_are_over_are_not_planned() -> None:
    with clock.at(NOON):
        full, over = make_ready_need(places=1), make_ready_need(starts=TODAY, ends=TODAY)
        make_offer(full)
        kept = make_ready_need()
        told = {need.id for need in world.build(on=TODAY + timedelta(days=1)).problem.needs}
    assert told == {str(kept.pk)}
    assert str(over.pk) not in told


def test_only_active_volunteers_are_planned() -> None:
    away, here = make_volunteer(), make_volunteer()
    volunteers.pause(by=coordinator(), volunteer=away)
    assert [one.id for one in world.build(on=TODAY).problem.volunteers] == [str(here.pk)]


def test_a_suspended_placement_holds_its_place_and_adds_no_load() -> None:
    placement = make_placement()
    placements.suspend(by=coordinator(), placement=placement, reason="On holiday")
    found = world.build(on=clock.today())
    told = offering(placement.volunteer, found)
    assert (told.held, told.weekly_load) == (1, 0)


def test_people_who_must_not_meet_and_people_themselves_are_kept_apart() -> None:
    person, volunteer, by = make_person(), make_volunteer(), coordinator()
    theirs = make_need(person=person)
    exclusions.record(by=by, volunteer=volunteer, person=person, reason="known")
    ended = exclusions.record(by=by, volunteer=make_volunteer(), person=person, reason="request")
    exclusions.end(by=by, exclusion=ended)
    own = make_need(person=volunteer.person)
    assert world.build(on=TODAY).problem.exclusions == {
        (str(volunteer.pk), str(theirs.pk)),
        (str(volunteer.pk), str(own.pk)),
    }


def test_who_has_helped_a_person_before_is_known_unless_the_person_ended_it() -> None:
    person, by = make_person(), coordinator()
    welcome, unwelcome = make_volunteer(), make_volunteer()
    for volunteer, reason in ((welcome, "done"), (unwelcome, "person")):
        placement = make_placement(make_ready_need(person=person), volunteer)
        placements.end(by=by, placement=placement, reason=reason)
    again = make_need(person=person)
    known = {pair for pair in world.build(on=TODAY).problem.continuity if pair[1] == str(again.pk)}
    assert known == {(str(welcome.pk), str(again.pk))}


def test_somebody_who_serves_in_a_conflicting_scheme_is_known_to_the_engine() -> None:
    make_scheme("special")
    scheme = make_scheme("custody-visitor", conflicts_with=["special"])
    need, volunteer = make_need(scheme=scheme), make_volunteer(schemes=["special"])
    found = world.build(on=TODAY)
    assert asked(need, found).excluded_roles == frozenset({"special"})
    assert offering(volunteer, found).roles == frozenset({"special"})


def test_a_shielded_address_is_measured_from_the_middle_of_a_fixed_square() -> None:
    for code, easting, northing in (("PR1 1AA", 351_234, 426_789), ("PR1 1AB", 354_999, 429_999)):
        make_postcode(code, easting, northing)
    one = make_volunteer(make_person(postcode="PR1 1AA", shielded=True))
    two = make_volunteer(make_person(postcode="PR1 1AB", shielded=True))
    need = make_need(person=make_person(postcode="PR1 1AA", shielded=True))
    found = world.build(on=TODAY)
    for told in (offering(one, found), offering(two, found), asked(need, found)):
        assert (told.easting, told.northing) == (352_500, 427_500)
    assert found.shielded_volunteers == {str(one.pk), str(two.pk)}
    assert found.shielded_needs == {str(need.pk)}


def test_reading_the_world_takes_no_more_queries_for_more_records() -> None:
    counts = []
    for _ in range(2):
        for _ in range(4):
            make_offer(make_ready_need(person=make_person()), make_volunteer(capacity=2))
            make_need(person=make_person(postcode="PR1 8RJ", shielded=True))
        with CaptureQueriesContext(connection) as queries:
            world.build(on=clock.today())
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_accepting_moves_no_hold_between_two_readings() -> None:
    offer = make_offer()
    before = world.build(on=clock.today())
    offers.accept(by=volunteer_actor(offer.volunteer), offer=offer)
    after = world.build(on=clock.today())
    assert offering(offer.volunteer, before).held == offering(offer.volunteer, after).held == 1


def test_of_two_checks_with_a_gap_between_the_one_that_holds_counts() -> None:
    day = timedelta(days=1)
    first, second = (TODAY - 9 * day, TODAY + 2 * day), (TODAY + 9 * day, TODAY + 99 * day)
    assert joined([first, second], TODAY) == first
    assert joined([second, first], TODAY + 5 * day) == second
    assert joined([first], TODAY + 9 * day) == first
    assert joined([], TODAY) is None


def test_checks_that_touch_or_overlap_run_on_as_one() -> None:
    day = timedelta(days=1)
    first = (TODAY, TODAY + 9 * day)
    assert joined([first, (TODAY + 10 * day, TODAY + 20 * day)], TODAY) == (
        TODAY,
        TODAY + 20 * day,
    )
    assert joined([first, (TODAY + 5 * day, None)], TODAY) == (TODAY, None)
    assert joined([(TODAY, None), (TODAY + day, TODAY + 2 * day)], TODAY) == (TODAY, None)
