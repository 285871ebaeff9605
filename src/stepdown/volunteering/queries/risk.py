"""Risk assessments: the one that holds, and those that wait for somebody."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from stepdown.hub.queries.scope import Columns, compile_scope
from stepdown.kernel.errors import NotVisible
from stepdown.policy.actors import Actor
from stepdown.policy.decide import scope_for
from stepdown.policy.permissions import Permission
from stepdown.policy.predicates import Facts
from stepdown.sharing.queries.in_force import read_for
from stepdown.volunteering.models import Need, RiskAssessment
from stepdown.volunteering.models.risk import RiskState
from stepdown.volunteering.queries import wall

COLUMNS: Columns = wall.columns_of("need")


def facts(assessment: RiskAssessment) -> Facts:
    """What the policy asks of an assessment: the facts of its need."""
    return facts_for(assessment.need)


def facts_for(need: Need) -> Facts:
    """The same for one that is yet to be written."""
    return wall.facts_of(need)


def visible_to(
    by: Actor, permission: Permission = Permission.RISK_VIEW
) -> QuerySet[RiskAssessment]:
    """The assessments on which the actor may use the permission."""
    found = RiskAssessment.objects.filter(
        compile_scope(scope_for(by, permission), read_for(by, COLUMNS))
    )
    return found.select_related("need", "need__district", "written_by", "decided_by")


def get(*, by: Actor, id: UUID) -> RiskAssessment:
    """One assessment the actor may see."""
    found = visible_to(by).filter(pk=id).first()
    if found is None:
        raise NotVisible("No such record.")
    return found


def current_for(need_ids: Iterable[UUID], on: date) -> dict[UUID, RiskAssessment]:
    """The approved assessment that holds on the day, by need; needs without one are absent.

    It holds to the end of the day it is to be reviewed on. One query.
    """
    found = RiskAssessment.objects.filter(
        need__in=list(need_ids), state=RiskState.APPROVED.value, review_on__gte=on
    )
    return {assessment.need_id: assessment for assessment in found}


def versions_of(by: Actor, need: Need) -> list[RiskAssessment]:
    """All versions of a need's assessment, newest first. One query."""
    return list(visible_to(by).filter(need=need).order_by("-version"))


def waiting(by: Actor) -> QuerySet[RiskAssessment]:
    """Those that the actor could approve: sent for approval, not written by them. Oldest first."""
    found = visible_to(by, Permission.RISK_APPROVE).filter(state=RiskState.SUBMITTED.value)
    return found.exclude(written_by=by.user).order_by("id")


def review_due(by: Actor, on: date) -> QuerySet[RiskAssessment]:
    """Approved ones of open needs whose review falls on or before the day, soonest first."""
    found = visible_to(by).filter(state=RiskState.APPROVED.value, review_on__lte=on)
    return found.filter(need__state="open").order_by("review_on", "id")
