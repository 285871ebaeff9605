"""What every verb on a case shares: lock and ask, write what is due, tell the ledger."""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from stepdown.casework.models import Case, CaseAnswers, CasePerson
from stepdown.casework.queries.case import facts, is_visible
from stepdown.casework.queries.case_facts import standing_of
from stepdown.casework.queries.case_typed import without
from stepdown.hub.actions.ledger import Subject, record
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible, Refused
from stepdown.pathways.facts import REFERRAL
from stepdown.pathways.interpret import Standing
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission


def locked(by: Actor, case: Case, permission: Permission) -> Case:
    """The case as it is now, for this transaction alone; the actor may do this to it."""
    found = Case.objects.select_for_update().filter(pk=case.pk).first()
    told = facts(found) if found is not None else {}
    if found is None or not is_visible(by, found, told):
        raise NotVisible("No such case.")
    require(by, permission, told)
    if found.stage == "":
        raise Refused(gettext("This referral has not been sent yet."))
    return found


def must_be_open(case: Case) -> None:
    """Nothing more is done in a closed case; it may be opened again."""
    if case.closed_on is not None:
        raise Refused(gettext("This case is closed."))


def saved(case: Case) -> Standing:
    """Write the case with what is due next, and when its reminders are to be looked at."""
    now = standing_of(case)
    case.next_due = now.next_due if case.closed_on is None else None
    case.look_on = _look_on(now) if case.closed_on is None else None
    case.version += 1
    case.save()
    return now


def _look_on(now: Standing) -> date | None:
    today = clock.today()
    days = [
        day
        for one in now.todos
        if one.open
        for day in (one.remind_on, one.escalate_on)
        if day is not None
    ]
    ahead = [day for day in days if day >= today]
    # What lies behind is looked at once more: a notice that was sent is not sent again.
    return today if len(ahead) < len(days) else min(ahead, default=None)


def entered(
    by: Actor,
    verb: Verb,
    case: Case,
    payload: dict[str, Any] | None = None,
    subjects: list[Subject] | None = None,
) -> None:
    """One entry, on the timelines of the case and of everybody it is about."""
    people: list[UUID] = list(
        CasePerson.objects.filter(case=case, ended_on=None).values_list("person", flat=True)
    )
    concerned: list[Subject] = [("person", one) for one in people]
    about: Subject = ("case", case.pk)
    record(by=by, verb=verb, about=about, subjects=[*concerned, *(subjects or [])], payload=payload)


def forget_names(case: Case, typed: int | None) -> None:
    """Once the person has a record, the names typed in the referral are not kept beside it. The
    others keep their numbers: where one stood nothing is left."""
    if typed is None:
        return
    rows = CaseAnswers.objects.select_for_update().filter(
        case=case, step=REFERRAL, category=Category.IDENTITY.value
    )
    for row in rows:
        row.answers = without(row.answers, typed)
        row.save(update_fields=["answers"])
