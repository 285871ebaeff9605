"""The index of volunteers: the same answers as the records give, and never an old one."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from stepdown.hub.actions import ledger
from stepdown.hub.models import LedgerEntry
from stepdown.kernel import clock
from stepdown.kernel.slots import mask_of
from stepdown.matching.national import snapshot as store
from stepdown.matching.national.crowd import CrowdProblem
from stepdown.matching.problem import Volunteer as Offering
from stepdown.people.actions import addresses, equality, people
from stepdown.people.models import Person
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.actions import (
    credentials,
    exclusions,
    needs,
    offers,
    placements,
    plans,
    volunteers,
)
from stepdown.volunteering.actions.volunteers import VOLUNTEER_CHANGED
from stepdown.volunteering.models import Need, Offer, Placement, Volunteer
from stepdown.volunteering.queries import need as needs_seen
from stepdown.volunteering.queries import resident, world
from stepdown.volunteering.queries.shortlist import shortlist
from tests.factories import (
    DISTRICT,
    OTHER_DISTRICT,
    actor_of,
    coordinator,
    make_agency,
    make_credential,
    make_need,
    make_person,
    make_postcode,
    make_ready_need,
    make_scheme,
    make_skill,
    make_user,
    make_volunteer,
)
from tests.factories.offers import make_offer, make_placement, volunteer_actor
from tests.support.world import SMALL, partnership

NOON = datetime(2026, 6, 1, 12, tzinfo=clock.LONDON)
TODAY = date(2026, 6, 1)
HUB = Actor.hub()


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """A hub that keeps an index however few it has, in a folder of its own."""
    settings.STEPDOWN_INDEX = tmp_path / "index"
    settings.STEPDOWN_INDEX_FROM = 1
    return tmp_path / "index"


def seal() -> None:
    """Seal all that waits."""
    while ledger.seal(by=HUB):
        pass


def told() -> dict[str, Offering]:
    """Every volunteer as the index and what has changed since say, by id."""
    found = world.build(on=clock.today()).problem
    assert isinstance(found, CrowdProblem)
    return {one.id: one for one in found.volunteers}


def kept() -> dict[str, Offering]:
    """Every volunteer as the index alone says."""
    return {one.id: one for one in _crowd()}


def _crowd() -> Any:
    from stepdown.matching.national.crowd import Crowd

    snapshot = store.open_snapshot(resident.folder())
    return Crowd(snapshot.whole(), snapshot.tables)


def on_record() -> dict[str, Offering]:
    """Every volunteer as the records say, when a need asks about every attribute there is."""
    from stepdown.matching.problem import Need as Asked
    from stepdown.volunteering.queries.resident_rows import tables
    from stepdown.volunteering.queries.world_people import active, offering

    names = tables()
    everything = [
        Asked(
            scheme,
            skills=frozenset(names.skills),
            credentials=frozenset(names.credentials),
            languages=frozenset(names.languages),
            excluded_roles=frozenset(names.schemes),
            kind=scheme,
        )
        for scheme in names.schemes
    ]
    return {one.id: one for one in offering(active(), everything, clock.today())[0]}


def without_index(settings: Any) -> None:
    """From now the records themselves are read."""
    settings.STEPDOWN_INDEX_FROM = 10_000_000


def test_both_ways_give_the_same_shortlists_and_the_same_plan(settings: Any) -> None:
    here = partnership(replace(SMALL, cases=0))  # a shortlist asks nothing of cases
    by = here.actor("coordinator")
    for band in (1, 2, 3):
        make_ready_need(band=band)
        make_volunteer()
    resident.rebuild()
    open_needs = list(needs_seen.visible_to(by).filter(state="open").order_by("pk"))[:12]
    ways = [(need, only) for need in open_needs for only in (True, False)]
    quick = [shortlist(by, need, size=10, eligible_only=only) for need, only in ways]
    planned = plans.make(by=by)
    assert kept() == on_record()
    without_index(settings)
    assert quick == [shortlist(by, need, size=10, eligible_only=only) for need, only in ways]
    again = plans.make(by=by)
    assert any(quick)
    assert planned.proven
    assert (planned.volunteers, planned.filled) == (again.volunteers, again.filled)
    assert (planned.quality, planned.upper_bound) == (again.quality, again.upper_bound)
    for fact in ("filled_by_band", "optimum_by_band", "places_by_band"):
        assert planned.facts[fact] == again.facts[fact]
    # Of plans that are equally good either engine may find any: what both chose, both say alike.
    columns = ("need", "volunteer", "slot", "band", "quality", "terms")
    ours, theirs = (
        {pair[:2]: pair for pair in plan.pairs.values_list(*columns)} for plan in (planned, again)
    )
    assert set(ours) & set(theirs)
    assert all(ours[pair] == theirs[pair] for pair in set(ours) & set(theirs))


def test_an_officer_is_shown_only_volunteers_of_their_district() -> None:
    make_volunteer(postcode=None, district=OTHER_DISTRICT)
    mine = make_volunteer(postcode=None)
    need = make_ready_need()
    resident.rebuild()
    officer = actor_of(make_user(RoleKey.OUTREACH_OFFICER, districts=[DISTRICT]))
    assert {row.volunteer_id for row in shortlist(officer, need)} == {mine.pk}
    assert len(shortlist(coordinator(), need)) == 2


def test_shortlist_of_an_index_takes_as_many_queries_for_many_as_for_few() -> None:
    need, by = make_ready_need(), coordinator()
    make_volunteer()
    seal()
    resident.rebuild()
    make_volunteer()
    assert len(shortlist(by, need)) == 2
    with CaptureQueriesContext(connection) as few:
        shortlist(by, need)
    for _ in range(5):
        make_volunteer()
    with CaptureQueriesContext(connection) as many:
        assert len(shortlist(by, need)) == 7
    assert len(few) == len(many)


def changed_profile(at: dict[str, Any]) -> None:
    volunteer = Volunteer.objects.get(pk=at["volunteer"].pk)
    volunteers.change(
        by=coordinator(),
        volunteer=volunteer,
        version=volunteer.version,
        skills=[make_skill("driving")],
        preferred_schemes=[make_scheme("befriending")],
        travel_limit_m=4_000,
        capacity=3,
    )


def changed_person(at: dict[str, Any]) -> None:
    person = Person.objects.get(pk=at["volunteer"].person_id)
    people.change(
        by=coordinator(), person=person, version=person.version, date_of_birth=date(2001, 2, 3)
    )


def moved(at: dict[str, Any]) -> None:
    make_postcode("PR2 2AA", 351_234, 433_210)
    addresses.set_address(by=coordinator(), person=at["volunteer"].person, postcode="PR2 2AA")


def went_into_hiding(at: dict[str, Any]) -> None:
    make_postcode("PR2 2AA", 351_234, 433_210)
    addresses.set_address(
        by=coordinator(), person=at["volunteer"].person, postcode="PR2 2AA", shielded=True
    )


def revoked(at: dict[str, Any]) -> None:
    credentials.revoke(by=coordinator(), credential=at["volunteer"].person.credentials.get())


def declined(at: dict[str, Any]) -> None:
    offers.decline(by=volunteer_actor(at["asked"].volunteer), offer=at["asked"], reason="times")


def ended(at: dict[str, Any]) -> None:
    placements.end(by=coordinator(), placement=at["placed"], reason="done")


def need_grew(at: dict[str, Any]) -> None:
    need = Need.objects.get(pk=at["placed"].need_id)
    needs.change(by=coordinator(), need=need, version=need.version, weekly_minutes=300)


CHANGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "a volunteer joins": lambda at: make_volunteer(skills=["cooking"]),
    "a profile is changed": changed_profile,
    "availability is set": lambda at: volunteers.set_availability(
        by=coordinator(), volunteer=at["volunteer"], slots=mask_of(["sun-eve"])
    ),
    "a volunteer takes a break": lambda at: volunteers.pause(
        by=coordinator(), volunteer=at["volunteer"]
    ),
    "a volunteer comes back": lambda at: volunteers.resume(by=coordinator(), volunteer=at["away"]),
    "a volunteer leaves": lambda at: volunteers.leave(by=coordinator(), volunteer=at["volunteer"]),
    "a date of birth is put right": changed_person,
    "a volunteer moves": moved,
    "an address is shielded": went_into_hiding,
    "a gender is said": lambda at: equality.set_gender(
        by=coordinator(), person=at["volunteer"].person, gender="female"
    ),
    "a credential is recorded": lambda at: make_credential(at["volunteer"].person, "vetting"),
    "a credential is revoked": revoked,
    "an offer is sent": lambda at: make_offer(make_ready_need(), at["volunteer"]),
    "an offer is declined": declined,
    "an offer is taken back": lambda at: offers.withdraw(by=coordinator(), offer=at["asked"]),
    "an offer is accepted": lambda at: offers.accept(
        by=volunteer_actor(at["asked"].volunteer), offer=at["asked"]
    ),
    "a placement is suspended": lambda at: placements.suspend(
        by=coordinator(), placement=at["placed"], reason="Ill"
    ),
    "a placement ends": ended,
    "a need takes longer each week": need_grew,
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_that_the_engine_sees_moves_the_index(change: str) -> None:
    make_postcode("PR1 8RJ", 353_000, 429_000)
    at: dict[str, Any] = {
        "volunteer": make_volunteer(
            skills=["cooking"], credentials=["dbs"], slots=mask_of(["mon-am"])
        ),
        "away": make_volunteer(),
        "asked": make_offer(make_ready_need()),
        "placed": make_placement(make_ready_need(), make_volunteer(weekly_cap_minutes=600)),
    }
    volunteers.pause(by=coordinator(), volunteer=at["away"])
    make_skill("driving")
    seal()
    resident.rebuild()
    before = kept()
    assert before == told() == on_record()
    CHANGES[change](at)
    after = on_record()
    assert after != before
    assert kept() == before, "the index is a copy, and is not written by actions"
    assert told() == after, "what has changed is read from the records at once"
    seal()
    assert resident.refresh() > 0
    assert kept() == told() == after
    assert resident.refresh() == 0


def test_index_brought_forward_is_what_a_new_one_would_be() -> None:
    volunteer = make_volunteer(skills=["cooking"])
    seal()
    resident.rebuild()
    for step in range(3):
        volunteers.set_availability(by=coordinator(), volunteer=volunteer, slots=step + 1)
        make_volunteer(skills=["driving"], languages=["ur"])
        seal()
        resident.refresh()
    found = kept()
    resident.rebuild()
    assert kept() == found == on_record()


def test_exclusion_recorded_after_the_index_keeps_two_apart_at_once() -> None:
    person = make_person()
    volunteer, need = make_volunteer(), make_ready_need(person=person)
    seal()
    resident.rebuild()
    by = coordinator()
    assert [row.volunteer_id for row in shortlist(by, need)] == [volunteer.pk]
    exclusions.record(by=by, volunteer=volunteer, person=person, reason="known")
    assert shortlist(by, need) == []
    seal()
    resident.refresh()
    assert shortlist(by, need) == []


def test_shielded_position_is_kept_coarse_and_no_name_at_all(folder: Path) -> None:
    make_postcode("PR2 2AA", 351_234, 433_210)
    person = make_person(postcode=None)
    addresses.set_address(by=coordinator(), person=person, postcode="PR2 2AA", shielded=True)
    volunteer = make_volunteer(person)
    snapshot = resident.rebuild()
    rows = snapshot.whole()
    assert rows.people.easting.tolist() == [352_500]
    assert rows.people.northing.tolist() == [432_500]
    assert rows.more.hidden.tolist() == [1]
    found = world.build(on=clock.today())
    assert str(volunteer.pk) in found.shielded_volunteers
    exact = (351_234).to_bytes(8, "little")
    for path in folder.rglob("*"):
        mode = path.stat().st_mode & 0o777
        assert mode == (0o700 if path.is_dir() else 0o600)
        if path.is_file():
            assert exact not in path.read_bytes()
            assert person.family_name.encode() not in path.read_bytes()


def test_erased_volunteer_leaves_nothing_in_the_index(folder: Path) -> None:
    gone, stays = make_volunteer(), make_volunteer()
    seal()
    resident.rebuild()
    with transaction.atomic():
        ledger.record(by=HUB, verb=VOLUNTEER_CHANGED, about=("volunteer", gone.pk))
        Volunteer.objects.filter(pk=gone.pk).update(state="left")
        Volunteer.schemes.through.objects.filter(volunteer=gone).delete()
        Volunteer.objects.filter(pk=gone.pk).delete()
    assert list(told()) == [str(stays.pk)]
    seal()
    resident.refresh()
    assert list(kept()) == [str(stays.pk)]
    for path in folder.rglob("*"):
        assert path.is_dir() or gone.pk.bytes not in path.read_bytes()


def test_offer_that_ran_out_frees_its_volunteer_before_anybody_sweeps_it() -> None:
    with clock.at(NOON):
        volunteer = make_volunteer()
        need = make_ready_need(starts=TODAY)
        make_offer(need, volunteer)
        seal()
        resident.rebuild()
        assert told()[str(volunteer.pk)].held == 1
    with clock.at(NOON + timedelta(hours=73)):
        assert told()[str(volunteer.pk)].held == 0
        assert told() == on_record()


def test_second_period_of_a_check_counts_from_its_day_on() -> None:
    with clock.at(NOON):
        volunteer = make_volunteer()
        for first, last in ((date(2026, 1, 1), TODAY), (date(2026, 8, 1), date(2026, 9, 1))):
            credentials.record(
                by=coordinator(),
                person=volunteer.person,
                type=make_credential(make_person(), "dbs").type,
                valid_from=first,
                valid_to=last,
                verified_by=make_agency("Volunteer centre"),
            )
        seal()
        resident.rebuild()
        assert told()[str(volunteer.pk)].credentials["dbs"] == (date(2026, 1, 1), TODAY)
    with clock.at(NOON + timedelta(days=1)):
        assert told()[str(volunteer.pk)].credentials["dbs"][0] == date(2026, 8, 1)
        assert told() == on_record()


def test_skill_named_after_the_index_can_be_asked_for() -> None:
    old = make_volunteer()
    seal()
    resident.rebuild()
    new, need = make_volunteer(skills=["signing"]), make_need(skills=["signing"])
    by = coordinator()
    assert [row.volunteer_id for row in shortlist(by, need)] == [new.pk]
    both = shortlist(by, need, eligible_only=False)
    assert {row.volunteer_id for row in both} == {new.pk, old.pk}
    assert told()[str(new.pk)].skills == {"signing"}


def test_torn_index_is_refused_and_the_records_are_read(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    need, volunteer = make_ready_need(), make_volunteer()
    resident.rebuild()
    column = next(folder.glob("g*/born.npy"))
    column.write_bytes(column.read_bytes()[:-8])
    resident._opened.snapshot = None
    assert [row.volunteer_id for row in shortlist(coordinator(), need)] == [volunteer.pk]
    assert not isinstance(world.build(on=clock.today()).problem, CrowdProblem)
    assert "a file of it is torn" in caplog.text
    assert str(volunteer.pk) not in caplog.text
    status = resident.status()
    assert (status.wanted, status.used, status.refused) == (True, False, "a file of it is torn")
    resident.refresh()
    assert resident.status().used


def test_index_of_another_ledger_is_refused() -> None:
    make_volunteer()
    seal()
    resident.rebuild()
    snapshot = store.open_snapshot(resident.folder())
    foreign = store.Mark(snapshot.mark.hub, 1_000_000, "00" * 32, snapshot.mark.at)
    store.write(resident.folder(), snapshot.base, snapshot.tables, foreign)
    assert resident.status().refused == resident.FOREIGN
    resident.refresh()
    assert resident.status().used


def test_index_too_far_behind_is_not_used(settings: Any, caplog: Any) -> None:
    make_volunteer()
    seal()
    resident.rebuild()
    settings.STEPDOWN_INDEX_MOST_CHANGED = 3
    for _ in range(3):
        make_volunteer()
    assert not isinstance(world.build(on=clock.today()).problem, CrowdProblem)
    assert resident.TOO_FAR in caplog.text


def test_index_that_nobody_keeps_is_reported_and_still_right(caplog: Any) -> None:
    with clock.at(NOON):
        make_volunteer()
        seal()
        resident.rebuild()
        new = make_volunteer()
    with clock.at(NOON + timedelta(seconds=61)):
        assert str(new.pk) in told()
        assert resident.status().late
        assert "not kept up to date" in caplog.text


def test_nothing_is_used_for_another_day_than_today() -> None:
    make_volunteer()
    resident.rebuild()
    tomorrow = clock.today() + timedelta(days=1)
    assert not isinstance(world.build(on=tomorrow).problem, CrowdProblem)


def test_index_is_kept_by_a_large_hub_and_by_no_small_one(settings: Any, folder: Path) -> None:
    make_volunteer()
    settings.STEPDOWN_INDEX_FROM = 2
    assert resident.keep() == 0
    assert not folder.exists()
    make_volunteer()
    seal()
    assert resident.keep() == 2
    assert resident.status().used
    settings.STEPDOWN_INDEX_FROM = 3
    resident.keep()
    assert [path.name for path in folder.iterdir()] == ["lock"]


def test_rebuilding_twice_gives_the_same_bytes(folder: Path) -> None:
    make_volunteer(skills=["cooking"], credentials=["dbs"])
    make_volunteer(languages=["ur"])
    with clock.at(NOON):
        resident.rebuild()
        first = {path.name: path.read_bytes() for path in folder.glob("g*/*")}
        resident.rebuild()
    assert first == {path.name: path.read_bytes() for path in folder.glob("g*/*")}
    assert len(list(folder.glob("g*"))) == 1
    assert json.loads(first["header.json"])["rows"] == 2
    assert LedgerEntry.objects.exists()
    assert Offer.objects.count() == Placement.objects.count() == 0
