"""The national certificate says what the plain one says, and never less than the whole graph."""

from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate

import numpy as np
import pytest

from stepdown.matching.arrays import Arrays, Ints
from stepdown.matching.bound import pair_rows
from stepdown.matching.certify import Certificate, Claim, certify
from stepdown.matching.eligibility import failures, shared_slots
from stepdown.matching.flow import band_step
from stepdown.matching.national.certify import certify_arrays
from stepdown.matching.plan import claim_of, plan
from stepdown.matching.problem import Need, Problem, Volunteer
from stepdown.matching.scoring import MAX_QUALITY, quality
from tests.support.matching_worlds import seeded_world
from tests.support.national_worlds import ON, rich_world

Row = tuple[Ints, Ints, Ints]
SLOTS = 21


def worlds() -> Iterator[Problem]:
    """A few hundred small worlds: every record, contended ones, many skills, wide and narrow."""
    for seed in range(150):
        size = seed % 9
        yield rich_world(
            seed, 3 * size, 2 * size + seed % 2,
            across_m=(2_000, 12_000, 40_000)[seed % 3], skills=(4, 6, 90)[seed // 3 % 3],
        )  # fmt: skip
    for seed in range(50):
        yield seeded_world(seed, 6 + seed % 20, 25)


def claims(problem: Problem) -> Iterator[Claim]:
    """The right claim, and wrong ones of every kind."""
    right = claim_of(plan(problem).solution)[0]
    pick = np.random.default_rng(len(problem.needs))
    people, needs = len(problem.volunteers), len(problem.needs)
    yield right
    if not people:
        return
    price, step = right.capacity_price, right.step
    yield right._replace(capacity_price=np.zeros_like(price))
    yield right._replace(capacity_price=price - pick.integers(0, 2, people))
    for scale in (3, MAX_QUALITY, step, 5 * step):
        noise = pick.integers(-scale, scale + 1, people)
        yield right._replace(capacity_price=np.maximum(0, price + noise))
    yield right._replace(slot_price=right.slot_price // 2)
    some = pick.integers(0, people, 6), pick.integers(0, SLOTS, 6), pick.integers(0, 3 * step, 6)
    yield right._replace(slot_volunteer=some[0], slot_bit=some[1], slot_price=some[2])
    yield right._replace(step=max(1, step // 3))
    yield right._replace(step=0)
    if not right.need.size:
        return
    row = int(pick.integers(right.need.size))
    yield without(right, row)
    yield with_pair(right, right.need[row], right.volunteer[row], right.slot[row])
    for _ in range(4):
        need, volunteer, slot = pick.integers((0, 0, -2), (needs, people, SLOTS)).tolist()
        yield with_pair(right, need, volunteer, slot)
        yield changed(right, "volunteer", row, volunteer)
        yield changed(right, "need", row, need)
        yield changed(right, "slot", row, slot)
    yield changed(right, "volunteer", row, people)
    mixed = pick.permutation(right.need.size)
    yield right._replace(
        need=right.need[mixed], volunteer=right.volunteer[mixed], slot=right.slot[mixed]
    )
    yield right._replace(volunteer=right.volunteer[mixed])


def without(claim: Claim, row: int) -> Claim:
    return claim._replace(
        need=np.delete(claim.need, row),
        volunteer=np.delete(claim.volunteer, row),
        slot=np.delete(claim.slot, row),
    )


def with_pair(claim: Claim, need: int, volunteer: int, slot: int) -> Claim:
    return claim._replace(
        need=np.append(claim.need, need),
        volunteer=np.append(claim.volunteer, volunteer),
        slot=np.append(claim.slot, slot),
    )


def changed(claim: Claim, column: str, row: int, value: int) -> Claim:
    values = getattr(claim, column).copy()
    values[row] = value
    return claim._replace(**{column: values})


KINDS = (
    "the slot is not one they share", "the need takes no slot", "fills two places",
    "more than its places", "more than their capacity", "two places in one slot", "is below 0",
    "not in the problem", "fewer places filled", "the bound is",
)  # fmt: skip


def kinds(proof: Certificate) -> set[str]:
    """What kinds of faults there are: rules by name, others by their words."""
    found = set()
    for fault in proof.faults:
        known = [kind for kind in KINDS if kind in fault]
        found.add(known[0] if known else fault.rpartition(": ")[2])
    return found


def assert_alike(ours: Certificate, plain: Certificate) -> None:
    assert ours.filled_by_band == plain.filled_by_band
    assert ours.optimum_by_band == plain.optimum_by_band
    assert (ours.quality, ours.upper_bound, ours.gap, ours.ok) == (
        plain.quality, plain.upper_bound, plain.gap, plain.ok,
    )  # fmt: skip
    assert kinds(ours) == kinds(plain)


def plain_rows(problem: Problem) -> Iterator[Row]:
    """The feasible pairs of each need with their quality and shared slots, by the plain rules."""
    for need in problem.needs:
        rows = [
            (v, quality(problem, one, need), shared_slots(problem, one, need) if need.slots else 0)
            for v, one in enumerate(problem.volunteers)
            if not failures(problem, one, need)
        ]
        columns = np.array(rows, np.int64).reshape(-1, 3).T
        yield columns[0], columns[1], columns[2]


def whole_graph(arrays: Arrays, claim: Claim, rows: Iterable[Row]) -> tuple[int, list[int]]:
    """The bounds of a claim with every pair looked at: the sum, and places in bands 1 to b."""
    step = max(1, claim.step)
    table = np.repeat(np.maximum(claim.capacity_price, 0)[:, None], SLOTS + 1, axis=1)
    np.add.at(table, (claim.slot_volunteer, claim.slot_bit), np.maximum(claim.slot_price, 0))
    spare, price = arrays.volunteers.capacity, table[:, SLOTS]
    total = int((spare * price).sum() + np.maximum(claim.slot_price, 0).sum())
    steps = (2 * table + step) // (2 * step)
    reach = []
    for band in (1, 2, 3, 4):
        gone = steps >= 5 - band
        more = (gone[:, :SLOTS] & ~gone[:, SLOTS:]).sum()
        reach.append(int((spare * gone[:, SLOTS]).sum() + more))
    for n, (volunteers, points, shared) in enumerate(rows):
        band, places = int(arrays.needs.band[n]), int(arrays.needs.places[n])
        if not places:
            continue
        cost = price[volunteers]
        for i in np.flatnonzero(shared).tolist() if arrays.needs.slots[n] else []:
            offered = [slot for slot in range(SLOTS) if shared[i] >> slot & 1]
            cost[i] = table[volunteers[i], offered].min()
        margins = np.sort(points + (5 - band) * step - cost)[::-1][:places]
        total += int(margins[margins > 0].sum())
        worth = (2 * cost + step) // (2 * step)
        for b in range(band, 5):
            reach[b - 1] += min(places, int((worth < 5 - b).sum()))
    return total, reach


def assert_as_whole_graph(arrays: Arrays, claim: Claim, rows: Iterable[Row]) -> None:
    proof = certify_arrays(arrays, claim)
    total, reach = whole_graph(arrays, claim, rows)
    filled = list(accumulate(proof.filled_by_band))
    assert list(accumulate(proof.optimum_by_band)) == reach
    assert proof.upper_bound == total - claim.step * sum(filled)


def test_every_claim_is_judged_as_the_plain_certificate_judges_it() -> None:
    judged = proved = 0
    for turn, problem in enumerate(worlds()):
        right, *wrong = claims(problem)
        for claim in (right, *wrong[turn % 8 :: 8]):  # every kind of wrong claim, in turn
            plain = certify(problem, claim)
            assert_alike(certify_arrays(problem.arrays, claim), plain)
            judged, proved = judged + 1, proved + plain.ok
    assert proved >= 200
    assert judged > 700


def test_waived_rules_and_extra_slots_enter_the_bound_of_their_pairs_alone() -> None:
    for seed in range(30):
        problem = rich_world(seed, 3 + seed % 12, 2 + seed % 7, across_m=20_000, waive=True)
        assert problem.allowances
        rows = list(plain_rows(problem))
        for claim in claims(problem):
            if (claim.volunteer < len(problem.volunteers)).all():
                assert_as_whole_graph(problem.arrays, claim, rows)
                planned = certify_arrays(problem.arrays, claim)
                assert planned.quality == certify(problem, claim).quality


@pytest.fixture(scope="module")
def large() -> Problem:
    return rich_world(1, 5000, 800, across_m=120_000, skills=70)


def greedy(arrays: Arrays, rows: list[Row]) -> Claim:
    """Each need takes the best volunteers left that pass the rules, whatever the slots."""
    left = arrays.volunteers.capacity.copy()
    pairs = []
    for n, (volunteers, points, shared) in enumerate(rows):
        best = np.argsort(-points, kind="stable")
        for i in best[left[volunteers[best]] > 0][: arrays.needs.places[n]].tolist():
            left[volunteers[i]] -= 1
            slot = int(shared[i]) & -int(shared[i])
            pairs.append((n, int(volunteers[i]), slot.bit_length() - 1))
    need, volunteer, slots = np.array(pairs, np.int64).T
    nothing = np.empty(0, np.int64)
    step = 2 * (need.size + 1) * MAX_QUALITY + 1
    price = np.zeros(left.size, np.int64)
    return Claim(need, volunteer, slots, price, nothing, nothing, nothing, step)


def test_blocks_passed_over_never_change_the_bound(large: Problem) -> None:
    rows = list(pair_rows(large.arrays))
    claim = greedy(large.arrays, rows)
    pick = np.random.default_rng(2)
    people, step = len(large.volunteers), claim.step
    assert_as_whole_graph(large.arrays, claim, rows)
    for most in (20, 400, 3000, step, 4 * step):
        price = pick.integers(0, most, people) * (pick.random(people) < 0.6)
        assert_as_whole_graph(large.arrays, claim._replace(capacity_price=price), rows)
        slots = claim._replace(
            capacity_price=price,
            slot_volunteer=pick.integers(0, people, 2000),
            slot_bit=pick.integers(0, SLOTS, 2000),
            slot_price=pick.integers(0, most, 2000),
        )
        assert_as_whole_graph(large.arrays, slots, rows)


def test_a_larger_plan_is_proved_whatever_the_threads(large: Problem) -> None:
    made = plan(large)
    claim = claim_of(made.solution)[0]
    heard: list[tuple[str, int, int]] = []
    one = certify_arrays(large.arrays, claim, threads=1)
    two = certify_arrays(large.arrays, claim, threads=2, progress=lambda *call: heard.append(call))
    assert one.ok
    assert one == two == made.certificate
    assert heard
    assert all(phase == "certify" and 0 < done <= total for phase, done, total in heard)


def test_bound_holds_for_another_step() -> None:
    problem = seeded_world(3, 30, 90)
    solution = plan(problem).solution
    claim = claim_of(solution)[0]
    rows = list(plain_rows(problem))
    most = band_step(solution.edges, problem.arrays.needs.places, MAX_QUALITY)
    for step in (1, 2, 500, 2001, most - 1, most + 1):
        assert_as_whole_graph(problem.arrays, claim._replace(step=step), rows)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda claim: claim._replace(slot=claim.slot[1:]),
        lambda claim: claim._replace(capacity_price=claim.capacity_price[1:]),
        lambda claim: claim._replace(slot_price=np.append(claim.slot_price, 1)),
        lambda claim: claim._replace(step=1 << 60),
        lambda claim: claim._replace(capacity_price=claim.capacity_price + (1 << 57)),
    ],
)
def test_what_cannot_be_added_up_is_refused(spoil: Callable[[Claim], Claim]) -> None:
    problem = seeded_world(3, 30, 90)
    claim = claim_of(plan(problem).solution)[0]
    with pytest.raises(ValueError, match=r"one length|64 bits"):
        certify_arrays(problem.arrays, spoil(claim))


def test_a_price_of_a_slot_there_is_not_is_a_fault_and_counts_for_nothing() -> None:
    problem = seeded_world(3, 30, 90)
    claim = claim_of(plan(problem).solution)[0]
    stranger = claim._replace(
        slot_volunteer=np.append(claim.slot_volunteer, [30, 0]),
        slot_bit=np.append(claim.slot_bit, [0, SLOTS]),
        slot_price=np.append(claim.slot_price, [7, 7]),
    )
    proof = certify_arrays(problem.arrays, stranger)
    assert proof.faults == ("A price names a slot that is not in the problem",)
    assert proof.upper_bound == certify(problem, claim).upper_bound


def test_a_need_of_very_many_places_is_judged_in_any_order() -> None:
    people = [Volunteer(f"v{i:04}", 300_000 + i, 400_000, 5_000) for i in range(900)]
    need = Need("n", 300_000, 400_000, places=700)
    problem = Problem.build(people, [need], on=ON)
    claim = claim_of(plan(problem).solution)[0]
    mixed = np.random.default_rng(1).permutation(claim.need.size)
    mixed_claim = claim._replace(volunteer=claim.volunteer[mixed])
    proof = certify_arrays(problem.arrays, mixed_claim)
    assert proof.ok
    assert_alike(proof, certify(problem, mixed_claim))
