"""The compiled rules, the plain rules and the certificate's own are one set of rules."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from stepdown.matching.bound import pair_rows
from stepdown.matching.candidates import failure_masks, find_edges
from stepdown.matching.eligibility import failures, shared_slots
from stepdown.matching.problem import Problem
from stepdown.matching.rules import rules_of
from stepdown.matching.scoring import MAX_QUALITY, quality
from tests.support.matching_worlds import small_worlds


@settings(max_examples=300)
@given(small_worlds())
def test_compiled_rules_equal_the_plain_ones_for_every_pair(problem: Problem) -> None:
    for n, need in enumerate(problem.needs):
        masks = failure_masks(problem.arrays, n)
        for v, volunteer in enumerate(problem.volunteers):
            plain = {failure.rule for failure in failures(problem, volunteer, need)}
            assert set(rules_of(int(masks[v]))) == plain


@settings(max_examples=300)
@given(small_worlds())
def test_edges_are_the_feasible_pairs_with_their_quality_best_first(problem: Problem) -> None:
    edges = find_edges(problem.arrays)
    rows = list(pair_rows(problem.arrays))
    for n, need in enumerate(problem.needs):
        row = slice(edges.start[n], edges.start[n + 1])
        people, points = edges.volunteer[row].tolist(), edges.quality[row].tolist()
        compiled = set(zip(people, points, edges.shared[row].tolist(), strict=True))
        plain = {
            (v, quality(problem, volunteer, need), shared_slots(problem, volunteer, need))
            for v, volunteer in enumerate(problem.volunteers)
            if need.open_places and not failures(problem, volunteer, need)
        }
        proof = set(zip(*(column.tolist() for column in rows[n]), strict=True))
        assert compiled == plain == proof
        assert points == sorted(points, reverse=True)
        assert all(0 <= point <= MAX_QUALITY for point in points)


@given(
    small_worlds(),
    st.sampled_from([None, "f", "m", "x"]),
    st.sampled_from([None, date(1940, 5, 5), date(2009, 1, 1)]),
    st.frozensets(st.sampled_from(["polish", "welsh", "urdu"])),
)
def test_protected_characteristics_never_enter_quality(
    problem: Problem, gender: str | None, born: date | None, languages: frozenset[str]
) -> None:
    changed = replace(
        problem,
        volunteers=tuple(
            replace(one, gender=gender, date_of_birth=born, languages=languages)
            for one in problem.volunteers
        ),
    )
    for before, after in zip(problem.volunteers, changed.volunteers, strict=True):
        for need in problem.needs:
            assert quality(problem, before, need) == quality(changed, after, need)
