"""Predicates: what holds, and that simplifying changes no answer."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from stepdown.policy.categories import Category
from stepdown.policy.predicates import (
    AllOf,
    Always,
    AnyOf,
    Facts,
    Never,
    OneOf,
    Predicate,
    Shared,
    Unset,
    all_of,
    any_of,
    holds,
    merged,
)
from stepdown.policy.sharing import Clause, People, Purpose

US, THEM = UUID(int=1), UUID(int=2)
SUPPORTED = People.SUPPORTED

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


def _over(pathway: str, *categories: Category) -> Predicate:
    shared = Shared(frozenset({US}), frozenset(categories), Purpose.SUPPORT, SUPPORTED, pathway)
    ways = any_of([Unset("agency"), shared])
    return all_of([OneOf("pathway", frozenset({pathway})), ways])


PARTS = st.lists(
    st.one_of(
        st.builds(_over, st.sampled_from(("a", "b", "c")), st.sampled_from(Category)),
        st.builds(lambda d: OneOf("district", frozenset({d})), st.sampled_from(("x", "y"))),
    ),
    max_size=6,
)
RECORDS = st.fixed_dictionaries(
    {
        "pathway": st.sampled_from(("a", "b", "c", "d", None)),
        "district": st.sampled_from(("x", None)),
        "agency": st.sampled_from((THEM, US, None)),
        "clauses": st.lists(
            st.builds(
                lambda ways, categories: Clause(
                    "ISA", THEM, US, Purpose.SUPPORT, categories, frozenset({SUPPORTED}), ways
                ),
                st.frozensets(st.sampled_from(("a", "b", "c"))),
                st.frozensets(st.sampled_from(Category)),
            ),
            max_size=3,
        ).map(tuple),
    }
)


@given(PARTS, RECORDS)
def test_pathways_that_ask_the_same_are_asked_together_and_mean_the_same(
    parts: list[Predicate], facts: dict[str, object]
) -> None:
    assert holds(merged(any_of(parts)), facts) == holds(any_of(parts), facts)


def test_many_pathways_that_ask_the_same_become_one_part() -> None:
    one = merged(any_of([_over(key, Category.HEALTH) for key in "abc"]))
    assert isinstance(one, AllOf)
    assert OneOf("pathway", frozenset("abc")) in one.parts


def test_simplest_predicate_is_given() -> None:
    one, other = OneOf("district", frozenset({1})), OneOf("agency", frozenset({2}))
    assert all_of([Always(), one, Always()]) == any_of([Never(), one, Never()]) == one
    assert all_of([one, Never()]) == any_of([]) == any_of([Never()]) == Never()
    assert any_of([one, Always()]) == all_of([]) == all_of([Always()]) == Always()
    assert all_of([one, other]) == AllOf((one, other))
    assert any_of([one, other, one]) == AnyOf((one, other))
