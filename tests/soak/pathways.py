"""Random walks over every definition: no illegal stage, every refusal with its reason.

``walking`` goes through the definitions alone; ``stored`` through the hub's own verbs in a database
of its own, where every transition has to stand in the ledger.
"""

from collections import Counter
from datetime import datetime
from random import Random

from stepdown.casework.queries.definitions import library
from tests.soak.ledger import _home
from tests.support.pathways import Walk

STEPS = 1_000
STORED_STEPS = 100


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


_until: list[datetime] = []  # the last moment of the walk before: the hub's time does not go back


def stored(seed: int) -> tuple[Counter[str], list[str]]:
    """One case, 100 attempts; the seeds go round the definitions."""
    _home()
    from stepdown.casework.queries.definitions import definition
    from stepdown.kernel import clock
    from tests.support.stored_walks import stored_walk

    keys = sorted({key for key, _version in library().definitions})
    key = keys[seed % len(keys)]
    walk = stored_walk(definition(key), seed, _until[-1] if _until else clock.now())
    wrong = []
    try:
        for _ in range(STORED_STEPS):
            walk.step()
    except AssertionError as fault:
        wrong.append(f"{key}: step {walk.count['tried']}: {fault}")
    _until[:] = [walk.moment]
    return walk.count, wrong
