"""A plan for a whole country on several machines: the same optimum, proved by the same certificate.

Tiles are solved apart (`solved`) and taken over (`join`); the needs they leave, those that people
of two tiles could matter to, are settled here. Successive shortest paths are exact in any order, so
the plan is as good as one made in one piece.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import monotonic, perf_counter
from typing import Any, Protocol

import numpy as np

from stepdown.matching.arrays import Arrays, Ints, Known
from stepdown.matching.cluster.columns import portion, save
from stepdown.matching.cluster.join import take_over
from stepdown.matching.cluster.solved import (
    Members,
    Solved,
    Tell,
    Tile,
    save_members,
    solve_tile,
)
from stepdown.matching.cluster.tiles import tiles
from stepdown.matching.kernel import cache_folder
from stepdown.matching.national.blocks import BOTTOM, GROUP, LANES, LEFT, MEMBER, RIGHT, TOP
from stepdown.matching.national.certify import certify_arrays
from stepdown.matching.national.plan import NationalPlan, claim_of
from stepdown.matching.national.rows import with_more_room
from stepdown.matching.national.solve import DONE, Progress, _run, in_turn, look_again
from stepdown.matching.national.state import State, begin


class Crew(Protocol):
    """Processes that carry functions out, wherever they are."""

    @property
    def size(self) -> int:
        """How many of them there are."""

    @property
    def shares_files(self) -> bool:
        """Whether they see the files of this machine."""

    def run(
        self,
        function: Callable[[Any, Tell], Any],
        tasks: Sequence[Any],
        heard: Callable[[int, str, int, int], None],
    ) -> Iterator[tuple[int, Any]]:
        """Carry a function out on each task: (its number, result) as they are done.

        ``heard`` hears the number of the task and what the function tells of its progress.
        """


def engine() -> str:
    """What tells one version of the engine from another: all processes must have the same."""
    return cache_folder().name


def plan_on(
    crew: Crew,
    arrays: Arrays,
    *,
    parts: int | None = None,
    threads: int = 2,
    time_limit: float | None = None,
    progress: Progress | None = None,
) -> NationalPlan:
    """Find the best plan on a crew and prove it: as `national.plan.plan_arrays`, tile by tile.

    ``parts`` is the number of tiles: one a process unless it is said.
    """
    seconds: dict[str, float] = {}
    clock = perf_counter()
    until = None if time_limit is None else monotonic() + time_limit

    def mark(phase: str) -> None:
        nonlocal clock
        now = perf_counter()
        seconds[phase] = now - clock
        clock = now

    state = begin(arrays, 0)
    mark("index")
    with tempfile.TemporaryDirectory(prefix="stepdown-plan-") as folder:
        cut = list(_tiles(state, parts or crew.size))
        turns = -(-len(cut) // max(1, crew.size))
        tasks = list(_tasks(crew, arrays, cut, state.step, Path(folder)))
        if until is not None:
            seconds_each = (until - monotonic()) / max(1, turns)
            tasks = [task._replace(seconds=seconds_each) for task in tasks]
        mark("tiles")
        state, left = _solve_apart(crew, state, cut, tasks, progress)
    mark("apart")
    look_again(state.bounds, state.flow.seat)
    state, finished = _settle(state, left, until, progress)
    mark("solve")
    claim, quality = claim_of(state, arrays)
    mark("claim")
    certificate = certify_arrays(arrays, claim, threads=threads, progress=progress)
    mark("certify")
    return NationalPlan(
        claim.need, claim.volunteer, claim.slot, quality, claim, certificate, seconds, finished,
        state,
    )  # fmt: skip


def _tiles(state: State, parts: int) -> Iterator[Members]:
    """The tiles that have needs, each with every volunteer within reach of them.

    Volunteers go by their group in the order of seats: whole groups keep their order, so a worker
    finds the same blocks.
    """
    blocks, wants = state.index.blocks, state.index.wants
    middle = (blocks.group[:, (LEFT, BOTTOM)] + blocks.group[:, (RIGHT, TOP)]) // 2
    where = np.column_stack((wants.x, wants.y)).astype(np.int64)
    tile_of, owner = tiles(where, middle, parts)
    member = blocks.lane[:, MEMBER].reshape(-1, GROUP * LANES)
    for number in np.unique(tile_of).tolist():
        mine = np.flatnonzero(tile_of == number)
        needs = np.sort(wants.row[mine]).astype(np.int64)
        near = np.zeros(owner.size, np.bool_)
        for square in np.unique(wants.square[mine]).tolist():
            near[wants.near[wants.near_start[square] : wants.near_start[square + 1]]] = True
        near[_groups_known(state.known, needs, blocks.seat)] = True
        groups = np.flatnonzero(near)
        people = member[groups]
        own = np.broadcast_to((owner[groups] == number)[:, None], people.shape)[people >= 0]
        people = people[people >= 0]
        order = np.argsort(people)
        yield Members(needs, people[order], own[order])


def _tasks(
    crew: Crew, arrays: Arrays, cut: list[Members], step: int, folder: Path
) -> Iterator[Tile]:
    """What the workers are given: where to find the columns, or the columns."""
    if crew.shares_files:
        save(arrays, folder)
    for number, members in enumerate(cut):
        if crew.shares_files:
            save_members(folder, number, members)
            yield Tile(number, str(folder), None, step, None)
        else:
            columns = portion(arrays, members.needs, members.volunteers)
            yield Tile(number, columns, members.own, step, None)


def _groups_known(known: Known, needs: Ints, seat: np.ndarray[Any, np.dtype[np.int32]]) -> Ints:
    """Groups of those known to the needs, however far away they are."""
    chosen = np.zeros(known.held_start.size - 1, np.bool_)
    chosen[needs] = True
    groups = []
    for start, who in (
        (known.continuity_start, known.continuity),
        (known.allowed_start, known.allowed),
    ):
        seats = seat[who[np.repeat(chosen, np.diff(start))]]
        groups.append(seats[seats >= 0] // (GROUP * LANES))
    return np.unique(np.concatenate(groups)).astype(np.int64)


def _solve_apart(
    crew: Crew,
    state: State,
    cut: list[Members],
    tasks: list[Tile],
    progress: Progress | None,
) -> tuple[State, Ints]:
    """Have all tiles solved and take them over, always in the same order."""
    reached = [0] * len(cut)

    def heard(task: int, phase: str, done: int, total: int) -> None:
        reached[task] = max(reached[task], done)  # a task begun again does not go back
        if progress is not None:
            progress("apart", sum(reached), total * len(cut))

    found: dict[int, Solved] = dict(crew.run(solve_tile, tasks, heard))
    left = [np.empty(0, np.int64)]
    for task, members in enumerate(cut):
        state, some = take_over(state, found.pop(task), members.needs, members.volunteers)
        left.append(some)
    return state, np.concatenate(left)


def _settle(
    state: State, left: Ints, until: float | None, progress: Progress | None
) -> tuple[State, bool]:
    """Fill what is left, all prices counting. As the end of `national.solve.solve`."""
    order = in_turn(state.index.wants.band)
    order = order[np.isin(order, left)]
    finished = True
    while finished and order.size:
        finished = _run(state, order, -1, until, progress)
        order = order[order != DONE]
        if order.size and finished:
            state = state._replace(rows=with_more_room(state.rows))
    return state, finished
