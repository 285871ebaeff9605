"""A proposal by the plain engine, which explains one need after the other."""

from collections.abc import Iterator
from typing import Any

from stepdown.kernel.slots import bit_of
from stepdown.matching.explain import why_this, why_unfilled
from stepdown.matching.plan import Pair, Plan, plan
from stepdown.matching.relax import cheapest_change
from stepdown.volunteering.queries.proposal import (
    Gap,
    Match,
    Progress,
    Proposal,
    places_by_band,
)
from stepdown.volunteering.queries.proposal_fairness import tables
from stepdown.volunteering.queries.reason import as_data, discreet
from stepdown.volunteering.queries.world import World


def propose_small(world: World, progress: Progress | None) -> Proposal:
    """Plan, prove and explain."""
    found = plan(world.problem, progress=progress)
    short = found.unfilled()
    return Proposal(
        world=world,
        certificate=found.certificate,
        seconds=found.seconds,
        finished=True,
        pairs=(_match(world, pair) for pair in found.pairs()),
        gaps=_gaps(world, found, short, progress),
        gap_count=len(short),
        places_by_band=places_by_band(world),
        fairness=tables(world.problem, found.need, found.volunteer),
    )


def _match(world: World, pair: Pair) -> Match:
    slot = None if pair.slot is None else bit_of(pair.slot)
    return Match(
        pair.need_id, pair.volunteer_id, slot, pair.band, pair.quality, _terms(world, pair)
    )


def _terms(world: World, pair: Pair) -> list[dict[str, Any]]:
    hidden = world.shielded(pair.volunteer_id, pair.need_id)
    terms = why_this(world.problem, pair.volunteer_id, pair.need_id)
    return [as_data(term) for term in discreet(terms, hidden=hidden)]


def _gaps(world: World, found: Plan, short: list[str], progress: Progress | None) -> Iterator[Gap]:
    for done, need_id in enumerate(short, start=1):
        need = world.problem.need(need_id)
        change = cheapest_change(world.problem, found, need_id)
        if change is not None:
            hidden = world.shielded(change.volunteer_id, need_id)
            change = discreet([change], hidden=hidden)[0]
        yield Gap(
            need_id=need_id,
            band=need.band,
            places_unfilled=need.open_places - found.got(need_id),
            why=as_data(why_unfilled(world.problem, found, need_id)),
            change=None if change is None else as_data(change),
        )
        if progress is not None:
            progress("explain", done, len(short))
