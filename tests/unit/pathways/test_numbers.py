"""What a definition may ask of numbers, of time that depends on an answer, of things done again."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from stepdown.casework.queries.definitions import vocabulary
from stepdown.evidence.avoided import add_up, priced
from stepdown.pathways.facts import Case, Done
from stepdown.pathways.interpret import counted, standing, summed
from stepdown.pathways.library import read_definition, read_library
from stepdown.pathways.schema import Definition
from stepdown.pathways.starter import STARTER
from stepdown.pathways.tree import Faulty

MONDAY, TUESDAY = date(2026, 11, 2), date(2026, 11, 3)
MORE = """
  - key: told-us
    name: Something happened
    who: lead
    again: yes
    fields:
      - {key: happened, name: "When?", type: date, category: support}
  - key: tell
    name: Tell the person
    who: lead
    again: yes
    due: {within: 5 working days, of: "step:told-us", sooner: {within: 1 working day,
     when: [{answered: {field: check.enough, is: "yes"}}]}}
  - key: count
    name: Count
    who: lead
    fields:
      - {key: before, name: "Before?", type: number, category: support}
      - {key: after, name: "After?", type: number, category: support}

outcomes:"""
COUNTS = """
counts:
  - {key: fell, name: Fewer after, where: [{fewer: {field: count.after, than: count.before}}]}
  - {key: some, name: Some, where: [{number: {field: count.after, least: 1, most: 5}}]}
  - {key: told, name: Told as often, where: [{as-often: {step: tell, of: told-us}}]}
sums:
  - {key: minutes, name: Minutes, of: count.after, where: [{step-done: count}]}

permissions:"""
TEXT = (
    STARTER.replace("KEY", "trial")
    .replace("steps: [check]", "steps: [check, told-us, tell, count]")
    .replace("\noutcomes:", MORE)
    .replace("\npermissions:", COUNTS)
)


def written(folder: Path, text: str = TEXT) -> Definition:
    path = folder / "trial.1.yaml"
    path.write_text(text, encoding="utf-8")
    return read_definition(path, vocabulary())


def case(*steps: Done, **answers: object) -> Case:
    told = {(k.split("_")[0], k.split("_")[1]): value for k, value in answers.items()}
    return Case(stage="referred", opened=MONDAY, steps=steps, answers=told)


def due(one: Definition, stands: Case) -> date | None:
    todo = standing(one, stands, TUESDAY).todo("tell")
    assert todo is not None
    assert todo.open
    return todo.due


def test_time_is_shorter_where_an_answer_says_so(tmp_path: Path) -> None:
    one = written(tmp_path)
    happened = Done("told-us", 1, MONDAY)
    assert due(one, case(happened)) == date(2026, 11, 9)
    assert due(one, case(happened, check_enough="yes")) == TUESDAY


def test_step_is_due_as_often_as_what_its_time_runs_from(tmp_path: Path) -> None:
    one = written(tmp_path)
    first, told, second = Done("told-us", 1, MONDAY), Done("tell", 1, TUESDAY), Done("told-us", 2)
    assert due(one, case()) is None
    assert due(one, case(first, told)) is None
    again = Done(second.step, second.number, TUESDAY)
    assert due(one, case(first, told, again)) == date(2026, 11, 10)
    assert "told" not in counted(one, case(first, told, again), TUESDAY)
    twice = Done("tell", 2, TUESDAY)
    assert due(one, case(first, told, again, twice)) is None
    assert "told" in counted(one, case(first, told, again, twice), TUESDAY)


def test_what_was_told_in_an_earlier_stage_is_not_owed_again(tmp_path: Path) -> None:
    text = TEXT.replace("name: Support\n", "name: Support\n    steps: [told-us, tell]\n", 1)
    one = written(tmp_path, text)
    steps = (Done("told-us", 1, MONDAY), Done("tell", 1, MONDAY))
    stands = case(*steps).with_(stage="active", entered={"referred": MONDAY, "active": TUESDAY})
    assert due(one, stands) is None
    more = stands.with_(steps=(*steps, Done("told-us", 2, TUESDAY)))
    assert due(one, more) == date(2026, 11, 10)


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (9, 4, {"fell", "some"}),
        (4, 4, {"some"}),
        (4, 6, set()),
        (1, 0, {"fell"}),
        (None, 3, {"some"}),
    ],
)
def test_numbers_are_set_side_by_side(
    tmp_path: Path, before: int | None, after: int, found: set[str]
) -> None:
    stands = case(count_before=before, count_after=after)
    assert counted(written(tmp_path), stands, TUESDAY) - {"told"} == found


def test_fewer_selected_counts_none_as_none(tmp_path: Path) -> None:
    options = (
        "type: several, category: support, options: [{key: none, name: None}, {key: a, name: A}]"
    )
    text = TEXT.replace("type: number, category: support", options)
    some = next(line for line in COUNTS.splitlines(keepends=True) if "key: some" in line)
    text = text.replace(some, "")
    one = written(
        tmp_path, text.split("sums:")[0] + "\npermissions:" + text.split("permissions:")[1]
    )
    assert "fell" in counted(one, case(count_before=["a"], count_after=["none"]), TUESDAY)
    assert "fell" not in counted(one, case(count_before=["none"], count_after=["none"]), TUESDAY)


def test_minutes_of_many_cases_come_to_hours_at_a_rate_per_line(tmp_path: Path) -> None:
    """113 people not detained, 1,204 hours of police time at the rate that gave £32,431."""
    one = written(tmp_path)
    minutes = [640] * 24 + [639] * 88 + [648]
    assert len(minutes) == 113
    done = Done("count", 1, MONDAY)
    total = sum(summed(one, case(done, count_after=m), TUESDAY)["minutes"] for m in minutes)
    assert total == 1_204 * 60
    assert summed(one, case(count_after=3), TUESDAY) == {}
    line = priced("police", "avoided", Decimal(total) / 60, Decimal(32_431) / 1_204)
    assert add_up([line]).pounds == Decimal("32431.00")


def test_one_of_several_answers_is_enough(tmp_path: Path) -> None:
    asked = "one-answered: {fields: check.enough|count.after, is: 'no'}"
    one = written(tmp_path, TEXT.replace("as-often: {step: tell, of: told-us}", asked))
    assert "told" in counted(one, case(check_enough="no"), TUESDAY)
    assert "told" not in counted(one, case(check_enough="yes"), TUESDAY)
    assert "told" not in counted(one, case(), TUESDAY)
    with pytest.raises(Faulty, match="There is no question “count"):
        written(tmp_path, TEXT.replace("as-often: {step: tell, of: told-us}",
                asked.replace("count.after", "count.later")))  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("least: 1", "least: one", "“least” of the guard “number” is a whole number."),
        ("number: {field: count.after", "number: {field: check.enough", "cannot be counted"),
        ("of: count.after", "of: check.enough", "is no question that asks for a number"),
        ("check.enough, is:", "check.enuogh, is:", "There is no question “check.enuogh”"),
        ("again: yes\n    due", "again: yes\n    repeats: 1 week\n    due", "either repeats"),
        ("when: [{answered", "when: [steps-done, {answered", "names exactly one guard"),
    ],
)
def test_slip_is_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in TEXT
    with pytest.raises(Faulty, match=said):
        written(tmp_path, TEXT.replace(old, new, 1))


def test_version_that_is_not_in_use_begins_no_case(tmp_path: Path) -> None:
    written(tmp_path)
    later = TEXT.replace("version: 1", "version: 2\nin-use: no")
    (tmp_path / "trial.2.yaml").write_text(later, encoding="utf-8")
    found = read_library(tmp_path, vocabulary())
    assert found.get("trial").version == 1
    assert found.get("trial", 2).in_use is False
    assert [one.version for one in found.latest()] == [1]


def test_welsh_written_once_serves_every_pathway_and_gives_way_to_its_own(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "words.cy.yaml").write_text("Support: Cymorth\nClosed: Ar gau\n", encoding="utf-8")
    (tmp_path / "trial.1.cy.yaml").write_text("Closed: Wedi cau\n", encoding="utf-8")
    one = written(tmp_path)
    assert [stage.name.cy for stage in one.stages] == ["", "Cymorth", "Wedi cau"]
