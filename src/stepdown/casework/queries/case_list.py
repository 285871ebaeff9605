"""Lists of cases: the queue, one's caseload, everything; and how many each officer has."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from stepdown.casework.models import Case, CasePerson
from stepdown.casework.queries.case import (
    definition_of,
    open_for,
    readable,
    visible_to,
    with_reference,
)
from stepdown.casework.queries.case_words import in_words
from stepdown.casework.queries.definitions import library
from stepdown.casework.queries.shared_facts import Open
from stepdown.hub.queries.paging import Page, page_of
from stepdown.hub.queries.user import names_of
from stepdown.kernel import clock
from stepdown.people.queries import person as people
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category

OPEN, CLOSED, QUEUE = "open", "closed", "queue"


@dataclass(frozen=True)
class CaseFilters:
    """What a list is narrowed to. ``standing``: open cases unless it says otherwise."""

    standing: tuple[str, ...] = ()
    pathways: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    officers: tuple[str, ...] = ()
    overdue: bool = False
    reference: str = ""


@dataclass(frozen=True)
class CaseLine:
    """One case in a list. ``name`` is empty where the actor may not read it."""

    id: UUID
    reference: str
    pathway: str
    stage: str
    name: str = field(repr=False)
    person: UUID | None
    clause: str
    district: str
    officer: str
    opened_on: date | None
    next_due: date | None
    overdue: bool
    closed: bool


@dataclass(frozen=True)
class Load:
    """What one officer looks after now; nobody for cases that wait to be given to somebody."""

    officer: UUID | None
    name: str
    open: int
    overdue: int
    new: int


def list_cases(
    by: Actor, filters: CaseFilters, *, after: str | None = None, size: int = 25
) -> Page[CaseLine]:
    """Cases, the newest first; the queue the oldest first. A constant number of queries."""
    wanted = _narrowed(sent(by), filters)
    order = ("id",) if filters.standing == (QUEUE,) else ("-id",)
    page = page_of(_lines(wanted), order=order, after=after, size=size)
    return Page(lines(by, page.items), page.next, page.previous, page.total)


def sent(by: Actor) -> QuerySet[Case]:
    """The cases that exist for the actor, drafts left out."""
    return visible_to(by).exclude(stage="")


def _narrowed(wanted: QuerySet[Case], filters: CaseFilters) -> QuerySet[Case]:
    if filters.reference:
        return wanted.filter(reference=with_reference(filters.reference))
    standing = Q()
    for one in filters.standing or (OPEN,):
        standing |= _standing(one)
    wanted = wanted.filter(standing)
    if filters.pathways:
        wanted = wanted.filter(pathway__in=filters.pathways)
    if filters.districts:
        wanted = wanted.filter(district__in=filters.districts)
    if filters.officers:
        some = Q(officer__in=[one for one in filters.officers if one != "nobody"])
        nobody = Q(officer=None) if "nobody" in filters.officers else Q(pk__in=[])
        wanted = wanted.filter(some | nobody)
    if filters.overdue:
        wanted = wanted.filter(closed_on=None, next_due__lt=clock.today())
    return wanted


def _standing(key: str) -> Q:
    if key == CLOSED:
        return Q(closed_on__isnull=False)
    if key == QUEUE:
        first = Q(pk__in=[])
        for one in library().definitions.values():
            first |= Q(pathway=one.key, pathway_version=one.version, stage=one.first.key)
        return first
    return Q(closed_on=None)


def _lines(cases: QuerySet[Case]) -> QuerySet[Case]:
    there = CasePerson.objects.filter(ended_on=None).order_by("id")
    return (
        cases.select_related("district")
        .defer("district__rings")
        .prefetch_related(Prefetch("people", queryset=there, to_attr="there"))
    )


def lines_of(by: Actor, ids: Iterable[UUID]) -> dict[UUID, CaseLine]:
    """Those of some cases that exist for the actor, as lines."""
    wanted = _lines(sent(by).filter(pk__in=list(ids)))
    return {one.id: one for one in lines(by, wanted)}


def lines(by: Actor, cases: Iterable[Case]) -> list[CaseLine]:
    """Cases as lines. A name is there where both the case and the person's record may be seen."""
    held = list(cases)
    open_now = open_for(held)
    officers = names_of(one.officer_id for one in held if one.officer_id)
    first = {one.pk: one.there[0].person_id for one in held if one.there}  # type: ignore[attr-defined]
    names = people.names_of(by, first.values()) if first else {}
    return [_line(by, one, open_now, officers, first.get(one.pk), dict(names)) for one in held]


def _line(
    by: Actor,
    case: Case,
    open_now: Open,
    officers: dict[UUID, str],
    person: UUID | None,
    names: dict[UUID, str],
) -> CaseLine:
    read = readable(by, case, open_now)
    one = definition_of(case)
    named = person is not None and Category.IDENTITY in read and person in names
    due = case.next_due if case.closed_on is None else None
    return CaseLine(
        id=case.pk,
        reference=case.reference,
        pathway=in_words(one.name),
        stage=in_words(one.stage(case.stage).name),
        name=names[person] if named and person else "",
        person=person if named else None,
        clause=read.get(Category.IDENTITY, ""),
        district=case.district.name if case.district else "",
        officer=officers.get(case.officer_id, "") if case.officer_id else "",
        opened_on=case.opened_on,
        next_due=due,
        overdue=due is not None and due < clock.today(),
        closed=case.closed_on is not None,
    )


def caseloads(by: Actor) -> list[Load]:
    """Open cases by who looks after them, among those the actor may see. Two queries."""
    today = clock.today()
    rows = (
        sent(by)
        .filter(closed_on=None)
        .order_by()
        .values("officer")
        .annotate(
            open=Count("pk"),
            overdue=Count("pk", filter=Q(next_due__lt=today)),
            new=Count("pk", filter=_standing(QUEUE)),
        )
    )
    found = list(rows)
    names = names_of(row["officer"] for row in found if row["officer"])
    loads = [
        Load(row["officer"], names.get(row["officer"], ""), row["open"], row["overdue"], row["new"])
        for row in found
    ]
    return sorted(loads, key=lambda one: (one.officer is not None, one.name))


def waiting(by: Actor) -> int:
    """How many cases wait in the queue."""
    return sent(by).filter(_standing(QUEUE)).count()
