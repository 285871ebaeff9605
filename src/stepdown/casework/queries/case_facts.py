"""From the store to the facts that the interpreter reads, and what it says of a case today."""

from collections import defaultdict
from collections.abc import Iterable
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
from stepdown.pathways.interpret import Standing, standing
from stepdown.people.models import Consent
from stepdown.policy.categories import Category
from stepdown.volunteering.models import Exclusion, Placement
from stepdown.volunteering.models.placement import PlacementState


@as_hub("guards judge by all there is, and only their verdicts are shown")
def facts_of(case: Case) -> told.Case:
    """All that the interpreter asks of a case, whoever reads: only its verdicts are shown.

    Nine queries, however much there is.
    """
    steps = list(CaseStep.objects.filter(case=case))
    done = {(row.step, row.number) for row in steps if row.done_on is not None}
    people = list(CasePerson.objects.filter(case=case, ended_on=None))
    stages = list(CaseStage.objects.filter(case=case))
    return told.Case(
        stage=case.stage,
        opened=case.opened_on or clock.today(),
        entered={row.stage: row.entered_on for row in stages},
        steps=tuple(told.Done(row.step, row.number, row.done_on) for row in steps),
        answers=_answers(case, done),
        people=_concerned(people),
        team=(*_staff(case), *_volunteers(case, [one.person_id for one in people])),
        measured=tuple(
            told.Measured(row.measure, row.occasion, str(row.person_id), row.taken_on)
            for row in CaseMeasure.objects.filter(case=case)
        ),
        outcome=case.outcome,
        closed=case.closed_on,
    )


def standing_of(case: Case) -> Standing:
    """What the interpreter says of the case today."""
    return standing(definition_of(case), facts_of(case), clock.today(), holidays())


def _answers(case: Case, done: set[tuple[str, int]]) -> dict[tuple[str, str], object]:
    """The last finished answer to each question; a draft says nothing yet."""
    found: dict[tuple[str, str], object] = {}
    for row in CaseAnswers.objects.filter(case=case).order_by("number"):
        if row.step == REFERRAL or (row.step, row.number) in done:
            found |= {(row.step, key): value for key, value in row.answers.items()}
    return found


def _concerned(people: list[CasePerson]) -> tuple[told.Concerned, ...]:
    said = consents_of(one.person_id for one in people)
    return tuple(
        told.Concerned(one.role, str(one.person_id), said[one.person_id]) for one in people
    )


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


def _staff(case: Case) -> Iterable[told.Worker]:
    for row in CaseWorker.objects.filter(case=case, until=None):
        yield told.Worker(row.role, str(row.user_id))


def _volunteers(case: Case, people: list[UUID]) -> list[told.Worker]:
    """Those placed on the needs that the case raised; whom they must be kept from is told."""
    roles = dict(CaseNeed.objects.filter(case=case).values_list("need_id", "role"))
    if not roles:
        return []
    placed = Placement.objects.filter(need__in=roles, state=PlacementState.LIVE)
    kept: dict[UUID, set[UUID]] = defaultdict(set)
    for row in Exclusion.objects.filter(person__in=people, ended_at=None):
        kept[row.volunteer_id].add(row.person_id)
    rows = placed.values_list("need_id", "volunteer_id", "volunteer__person_id").order_by("id")
    return [
        told.Worker(roles[need], str(volunteer), bool(kept[volunteer]) or person in people)
        for need, volunteer, person in rows
        if roles[need]
    ]


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
