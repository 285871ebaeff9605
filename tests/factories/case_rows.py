"""Many cases at once, as rows copied from one that the hub's own verbs have made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stepdown.casework.models import Case, CaseAnswers, CaseStage, CaseStep
from stepdown.casework.queries.case import definition_of
from stepdown.kernel import clock
from stepdown.kernel.ids import new_id, new_reference
from stepdown.pathways.guards import field_of


@dataclass(frozen=True)
class Told:
    """What one case says beyond its referral. ``answers`` are by ``step.field``; their steps are
    done, and those of ``done``; ``reached`` are stages that it came to, the last being its own."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    done: tuple[str, ...] = ()
    reached: tuple[str, ...] = ()
    source: str = ""
    outcome: tuple[str, str] = ("", "")


def cases_like(first: Case, told: Sequence[Told]) -> list[Case]:
    """One case for each, the first being ``first`` itself: it may have no step done yet."""
    definition, today, now = definition_of(first), clock.today(), clock.now()
    referral, stages = list(first.answers.all()), list(first.stages.all())
    made, answers, steps, entered = [], [], [], []
    for number, one in enumerate(told):
        case = Case.objects.get(pk=first.pk) if number == 0 else _copy(first)
        case.source = one.source or case.source
        case.stage = one.reached[-1] if one.reached else case.stage
        case.outcome, case.reason = one.outcome
        case.closed_on = today if case.outcome else None
        made.append(case)
        if number:
            answers += [
                CaseAnswers(case=case, step=row.step, category=row.category, answers=row.answers)
                for row in referral
            ]
            entered += [
                CaseStage(case=case, stage=row.stage, entered_on=row.entered_on) for row in stages
            ]
        entered += [CaseStage(case=case, stage=key, entered_on=today) for key in one.reached]
        said: dict[tuple[str, str], dict[str, Any]] = {}
        for path, value in one.answers.items():
            asked = field_of(definition, path)
            assert asked is not None, path
            step, _dot, key = path.partition(".")
            said.setdefault((step, asked.category), {})[key] = value
        answers += [
            CaseAnswers(case=case, step=step, category=category, answers=held)
            for (step, category), held in said.items()
        ]
        keys = dict.fromkeys([*(step for step, _category in said), *one.done])
        steps += [CaseStep(case=case, step=key, done_on=today, saved_at=now) for key in keys]
    Case.objects.bulk_create(made[1:], batch_size=500)
    made[0].save()
    CaseAnswers.objects.bulk_create(answers, batch_size=500)
    CaseStage.objects.bulk_create(entered, batch_size=500)
    CaseStep.objects.bulk_create(steps, batch_size=500)
    return made


def _copy(case: Case) -> Case:
    found = Case.objects.model(
        **{one.attname: getattr(case, one.attname) for one in Case._meta.concrete_fields}
    )
    found.pk, found.reference = new_id(), new_reference("C")
    return found
