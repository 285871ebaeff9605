"""Predicates: what holds, and that simplifying changes no answer."""

from hypothesis import given
from hypothesis import strategies as st

from stepdown.policy.predicates import (
    AllOf,
    Always,
    AnyOf,
    Facts,
    Never,
    OneOf,
    Predicate,
    any_of,
    holds,
)

FIELDS = st.sampled_from(["district", "agency", "officer", "person"])
VALUES = st.integers(0, 4)
LEAVES: st.SearchStrategy[Predicate] = st.one_of(
    st.just(Always()),
    st.just(Never()),
    st.builds(OneOf, FIELDS, st.frozensets(VALUES, max_size=3)),
)
PREDICATES: st.SearchStrategy[Predicate] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(AnyOf, st.lists(inner, max_size=3).map(tuple)),
        st.builds(AllOf, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)
FACTS: st.SearchStrategy[Facts] = st.dictionaries(
    FIELDS, st.one_of(st.none(), VALUES, st.frozensets(st.none() | VALUES, max_size=3))
)


@given(st.lists(PREDICATES, max_size=5), FACTS)
def test_simplified_predicate_holds_when_one_of_its_parts_does(
    parts: list[Predicate], facts: Facts
) -> None:
    assert holds(any_of(parts), facts) == any(holds(part, facts) for part in parts)


@given(st.lists(PREDICATES, max_size=5), FACTS)
def test_any_and_all_are_what_they_say(parts: list[Predicate], facts: Facts) -> None:
    answers = [holds(part, facts) for part in parts]
    assert holds(AnyOf(tuple(parts)), facts) == any(answers)
    assert holds(AllOf(tuple(parts)), facts) == all(answers)


@given(LEAVES, FACTS)
def test_nothing_is_allowed_by_a_fact_that_is_unknown(leaf: Predicate, facts: Facts) -> None:
    if isinstance(leaf, OneOf):
        unknown = {name: value for name, value in facts.items() if name != leaf.field}
        assert not holds(leaf, unknown)
        assert not holds(leaf, {**facts, leaf.field: None})
        assert not holds(leaf, {**facts, leaf.field: frozenset({None})})


def test_none_among_the_values_asked_for_matches_no_empty_fact() -> None:
    assert not holds(OneOf("district", frozenset({None})), {"district": None})
    assert not holds(OneOf("district", frozenset({None})), {"district": frozenset({None})})


def test_one_value_of_many_is_enough() -> None:
    asked = OneOf("person", frozenset({1, 2}))
    assert holds(asked, {"person": frozenset({2, 9})})
    assert not holds(asked, {"person": frozenset({8, 9})})
    assert not holds(asked, {"person": frozenset()})


def test_simplest_form_is_used() -> None:
    one = OneOf("district", frozenset({1}))
    assert any_of([]) == Never()
    assert any_of([Never(), Never()]) == Never()
    assert any_of([one, Always()]) == Always()
    assert any_of([one, Never(), one]) == one
