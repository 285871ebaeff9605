"""Who has looked at a person's record; and accounts that look at unusually many."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, QuerySet

from stepdown.hub.models import Agency, DisclosedPerson, Disclosure
from stepdown.hub.queries.paging import Page, page_of
from stepdown.hub.queries.reader import as_hub
from stepdown.hub.queries.user import names_of
from stepdown.kernel import clock, ids
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

# Somebody who was shown so many different people in one day, and so many times as many as on their
# usual day, is pointed out. Usual is the median of the days before on which they looked at all.
UNUSUAL_FROM = 50
UNUSUAL_TIMES = 5
USUAL_DAYS = 28


@dataclass(frozen=True)
class Look:
    """One response that showed the person. ``roles`` are (role, agency's name) it was asked for in.

    ``name`` is the account's, empty where none stood behind it: ``label`` says who it was then.
    """

    at: datetime
    label: str
    user: UUID | None
    person: UUID | None
    name: str
    roles: list[tuple[str, str]]
    purpose: str
    categories: list[str]
    clauses: list[str]


@as_hub("a page asks by way of a record it may show")
def looks_at(ids: Collection[UUID], *, after: str | None = None, size: int = 25) -> Page[Look]:
    """The responses that showed a person, newest first, under any of the ids by which looks at them
    are written. At most six queries.

    The caller has already been allowed to see the person's record.
    """
    under = DisclosedPerson.objects.filter(person_id__in=ids)
    found: QuerySet[Disclosure] = Disclosure.objects.filter(
        Exists(under.filter(disclosure=OuterRef("pk")))
    )
    page = page_of(found, order=("-id",), after=after, size=size)
    shown: dict[UUID, str] = {}
    rows = under.filter(disclosure__in=[one.pk for one in page.items]).order_by("pk")
    for disclosure, categories in rows.values_list("disclosure_id", "categories"):
        shown[disclosure] = ",".join(filter(None, (shown.get(disclosure), categories)))
    names = names_of(one.actor_user for one in page.items if one.actor_user)
    agencies = _agencies(page.items)
    items = [
        Look(
            at=one.at,
            label=one.actor_label,
            user=one.actor_user,
            person=one.actor_person,
            name=names.get(one.actor_user, "") if one.actor_user else "",
            roles=[(role, agencies.get(agency, "")) for role, agency in _roles(one.actor_as)],
            purpose=one.purpose,
            categories=list(
                dict.fromkeys(part.partition("@")[0] for part in _parts(shown[one.pk]))
            ),
            clauses=list(
                dict.fromkeys(p.partition("@")[2] for p in _parts(shown[one.pk]) if "@" in p)
            ),
        )
        for one in page.items
    ]
    return Page(items, page.next, page.previous)


def _parts(categories: str) -> list[str]:
    return [part for part in categories.split(",") if part]


def _roles(actor_as: str) -> list[tuple[str, str]]:
    """Pairs of a role and the agency's id in hexadecimal."""
    return [(one.partition("@")[0], one.partition("@")[2]) for one in actor_as.split()]


def _agencies(looks: Iterable[Disclosure]) -> dict[str, str]:
    known = {agency for one in looks for _, agency in _roles(one.actor_as) if agency}
    if not known:
        return {}
    named = Agency.objects.filter(pk__in=[UUID(one) for one in known])
    return {pk.hex: name for pk, name in named.values_list("pk", "name")}


@dataclass(frozen=True)
class Unusual:
    """An account that was shown unusually many people on a day. ``usual`` is its own median day."""

    name: str
    user: UUID
    day: date
    people: int
    usual: float


@as_hub("an administrator sees numbers alone")
def unusual(*, by: Actor) -> list[Unusual]:
    """Accounts that today or yesterday were shown unusually many people: at least ``UNUSUAL_FROM``,
    and ``UNUSUAL_TIMES`` as many as on their usual day. At most four queries; no names of people.
    """
    require(by, Permission.USER_VIEW)
    today = clock.today()
    days = (today - timedelta(days=1), today)
    many = [(user, day, count) for day in days for user, count in _many(day)]
    if not many:
        return []
    users = {user for user, _, _ in many}
    earlier, names = _earlier(users, today - timedelta(days=1 + USUAL_DAYS), today), names_of(users)
    found = []
    for user, day, count in many:
        start = day - timedelta(days=USUAL_DAYS)
        before = [n for when, n in earlier[user].items() if start <= when < day]
        usual = median(before) if before else 0
        if count >= UNUSUAL_TIMES * usual:
            found.append(Unusual(names.get(user, ""), user, day, count, usual))
    return found


def _others(first: date, last: date) -> QuerySet[DisclosedPerson]:
    """People shown to an account between two days, both included, but for its own holder."""
    begin, end = (
        datetime.combine(day, datetime.min.time(), clock.LONDON)
        for day in (first, last + timedelta(days=1))
    )
    # Ids are in order of time, and lead to the rows of some days among those of years.
    return DisclosedPerson.objects.filter(
        disclosure__gte=ids.lowest_at(begin),
        disclosure__lt=ids.lowest_at(end),
        disclosure__actor_user__isnull=False,
    ).exclude(person_id=F("disclosure__actor_person"))


def _many(day: date) -> list[tuple[UUID, int]]:
    """Accounts that were shown very many people on a day, and how many. One query."""
    counted = _others(day, day).values("disclosure__actor_user")
    people = counted.annotate(people=Count("person_id", distinct=True))
    found = people.filter(people__gte=UNUSUAL_FROM).order_by("-people", "disclosure__actor_user")
    rows = found.values_list("disclosure__actor_user", "people")
    return [(user, count) for user, count in rows if user is not None]


def _earlier(users: set[UUID], first: date, last: date) -> dict[UUID, Counter[date]]:
    """How many different people some accounts were shown on each day. One query."""
    rows = _others(first, last).filter(disclosure__actor_user__in=users)
    seen: set[tuple[UUID, date, UUID]] = set()
    lines = rows.values_list("disclosure__actor_user", "disclosure__at", "person_id")
    for user, at, person in lines.iterator(chunk_size=5_000):
        if user is not None:
            seen.add((user, at.astimezone(clock.LONDON).date(), person))
    found: dict[UUID, Counter[date]] = {user: Counter() for user in users}
    for user, day, _ in seen:
        found[user][day] += 1
    return found
