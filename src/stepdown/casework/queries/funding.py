"""Funding of pathways, and what it adds up to."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from stepdown.casework.models import FundingLine
from stepdown.hub.queries.scope import Columns, compile_scope
from stepdown.kernel.errors import NotVisible
from stepdown.policy.actors import Actor
from stepdown.policy.decide import decide, scope_for
from stepdown.policy.permissions import Permission
from stepdown.policy.predicates import Facts

COLUMNS: Columns = {"agency": "agency"}


def facts(line: FundingLine) -> Facts:
    """What the policy is told of a line."""
    return {"agency": line.agency_id}


def visible_to(by: Actor) -> QuerySet[FundingLine]:
    """The lines that the actor may see."""
    scope = compile_scope(scope_for(by, Permission.EVIDENCE_VIEW), COLUMNS)
    return FundingLine.objects.filter(scope)


def lines_for(by: Actor, pathway: str = "") -> list[FundingLine]:
    """Every line, or those of one pathway, by year. One query."""
    found = visible_to(by).select_related("agency")
    return list(found.filter(pathway=pathway) if pathway else found)


def get(*, by: Actor, id: UUID) -> FundingLine:
    """One line that exists for the actor."""
    found = visible_to(by).filter(pk=id).first()
    if found is None:
        raise NotVisible("No such funding.")
    return found


def may_keep(by: Actor, line: FundingLine) -> bool:
    """Whether the actor may change it."""
    return decide(by, Permission.EVIDENCE_KEEP, facts(line)).allowed


def total(lines: Sequence[FundingLine]) -> Decimal:
    """What they come to."""
    return sum((line.pounds for line in lines), Decimal(0))
