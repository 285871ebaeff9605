"""The exact optimum: most places in the most urgent band, then the next, …, then total quality.

Places are tried in band order and canonical order within a band, on one thread, so that the same
problem always gives the same plan. What an optimum leaves open (ties) is settled by that order.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from stepdown.matching.candidates import Edges
from stepdown.matching.flow import (
    Flow,
    Graph,
    band_step,
    empty_flow,
    make_graph,
    scratch_for,
)
from stepdown.matching.problem import Problem
from stepdown.matching.scoring import MAX_QUALITY
from stepdown.matching.search import fill_places

CHUNK = 500
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Solution:
    """A solved graph: the flow with the prices that prove it, and the step between bands."""

    edges: Edges
    graph: Graph
    flow: Flow
    step: int


def solve(problem: Problem, edges: Edges, progress: Progress | None = None) -> Solution:
    """Solve over the complete feasible graph. ``progress`` hears (phase, needs done, needs)."""
    needs = problem.arrays.needs
    step = band_step(edges, needs.places, MAX_QUALITY)
    graph = make_graph(edges, problem.arrays.volunteers.capacity, needs.places, needs.band, step)
    flow = empty_flow(graph)
    scratch = scratch_for(graph)
    order = np.argsort(needs.band, kind="stable").astype(np.int64)
    for first in range(0, order.size, CHUNK):
        last = min(first + CHUNK, order.size)
        fill_places(order, first, last, graph, flow, scratch)
        if progress is not None:
            progress("solve", last, order.size)
    return Solution(edges, graph, flow, step)
