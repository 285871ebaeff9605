"""The interpreter answers what may happen, why not, and what is due."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from stepdown.casework.queries.definitions import definition, vocabulary
from stepdown.pathways.document import difference
from stepdown.pathways.facts import Case, Concerned, Done, Worker
from stepdown.pathways.instruments import SWEMWBS_METRIC, instrument, score
from stepdown.pathways.interpret import Status, counted, migrated, standing
from stepdown.pathways.library import read_library
from stepdown.pathways.spans import Span
from stepdown.pathways.starter import STARTER

RJ = definition("restorative-justice")
MONDAY = date(2026, 11, 2)


def contact(**more: object) -> Case:
    """A case whose two people have been named, in the stage of first contact."""
    return Case(stage="contact", opened=MONDAY, entered={"contact": MONDAY}).with_(**more)


def test_step_is_due_working_days_after_its_stage_and_then_overdue() -> None:
    case = contact()
    todo = standing(RJ, case, MONDAY).todo("contact-harmed-person")
    assert todo is not None
    assert (todo.due, todo.remind_on) == (date(2026, 11, 9), date(2026, 11, 6))
    late = standing(RJ, case, date(2026, 11, 10))
    assert [one.step.key for one in late.overdue] == ["contact-harmed-person"]
    holiday = standing(RJ, case, MONDAY, frozenset({date(2026, 11, 4)}))
    found = holiday.todo("contact-harmed-person")
    assert found is not None
    assert found.due == date(2026, 11, 10)


def test_step_waits_for_another_and_says_so() -> None:
    todo = standing(RJ, contact(), MONDAY).todo("contact-responsible-person")
    assert todo is not None
    assert todo.status is Status.WAITING
    assert [str(one) for one in todo.waits_for] == ["“Contact the harmed person” is not done."]


def test_move_is_refused_with_every_guards_own_words() -> None:
    way = standing(RJ, contact(), MONDAY).way_to("preparation")
    assert way is not None
    assert [str(one) for one in way.refused] == [
        "“Contact the harmed person” is not done.",
        "Consent is not recorded: Harmed person.",
        "Consent is not recorded: Responsible person.",
        "Facilitator: 0 of 2 found.",
        "“How high is the risk of more harm?” is not answered.",
    ]


def test_move_opens_with_two_facilitators_who_know_nobody_and_both_consents() -> None:
    steps = ("contact-harmed-person", "contact-responsible-person", "risk-assessment")
    ready = contact(
        steps=tuple(Done(key, 1, MONDAY) for key in steps),
        answers={("risk-assessment", "level"): "low"},
        people=(
            Concerned("harmed-person", "h", frozenset({"prevention"})),
            Concerned("responsible-person", "r", frozenset({"prevention"})),
        ),
        team=(Worker("facilitator", "1"), Worker("facilitator", "2")),
    )
    way = standing(RJ, ready, MONDAY).way_to("preparation")
    assert way is not None
    assert way.open
    knows = ready.with_(team=(Worker("facilitator", "1"), Worker("facilitator", "2", True)))
    way = standing(RJ, knows, MONDAY).way_to("preparation")
    assert way is not None
    assert [str(one) for one in way.refused] == [
        "Somebody is to be kept apart from a person here: Facilitator."
    ]
    risky = ready.with_(answers={("risk-assessment", "level"): "high"})
    way = standing(RJ, risky, MONDAY).way_to("preparation")
    assert way is not None
    assert not way.open


def test_step_of_an_earlier_visit_does_not_count_in_the_next() -> None:
    case = contact(
        entered={"contact": date(2026, 12, 1)}, steps=(Done("risk-assessment", 1, MONDAY),)
    )
    todo = standing(RJ, case, date(2026, 12, 1)).todo("risk-assessment")
    assert todo is not None
    assert (todo.status, todo.number) == (Status.TO_DO, 2)


def test_repeating_step_comes_again_after_its_time() -> None:
    one = definition("community-step-down")
    case = Case(
        stage="support",
        opened=MONDAY,
        entered={"support": MONDAY},
        steps=(Done("plan", 1, MONDAY), Done("review", 1, date(2026, 12, 14))),
    )
    todo = standing(one, case, date(2026, 12, 15)).todo("review")
    assert todo is not None
    assert (todo.status, todo.number, todo.due) == (Status.TO_DO, 2, date(2027, 1, 25))


def test_case_counts_where_its_definition_says() -> None:
    closed = Case(stage="closed", opened=MONDAY, entered={"contact": MONDAY, "closed": MONDAY})
    assert counted(RJ, closed, MONDAY) == {"taken-on"}
    held = closed.with_(steps=(Done("conference", 1, MONDAY),))
    assert counted(RJ, held, MONDAY) == {"taken-on", "conferences"}


def test_record_comes_to_a_later_version_by_what_the_file_says(tmp_path: Path) -> None:
    first = STARTER.replace("KEY", "trial")
    second = (
        first.replace("version: 1", "version: 2")
        .replace("key: active", "key: helped-now")
        .replace("to: active", "to: helped-now")
        .replace("key: check\n", "key: look\n")
        .replace("steps: [check]", "steps: [look]")
        + "changes:\n  - {from: 1, stages: {active: helped-now}, steps: {check: look}}\n"
    )
    (tmp_path / "trial.1.yaml").write_text(first, encoding="utf-8")
    (tmp_path / "trial.2.yaml").write_text(second, encoding="utf-8")
    found = read_library(tmp_path, vocabulary())
    assert found.get("trial").version == 2
    case = Case(
        stage="active",
        opened=MONDAY,
        entered={"active": MONDAY},
        steps=(Done("check", 1, MONDAY),),
        answers={("check", "enough"): "yes"},
    )
    moved = migrated(found.get("trial"), case, 1)
    assert (moved.stage, moved.done("look"), moved.entered) == (
        "helped-now",
        (Done("look", 1, MONDAY),),
        {"helped-now": MONDAY},
    )
    assert moved.answers == {("look", "enough"): "yes"}
    assert "helped_now" in difference(found.get("trial", 1), found.get("trial", 2))
    with pytest.raises(KeyError):
        migrated(found.get("trial"), case.with_(stage="nowhere"), 1)


@pytest.mark.parametrize(
    ("span", "begin", "end"),
    [
        ("1 month", date(2026, 1, 31), date(2026, 2, 28)),
        ("3 months", date(2026, 11, 30), date(2027, 2, 28)),
        ("10 working days", date(2026, 11, 6), date(2026, 11, 20)),
        ("2 weeks", date(2026, 11, 6), date(2026, 11, 20)),
        ("0 days", date(2026, 11, 6), date(2026, 11, 6)),
    ],
)
def test_span(span: str, begin: date, end: date) -> None:
    found = Span.read(span)
    assert found is not None
    assert found.after(begin) == end
    assert Span.read("3 fortnights") is None


def test_short_scale_is_converted_and_a_missing_item_gives_no_total() -> None:
    one = instrument("swemwbs", MONDAY)
    assert one is not None
    assert [SWEMWBS_METRIC[raw] for raw in (7, 16, 21, 29, 35)] == [
        Decimal(text) for text in ("7.00", "16.36", "19.25", "26.02", "35.00")
    ]
    assert len(SWEMWBS_METRIC) == 29
    whole = score(one, {item.key: 3 for item in one.items})
    assert whole.total == Decimal("19.25")
    part = score(one, {item.key: 3 for item in one.items[1:]})
    assert (part.total, part.missing) == (None, ("item-1",))
    with pytest.raises(ValueError, match="out of range"):
        score(one, {"item-1": 6})
    assert instrument("swemwbs", date(2005, 1, 1)) is None


def test_long_scale_is_a_plain_sum_and_ons4_never_has_a_total() -> None:
    long = instrument("wemwbs", MONDAY)
    ons = instrument("ons4", MONDAY)
    assert long is not None
    assert ons is not None
    assert score(long, {item.key: 4 for item in long.items}).total == 56
    found = score(ons, {"satisfied": 4, "worthwhile": 7, "happy": 10, "anxious": 6})
    assert found.total is None
    assert found.bands == {
        "satisfied": "low",
        "worthwhile": "high",
        "happy": "very high",
        "anxious": "high",
    }
