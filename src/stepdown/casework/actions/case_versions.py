"""Bringing stored cases to a later version of their pathway, and remembering what files said."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.casework.actions.case_keeping import entered, saved
from stepdown.casework.models import (
    Case,
    CaseAnswers,
    CaseMeasure,
    CaseNeed,
    CaseNotice,
    CasePerson,
    CaseStage,
    CaseStep,
    CaseWorker,
    PathwayFile,
)
from stepdown.casework.queries import pathway_file
from stepdown.casework.queries.case import facts
from stepdown.casework.queries.case_typed import OTHERS
from stepdown.casework.queries.case_words import said
from stepdown.casework.queries.definitions import definition
from stepdown.hub.actions import transaction
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import Refused
from stepdown.pathways.digest import NEWEST
from stepdown.pathways.facts import REFERRAL
from stepdown.pathways.schema import Change
from stepdown.pathways.versions import Answered, Holds, change_from, refusals
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

BROUGHT = Verb("case.brought", gettext_lazy("Case brought to a later version of its pathway"))
# Who it is about, typed in a referral: of no form, and the same in every version.
_NAMES = frozenset({"given_name", "family_name", "date_of_birth", OTHERS})


@dataclass(frozen=True)
class Brought:
    """One case of the report: where it stands and would stand, and all that refuses."""

    reference: str
    stage: str
    to: str
    refused: tuple[str, ...]


@transaction.atomic
def bring(
    *,
    by: Actor,
    pathway: str,
    old: int,
    new: int,
    stages: Iterable[str] = (),
    really: bool = False,
) -> list[Brought]:
    """What becomes of every case of a version (of those in ``stages``, where any are named), and
    with ``really`` do it: to all of them, or where one refuses to none."""
    change = _change(pathway, old, new)
    wanted = Case.objects.select_for_update().filter(pathway=pathway, pathway_version=old)
    chosen = sorted(stages)
    held = list((wanted.filter(stage__in=chosen) if chosen else wanted).order_by("id"))
    for case in held:
        require(by, Permission.CASE_BRING, facts(case))
    file, found = definition(pathway, new), holds(held)
    report = [
        Brought(
            case.reference,
            case.stage,
            change.stages.get(case.stage, case.stage),
            tuple(said(why) for why in refusals(file, change, found[case.pk])),
        )
        for case in held
    ]
    if really and not any(one.refused for one in report):
        for case in held:
            _bring(by, case, change, new)
    return report


@transaction.atomic
def remember_files(*, by: Actor) -> int:
    """Record what the files say of versions that have cases. One that was recorded stays as it was,
    so that a change is seen; in the first form, it takes in the words as they are now where nothing
    else was changed. How many were written."""
    now = pathway_file.digests()
    older = pathway_file.to_renew()
    for one in older:
        require(by, Permission.CASE_BRING, {"pathway": one.pathway})
        one.digest, one.form = now[one.pathway, one.version], NEWEST
    PathwayFile.objects.bulk_update(older, ("digest", "form"))
    known = set(PathwayFile.objects.values_list("pathway", "version"))
    fresh = sorted((pathway_file.stood_on() & now.keys()) - known)
    for key, _version in fresh:
        require(by, Permission.CASE_BRING, {"pathway": key})
    at = clock.now()
    PathwayFile.objects.bulk_create(
        (
            PathwayFile(
                pathway=key,
                version=version,
                digest=now[key, version],
                form=NEWEST,
                recorded_at=at,
            )
            for key, version in fresh
        ),
        ignore_conflicts=True,
    )
    return len(fresh) + len(older)


def _change(pathway: str, old: int, new: int) -> Change:
    try:
        file = definition(pathway, new)
        definition(pathway, old)
    except KeyError:
        raise Refused(_("There is no such version of this pathway.")) from None
    if not file.in_use:
        raise Refused(_("The later version is not in use yet."))
    change = change_from(file, old) if old < new else None
    if change is None:
        raise Refused(_("The later version does not say how records come to it from that one."))
    return change


def holds(cases: Iterable[Case]) -> dict[UUID, Holds]:
    """All keys that cases use. Six queries, however many they are."""
    held = {one.pk: one for one in cases}
    steps = _by_case(CaseStep, held)
    stages = _by_case(CaseStage, held)
    people = _by_case(CasePerson, held)
    workers = _by_case(CaseWorker, held)
    measures = _by_case(CaseMeasure, held)
    answers = _by_case(CaseAnswers, held)
    needs = _by_case(CaseNeed, held)
    return {
        pk: Holds(
            stage=case.stage,
            stages=frozenset(row.stage for row in stages[pk]),
            steps=frozenset((row.step, row.number) for row in steps[pk]),
            answers=tuple(
                Answered(row.step, key, row.category, value)
                for row in answers[pk]
                for key, value in row.answers.items()
                if row.step != REFERRAL or key not in _NAMES
            ),
            people=frozenset(row.role for row in people[pk]),
            team=frozenset(row.role for row in (*workers[pk], *needs[pk]) if row.role),
            measured=frozenset((row.measure, row.occasion) for row in measures[pk]),
            source=case.source,
            outcome=case.outcome,
            reason=case.reason,
        )
        for pk, case in held.items()
    }


def _by_case(book: Any, cases: dict[UUID, Case]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in book.objects.filter(case__in=list(cases)).order_by("pk"):
        found[row.case_id].append(row)
    return found


def _bring(by: Actor, case: Case, change: Change, new: int) -> None:
    for book, field, names in (
        (CaseStage, "stage", change.stages),
        (CaseStep, "step", change.steps),
        (CaseAnswers, "step", change.steps),
        (CaseNotice, "step", change.steps),
    ):
        rows = book.objects.filter(case=case)
        # By way of a name that no key has: two keys may have changed places.
        for key, to in names.items():
            rows.filter(**{field: key}).update(**{field: f"~{to}"})
        for to in sorted(set(names.values())):
            rows.filter(**{field: f"~{to}"}).update(**{field: to})
    before = case.pathway_version
    case.stage = change.stages.get(case.stage, case.stage)
    case.pathway_version = new
    if case.stage:
        saved(case)
    else:
        case.save()
    entered(by, BROUGHT, case, {"from": before, "to_version": new})
