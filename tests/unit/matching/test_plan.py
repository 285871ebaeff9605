"""What a coordinator would say of a plan, one small case each."""

from dataclasses import replace
from datetime import date

from stepdown.kernel.slots import mask_of
from stepdown.matching.explain import why_not, why_this, why_unfilled
from stepdown.matching.plan import Plan, plan
from stepdown.matching.problem import Need, Problem, Volunteer
from stepdown.matching.relax import apply, cheapest_change
from stepdown.matching.rules import Rule
from stepdown.matching.shortlist import shortlist
from stepdown.matching.words import say

ON = date(2026, 11, 5)
MON, TUE = mask_of(["mon-am"]), mask_of(["tue-pm"])


def planned(volunteers: list[Volunteer], needs: list[Need], **pairs: object) -> Plan:
    problem = Problem.build(volunteers, needs, on=ON, **pairs)  # type: ignore[arg-type]
    found = plan(problem)
    assert found.certificate.ok
    return found


def who(found: Plan) -> list[tuple[str, str, str | None]]:
    return [(pair.need_id, pair.volunteer_id, pair.slot) for pair in found.pairs()]


def test_the_more_urgent_need_takes_the_only_volunteer_however_far() -> None:
    near, far = Need("near", 0, 0, band=2), Need("far", 9_000, 0, band=1)
    found = planned([Volunteer("v", 0, 0)], [near, far])
    assert who(found) == [("far", "v", None)]


def test_a_chain_of_moves_fills_both_needs() -> None:
    people = [Volunteer("a", 0, 0), Volunteer("b", 0, 0, skills=frozenset(["cooking"]))]
    cooking = Need("cook", 0, 0, band=2, skills=frozenset(["cooking"]))
    found = planned(people, [Need("any", 0, 0, band=1), cooking])
    assert who(found) == [("any", "a", None), ("cook", "b", None)]


def test_nobody_is_in_two_places_in_one_slot() -> None:
    person = Volunteer("v", 0, 0, slots=MON, capacity=2)
    found = planned([person], [Need("a", 0, 0, slots=MON), Need("b", 0, 0, slots=MON | TUE)])
    assert found.filled == 1


def test_a_held_slot_moves_to_make_room_for_a_need_with_less_choice() -> None:
    person = Volunteer("v", 0, 0, slots=MON | TUE, capacity=2)
    wide, narrow = Need("a", 0, 0, band=1, slots=MON | TUE), Need("b", 0, 0, slots=MON)
    assert who(planned([person], [wide, narrow])) == [("a", "v", "tue-pm"), ("b", "v", "mon-am")]


def test_a_need_without_slots_takes_capacity_and_no_slot() -> None:
    person = Volunteer("v", 0, 0, slots=MON, capacity=2)
    found = planned([person], [Need("a", 0, 0), Need("b", 0, 0, slots=MON)])
    assert who(found) == [("a", "v", None), ("b", "v", "mon-am")]


def test_a_volunteer_fills_one_place_of_a_need_only_and_a_half_filled_need_is_reported() -> None:
    found = planned([Volunteer("v", 0, 0, capacity=5)], [Need("n", 0, 0, places=3)])
    assert found.filled == 1
    why = why_unfilled(found.problem, found, "n")
    assert (why.code, why.places, why.places_unfilled) == ("too-few", 3, 2)


def test_live_placements_and_offers_keep_what_they_hold() -> None:
    person = Volunteer("v", 0, 0, slots=MON | TUE, busy_slots=MON, capacity=3, held=1)
    needs = [Need("a", 0, 0, slots=MON), Need("b", 0, 0, slots=TUE, places=2, held=1)]
    found = planned([person], needs, held_pairs=[("v", "a")])
    assert who(found) == [("b", "v", "tue-pm")]
    assert found.places == 2


def test_an_empty_world_has_an_empty_plan() -> None:
    for found in (planned([], []), planned([Volunteer("v")], []), planned([], [Need("n")])):
        assert found.filled == 0
        assert found.certificate.gap == 0


def test_progress_is_told_by_phase() -> None:
    heard: list[str] = []
    problem = Problem.build([Volunteer("v")], [Need("n")], on=ON)
    plan(problem, progress=lambda phase, done, total: heard.append(f"{phase} {done}/{total}"))
    assert heard == ["candidates 1/1", "solve 1/1", "solve 1/1", "certify 1/1"]


def test_why_this_gives_each_term_with_its_points() -> None:
    person = Volunteer("v", 0, 0, limit_m=10_000, preferred=frozenset(["company"]), asks=1)
    problem = Problem.build(
        [person], [Need("n", 2_500, 0, kind="company")], on=ON, continuity=[("v", "n")]
    )
    terms = why_this(problem, "v", "n")
    assert [(term.code, term.points) for term in terms] == [
        ("travel", 450),
        ("preferred", 150),
        ("continuity", 150),
        ("asked", 50),
    ]
    assert say(terms[0]) == "2.5 km away"
    assert plan(problem).quality == 800


def test_why_not_gives_every_rule_that_fails() -> None:
    person = Volunteer("v", 0, 0, limit_m=1_000)
    need = Need("n", 14_200, 0, skills=frozenset(["driving"]), minimum_age=18, starts=ON)
    problem = Problem.build([person], [need], on=ON, exclusions=[("v", "n")])
    rules = [failure.rule for failure in why_not(problem, "v", "n")]
    assert rules == [Rule.EXCLUDED, Rule.AGE, Rule.SKILL, Rule.DISTANCE]


def test_why_unfilled_says_when_all_suitable_people_are_taken() -> None:
    found = planned([Volunteer("v", 0, 0)], [Need("a", 0, 0, band=1), Need("b", 0, 0, band=3)])
    why = why_unfilled(found.problem, found, "b")
    assert (why.code, why.eligible, why.places_unfilled) == ("taken", 1, 1)


def test_why_unfilled_counts_who_fails_by_one_rule_only() -> None:
    skill = frozenset(["driving"])
    people = [
        Volunteer("far", 90_000, 0, limit_m=1_000, skills=skill),
        Volunteer("further", 99_000, 0, limit_m=1_000, skills=skill),
        Volunteer("unskilled", 0, 0),
        Volunteer("neither", 99_000, 0, limit_m=1_000),
    ]
    found = planned(people, [Need("n", 0, 0, skills=skill)])
    why = why_unfilled(found.problem, found, "n")
    assert dict(why.only) == {Rule.DISTANCE: 2, Rule.SKILL: 1}
    assert "distance: 2; skills: 1" in say(why)


def test_shortlist_is_best_first_and_can_show_those_who_fail() -> None:
    people = [
        Volunteer("far", 9_000, 0),
        Volunteer("near", 100, 0),
        Volunteer("barred", 0, 0),
        Volunteer("young", 50, 0, date_of_birth=date(2015, 1, 1)),
    ]
    need = Need("n", 0, 0, minimum_age=None)
    problem = Problem.build(people, [need], on=ON, exclusions=[("barred", "n")])
    assert [one.volunteer_id for one in shortlist(problem, "n", 2)] == ["young", "near"]
    everyone = shortlist(problem, "n", 9, eligible_only=False)
    assert [one.volunteer_id for one in everyone] == ["young", "near", "far", "barred"]
    assert [failure.rule for failure in everyone[-1].failures] == [Rule.EXCLUDED]
    assert shortlist(problem, "n", 0) == []


def test_another_time_is_tried_before_a_longer_journey() -> None:
    people = [
        Volunteer("busy", 0, 0, slots=TUE),
        Volunteer("far", 3_000, 0, limit_m=2_000, slots=MON),
    ]
    found = planned(people, [Need("n", 0, 0, slots=MON)])
    change = cheapest_change(found.problem, found, "n")
    assert change is not None
    assert (change.code, change.volunteer_id, change.slot) == ("change-need-slot", "busy", "tue-pm")
    assert say(change) == "If the time could also be Tuesday afternoon, busy could fill a place."
    assert who(plan(apply(found.problem, change))) == [("n", "busy", "tue-pm")]


def test_the_shortest_longer_journey_is_named() -> None:
    people = [Volunteer(f"v{km}", km * 1_000, 0, limit_m=2_000) for km in (9, 5, 40)]
    found = planned(people, [Need("n", 0, 0)])
    change = cheapest_change(found.problem, found, "n")
    assert change is not None
    assert (change.rule, change.volunteer_id) == (Rule.DISTANCE, "v5")


def test_one_place_more_of_capacity_goes_to_the_need_that_would_gain_it() -> None:
    people = [Volunteer("v", 0, 0, capacity=1)]
    found = planned(people, [Need(n, 0, 0, band=b) for n, b in (("a", 1), ("b", 2), ("c", 3))])
    change = cheapest_change(found.problem, found, "b")
    assert change is not None
    assert change.rule is Rule.CAPACITY
    assert plan(apply(found.problem, change)).got("b") == 1
    assert cheapest_change(found.problem, found, "c") is None  # the place would go to b


def test_capacity_already_held_elsewhere_can_grow_too() -> None:
    found = planned([Volunteer("v", 0, 0, capacity=1, held=1)], [Need("n", 0, 0)])
    change = cheapest_change(found.problem, found, "n")
    assert change is not None
    assert change.rule is Rule.CAPACITY
    assert plan(apply(found.problem, change)).filled == 1


def test_renewing_a_check_is_cheaper_than_obtaining_one_and_a_skill_is_dropped_last() -> None:
    checks, skills = frozenset(["dbs"]), frozenset(["driving"])
    need = Need("n", 0, 0, credentials=checks, skills=skills, starts=ON)
    lapsed = Volunteer("lapsed", 0, 0, skills=skills, credentials={"dbs": (None, date(2026, 1, 1))})
    without = Volunteer("without", 0, 0, skills=skills)
    unskilled = Volunteer("unskilled", 0, 0, credentials={"dbs": (None, None)})
    people = [unskilled, without, lapsed]
    codes = []
    while people:
        found = planned(people, [need])
        change = cheapest_change(found.problem, found, "n")
        assert change is not None
        codes.append(change.code)
        people = [one for one in people if one.id != change.volunteer_id]
    assert codes == ["change-renew", "change-obtain", "change-skill"]


def test_no_change_is_better_than_one_that_breaks_the_law_or_a_recorded_exclusion() -> None:
    people = [
        Volunteer("excluded", 0, 0, gender="f"),
        Volunteer("man", 0, 0, gender="m"),
        Volunteer("special", 0, 0, gender="f", roles=frozenset(["special"])),
        Volunteer("tired", 0, 0, gender="f", weekly_load=60, weekly_cap=60),
    ]
    need = Need("n", 0, 0, gender="f", excluded_roles=frozenset(["special"]))
    problem = Problem.build(people, [need], on=ON, exclusions=[("excluded", "n")])
    assert cheapest_change(problem, plan(problem), "n") is None


def test_a_filled_need_has_no_change_to_make() -> None:
    found = planned([Volunteer("v", 0, 0)], [Need("n", 0, 0)])
    assert cheapest_change(found.problem, found, "n") is None
    assert found.unfilled() == []


def test_unfilled_needs_are_told_most_urgent_first() -> None:
    found = planned([], [Need("a", 0, 0, band=3), Need("b", 0, 0, band=1), Need("c", 0, 0, band=3)])
    assert found.unfilled() == ["b", "a", "c"]


def test_a_plan_of_the_same_records_twice_is_equal() -> None:
    found = planned([Volunteer("v", 0, 0), Volunteer("w", 0, 0)], [Need("n", 0, 0)])
    assert plan(replace(found.problem)).pairs() == found.pairs()
