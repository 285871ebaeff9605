"""The actor's part of a plan, counted: by urgency, by district, and by what has become of it."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from stepdown.hub.queries.reader import as_hub
from stepdown.policy.actors import Actor
from stepdown.volunteering.models import Need, Plan, PlanGap, PlanPair
from stepdown.volunteering.queries import need as needs
from stepdown.volunteering.queries.plan import is_long, pairs_visible_to
from stepdown.volunteering.queries.plan_changes import is_placed, is_waiting
from stepdown.volunteering.queries.plan_rows import PairStatus, statuses


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


@as_hub("a plan is about everybody at once")
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


@dataclass(frozen=True)
class DistrictFigures:
    """One district of the actor's part of a plan: places it fills, and leaves empty."""

    code: str
    name: str
    filled: int
    unfilled: int


@as_hub("a plan is about everybody at once")
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


@as_hub("a plan is about everybody at once")
def since(by: Actor, plan: Plan) -> dict[PairStatus, int]:
    """What has become of the actor's part of a plan since it was made, counted. All statuses are
    there. A constant number of queries. In a long plan nothing is called impossible here."""
    found = pairs_visible_to(by, plan)
    if is_long(plan):
        return _counted(found)
    counted = Counter(statuses(list(found)).values())
    return {status: counted[status] for status in PairStatus}


def _counted(found: QuerySet[PlanPair]) -> dict[PairStatus, int]:
    """What the database alone tells of many pairs. Two queries."""
    told = found.order_by().annotate(placed=is_placed(), waits=is_waiting())
    numbers = told.aggregate(
        many=Count("pk"),
        took=Count("pk", filter=Q(placed=True)),
        asked=Count("pk", filter=Q(placed=False, waits=True)),
        refused=Count("pk", filter=Q(placed=False, waits=False, offer__isnull=False)),
    )
    touched = numbers["took"] + numbers["asked"] + numbers["refused"]
    return {
        PairStatus.NEW: numbers["many"] - touched,
        PairStatus.OFFERED: numbers["asked"],
        PairStatus.PLACED: numbers["took"],
        PairStatus.REFUSED: numbers["refused"],
        PairStatus.IMPOSSIBLE: 0,
    }
