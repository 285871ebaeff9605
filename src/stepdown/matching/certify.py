"""The certificate: checks a plan from the problem itself, sharing no code with the solver.

Every planned pair is tried again against the plain hard rules, capacity, slots and places. Then the
integer prices are used as a Lagrangian bound (Fisher, Management Science 27(1), 1981): whatever
prices of at least 0 are put on each volunteer's capacity and slots, no plan is worth more than

    sum of capacity x price + sum of slot prices + for each need the best (weight - price) of its
    feasible pairs, as many as it has places and none below 0.

The same prices, rounded to whole steps between bands, bound the places that can be filled in bands
1 to b, for each b. Wrong prices only make a bound worse: a certificate never says too much.
"""

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stepdown.matching.arrays import Ints
from stepdown.matching.bound import pair_rows
from stepdown.matching.eligibility import failures, shared_slots
from stepdown.matching.problem import BANDS, Problem
from stepdown.matching.scoring import quality

SLOTS = 21


class Claim(NamedTuple):
    """A plan and the prices put forward for it: all arrays of whole numbers.

    ``slot`` is a bit number or -1. Slot prices are (volunteer, slot, price) where above 0.
    """

    need: Ints
    volunteer: Ints
    slot: Ints
    capacity_price: Ints  # [volunteers]
    slot_volunteer: Ints
    slot_bit: Ints
    slot_price: Ints
    step: int


@dataclass(frozen=True)
class Certificate:
    """What has been proved. ``gap`` is upper bound less quality, at the filled places of the plan.

    ``ok`` says: every pair stands, each band has as many places as any plan could fill, gap is 0.
    """

    filled_by_band: tuple[int, int, int, int]
    optimum_by_band: tuple[int, int, int, int]
    quality: int
    upper_bound: int
    gap: int
    ok: bool
    faults: tuple[str, ...] = ()


def certify(problem: Problem, claim: Claim) -> Certificate:
    """Check a claim. A wrong one comes back with ``ok`` false and its faults."""
    faults, total = _check_pairs(problem, claim)
    faults += _check_prices(claim)
    filled = _by_band(problem, claim.need)
    bound, reach = _bounds(problem, claim)
    optimum = _differences(reach)
    done = [sum(filled[: b + 1]) for b in range(len(BANDS))]
    upper = bound - claim.step * sum(done)
    gap = upper - total
    if reach != done:
        faults.append("A band has fewer places filled than are proved to be the most")
    if gap != 0:
        faults.append(f"The quality is {total} and the bound is {upper}")
    return Certificate(filled, optimum, total, upper, gap, not faults, tuple(faults))


def _by_band(problem: Problem, needs: Ints) -> tuple[int, int, int, int]:
    counts = Counter(problem.needs[n].band for n in needs.tolist() if 0 <= n < len(problem.needs))
    return (counts[1], counts[2], counts[3], counts[4])


def _differences(reach: list[int]) -> tuple[int, int, int, int]:
    a, b, c, d = reach
    return (a, b - a, c - b, d - c)


def _check_prices(claim: Claim) -> list[str]:
    if (claim.capacity_price < 0).any() or (claim.slot_price < 0).any() or claim.step < 1:
        return ["A price is below 0"]
    return []


def _check_pairs(problem: Problem, claim: Claim) -> tuple[list[str], int]:
    """Faults of the planned pairs, and their total quality, from the records themselves."""
    faults: list[str] = []
    total = 0
    people, wanted = len(problem.volunteers), len(problem.needs)
    columns = (claim.need.tolist(), claim.volunteer.tolist(), claim.slot.tolist())
    pairs = list(zip(*columns, strict=True))
    if any(not (0 <= n < wanted and 0 <= v < people) for n, v, _ in pairs):
        return ["A pair names somebody who is not in the problem"], 0
    for n, v, slot in pairs:
        need, volunteer = problem.needs[n], problem.volunteers[v]
        label = f"{need.id} and {volunteer.id}"
        broken = failures(problem, volunteer, need)
        if broken:
            faults.append(f"{label}: {broken[0].rule}")
        shared = shared_slots(problem, volunteer, need) if need.slots else 0
        if shared and not (slot >= 0 and shared >> slot & 1):
            faults.append(f"{label}: the slot is not one they share")
        if not shared and slot != -1:
            faults.append(f"{label}: the need takes no slot")
        total += quality(problem, volunteer, need)
    for (n, v), times in Counter((n, v) for n, v, _ in pairs).items():
        if times > 1:
            faults.append(f"{problem.needs[n].id}: {problem.volunteers[v].id} fills two places")
    for n, times in Counter(n for n, _, _ in pairs).items():
        if times > problem.needs[n].open_places:
            faults.append(f"{problem.needs[n].id}: more than its places")
    for v, times in Counter(v for _, v, _ in pairs).items():
        if times > problem.volunteers[v].capacity - problem.volunteers[v].held:
            faults.append(f"{problem.volunteers[v].id}: more than their capacity")
    for (v, _), times in Counter((v, slot) for _, v, slot in pairs if slot >= 0).items():
        if times > 1:
            faults.append(f"{problem.volunteers[v].id}: two places in one slot")
    return faults, total


def _bounds(problem: Problem, claim: Claim) -> tuple[int, list[int]]:
    """The bound on the scalar objective, and on the places filled in bands 1 to b, for each b."""
    arrays = problem.arrays
    step = max(1, claim.step)
    price = np.maximum(claim.capacity_price, 0)
    slot_price = np.maximum(claim.slot_price, 0)
    with_slot = np.repeat(price[:, None], SLOTS, axis=1)
    np.add.at(with_slot, (claim.slot_volunteer, claim.slot_bit), slot_price)
    dear = np.zeros(price.size, np.bool_)
    dear[claim.slot_volunteer] = True
    spare = arrays.volunteers.capacity
    total = int((spare * price).sum() + slot_price.sum())
    steps, slot_steps = _steps(price, step), _steps(with_slot, step)
    # Bands 1 to b count whoever is worth 5 - b steps or more: such a volunteer, or slot, is spent.
    reach = []
    for band in BANDS:
        whole = steps >= 5 - band
        extra = (slot_steps >= 5 - band) & ~whole[:, None]
        reach.append(int((spare * whole).sum() + extra.sum()))
    for n, (volunteers, points, shared) in enumerate(pair_rows(arrays)):
        band, places = int(arrays.needs.band[n]), int(arrays.needs.places[n])
        cost = price[volunteers]
        if arrays.needs.slots[n] and dear.any():
            _lower_to_cheapest_slot(cost, volunteers, shared, dear, with_slot)
        margin = points + (5 - band) * step - cost
        total += _best(margin, places)
        worth = _steps(cost, step)
        for b in range(band, len(BANDS) + 1):
            reach[b - 1] += min(places, int((worth < 5 - b).sum()))
    return total, reach


def _steps(price: Ints, step: int) -> Ints:
    """A price in whole steps between bands, to the nearest."""
    rounded: Ints = (2 * price + step) // (2 * step)
    return rounded


def _lower_to_cheapest_slot(
    cost: Ints,
    volunteers: Ints,
    shared: Ints,
    dear: npt.NDArray[np.bool_],
    with_slot: Ints,
) -> None:
    """Write the price by way of each pair's cheapest shared slot, where any slot has a price."""
    some = np.flatnonzero(dear[volunteers])
    if not some.size:
        return
    offered = (shared[some, None] >> np.arange(SLOTS)) & 1
    prices = np.where(offered, with_slot[volunteers[some]], np.iinfo(np.int64).max)
    cost[some] = prices.min(axis=1)


def _best(margin: Ints, places: int) -> int:
    """The sum of the ``places`` best margins above 0."""
    good = margin[margin > 0]
    if good.size > places:
        good = np.partition(good, good.size - places)[good.size - places :]
    return int(good.sum())
