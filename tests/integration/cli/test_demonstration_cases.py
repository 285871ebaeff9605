"""The cases of the demonstration: every pathway has some that wait, are in work, or have ended."""

import random
from collections import defaultdict
from datetime import date
from typing import Any

import pytest

from stepdown.casework.models import Case, CaseMeasure
from stepdown.casework.queries.case import get
from stepdown.casework.queries.case_facts import standing_of
from stepdown.casework.queries.definitions import library
from stepdown.casework.queries.own_step import mine
from stepdown.cli.demonstration import deciding
from stepdown.cli.demonstration.case_stories import answers, stories
from stepdown.cli.demonstration.cases import _run, keep
from stepdown.cli.demonstration.ground import Ground, lay
from stepdown.kernel import clock
from stepdown.people.queries.actor import actor_for_user

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 22)


def test_every_pathway_has_cases_that_wait_are_worked_on_and_have_ended() -> None:
    ground = Ground(DAY, random.Random(1))
    with clock.at(ground.day(-150)):
        ground = lay(DAY, random.Random(1))
    made = list(keep(ground))
    assert made[-1] == (len(made), len(made))
    # With all cases on its agenda, each meeting asks only those who may see them.
    assert deciding.meet(ground) == 3
    with clock.at(ground.day(0, hour=23)):
        shown()
        each_can_be_seen_by_those_who_work_on_it(ground)


def shown() -> None:
    by_pathway: dict[str, list[Case]] = defaultdict(list)
    for case in Case.objects.all():
        by_pathway[case.pathway].append(case)
    assert by_pathway.keys() == {one.key for one in library().latest()}
    late = 0
    for one in library().latest():
        cases = by_pathway[one.key]
        assert any(case.stage == one.first.key for case in cases), one.key
        worked = [c for c in cases if c.closed_on is None and c.stage != one.first.key]
        assert worked, one.key
        late += any(standing_of(case).overdue for case in [*worked, *cases])
        ended = {one.outcome(case.outcome).counts_as for case in cases if case.outcome}
        assert {"not", "not-taken-on", "success"} <= ended, one.key
    assert late >= len(by_pathway) // 2
    measured = set(CaseMeasure.objects.values_list("case__pathway", flat=True))
    assert measured >= {
        one.key
        for one in library().latest()
        if any(one.person_role(measure.about).least for measure in one.measures)
    }


def each_can_be_seen_by_those_who_work_on_it(ground: Ground) -> None:
    for case in Case.objects.exclude(officer=None).select_related("officer"):
        assert case.officer is not None
        assert get(by=actor_for_user(case.officer), id=case.pk) == case
    made = Case.objects.filter(made_by=ground.users["referrer"])
    assert made.count() >= 8
    for case in made:
        assert get(by=ground.actors["coordinator"], id=case.pk) == case


def test_story_that_answers_what_is_not_asked_is_found() -> None:
    fields = library().get("early-help").screens[0].fields
    with pytest.raises(KeyError, match="no such question: colour"):
        answers(fields, {"colour": "blue"})
    said: dict[str, Any] = {"worry": ["home"], "story": "Rent"}
    assert answers(fields, said) == said
    assert {one.pathway for one in stories()} == {one.key for one in library().latest()}


def test_a_volunteer_who_can_sign_in_has_a_case_of_her_own() -> None:
    with clock.at(Ground(DAY, random.Random(1)).day(-150)):
        ground = lay(DAY, random.Random(1))
    story = next(one for one in stories() if one.pathway == "restorative-justice")
    course = next(one for one in story.cases if one.volunteer and not one.end)
    _run(ground, random.Random(3), story, course)
    with clock.at(ground.day(0, hour=23)):
        (own,) = mine(actor_for_user(ground.users["facilitator"]))
        assert own.todo("meet-responsible-person") is not None
        assert len(own.people) == 2
