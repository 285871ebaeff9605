"""Any way a case of any pathway may take, by the hub's verbs: nothing lost, all in the ledger."""

from collections import Counter

import pytest

from stepdown.casework.queries.definitions import definition, library
from stepdown.kernel import clock
from tests.support.stored_walks import stored_walk

pytestmark = pytest.mark.django_db

TRIED = 12  # of each; `make soak` goes on


def test_what_a_walk_does_stands_in_the_ledger_and_what_it_may_not_leaves_nothing() -> None:
    count: Counter[str] = Counter()
    moment = clock.now()
    for seed, key in enumerate(sorted({key for key, _version in library().definitions})):
        walk = stored_walk(definition(key), seed, moment)
        for _ in range(TRIED):
            walk.step()
        count += walk.count
        moment = walk.moment
    assert {"move done", "step done", "name done", "assign done", "refused"} <= count.keys(), count
