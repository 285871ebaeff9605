"""The cheapest change works, is the cheapest, and never breaks what must not be broken."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings

from stepdown.kernel.slots import names_of
from stepdown.matching.eligibility import distance_m, failures
from stepdown.matching.explain import why_unfilled
from stepdown.matching.plan import Plan, plan
from stepdown.matching.problem import Need, Problem
from stepdown.matching.relax import MOST_EXTRA_M, Change, apply, cheapest_change
from stepdown.matching.rules import Rule
from stepdown.matching.words import say
from tests.support.matching_worlds import seeded_world, small_worlds

NEVER = {
    Rule.EXCLUDED,
    Rule.ALREADY_HELD,
    Rule.AGE,
    Rule.GENDER,
    Rule.LANGUAGE,
    Rule.ROLE_CONFLICT,
    Rule.WEEKLY_LOAD,
}


def gains(before: Plan, after: Plan, band: int) -> bool:
    """One place more in the band, the more urgent bands as they were."""
    old, new = before.filled_by_band, after.filled_by_band
    return new[: band - 1] == old[: band - 1] and new[band - 1] == old[band - 1] + 1


def check_works(problem: Problem, found: Plan, need: Need, change: Change) -> None:
    again = plan(apply(problem, change))
    assert again.certificate.ok
    assert gains(found, again, need.band)
    if again.got(need.id) <= found.got(need.id):
        # Another optimum of the same worth was met: this need gains in one that is as good.
        only = apply(problem, change)
        forced = plan(_without_rivals(only, found, need))
        assert forced.got(need.id) == found.got(need.id) + 1
        assert gains(found, forced, need.band)
        assert forced.quality == again.quality
    assert say(change)
    assert change.rule not in NEVER


def _without_rivals(problem: Problem, found: Plan, need: Need) -> Problem:
    """The same world, in which no other need of the band can gain a place."""
    needs = tuple(
        replace(other, places=other.held + found.got(other.id))
        if other.band == need.band and other.id != need.id
        else other
        for other in problem.needs
    )
    return replace(problem, needs=needs)


@settings(max_examples=300)
@given(small_worlds())
def test_planning_again_with_the_change_fills_a_place_of_the_need(problem: Problem) -> None:
    found = plan(problem)
    for need_id in found.unfilled():
        change = cheapest_change(problem, found, need_id)
        assert say(why_unfilled(problem, found, need_id))
        if change is not None:
            check_works(problem, found, problem.need(need_id), change)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("volunteers", "needs"), [(40, 80), (30, 90)])
def test_changes_work_in_contended_worlds(seed: int, volunteers: int, needs: int) -> None:
    problem = seeded_world(seed, volunteers, needs)
    found = plan(problem)
    changes = 0
    for need_id in found.unfilled():
        change = cheapest_change(problem, found, need_id)
        if change is not None:
            changes += 1
            check_works(problem, found, problem.need(need_id), change)
    assert changes > 0


def pair_changes(problem: Problem, need: Need) -> Iterator[Change]:
    """Every change of one pair, of any kind and by brute force, that a coordinator could make."""
    for volunteer in problem.volunteers:
        broken = failures(problem, volunteer, need)
        rules = {failure.rule for failure in broken}
        key = (need.id, volunteer.id)
        free = volunteer.slots & ~volunteer.busy_slots
        if need.slots and rules <= {Rule.SLOT, Rule.BUSY}:
            asked = need.slots & ~volunteer.slots & ~volunteer.busy_slots
            for slot in names_of((free & ~need.slots) | asked):
                rule = next(iter(rules), Rule.SLOT)
                yield Change("change-need-slot", {}, rule, *key, 10, slot)
        if rules == {Rule.DISTANCE}:
            metres = distance_m(volunteer, need)
            limit = volunteer.limit_m
            if metres is not None and limit is not None and metres + 1 - limit <= MOST_EXTRA_M:
                yield Change("change-distance", {}, Rule.DISTANCE, *key, 20)
        if len(broken) == 1 and rules <= {Rule.REQUIREMENTS, Rule.SKILL}:
            rule = broken[0].rule
            yield Change("change", {}, rule, *key, 80 if rule is Rule.SKILL else 60)


@settings(max_examples=150)
@given(small_worlds(most=4))
def test_no_cheaper_change_of_a_pair_would_have_worked(problem: Problem) -> None:
    found = plan(problem)
    for need_id in found.unfilled():
        need = problem.need(need_id)
        change = cheapest_change(problem, found, need_id)
        for other in pair_changes(problem, need):
            if change is None or other.cost < change.cost - 25:
                assert not gains(found, plan(apply(problem, other)), need.band), other
