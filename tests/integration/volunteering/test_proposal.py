"""What is proposed, by the plain engine and by the one for large hubs: as good, and both proved."""

import random
from collections import Counter
from typing import Any

import pytest

from stepdown.kernel import clock
from stepdown.kernel.slots import SLOTS, mask_of
from stepdown.matching.explain import why_this
from stepdown.volunteering.actions import exclusions, plans
from stepdown.volunteering.queries import plan as reading
from stepdown.volunteering.queries import world, world_needs, world_pairs
from stepdown.volunteering.queries.proposal import Proposal, propose
from stepdown.volunteering.queries.reason import as_data
from tests.factories import (
    coordinator,
    make_need,
    make_person,
    make_ready_need,
    make_skill,
    make_volunteer,
)
from tests.factories.offers import make_placement

PLACES = ("PR1 8RJ", "LA1 1YN")
LARGE = 1  # from so many volunteers on, the engine for large hubs
SMALL = 10_000_000


def proposed(settings: Any, size: int, **more: Any) -> Proposal:
    settings.STEPDOWN_INDEX_FROM = size
    return propose(world.build(on=clock.today()), **more)


def both(settings: Any) -> tuple[Proposal, Proposal]:
    return proposed(settings, SMALL), proposed(settings, LARGE)


def a_world() -> None:
    """Some needs and volunteers of all sorts: enough for both to have to choose."""
    pick = random.Random(11)
    for number in range(14):
        make_need(
            f"Need {number}",
            band=pick.randint(1, 4),
            places=pick.randint(1, 2),
            slots=pick.getrandbits(21) & pick.getrandbits(21),
            postcode=pick.choice(PLACES),
            skills=pick.choice([(), (), ("gardening",)]),
        )
    for _ in range(16):
        make_volunteer(
            postcode=pick.choice(PLACES),
            slots=pick.getrandbits(21) & pick.getrandbits(21),
            travel_limit_m=pick.choice([None, 5_000, 40_000]),
            capacity=pick.randint(1, 2),
            skills=pick.choice([(), ("gardening",)]),
        )


def test_both_engines_fill_as_many_places_in_every_band_as_well(settings: Any) -> None:
    a_world()
    small, large = both(settings)
    assert small.certificate.ok
    assert large.certificate.ok
    assert small.certificate.filled_by_band == large.certificate.filled_by_band
    assert small.certificate.quality == large.certificate.quality
    assert (small.filled, small.places) == (large.filled, large.places)
    assert small.filled > 0
    assert small.gap_count > 0
    assert small.places_by_band == large.places_by_band


def test_both_say_of_a_match_what_its_terms_are(settings: Any) -> None:
    a_world()
    for found in both(settings):
        matches = list(found.pairs)
        assert len(matches) == found.filled
        assert matches == sorted(matches, key=lambda one: (one.band, one.need_id, one.volunteer_id))
        for match in matches:
            hidden = found.world.shielded(match.volunteer_id, match.need_id)
            terms = why_this(found.world.problem, match.volunteer_id, match.need_id)
            if not hidden:
                assert match.terms == [as_data(term) for term in terms]
            assert sum(term.points for term in terms) == match.quality
            wanted = found.world.problem.need(match.need_id).slots
            assert (match.slot is None) == (wanted == 0)
            assert match.slot is None or wanted >> match.slot & 1


def test_both_say_why_as_many_places_stay_empty(settings: Any) -> None:
    a_world()
    small, large = both(settings)
    ours, theirs = list(small.gaps), list(large.gaps)
    assert len(ours) == small.gap_count
    assert len(theirs) == large.gap_count
    assert sum(one.places_unfilled for one in ours) == sum(one.places_unfilled for one in theirs)
    assert [one.band for one in ours] == sorted(one.band for one in ours)
    assert Counter(one.band for one in ours) == Counter(one.band for one in theirs)
    known = {one.need_id: one for one in theirs}
    alike = [one for one in ours if one.need_id in known]
    assert alike
    for one in alike:
        if one.places_unfilled == known[one.need_id].places_unfilled:
            assert one.why == known[one.need_id].why


def test_the_engine_for_large_hubs_names_every_kind_of_change(settings: Any) -> None:
    make_skill("gardening")
    near = "PR1 8RJ"
    slot = make_need(slots=mask_of(["mon-am"]), band=1, postcode=near)
    make_volunteer(make_person("Tim", "Slot", postcode=near), slots=mask_of(["tue-pm"]))
    skill = make_need(skills=["gardening"], slots=mask_of(["sun-eve"]), band=2, postcode=near)
    make_volunteer(make_person("Una", "Skill", postcode=near), slots=mask_of(["sun-eve"]))
    small, large = both(settings)
    ours = {one.need_id: one.change for one in small.gaps}
    theirs = {one.need_id: one.change for one in large.gaps}
    assert ours == theirs
    time, ability = theirs[str(slot.pk)], theirs[str(skill.pk)]
    assert time is not None
    assert ability is not None
    assert (time["code"], time["values"]["slot"]) == ("change-need-slot", SLOTS[4])
    assert (ability["code"], ability["values"]["skill"]) == ("change-skill", "gardening")


def test_neither_says_how_far_a_protected_place_is(settings: Any) -> None:
    make_ready_need(person=make_person(postcode="LA1 1YN", shielded=True), postcode=None)
    make_volunteer()
    for found in both(settings):
        [match] = found.pairs
        assert match.terms[0] == {"code": "travel-hidden", "values": {}, "points": 0}


def test_a_plan_stopped_by_its_limit_says_so_and_what_is_proved(settings: Any) -> None:
    by = coordinator()
    make_ready_need(band=1)
    make_volunteer()
    settings.STEPDOWN_INDEX_FROM = LARGE
    plan = plans.make(by=by, seconds=0)
    assert plan.facts["finished"] is False
    assert not plan.proven
    assert (plan.filled, plan.facts["filled_by_band"]) == (0, [0, 0, 0, 0])
    assert plan.facts["optimum_by_band"][0] >= 1
    [gap] = reading.gaps(by, plan).items
    assert gap.change == "What would fill it was not looked for: the plan was stopped by its limit."


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_who_is_asked_is_counted_beside_the_plan(settings: Any, size: int) -> None:
    make_ready_need()
    make_volunteer(capacity=2)
    make_volunteer(slots=0, capacity=0)
    told = proposed(settings, size).fairness
    asked = {line["name"]: (line["volunteers"], line["planned"]) for line in told["asks"]}
    load = {line["name"]: (line["volunteers"], line["planned"]) for line in told["load"]}
    assert asked["never asked"] == (2, 1)
    assert load["up to half"] == (1, 1)
    assert load["no place"] == (1, 0)


def test_many_needs_are_read_as_few_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above a number the database reads the ids itself, of which a query takes only so many."""
    a_world()
    helped = make_person(postcode="PR1 8RJ")
    met, kept_apart = make_volunteer(capacity=2), make_volunteer()
    before = make_ready_need("Before", person=helped)
    make_placement(before, met)
    make_ready_need("Again", person=helped, credential_types=["dbs-basic"])
    exclusions.record(by=coordinator(), volunteer=kept_apart, person=helped, reason="known")
    few = world.build(on=clock.today()).problem
    assert few.exclusions
    assert few.continuity
    monkeypatch.setattr(world_needs, "MANY", 0)
    monkeypatch.setattr(world_pairs, "MANY", 0)
    assert world.build(on=clock.today()).problem == few
