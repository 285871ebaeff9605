"""What time does to cases: reminders before a step is due, escalation after, old drafts forgotten.

Messages name nobody and say nothing of the case: sign in to read.
"""

from datetime import date
from uuid import UUID

from django.conf import settings

from stepdown.casework.actions.case_keeping import entered
from stepdown.casework.actions.case_referrals import DISCARDED
from stepdown.casework.models import Case, CaseAnswers, CaseNotice, CaseWorker
from stepdown.casework.queries.case import facts
from stepdown.casework.queries.case_facts import standing_of
from stepdown.hub.actions import outbox, transaction
from stepdown.kernel import clock
from stepdown.pathways.interpret import Todo
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

MOST = 200  # cases at a time


def remind(*, by: Actor) -> int:
    """Send what is to be sent today, each once. The number of messages."""
    due = Case.objects.filter(look_on__lte=clock.today(), closed_on=None).exclude(stage="")
    ids = list(due.order_by("look_on", "id").values_list("pk", flat=True)[:MOST])
    return sum(_remind(by, one) for one in ids)


@transaction.atomic
def _remind(by: Actor, case_id: UUID) -> int:
    case = Case.objects.select_for_update().get(pk=case_id)
    require(by, Permission.CASE_WORK, facts(case))
    today, sent, ahead = clock.today(), 0, []
    for todo in standing_of(case).todos:
        if not todo.open or todo.due is None:
            continue
        for kind, day, to in _notices(case, todo):
            if day <= today:
                sent += _send(case, todo, kind, to)
            else:
                ahead.append(day)
    case.look_on = min(ahead, default=None)
    case.save(update_fields=["look_on"])
    return sent


def _notices(case: Case, todo: Todo) -> list[tuple[str, date, list[UUID]]]:
    found = []
    if todo.remind_on is not None:
        found.append(("soon", todo.remind_on, _holders(case, todo.step.who)))
    if todo.escalate_on is not None and todo.step.escalate is not None:
        found.append(("late", todo.escalate_on, _holders(case, todo.step.escalate.to)))
    return found


def _holders(case: Case, role: str) -> list[UUID]:
    """Who has the role; where nobody has, whoever looks after the case."""
    found = CaseWorker.objects.filter(case=case, role=role, until=None)
    held = list(found.values_list("user", flat=True))
    covered = case.cover_until is not None and case.cover_until >= clock.today()
    stand_in = [case.cover_id] if covered and case.cover_id and case.officer_id in held else []
    return [*(held or filter(None, [case.officer_id])), *stand_in]


def _send(case: Case, todo: Todo, kind: str, to: list[UUID]) -> int:
    """Once for each day by which it is due; nothing is noted while there is nobody to tell."""
    notice = {"case": case, "step": todo.step.key, "number": todo.number, "kind": kind}
    if not to or todo.due is None or CaseNotice.objects.filter(**notice, due=todo.due).exists():
        return 0
    CaseNotice.objects.create(**notice, due=todo.due, sent_at=clock.now())
    for user in to:
        outbox.post(template=f"case-step-{kind}", about=("case", case.pk), to_user=user)
    return len(to)


def discard_old_drafts(*, by: Actor) -> int:
    """Forget referrals into pathways that were begun and never sent. How many."""
    before = clock.now() - settings.STEPDOWN_DRAFT_KEPT_FOR
    old = Case.objects.filter(stage="", started_at__lt=before)
    ids = list(old.order_by("id").values_list("pk", flat=True)[:MOST])
    return sum(_discard(by, one) for one in ids)


@transaction.atomic
def _discard(by: Actor, case_id: UUID) -> int:
    case = Case.objects.select_for_update().filter(pk=case_id, stage="").first()
    if case is None:
        return 0
    require(by, Permission.CASE_WORK, facts(case))
    entered(by, DISCARDED, case, {"reference": case.reference})
    CaseAnswers.objects.filter(case=case).delete()
    case.delete()
    return 1
