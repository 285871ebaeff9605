"""The figures that the founding documents report, out of cases and not out of constants."""

from collections.abc import Iterable, Mapping
from datetime import date

import pytest

from stepdown.casework.queries.definitions import definition
from stepdown.pathways.facts import Case, Done
from stepdown.pathways.figures import Counted, Figure, Figures, figures
from stepdown.pathways.guards import field_of
from stepdown.policy.categories import Category

DAY = date(2026, 11, 2)
EVERYTHING = frozenset(one.value for one in Category)


def case(
    answers: Mapping[str, object], *done: str, reached: Iterable[str] = (), outcome: str = ""
) -> Case:
    told = {(k.partition(".")[0], k.partition(".")[2]): v for k, v in answers.items()}
    return Case(
        stage="anywhere",
        opened=DAY,
        entered=dict.fromkeys(reached, DAY),
        steps=tuple(Done(step, 1, DAY) for step in done),
        answers=told,
        outcome=outcome,
    )


def over(
    pathway: str, cases: Iterable[Case], source: str = "", read: frozenset[str] = EVERYTHING
) -> Figures:
    some = [Counted(one, source, "", read) for one in cases]
    return figures(definition(pathway), some, DAY)


def figure(found: Figures, key: str) -> Figure:
    return next(one for one in (*found.counts, *found.sums) if one.key == key)


def test_3269_incidents_of_which_978_were_face_to_face_are_29_9_percent() -> None:
    met = case({"attend.contact": "face-to-face"}, "attend")
    rang = case({"attend.contact": "telephone"}, "attend")
    found = over("mh-triage", [met] * 978 + [rang] * (3_269 - 978))
    assert figure(found, "incidents").number == 3_269
    assert figure(found, "face-to-face").percent == pytest.approx(29.9, abs=0.05)


def test_all_four_appointments_are_compliance_and_three_are_not() -> None:
    steps = ("assessment", "appointment-1", "appointment-2", "appointment-3")
    came = {f"{step}.attended": "yes" for step in steps}
    cases = []
    for route, of, complied in (("conditional-caution", 100, 70), ("voluntary", 100, 8)):
        whole = case({"referral.route": route, **came})
        missed = case({"referral.route": route, **came, "appointment-3.attended": "no"})
        cases += [whole] * complied + [missed] * (of - complied)
    found = over("avert", cases)
    assert figure(found, "caution-complied").number == 70
    assert figure(found, "voluntary-complied").number == 8
    assert figure(found, "complied").percent == 39  # what both routes come to, half and half


def test_three_hundred_of_1160_callers_are_25_9_percent() -> None:
    seen, worked = case({}), case({}, reached=["identified", "work"])
    found = over("vulnerable-callers", [worked] * 300 + [seen] * 860)
    assert figure(found, "identified").number == 1_160
    assert figure(found, "worked-with").percent == pytest.approx(25.9, abs=0.05)


def test_calls_before_and_after_are_added_up_where_both_were_recorded() -> None:
    some = [
        case({"calls-after.before": b, "calls-after.after": a}) for b, a in ((200, 110), (84, 65))
    ]
    found = over("vulnerable-callers", [*some, case({"calls-after.before": 5}), case({})])
    assert [figure(found, key).number for key in ("calls-before", "calls-after")] == [289, 175]
    assert [figure(found, key).of for key in ("calls-before", "calls-after")] == [3, 2]
    assert figure(found, "fewer").number == 2


def test_sources_of_43_cases_come_to_43_and_not_to_the_42_that_was_printed() -> None:
    told = (("victims-hub", 20), ("police", 15), ("partner", 5), ("self", 3))
    some = [Counted(case({}), source, "", EVERYTHING) for source, n in told for _ in range(n)]
    found = figures(definition("restorative-justice"), some, DAY)
    assert found.cases == sum(found.sources.values()) == 43


def test_conferences_and_ways_of_ending_are_counted_apart() -> None:
    held = case({}, "conference", outcome="conference-agreed")
    left = case({}, outcome="not-held")
    found = over("restorative-justice", [held] * 3 + [left] * 19 + [case({})] * 20)
    assert figure(found, "conferences").number == 3
    assert found.outcomes == {("conference-agreed", ""): 3, ("not-held", ""): 19}


def test_what_may_not_be_read_is_set_aside_and_said_to_be() -> None:
    drinks = case({"risk-start.factors": ["alcohol"]})
    asked = field_of(definition("vulnerable-callers"), "risk-start.factors")
    assert asked is not None
    for read, expected in (
        (EVERYTHING, (1, 1, 0)),
        (EVERYTHING - {asked.category}, (0, 0, 1)),
        (frozenset(), (0, 0, 1)),
    ):
        found = figure(over("vulnerable-callers", [drinks], read=read), "alcohol")
        assert (found.number, found.of, found.aside) == expected
    # What is made of no answer is counted whatever may be read.
    assert figure(over("vulnerable-callers", [drinks], read=frozenset()), "identified").number == 1
