"""The certificate catches every fault put in front of it."""

from collections.abc import Callable

import numpy as np
import pytest

from stepdown.matching.certify import Certificate, Claim, certify
from stepdown.matching.plan import claim_of, plan
from stepdown.matching.problem import Problem
from tests.support.matching_worlds import seeded_world

Fault = Callable[[Problem, Claim], Claim]


@pytest.fixture(scope="module")
def problem() -> Problem:
    return seeded_world(3, 30, 90)


@pytest.fixture(scope="module")
def claim(problem: Problem) -> Claim:
    return claim_of(plan(problem).solution)[0]


def without(claim: Claim, row: int) -> Claim:
    return claim._replace(
        need=np.delete(claim.need, row),
        volunteer=np.delete(claim.volunteer, row),
        slot=np.delete(claim.slot, row),
    )


def drop_a_pair(problem: Problem, claim: Claim) -> Claim:
    return without(claim, 0)


def drop_the_least_urgent_pair(problem: Problem, claim: Claim) -> Claim:
    bands = [problem.needs[n].band for n in claim.need.tolist()]
    return without(claim, int(np.argmax(bands)))


def repeat_a_pair(problem: Problem, claim: Claim) -> Claim:
    return claim._replace(
        need=np.append(claim.need, claim.need[0]),
        volunteer=np.append(claim.volunteer, claim.volunteer[0]),
        slot=np.append(claim.slot, claim.slot[0]),
    )


def swap_two_volunteers(problem: Problem, claim: Claim) -> Claim:
    volunteer = claim.volunteer.copy()
    volunteer[[0, -1]] = volunteer[[-1, 0]]
    return claim._replace(volunteer=volunteer)


def name_a_stranger(problem: Problem, claim: Claim) -> Claim:
    volunteer = claim.volunteer.copy()
    volunteer[0] = len(problem.volunteers)
    return claim._replace(volunteer=volunteer)


def take_a_slot_not_shared(problem: Problem, claim: Claim) -> Claim:
    slot = claim.slot.copy()
    slot[np.flatnonzero(slot >= 0)[0]] = 20
    return claim._replace(slot=slot)


def take_a_slot_where_none_is_asked(problem: Problem, claim: Claim) -> Claim:
    slot = claim.slot.copy()
    slot[np.flatnonzero(slot < 0)[0]] = 0
    return claim._replace(slot=slot)


def leave_a_slot_out(problem: Problem, claim: Claim) -> Claim:
    slot = claim.slot.copy()
    slot[np.flatnonzero(slot >= 0)[0]] = -1
    return claim._replace(slot=slot)


def raise_a_price(problem: Problem, claim: Claim) -> Claim:
    price = claim.capacity_price.copy()
    price[0] += 1
    return claim._replace(capacity_price=price)


def lower_a_price(problem: Problem, claim: Claim) -> Claim:
    price = claim.capacity_price.copy()
    price[np.argmax(price)] //= 2
    return claim._replace(capacity_price=price)


def forget_the_prices(problem: Problem, claim: Claim) -> Claim:
    return claim._replace(capacity_price=np.zeros_like(claim.capacity_price))


def put_a_price_below_zero(problem: Problem, claim: Claim) -> Claim:
    price = claim.capacity_price.copy()
    price[np.argmin(price)] = -1
    return claim._replace(capacity_price=price)


def forget_the_slot_prices(problem: Problem, claim: Claim) -> Claim:
    assert claim.slot_price.size, "the world must have slots worth something"
    return claim._replace(slot_price=np.zeros_like(claim.slot_price))


FAULTS: list[Fault] = [
    drop_a_pair,
    drop_the_least_urgent_pair,
    repeat_a_pair,
    swap_two_volunteers,
    name_a_stranger,
    take_a_slot_not_shared,
    take_a_slot_where_none_is_asked,
    leave_a_slot_out,
    raise_a_price,
    lower_a_price,
    forget_the_prices,
    put_a_price_below_zero,
    forget_the_slot_prices,
]


def test_the_plan_itself_is_proved(problem: Problem, claim: Claim) -> None:
    proof = certify(problem, claim)
    assert proof.ok
    assert proof.faults == ()
    assert proof.gap == 0
    assert proof.filled_by_band == proof.optimum_by_band


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_fault_is_refused(problem: Problem, claim: Claim, fault: Fault) -> None:
    proof = certify(problem, fault(problem, claim))
    assert not proof.ok
    assert proof.faults


def test_a_lost_place_shows_in_its_band(problem: Problem, claim: Claim) -> None:
    proof: Certificate = certify(problem, drop_a_pair(problem, claim))
    band = problem.needs[int(claim.need[0])].band
    assert proof.optimum_by_band[band - 1] == proof.filled_by_band[band - 1] + 1


def test_wrong_prices_never_prove_less_than_the_optimum(problem: Problem, claim: Claim) -> None:
    pick = np.random.default_rng(5)
    best = certify(problem, claim)
    for _ in range(20):
        noise = pick.integers(-claim.step, claim.step, claim.capacity_price.size)
        price = np.maximum(0, claim.capacity_price + noise)
        proof = certify(problem, claim._replace(capacity_price=price))
        assert proof.upper_bound >= best.quality
        reach = np.cumsum(proof.optimum_by_band)
        assert (reach >= np.cumsum(best.filled_by_band)).all()


def swap_for_lower_quality(problem: Problem, claim: Claim) -> Claim:
    """Another feasible volunteer for one need, with room to spare, and worth less."""
    spare = plan(problem).solution
    for row, (n, v) in enumerate(zip(claim.need.tolist(), claim.volunteer.tolist(), strict=True)):
        begin, end = spare.edges.start[n], spare.edges.start[n + 1]
        for other in spare.edges.volunteer[begin:end].tolist():
            if other != v and other not in claim.volunteer and claim.slot[row] < 0:
                volunteer = claim.volunteer.copy()
                volunteer[row] = other
                return claim._replace(volunteer=volunteer)
    raise AssertionError("the world must have somebody to spare")


def test_a_plan_of_lower_quality_has_a_gap() -> None:
    problem = seeded_world(1, 120, 40)
    claim = claim_of(plan(problem).solution)[0]
    proof = certify(problem, swap_for_lower_quality(problem, claim))
    assert not proof.ok
    assert proof.gap > 0
    assert proof.filled_by_band == proof.optimum_by_band
