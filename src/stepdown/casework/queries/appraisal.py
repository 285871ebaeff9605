"""Appraisals: which there are, and what one comes to, worked out from its lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, QuerySet

from stepdown.casework.models import Appraisal, AppraisalLine
from stepdown.casework.queries.case_words import in_words
from stepdown.casework.queries.definitions import library
from stepdown.evidence.appraisal import Appraisal as Streams
from stepdown.evidence.appraisal import cases_needed
from stepdown.hub.queries.scope import Columns, compile_scope
from stepdown.kernel.errors import NotVisible
from stepdown.policy.actors import Actor
from stepdown.policy.decide import decide, scope_for
from stepdown.policy.permissions import Permission
from stepdown.policy.predicates import Facts

COLUMNS: Columns = {"agency": "agency"}
FIRST, LAST = 1990, 2100  # years that a base year may be
SPAN = 30  # years after the base year: from year 31 on the Green Book's rate is another


@dataclass(frozen=True)
class Rests:
    """What rests on one source, costs and benefits apart."""

    source: str
    cost: Decimal
    benefit: Decimal


@dataclass(frozen=True)
class Worked:
    """What the lines come to. ``years`` are all from the base year to the last with a line."""

    years: tuple[int, ...]
    streams: Streams
    rests: tuple[Rests, ...]
    cases: tuple[int | None, ...]  # how many cases each year's benefits would need

    @property
    def even(self) -> int | None:
        """The year at whose end it has paid back for good."""
        at = self.streams.breaks_even if self.years else None
        return None if at is None else self.years[at]


def facts(appraisal: Appraisal) -> Facts:
    """What the policy is told of an appraisal."""
    return {"agency": appraisal.agency_id}


def visible_to(by: Actor) -> QuerySet[Appraisal]:
    """The appraisals that the actor may see."""
    return Appraisal.objects.filter(compile_scope(scope_for(by, Permission.EVIDENCE_VIEW), COLUMNS))


def every(by: Actor) -> list[Appraisal]:
    """All of them by title, each with how many lines it has. One query."""
    found = visible_to(by).select_related("agency").annotate(many=Count("lines"))
    return list(found.order_by("title", "id"))


def get(*, by: Actor, id: UUID) -> Appraisal:
    """One appraisal that exists for the actor."""
    wanted = visible_to(by).select_related("agency", "rate_by", "rate_verified_by")
    found = wanted.filter(pk=id).first()
    if found is None:
        raise NotVisible("No such appraisal.")
    return found


def line_of(appraisal: Appraisal, id: UUID) -> AppraisalLine:
    """One of its lines."""
    found = appraisal.lines.filter(pk=id).first()
    if found is None:
        raise NotVisible("No such line.")
    return found


def lines_of(appraisal: Appraisal) -> list[AppraisalLine]:
    """Its lines, by year."""
    return list(appraisal.lines.all())


def may_keep(by: Actor, appraisal: Appraisal) -> bool:
    """Whether the actor may change it."""
    return decide(by, Permission.EVIDENCE_KEEP, facts(appraisal)).allowed


def agency_for(by: Actor) -> UUID | None:
    """The agency for which the actor keeps what programmes cost and did."""
    held = (grant.agency for grant in by.grants if grant.agency)
    asked = ((one, decide(by, Permission.EVIDENCE_KEEP, {"agency": one})) for one in held)
    return next((one for one, answer in asked if answer.allowed), None)


def pathways() -> list[tuple[str, str]]:
    """Every pathway, by name, for a select."""
    return sorted(((one.key, in_words(one.name)) for one in library().latest()),
                  key=lambda one: one[1])  # fmt: skip


def worked(appraisal: Appraisal, lines: Sequence[AppraisalLine]) -> Worked:
    """Years, streams and sources, from the lines alone."""
    last = max((line.year for line in lines), default=appraisal.base_year - 1)
    years = tuple(range(appraisal.base_year, last + 1))

    def stream(kind: str) -> tuple[Decimal, ...]:
        some = [line for line in lines if line.kind == kind]
        return tuple(
            sum((line.pounds for line in some if line.year == year), Decimal(0)) for year in years
        )

    costs, savings = stream(AppraisalLine.Kind.COST), stream(AppraisalLine.Kind.BENEFIT)
    each = appraisal.each
    needed = tuple(cases_needed(one, each) if each else None for one in savings)
    return Worked(years, Streams(costs, savings, ((0, appraisal.rate),)), _rests(lines), needed)


def _rests(lines: Sequence[AppraisalLine]) -> tuple[Rests, ...]:
    def sum_of(source: str, kind: str) -> Decimal:
        some = (one.pounds for one in lines if one.source == source and one.kind == kind)
        return sum(some, Decimal(0))

    kinds = AppraisalLine.Kind
    sources = dict.fromkeys(one.source for one in lines)
    return tuple(Rests(s, sum_of(s, kinds.COST), sum_of(s, kinds.BENEFIT)) for s in sources)
