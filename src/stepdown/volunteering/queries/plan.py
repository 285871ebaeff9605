"""The latest plan, as much of it as the actor may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from stepdown.hub.queries.paging import Page, page_of
from stepdown.hub.queries.reader import as_hub
from stepdown.policy.actors import Actor
from stepdown.policy.decide import may_ever, require
from stepdown.policy.permissions import Permission
from stepdown.volunteering.models import Need, Plan, PlanGap, PlanPair
from stepdown.volunteering.queries import need as needs
from stepdown.volunteering.queries.plan_changes import (
    ChangeRow,
    change_rows,
    untouched,
)
from stepdown.volunteering.queries.plan_rows import (
    GapRow,
    PairRow,
    PairStatus,
    gap_rows,
    pair_rows,
    statuses,
)

__all__ = [
    "GapRow",
    "PairRow",
    "PairStatus",
    "PlanFilters",
    "changes",
    "chosen",
    "count_changes",
    "count_unsent",
    "gap_of",
    "gaps",
    "is_long",
    "latest",
    "newest",
    "pairs",
    "rows_for",
    "unsent",
]

M = TypeVar("M", PlanPair, PlanGap)

LONG = 2_000  # places filled above which a page no longer asks the rules again for every pair
AT_ONCE = 400  # pairs of a long plan for which they are asked together
MOST_LOOKED_AT = 4_000


@as_hub("a plan is about everybody at once")
def latest(by: Actor) -> Plan | None:
    """The newest plan, whole: its figures are the hub's. None before the first."""
    require(by, Permission.PLAN_VIEW)
    return newest()


@as_hub("a plan is about everybody at once")
def newest() -> Plan | None:
    """The newest plan that is whole, for those who need nobody's leave: the hub's own work."""
    # By the clock: ids of a demonstration, which tells of a whole day, may run ahead of it.
    found = Plan.objects.filter(complete=True).select_related("made_by")
    return found.order_by("-made_at", "-id").first()


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


@as_hub("a plan is about everybody at once")
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


@as_hub("a plan is about everybody at once")
def unsent(
    by: Actor, plan: Plan, *, filters: PlanFilters = EVERYTHING, most: int | None = None
) -> list[PlanPair]:
    """Those of the pairs, none being named, that nobody has asked about in any other way and that
    are still possible; the first ``most`` of them. A constant number of queries for so many."""
    found = untouched(filters.of(pairs_visible_to(by, plan, Permission.OFFER_SEND)))
    found = found.order_by("band", "id")
    if most is None or not is_long(plan):
        return _still_possible(list(found))[:most]
    good: list[PlanPair] = []
    for start in range(0, MOST_LOOKED_AT, AT_ONCE):
        some = list(found[start : start + AT_ONCE])
        good += _still_possible(some)
        if len(good) >= most or len(some) < AT_ONCE:
            break
    return good[:most]


def _still_possible(found: list[PlanPair]) -> list[PlanPair]:
    status = statuses(found)
    return [pair for pair in found if status[pair.pk] is PairStatus.NEW]


@as_hub("a plan is about everybody at once")
def count_unsent(by: Actor, plan: Plan, *, filters: PlanFilters = EVERYTHING) -> int:
    """How many ``unsent`` gives; of a long plan how many it may give, the rules being asked when
    they are sent."""
    if not is_long(plan):
        return len(unsent(by, plan, filters=filters))
    return untouched(filters.of(pairs_visible_to(by, plan, Permission.OFFER_SEND))).count()


@as_hub("a plan is about everybody at once")
def rows_for(by: Actor, wanted: Sequence[PlanPair]) -> list[PairRow]:
    """The lines of pairs that ``chosen`` gave. A constant number of queries."""
    return pair_rows(by, wanted)


def is_long(plan: Plan) -> bool:
    """Whether it is too long for the rules to be asked again for every pair on every page."""
    return plan.filled > LONG


@as_hub("a plan is about everybody at once")
def changes(by: Actor, plan: Plan, *, after: str | None = None, size: int = 25) -> Page[ChangeRow]:
    """A page of the pairs of the plan before that this one makes otherwise. Constant queries."""
    page = page_of(_changed(by, plan), order=("band", "id"), after=after, size=size)
    return Page(change_rows(by, plan, page.items), page.next, page.previous, page.total)


@as_hub("a plan is about everybody at once")
def count_changes(by: Actor, plan: Plan) -> int:
    """How many ``changes`` gives. One query."""
    return _changed(by, plan).order_by().count()


def _changed(by: Actor, plan: Plan) -> QuerySet[PlanPair]:
    require(by, Permission.PLAN_VIEW)
    seen = needs.visible_to(by).order_by().values("pk")
    return PlanPair.objects.filter(changed_in=plan, need__in=seen).select_related("need__district")


@as_hub("a plan is about everybody at once")
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


@as_hub("a plan is about everybody at once")
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


@as_hub("a plan is about everybody at once")
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
