"""The certificate of a national plan: from the arrays alone, sharing no code with the engine.

It proves what `stepdown.matching.certify` proves, in the same three parts: every planned pair is
tried by the hard rules, capacity, slots and places; the prices are used as a Lagrangian bound over
the complete feasible graph; the same prices, in whole steps, bound the places in each band. What
differs is how the best margins of a need are found: by an exact search that passes over whole
blocks of volunteers whose bounds show that none of them could change the sum.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate, pairwise

import numpy as np

from stepdown.matching.arrays import Arrays, Ints
from stepdown.matching.certify import Certificate, Claim
from stepdown.matching.national.check_index import Parallel, take_seats
from stepdown.matching.national.check_margins import (
    need_order,
    search,
)
from stepdown.matching.national.check_plan import (
    Planned,
    by_band,
    faults_of,
    planned_rows,
    thresholds,
    try_pairs,
)
from stepdown.matching.national.check_planes import asked_words, lay_out
from stepdown.matching.national.check_prices import (
    Prices,
    known_slots,
    rounds_alike,
    spent,
    tidy,
    whole,
)
from stepdown.matching.national.check_walk import GROUP, World, desk

Progress = Callable[[str, int, int], None]
_STRANGER = "A pair names somebody who is not in the problem"
_PARTS = 64  # pieces of work, of which the threads take one after another


def certify_arrays(
    arrays: Arrays, claim: Claim, *, threads: int = 2, progress: Progress | None = None
) -> Certificate:
    """Check a claim. A wrong one comes back with ``ok`` false and its faults, by row numbers.

    ``progress`` hears (phase, parts done, parts). ValueError where columns differ in length or
    sums could leave 64 bits.
    """
    _check_lengths(arrays, claim)
    prices, worth = tidy(claim, arrays.volunteers, int(arrays.needs.places.sum()))
    with ThreadPoolExecutor(threads) as pool:
        parallel = _parallel(pool, progress)
        planned, faults = _try_all(arrays, claim, parallel)
        faults += _faults_of_prices(claim)
        sums = _sums(arrays, planned, prices, parallel)
        if not rounds_alike(prices):
            sums = sums[:1] + _sums(arrays, planned, whole(prices), parallel)[1:]
    total = int(planned.quality.sum())
    filled = by_band(arrays, claim.need)
    done = list(accumulate(filled))
    reach = [a + b for a, b in zip(spent(prices, arrays.volunteers), sums[1:], strict=True)]
    upper = worth + sums[0] - claim.step * sum(done)
    gap = upper - total
    if reach != done:
        faults.append("A band has fewer places filled than are proved to be the most")
    if gap != 0:
        faults.append(f"The quality is {total} and the bound is {upper}")
    a, b, c, d = np.diff(reach, prepend=0).tolist()
    return Certificate(filled, (a, b, c, d), total, upper, gap, not faults, tuple(faults))


def _check_lengths(arrays: Arrays, claim: Claim) -> None:
    same = claim.need.size == claim.volunteer.size == claim.slot.size
    slots = claim.slot_volunteer.size == claim.slot_bit.size == claim.slot_price.size
    if not same or not slots or claim.capacity_price.size != arrays.volunteers.capacity.size:
        raise ValueError("The columns of a claim must be of one length")


def _faults_of_prices(claim: Claim) -> list[str]:
    faults = []
    if (claim.capacity_price < 0).any() or (claim.slot_price < 0).any() or claim.step < 1:
        faults.append("A price is below 0")
    if not known_slots(claim).all():
        faults.append("A price names a slot that is not in the problem")
    return faults


def _parallel(pool: ThreadPoolExecutor, progress: Progress | None) -> Parallel:
    """Run a piece of work over ranges of rows, no fewer at a time than are worth it."""

    def run(work: Callable[[int, int], object], rows: int, least: int) -> None:
        parts = min(-(-rows // least), _PARTS)
        edges = np.linspace(0, rows, parts + 1).astype(np.int64).tolist()
        tasks = [pool.submit(work, first, last) for first, last in pairwise(edges)]
        for done, task in enumerate(tasks, 1):
            task.result()
            if progress is not None:
                progress("certify", done, parts)

    return run


def _try_all(arrays: Arrays, claim: Claim, parallel: Parallel) -> tuple[Planned, list[str]]:
    """The planned pairs with what is known of each, and their faults."""
    people, wanted = arrays.volunteers.capacity.size, arrays.needs.band.size
    real = (claim.need >= 0) & (claim.need < wanted)
    real &= (claim.volunteer >= 0) & (claim.volunteer < people)
    if not real.all():
        nobody = np.empty(0, np.int64)
        nothing = claim._replace(need=nobody, volunteer=nobody, slot=nobody)
        return planned_rows(nothing, wanted), [_STRANGER]
    planned = planned_rows(claim, wanted)
    parallel(
        lambda first, last: try_pairs(first, last, arrays, planned),
        planned.need.size,
        1000,
    )
    return planned, faults_of(arrays, planned)


def _sums(arrays: Arrays, planned: Planned, prices: Prices, parallel: Parallel) -> list[int]:
    """The best margins of all needs, and for each b their places in bands 1 to b."""
    needs = arrays.needs
    margin = np.empty(planned.need.size, np.int64)
    threshold = np.empty(needs.band.size, np.int64)
    parallel(
        lambda first, last: thresholds(first, last, arrays, planned, prices, margin, threshold),
        needs.band.size,
        1000,
    )
    planes = lay_out(needs)
    seats = take_seats(arrays.volunteers, prices.capacity, planes, asked_words(needs), parallel)
    order = need_order(arrays, threshold, prices.step)
    world = World(arrays, planned, margin, threshold, prices, planes, seats)
    most = int(needs.places.max(initial=0))
    found: list[Ints] = []

    def look(first: int, last: int) -> None:
        room = desk(seats, most)
        sums = np.zeros(5, np.int64)
        search(first, last, order, world, room, sums)
        found.append(sums)

    parallel(look, -(-order.size // GROUP), 8)
    # Whole numbers: the order in which threads finish cannot matter.
    return [sum(int(sums[b]) for sums in found) for b in range(5)]
