"""Claims spoilt by a seed: pairs swapped, dropped, doubled, moved; prices lowered and raised."""

import random
from collections.abc import Callable, Iterator

import numpy as np

from stepdown.matching.certify import Claim
from stepdown.matching.problem import Problem

Spoil = Callable[[Claim, Problem, random.Random], Claim]


def _changed(claim: Claim, column: str, row: int, value: int) -> Claim:
    values = getattr(claim, column).copy()
    values[row] = value
    return claim._replace(**{column: values})


def _with(claim: Claim, need: int, volunteer: int, slot: int) -> Claim:
    return claim._replace(
        need=np.append(claim.need, need),
        volunteer=np.append(claim.volunteer, volunteer),
        slot=np.append(claim.slot, slot),
    )


def _row(claim: Claim, pick: random.Random) -> int:
    return pick.randrange(claim.need.size)


def swap_pair(claim: Claim, problem: Problem, pick: random.Random) -> Claim:
    """Two places exchange their volunteers."""
    a, b = _row(claim, pick), _row(claim, pick)
    first, second = int(claim.volunteer[a]), int(claim.volunteer[b])
    return _changed(_changed(claim, "volunteer", a, second), "volunteer", b, first)


def other_volunteer(claim: Claim, problem: Problem, pick: random.Random) -> Claim:
    """Somebody else is sent."""
    return _changed(claim, "volunteer", _row(claim, pick), pick.randrange(len(problem.volunteers)))


def other_need(claim: Claim, problem: Problem, pick: random.Random) -> Claim:
    """A volunteer is sent elsewhere."""
    return _changed(claim, "need", _row(claim, pick), pick.randrange(len(problem.needs)))


def drop_pair(claim: Claim, problem: Problem, pick: random.Random) -> Claim:
    """A place that could be filled stays empty."""
    row = _row(claim, pick)
    return claim._replace(
        need=np.delete(claim.need, row),
        volunteer=np.delete(claim.volunteer, row),
        slot=np.delete(claim.slot, row),
    )


def drop_all(claim: Claim, problem: Problem, pick: random.Random) -> Claim:
    """No plan at all."""
    nothing = np.empty(0, np.int64)
    return claim._replace(need=nothing, volunteer=nothing, slot=nothing)


def same_pair_twice(claim: Claim, problem: Problem, pick: random.Random) -> Claim:
    """One volunteer fills two places of a need."""
    row = _row(claim, pick)
    return _with(claim, int(claim.need[row]), int(claim.volunteer[row]), int(claim.slot[row]))


def over_capacity(claim: Claim, problem: Problem, pick: random.Random) -> Claim:
    """One pair more, whoever has room."""
    need, volunteer = pick.randrange(len(problem.needs)), pick.randrange(len(problem.volunteers))
    mask = problem.needs[need].slots & problem.volunteers[volunteer].slots
    slot = (mask & -mask).bit_length() - 1
    return _with(claim, need, volunteer, slot)


def wrong_slot(claim: Claim, problem: Problem, pick: random.Random) -> Claim:
    """Another time, or none."""
    return _changed(claim, "slot", _row(claim, pick), pick.randrange(-1, 4))


def lower_price(claim: Claim, problem: Problem, pick: random.Random) -> Claim:
    """A price that was above 0 is less."""
    rows = np.flatnonzero(claim.capacity_price)
    if not rows.size:
        return raise_price(claim, problem, pick)
    row = int(pick.choice(rows.tolist()))
    price = int(claim.capacity_price[row])
    return _changed(claim, "capacity_price", row, price - pick.choice((1, price, claim.step)))


def raise_price(claim: Claim, problem: Problem, pick: random.Random) -> Claim:
    """A price is more."""
    row = pick.randrange(len(problem.volunteers))
    more = pick.choice((1, 300, claim.step, 4 * claim.step))
    return _changed(claim, "capacity_price", row, int(claim.capacity_price[row]) + more)


def no_prices(claim: Claim, problem: Problem, pick: random.Random) -> Claim:
    """No price at all."""
    return claim._replace(capacity_price=np.zeros_like(claim.capacity_price))


def slot_price(claim: Claim, problem: Problem, pick: random.Random) -> Claim:
    """A slot more has a price, or those that had one have half."""
    if claim.slot_price.size and pick.random() < 0.5:
        return claim._replace(slot_price=claim.slot_price // 2)
    return claim._replace(
        slot_volunteer=np.append(claim.slot_volunteer, pick.randrange(len(problem.volunteers))),
        slot_bit=np.append(claim.slot_bit, pick.randrange(4)),
        slot_price=np.append(claim.slot_price, pick.choice((1, 300, claim.step))),
    )


OF_PAIRS: tuple[Spoil, ...] = (
    swap_pair, other_volunteer, other_need, drop_pair, drop_all, same_pair_twice, over_capacity,
    wrong_slot,
)  # fmt: skip
OF_PRICES: tuple[Spoil, ...] = (lower_price, raise_price, no_prices, slot_price)


def spoilt(claim: Claim, problem: Problem, seed: int) -> Iterator[tuple[str, Claim, bool]]:
    """One of every kind: its name, the claim, and whether its prices are still the right ones.

    Then pairs and prices spoilt together. Nothing for a plan without a pair.
    """
    if not claim.need.size:
        return
    pick = random.Random(seed)
    for spoil in OF_PAIRS:
        yield spoil.__name__, spoil(claim, problem, pick), True
    for spoil in OF_PRICES:
        yield spoil.__name__, spoil(claim, problem, pick), False
    pairs, prices = pick.choice(OF_PAIRS), pick.choice(OF_PRICES)
    both = prices(pairs(claim, problem, pick), problem, pick)
    yield f"{pairs.__name__}+{prices.__name__}", both, False
