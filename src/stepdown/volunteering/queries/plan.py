"""The latest plan, as much of it as the actor may see."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from stepdown.hub.queries.paging import Page, page_of
from stepdown.policy.actors import Actor
from stepdown.policy.decide import may_ever, require
from stepdown.policy.permissions import Permission
from stepdown.volunteering.models import Need, Plan, PlanGap, PlanPair
from stepdown.volunteering.queries import need as needs
from stepdown.volunteering.queries.plan_rows import (
    GapRow,
    PairRow,
    PairStatus,
    gap_rows,
    pair_rows,
    statuses,
)

__all__ = [
    "BandFigures",
    "DistrictFigures",
    "Figures",
    "GapRow",
    "PairRow",
    "PairStatus",
    "PlanFilters",
    "by_district",
    "chosen",
    "figures",
    "gap_of",
    "gaps",
    "latest",
    "pairs",
    "rows_for",
    "since",
    "unsent",
]

M = TypeVar("M", PlanPair, PlanGap)


@dataclass(frozen=True)
class BandFigures:
    """One band of the actor's part of a plan: places it fills, and leaves empty."""

    band: int
    filled: int
    unfilled: int


@dataclass(frozen=True)
class Figures:
    """The actor's part of a plan, counted; ``unsent`` are pairs for which no offer was sent."""

    bands: list[BandFigures]
    pairs: int
    unsent: int
    unfilled: int


def latest(by: Actor) -> Plan | None:
    """The newest plan, whole: its figures are the hub's. None before the first."""
    require(by, Permission.PLAN_VIEW)
    # By the clock: ids of a demonstration, which tells of a whole day, may run ahead of it.
    return Plan.objects.select_related("made_by").order_by("-made_at", "-id").first()


def pairs_visible_to(
    by: Actor, plan: Plan, permission: Permission = Permission.NEED_VIEW
) -> QuerySet[PlanPair]:
    """The pairs of a plan on whose needs the actor may use a need's or an offer's permission."""
    require(by, Permission.PLAN_VIEW)
    seen = needs.visible_to(by, permission).order_by().values("pk")
    return PlanPair.objects.filter(plan=plan, need__in=seen).select_related(
        "need__district", "need__person", "volunteer__person"
    )


@dataclass(frozen=True)
class PlanFilters:
    """Which lines of a plan to show; an empty value keeps all."""

    district: str = ""
    band: int | None = None

    def of(self, lines: QuerySet[M]) -> QuerySet[M]:
        """The lines that are kept: of pairs or of gaps."""
        if self.district:
            lines = lines.filter(need__district=self.district)
        return lines.filter(band=self.band) if self.band else lines


EVERYTHING = PlanFilters()


def chosen(
    by: Actor,
    plan: Plan,
    ids: Iterable[UUID] | None = None,
    *,
    filters: PlanFilters = EVERYTHING,
) -> list[PlanPair]:
    """Pairs for ``plans.send_offers``, in plan order: those named, or all not sent so far."""
    found = filters.of(pairs_visible_to(by, plan, Permission.OFFER_SEND))
    wanted = found.filter(offer=None) if ids is None else found.filter(pk__in=list(ids))
    return list(wanted.order_by("band", "id"))


def unsent(by: Actor, plan: Plan, *, filters: PlanFilters = EVERYTHING) -> list[PlanPair]:
    """Those of the pairs, none being named, that nobody has asked about in any other way and that
    are still possible. A constant number of queries."""
    found = chosen(by, plan, filters=filters)
    status = statuses(found)
    return [pair for pair in found if status[pair.pk] is PairStatus.NEW]


def rows_for(by: Actor, wanted: Sequence[PlanPair]) -> list[PairRow]:
    """The lines of pairs that ``chosen`` gave. A constant number of queries."""
    return pair_rows(by, wanted)


def since(by: Actor, plan: Plan) -> dict[PairStatus, int]:
    """What has become of the actor's part of a plan since it was made, counted. All statuses are
    there. A constant number of queries."""
    counted = Counter(statuses(list(pairs_visible_to(by, plan))).values())
    return {status: counted[status] for status in PairStatus}


def pairs(
    by: Actor,
    plan: Plan,
    *,
    filters: PlanFilters = EVERYTHING,
    after: str | None = None,
    size: int = 25,
) -> Page[PairRow]:
    """A page of pairs, most urgent band first. A constant number of queries."""
    found = filters.of(pairs_visible_to(by, plan))
    page = page_of(found, order=("band", "id"), after=after, size=size)
    return Page(pair_rows(by, page.items), page.next, page.previous, page.total)


def gaps(
    by: Actor,
    plan: Plan,
    *,
    filters: PlanFilters = EVERYTHING,
    after: str | None = None,
    size: int = 25,
) -> Page[GapRow]:
    """A page of needs left unfilled, most urgent band first. A constant number of queries."""
    require(by, Permission.PLAN_VIEW)
    seen = needs.visible_to(by).order_by().values("pk")
    found = PlanGap.objects.filter(plan=plan, need__in=seen).select_related("need__district")
    page = page_of(filters.of(found), order=("band", "id"), after=after, size=size)
    return Page(gap_rows(by, page.items), page.next, page.previous, page.total)


@dataclass(frozen=True)
class DistrictFigures:
    """One district of the actor's part of a plan: places it fills, and leaves empty."""

    code: str
    name: str
    filled: int
    unfilled: int


def by_district(by: Actor, plan: Plan) -> list[DistrictFigures]:
    """The actor's part of a plan by district, by name. Two queries."""
    seen = needs.visible_to(by).order_by().values("pk")
    names = ("need__district", "need__district__name")
    filled = PlanPair.objects.filter(plan=plan, need__in=seen).order_by()
    empty = PlanGap.objects.filter(plan=plan, need__in=seen).order_by()
    counted: dict[tuple[str, str], list[int]] = {}
    for code, name, number in filled.values_list(*names).annotate(Count("pk")):
        counted.setdefault((name or "", code or ""), [0, 0])[0] = number
    for code, name, number in empty.values_list(*names).annotate(Sum("places_unfilled")):
        counted.setdefault((name or "", code or ""), [0, 0])[1] = number
    return [
        DistrictFigures(code, name, full, left)
        for (name, code), (full, left) in sorted(counted.items())
    ]


def gap_of(by: Actor, need: Need) -> GapRow | None:
    """What the newest plan says of a need it could not fill; None where it fills it or is none.

    None too for those who may not see plans. A constant number of queries.
    """
    if not may_ever(by, Permission.PLAN_VIEW):
        return None
    plan = latest(by)
    seen = needs.visible_to(by).order_by().values("pk")
    found = PlanGap.objects.filter(Q(need__in=seen), plan=plan, need=need)
    rows = gap_rows(by, list(found.select_related("need__district"))) if plan else []
    return rows[0] if rows else None


def figures(by: Actor, plan: Plan) -> Figures:
    """The actor's part of the plan, counted. Three queries."""
    seen = needs.visible_to(by).order_by().values("pk")
    mine = PlanPair.objects.filter(plan=plan, need__in=seen).order_by()
    filled = dict(mine.values_list("band").annotate(Count("pk")))
    unfilled = dict(
        PlanGap.objects.filter(plan=plan, need__in=seen)
        .order_by()
        .values_list("band")
        .annotate(Sum("places_unfilled"))
    )
    return Figures(
        bands=[
            BandFigures(int(band), filled.get(band, 0), unfilled.get(band, 0))
            for band in Need.Band.values
        ],
        pairs=sum(filled.values()),
        unsent=mine.filter(offer=None).count(),
        unfilled=sum(unfilled.values()),
    )
