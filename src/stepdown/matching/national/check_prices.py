"""The prices of a claim, put in order, and what they alone say of the bound."""

from typing import NamedTuple

import numpy as np

from stepdown.kernel.slots import SLOTS
from stepdown.matching.arrays import Ints, Volunteers
from stepdown.matching.certify import Claim
from stepdown.matching.problem import BANDS
from stepdown.matching.scoring import MAX_QUALITY

MOST = 1 << 62
_MOST_PRICE = 1 << 58
_MOST_STEP = 1 << 48
_WHOLE = 4096  # a step between bands when only whole steps count: above any quality


class Prices(NamedTuple):
    """What a unit of capacity costs, and the slots that cost more: rows by volunteer, then bit.

    ``slot_price`` is the price of the slot and of the capacity it takes.
    """

    capacity: Ints
    slot_start: Ints  # [volunteers + 1]
    slot_bit: Ints
    slot_price: Ints
    step: int


def tidy(claim: Claim, people: Volunteers, places: int) -> tuple[Prices, int]:
    """The prices, none below 0, and their worth: what the bound has from the volunteers.

    ValueError where the sums of a bound could leave 64 bits.
    """
    step = max(1, claim.step)
    capacity = np.maximum(claim.capacity_price, 0)
    real = known_slots(claim)
    slot_price = np.maximum(claim.slot_price[real], 0)
    spent = float(people.capacity.astype(np.float64) @ capacity) + float(
        slot_price.astype(np.float64).sum()
    )
    dearest = max(int(capacity.max(initial=0)), int(slot_price.max(initial=0)))
    most = places * (len(BANDS) * step + MAX_QUALITY)
    if step > _MOST_STEP or dearest > _MOST_PRICE or spent + most >= MOST:
        raise ValueError("The prices are too high to be added up in 64 bits")
    key = claim.slot_volunteer[real] * len(SLOTS) + claim.slot_bit[real]
    keys, row = np.unique(key, return_inverse=True)
    total = np.zeros(keys.size, np.int64)
    np.add.at(total, row, slot_price)
    owner, bit = np.divmod(keys, len(SLOTS))
    start = np.zeros(capacity.size + 1, np.int64)
    np.cumsum(np.bincount(owner, minlength=capacity.size), out=start[1:])
    worth = int((people.capacity * capacity).sum() + slot_price.sum())
    return Prices(capacity, start, bit, total + capacity[owner], step), worth


def known_slots(claim: Claim) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which slot prices name a volunteer and a slot there are."""
    people = claim.capacity_price.size
    some = (claim.slot_volunteer >= 0) & (claim.slot_volunteer < people)
    found: np.ndarray[tuple[int], np.dtype[np.bool_]] = (
        some & (claim.slot_bit >= 0) & (claim.slot_bit < len(SLOTS))
    )
    return found


def in_steps(price: Ints, step: int) -> Ints:
    """A price in whole steps between bands, to the nearest; no more than makes a difference."""
    rounded: Ints = np.minimum((2 * price + step) // (2 * step), len(BANDS) + 1)
    return rounded


def rounds_alike(prices: Prices) -> bool:
    """Whether no quality taken off a price changes the whole steps it comes to.

    Then a pair of fewer steps always has the better margin, and the best margins of a need tell
    how many of its pairs cost less than so many steps.
    """
    return all(
        bool((in_steps(price, prices.step) == in_steps(price - MAX_QUALITY, prices.step)).all())
        for price in (prices.capacity, prices.slot_price)
    )


def whole(prices: Prices) -> Prices:
    """The same prices to the nearest whole step, in a scale of their own."""
    return prices._replace(
        capacity=_WHOLE * in_steps(prices.capacity, prices.step),
        slot_price=_WHOLE * in_steps(prices.slot_price, prices.step),
        step=_WHOLE,
    )


def spent(prices: Prices, people: Volunteers) -> list[int]:
    """For bands 1 to b: the capacity, and the slots, that these prices count as spent."""
    owner = np.repeat(np.arange(prices.capacity.size), np.diff(prices.slot_start))
    steps, slot_steps = (
        in_steps(prices.capacity, prices.step),
        in_steps(prices.slot_price, prices.step),
    )
    counts = []
    for band in BANDS:
        most = len(BANDS) + 1 - band
        gone = steps >= most
        slots = (slot_steps >= most) & ~gone[owner]
        counts.append(int(people.capacity[gone].sum() + slots.sum()))
    return counts
