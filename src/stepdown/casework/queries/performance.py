"""Measures of performance and their figures, with what is worked out from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from stepdown.casework.models import PerformanceFigure, PerformanceMeasure
from stepdown.evidence.performance import Against, Fault, Published, each
from stepdown.hub.queries.scope import Columns, compile_scope
from stepdown.kernel.errors import NotVisible
from stepdown.policy.actors import Actor
from stepdown.policy.decide import decide, scope_for
from stepdown.policy.permissions import Permission
from stepdown.policy.predicates import Facts

COLUMNS: Columns = {"agency": "agency"}
AGAINST = tuple(one.value for one in Against)


@dataclass(frozen=True)
class Worked:
    """A figure with what it comes to. ``each``: for each one of the measure that it is per;
    ``days``: of its period, the first and the last among them."""

    row: PerformanceFigure
    published: Published
    faults: tuple[Fault, ...]
    each: Decimal | None
    days: int


def facts(measure: PerformanceMeasure) -> Facts:
    """What the policy is told of a measure."""
    return {"agency": measure.agency_id}


def visible_to(by: Actor) -> QuerySet[PerformanceMeasure]:
    """The measures that the actor may see."""
    scope = compile_scope(scope_for(by, Permission.EVIDENCE_VIEW), COLUMNS)
    return PerformanceMeasure.objects.filter(scope)


def every(by: Actor) -> list[PerformanceMeasure]:
    """All of them, by name, with their figures. Two queries."""
    return list(visible_to(by).select_related("agency", "per").prefetch_related("figures"))


def get(*, by: Actor, id: UUID) -> PerformanceMeasure:
    """One measure that exists for the actor."""
    found = visible_to(by).select_related("agency", "per").filter(pk=id).first()
    if found is None:
        raise NotVisible("No such measure.")
    return found


def figure_of(measure: PerformanceMeasure, id: UUID) -> PerformanceFigure:
    """One of its figures."""
    found = measure.figures.filter(pk=id).first()
    if found is None:
        raise NotVisible("No such figure.")
    return found


def may_keep(by: Actor, measure: PerformanceMeasure) -> bool:
    """Whether the actor may change it."""
    return decide(by, Permission.EVIDENCE_KEEP, facts(measure)).allowed


def choices(by: Actor, but: UUID | None = None) -> list[tuple[str, str]]:
    """The measures for a select, without one."""
    found = visible_to(by).values_list("pk", "name")
    return [(str(pk), name) for pk, name in found if pk != but]


def published(row: PerformanceFigure) -> Published:
    """The figure as arithmetic takes it."""
    parts = tuple((name, Decimal(number)) for name, number in row.parts)
    return Published(row.value, Against(row.against), row.comparator, row.stated, parts)


def worked(
    measure: PerformanceMeasure, rows: Sequence[PerformanceFigure], *, share: bool = True
) -> list[Worked]:
    """What each figure comes to, by its period. One query where the measure is per another, and
    its ``share`` is asked for."""
    others: dict[tuple[object, object], Decimal] = {}
    if share and measure.per_id is not None:
        per = PerformanceFigure.objects.filter(measure=measure.per_id)
        others = {(one.since, one.until): one.value for one in per}
    values: dict[tuple[object, object], set[Decimal]] = {}
    for row in rows:
        values.setdefault((row.since, row.until), set()).add(row.value)
    found = []
    for row in rows:
        span = (row.since, row.until)
        one = published(row)
        twice = (Fault.TWICE,) if len(values[span]) > 1 else ()
        one_each = each(row.value, others[span]) if span in others else None
        days = (row.until - row.since).days + 1
        found.append(Worked(row, one, one.faults + twice, one_each, days))
    return found
