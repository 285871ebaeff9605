"""The tables of fairness that go with a plan of files."""

import numpy as np

from stepdown.cli.plan_files.wide import WidePlan
from stepdown.matching.national.fairness import Fairness, as_json, fairness, in_words
from stepdown.matching.plan import Plan

__all__ = ["as_json", "fairness_of", "in_words"]


def fairness_of(plan: Plan | WidePlan) -> Fairness:
    """Load and places filled; files tell nothing of earlier offers."""
    people = plan.problem.volunteers
    return fairness(
        plan.problem.arrays,
        plan.need,
        plan.volunteer,
        history=False,
        held=np.array([one.held for one in people], np.int64),
    )
