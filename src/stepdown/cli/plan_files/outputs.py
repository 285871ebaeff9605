"""The tables that a plan is written as."""

from collections.abc import Iterator

from stepdown.cli.plan_files.wide import WidePlan
from stepdown.kernel.sheets import Cell, as_cell
from stepdown.matching.candidates import find_edges
from stepdown.matching.explain import why_unfilled
from stepdown.matching.plan import Plan
from stepdown.matching.relax import cheapest_change
from stepdown.matching.words import NO_CHANGE, planned_because, say

PLAN_HEADER = ("need_id", "volunteer_id", "slot", "band", "quality", "distance_km", "why")
UNFILLED_HEADER = ("need_id", "places_unfilled", "why", "cheapest_change")
EDGES_HEADER = "need_id,volunteer_id,quality\n"
NOT_LOOKED_FOR = "Not looked for: the plan was made with --cluster, --time-limit or --earlier."


def plan_rows(plan: Plan | WidePlan) -> Iterator[tuple[Cell, ...]]:
    """One row a place filled, most urgent band first."""
    for pair in plan.pairs():
        metres = pair.distance_m
        far = None if metres is None else f"{metres / 1000:.3f}"
        why = planned_because(plan.problem, pair, history=False)
        yield (
            pair.need_id, pair.volunteer_id, pair.slot, pair.band, pair.quality, far, why
        )  # fmt: skip


def unfilled_rows(plan: Plan | WidePlan) -> Iterator[tuple[Cell, ...]]:
    """One row a need with places left, most urgent first, with the cheapest change."""
    for need_id in plan.unfilled():
        why = why_unfilled(plan.problem, plan, need_id)
        yield need_id, why.places_unfilled, say(why), _change(plan, need_id)


def _change(plan: Plan | WidePlan, need_id: str) -> str:
    if isinstance(plan, WidePlan):
        return NOT_LOOKED_FOR
    change = cheapest_change(plan.problem, plan, need_id)
    return say(NO_CHANGE if change is None else change)


def edges_csv(plan: Plan | WidePlan) -> bytes:
    """Every feasible pair, by need and best first. Can run to millions of rows: joined by hand."""
    edges = find_edges(plan.problem.arrays) if isinstance(plan, WidePlan) else plan.solution.edges
    people = [as_cell(volunteer.id) for volunteer in plan.problem.volunteers]
    volunteers, qualities = edges.volunteer.tolist(), edges.quality.tolist()
    parts = [EDGES_HEADER]
    for n, need in enumerate(plan.problem.needs):
        name = as_cell(need.id)
        row = range(int(edges.start[n]), int(edges.start[n + 1]))
        parts.extend(f"{name},{people[volunteers[e]]},{qualities[e]}\n" for e in row)
    return "".join(parts).encode("utf-8")
