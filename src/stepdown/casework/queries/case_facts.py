"""From the store to the facts that the interpreter reads, and what it says of a case today."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from stepdown.casework.models import (
    Case,
    CaseAnswers,
    CaseMeasure,
    CaseNeed,
    CasePerson,
    CaseStage,
    CaseStep,
    CaseWorker,
)
from stepdown.casework.queries.case import definition_of, holidays
from stepdown.hub.queries.reader import as_hub
from stepdown.kernel import clock
from stepdown.pathways import facts as told
from stepdown.pathways.facts import REFERRAL
from stepdown.pathways.guards import Reason
from stepdown.pathways.interpret import Standing, endings, standing
from stepdown.pathways.schema import Outcome
from stepdown.people.models import Consent
from stepdown.policy.categories import Category
from stepdown.volunteering.models import Exclusion, Placement
from stepdown.volunteering.models.placement import PlacementState


def facts_of(case: Case) -> told.Case:
    """All that the interpreter asks of a case, whoever reads: only its verdicts are shown."""
    return facts_of_all([case])[case.pk]


@as_hub("guards judge by all there is, and only their verdicts are shown")
def facts_of_all(cases: Iterable[Case]) -> dict[UUID, told.Case]:
    """The same of many cases. Nine queries, however much there is."""
    held = {one.pk: one for one in cases}
    steps = _by_case(CaseStep.objects.filter(case__in=held))
    people = _by_case(CasePerson.objects.filter(case__in=held, ended_on=None))
    stages = _by_case(CaseStage.objects.filter(case__in=held))
    measures = _by_case(CaseMeasure.objects.filter(case__in=held))
    answers = _by_case(CaseAnswers.objects.filter(case__in=held).order_by("number"))
    staff = _by_case(CaseWorker.objects.filter(case__in=held, until=None))
    said = consents_of(one.person_id for some in people.values() for one in some)
    volunteers = _volunteers(held, people)
    return {
        pk: told.Case(
            stage=one.stage,
            opened=one.opened_on or clock.today(),
            entered={row.stage: row.entered_on for row in stages[pk]},
            steps=tuple(told.Done(row.step, row.number, row.done_on) for row in steps[pk]),
            answers=_answers(answers[pk], steps[pk]),
            people=tuple(
                told.Concerned(row.role, str(row.person_id), said[row.person_id])
                for row in people[pk]
            ),
            team=(*(told.Worker(row.role, str(row.user_id)) for row in staff[pk]), *volunteers[pk]),
            measured=tuple(
                told.Measured(row.measure, row.occasion, str(row.person_id), row.taken_on)
                for row in measures[pk]
            ),
            outcome=one.outcome,
            closed=one.closed_on,
        )
        for pk, one in held.items()
    }


def _by_case(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.case_id].append(row)
    return found


def standing_of(case: Case) -> Standing:
    """What the interpreter says of the case today."""
    return standing(definition_of(case), facts_of(case), clock.today(), holidays())


def endings_of(case: Case, stage: str) -> tuple[tuple[Outcome, tuple[Reason, ...]], ...]:
    """How the case may end in a closing stage today, each with what refuses it."""
    return endings(definition_of(case), facts_of(case), stage, clock.today())


def _answers(
    rows: Iterable[CaseAnswers], steps: Iterable[CaseStep]
) -> dict[tuple[str, str], object]:
    """The last finished answer to each question; a draft says nothing yet."""
    done = {(row.step, row.number) for row in steps if row.done_on is not None}
    found: dict[tuple[str, str], object] = {}
    for row in rows:
        if row.step == REFERRAL or (row.step, row.number) in done:
            found |= {(row.step, key): value for key, value in row.answers.items()}
    return found


def consents_of(people: Iterable[UUID]) -> dict[UUID, frozenset[str]]:
    """The purposes each person consents to now: what was said last counts. One query."""
    wanted = set(people)
    last: dict[tuple[UUID, str], str] = {}
    for row in Consent.objects.filter(person__in=wanted).order_by("id"):
        last[row.person_id, row.purpose] = row.answer
    found: dict[UUID, set[str]] = {one: set() for one in wanted}
    for (person, purpose), answer in last.items():
        if answer == Consent.Answer.GIVEN:
            found[person].add(purpose)
    return {one: frozenset(purposes) for one, purposes in found.items()}


def _volunteers(
    cases: Iterable[UUID], people: Mapping[UUID, list[CasePerson]]
) -> dict[UUID, list[told.Worker]]:
    """Those placed on the needs that cases raised; whom they must be kept from is told."""
    found: dict[UUID, list[told.Worker]] = defaultdict(list)
    needs = {row.need_id: row for row in CaseNeed.objects.filter(case__in=cases) if row.role}
    if not needs:
        return found
    concerned = {pk: {row.person_id for row in rows} for pk, rows in people.items()}
    kept: dict[UUID, set[UUID]] = defaultdict(set)
    everybody = set().union(*concerned.values())
    for row in Exclusion.objects.filter(person__in=everybody, ended_at=None):
        kept[row.volunteer_id].add(row.person_id)
    placed = Placement.objects.filter(need__in=needs, state=PlacementState.LIVE)
    rows = placed.values_list("need_id", "volunteer_id", "volunteer__person_id").order_by("id")
    for need, volunteer, person in rows:
        case = needs[need].case_id
        there = concerned.get(case, set())
        conflict = bool(kept[volunteer] & there) or person in there
        found[case].append(told.Worker(needs[need].role, str(volunteer), conflict))
    return found


def readable_answers(
    case: Case, categories: Iterable[Category]
) -> dict[tuple[str, int], dict[str, Any]]:
    """What was answered in these categories, by form and number. One query."""
    wanted = [c.value for c in categories if c is not Category.SHIELDED_LOCATION]
    found: dict[tuple[str, int], dict[str, Any]] = defaultdict(dict)
    for row in CaseAnswers.objects.filter(case=case, category__in=wanted):
        found[row.step, row.number] |= row.answers
    return dict(found)


def own_referral_answers(case: Case) -> dict[str, Any]:
    """All that its maker has said in a draft, names included. Ask ``draft_for`` first."""
    with as_hub("a draft is read back to its maker, whatever they may read in others' cases"):
        rows = list(CaseAnswers.objects.filter(case=case, step=REFERRAL))
    return {key: value for row in rows for key, value in row.answers.items()}


def latest_answers(
    case: Case, categories: Iterable[Category], step: str, number: int
) -> dict[str, Any]:
    """What one form holds in these categories."""
    return readable_answers(case, categories).get((step, number), {})
