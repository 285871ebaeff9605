"""Random walks over every definition: no illegal stage, every refusal with its reason."""

from collections import Counter
from random import Random

from stepdown.casework.queries.definitions import library
from tests.support.pathways import Walk

STEPS = 1_000


def walking(seed: int) -> tuple[Counter[str], list[str]]:
    """One walk of 1,000 steps over each definition."""
    count: Counter[str] = Counter()
    wrong: list[str] = []
    for (key, version), definition in sorted(library().definitions.items()):
        walk = Walk(definition, Random(seed))
        for number in range(STEPS):
            try:
                deed = walk.step()
            except (AssertionError, KeyError, ValueError) as fault:
                wrong.append(f"{key} {version}: step {number}: {fault}")
                break
            count["steps"] += 1
            count[f"{deed.partition(':')[0]}s_done"] += 1
        count["closures"] += sum(definition.stage(key).ends for key in walk.trail)
        count["refusals_with_words"] += len(walk.refusals)
    return count, wrong
