"""What the engine proposes for a world, with its reasons as data: the content of a plan.

The engine's compiled parts are imported when a plan is made, not when the hub starts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stepdown.volunteering.queries.reason import as_data, discreet
from stepdown.volunteering.queries.world import World

if TYPE_CHECKING:
    from stepdown.matching.plan import Pair, Plan

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Gap:
    """A need with empty places: why, and the cheapest change that would fill one (None: none)."""

    need_id: str
    band: int
    places_unfilled: int
    why: dict[str, Any]
    change: dict[str, Any] | None


@dataclass(frozen=True)
class Proposal:
    """The plan; its pairs, each with the terms of its quality as data; its gaps. Most urgent first.

    No term or change says a distance where either place is shielded.
    """

    world: World
    plan: "Plan"
    pairs: list[tuple["Pair", list[dict[str, Any]]]]
    gaps: list[Gap]
    places_by_band: list[int]


def propose(world: World, progress: Progress | None = None) -> Proposal:
    """Run the engine and ask it for every reason. ``progress`` hears (phase, done, total)."""
    from stepdown.matching.plan import plan

    found = plan(world.problem, progress=progress)
    return Proposal(
        world=world,
        plan=found,
        pairs=[(pair, _terms(world, pair)) for pair in found.pairs()],
        gaps=_gaps(world, found, progress),
        places_by_band=_places(world),
    )


def _terms(world: World, pair: "Pair") -> list[dict[str, Any]]:
    from stepdown.matching.explain import why_this

    hidden = world.shielded(pair.volunteer_id, pair.need_id)
    terms = why_this(world.problem, pair.volunteer_id, pair.need_id)
    return [as_data(term) for term in discreet(terms, hidden=hidden)]


def _gaps(world: World, found: "Plan", progress: Progress | None) -> list[Gap]:
    from stepdown.matching.explain import why_unfilled
    from stepdown.matching.relax import cheapest_change

    gaps = []
    short = found.unfilled()
    for done, need_id in enumerate(short, start=1):
        need = world.problem.need(need_id)
        change = cheapest_change(world.problem, found, need_id)
        if change is not None:
            hidden = world.shielded(change.volunteer_id, need_id)
            change = discreet([change], hidden=hidden)[0]
        gaps.append(
            Gap(
                need_id=need_id,
                band=need.band,
                places_unfilled=need.open_places - found.got(need_id),
                why=as_data(why_unfilled(world.problem, found, need_id)),
                change=None if change is None else as_data(change),
            )
        )
        if progress is not None:
            progress("explain", done, len(short))
    return gaps


def _places(world: World) -> list[int]:
    counts = [0, 0, 0, 0]
    for need in world.problem.needs:
        counts[need.band - 1] += need.open_places
    return counts
