"""A tile solved by a worker, on its own: what is held, at which prices, and which needs are left.

A worker knows the needs of its tile and every volunteer within reach of them; those of other tiles
count as free of charge and may not be taken. A need they could matter to is left as it is. So the
prices found prove the pairs found whatever the other tiles' prices turn out to be, as long as these
are not below 0.
"""

from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stepdown.matching.arrays import Arrays, Ints
from stepdown.matching.cluster.columns import mapped, portion
from stepdown.matching.national.blocks import LANES, MEMBER
from stepdown.matching.national.order import Table
from stepdown.matching.national.rows import QUALITY, SHARED, START
from stepdown.matching.national.solve import DONE, _run, in_turn, prefetch
from stepdown.matching.national.state import (
    COST,
    FILL,
    FIRST,
    PAIR,
    PRICE,
    RENT,
    SLOT,
    WANT,
    WEIGHT,
    State,
    begin,
)
from stepdown.matching.scoring import MAX_QUALITY

Bools = npt.NDArray[np.bool_]
Tell = Callable[[str, int, int], None]
OWN, OTHERS = 0, 1  # parts of the country, as one worker sees it


class Members(NamedTuple):
    """The rows of a tile in the whole problem, ascending, and which volunteers may be taken."""

    needs: Ints
    volunteers: Ints
    own: Bools  # [volunteers]


class Tile(NamedTuple):
    """What a worker is given. ``source`` is a folder with the columns of everybody and the rows of
    each tile, by its number, or the columns of these rows themselves."""

    number: int
    source: str | Arrays
    own: Bools | None  # None where it is in the folder
    step: int
    seconds: float | None


class Solved(NamedTuple):
    """What a worker found, by rows of its tile.

    Columns of ``pairs``: need, volunteer, quality, slots shared, slot taken or -1, price with slot.
    """

    pairs: Table
    price: Ints  # [volunteers]
    rent: Ints  # [needs]
    left: Ints  # needs to be settled by whoever sees the whole


def solve_tile(tile: Tile, tell: Tell) -> Solved:
    """Plan a tile. Depends on nothing but its argument, so that it may be done again elsewhere."""
    until = None if tile.seconds is None else monotonic() + tile.seconds
    phases = 3
    arrays, own = _given(tile)
    tell("columns", 1, phases)
    state = _begin(arrays, own, tile.step)
    prefetch(state, 1, None)
    tell("candidates", 2, phases)
    queue = in_turn(state.index.wants.band)
    _run(state, queue, OWN, until, None)
    tell("solve", 3, phases)
    return _found(state, queue[queue != DONE], arrays)


def save_members(folder: Path, number: int, members: Members) -> None:
    """Leave the rows of a tile in a folder for whoever solves it."""
    for name, column in members._asdict().items():
        np.save(folder / f"{number}.{name}.npy", column)


def _given(tile: Tile) -> tuple[Arrays, Bools]:
    if not isinstance(tile.source, str):
        own = np.zeros(0, np.bool_) if tile.own is None else tile.own
        return tile.source, own
    folder = Path(tile.source)
    members = Members(*(np.load(folder / f"{tile.number}.{name}.npy") for name in Members._fields))
    return portion(mapped(folder), members.needs, members.volunteers), members.own


def _begin(arrays: Arrays, own: Bools, step: int) -> State:
    """An empty plan with the weights of the whole country, and who may be taken marked."""
    state = begin(arrays, 0)._replace(step=step)
    want = state.flow.want
    want[:, WEIGHT] = (5 - state.index.wants.band.astype(np.int64)) * step
    want[:, RENT] = want[:, WEIGHT] + MAX_QUALITY
    member = state.index.blocks.lane[:, MEMBER]
    strange = np.zeros(member.size, np.bool_)
    strange[member >= 0] = ~own[member[member >= 0]]
    # A block has one owner: where it also holds somebody of another tile, nobody in it is taken.
    state.bounds.part[:] = np.where(strange.reshape(-1, LANES).any(axis=1), OTHERS, OWN)
    return state


def _found(state: State, left: npt.NDArray[np.int32], arrays: Arrays) -> Solved:
    flow, rows, wants = state.flow, state.rows, state.index.wants
    member = state.index.blocks.lane[:, MEMBER]
    owner = np.repeat(np.arange(member.size), np.diff(flow.seat[:, FIRST]))
    live = np.flatnonzero(np.arange(owner.size) - flow.seat[owner, FIRST] < flow.seat[owner, FILL])
    hold, seats = flow.hold[live], owner[live]
    at = rows.row[hold[:, WANT], START] + hold[:, PAIR]
    pairs = np.column_stack(
        (
            wants.row[hold[:, WANT]], member[seats], rows.pair[at, QUALITY], rows.pair[at, SHARED],
            hold[:, SLOT], hold[:, COST],
        )
    ).astype(np.int64)  # fmt: skip
    price = np.zeros(arrays.volunteers.capacity.size, np.int64)
    price[member[member >= 0]] = flow.seat[:-1, PRICE][member >= 0]
    rent = np.zeros(arrays.needs.band.size, np.int64)
    rent[wants.row] = flow.want[:, RENT]
    return Solved(pairs, price, rent, wants.row[left].astype(np.int64))
