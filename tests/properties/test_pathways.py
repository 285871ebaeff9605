"""Any walk over any definition: lawful, deterministic, every refusal with its reason."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from stepdown.casework.queries.definitions import library
from tests.support.pathways import Walk

ALL = list(library().definitions.values())


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ALL), st.integers(0, 2**32), st.integers(1, 60))
def test_walk_stays_lawful(definition, seed: int, length: int) -> None:  # type: ignore[no-untyped-def]
    one, other = Walk(definition, Random(seed)), Walk(definition, Random(seed))
    for _ in range(length):
        before, stood = one.case.stage, one.look()
        deed = one.step()
        assert deed == other.step()
        if deed.startswith("move:"):
            assert deed.removeprefix("move:") in {way.to for way in stood.stage.moves}
        else:
            assert one.case.stage == before
    assert one.case == other.case
