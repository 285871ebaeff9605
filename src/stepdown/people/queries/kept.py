"""Which agencies keep a record of somebody, and for what: the wall of people.

An agency keeps a record of a person by what it does for them: a need that it asks help for, a case.
The wings above say what they keep (``also_kept``); this one does not know them. Whoever is known to
the partnership itself, by a record of no agency, stands behind no wall; nor does somebody of whom
there is nothing else at all and who was added for no agency.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from stepdown.hub.queries.facts import Later
from stepdown.hub.queries.reader import as_hub
from stepdown.hub.queries.scope import NOTHING, Columns
from stepdown.people.models import Person
from stepdown.policy.actors import Actor
from stepdown.policy.predicates import Facts, Keeping, SharedKeeping
from stepdown.policy.sharing import Clause, People, Purpose
from stepdown.sharing.queries.in_force import clauses_from, clauses_into


@dataclass(frozen=True)
class Course:
    """A course of work in which records are kept: which of them (``where``), what a clause must say
    to open them, and whose people consent to that, for those that ask it."""

    key: str
    purpose: Purpose
    people: People
    where: Q
    consents: Callable[[], Q]


@dataclass(frozen=True)
class Source:
    """Records of one kind by which people are known. ``person`` leads from one to its people,
    ``course`` to the key of its course where there are several.

    With no ``courses`` they are the partnership's own, whichever agency each came by.
    """

    records: Callable[[], QuerySet[Any]]
    person: str
    courses: Callable[[], Iterable[Course]] | None = None
    course: str = ""

    def of(self, to: str, wanted: Q) -> Exists:
        """People, whom ``to`` leads to, of whom there is such a record."""
        return Exists(self.records().filter(wanted, **{self.person: OuterRef(to)}))


@dataclass(frozen=True)
class Held:
    """Who keeps records of somebody (None: the partnership itself), to whom they are known, why
    each keeps its record, and the clauses in force by which they show them."""

    agencies: frozenset[UUID | None]
    known_to: frozenset[UUID | None]
    kept: frozenset[Keeping]
    clauses: tuple[Clause, ...]


_SOURCES: list[Source] = []


def also_kept(source: Source) -> None:
    """Say by which records of a wing people are known."""
    _SOURCES.append(source)


def sources() -> tuple[Source, ...]:
    """All there are."""
    return tuple(_SOURCES)


@dataclass(frozen=True)
class Keepers:
    """For ``COLUMNS["keeper"]``: the agencies that keep a record of whom ``to`` leads to; and for
    ``COLUMNS["agency"]``, ``pooled``: as if what is all partners' were the partnership's own."""

    to: str = "pk"
    pooled: bool = False

    def __call__(self, values: Iterable[object]) -> Q:
        some = sorted(values, key=str)
        found = Q(**{self._own: some})
        for one in _SOURCES:
            if one.courses is not None:
                found |= Q(one.of(self.to, Q(agency__in=some)))
        return found

    @property
    def _own(self) -> str:
        return "agency__in" if self.to == "pk" else f"{self.to}__agency__in"

    def unset(self) -> Q:
        """Known to the partnership itself, or nowhere."""
        found = Q(**{self._own.replace("__in", "__isnull"): True})
        for one in _SOURCES:
            if one.courses is not None:
                found &= ~Q(one.of(self.to, Q()))
        for one in _SOURCES:
            if one.courses is not None or self.pooled:
                found |= Q(one.of(self.to, Q() if one.courses is None else Q(agency=None)))
        return found

    def asked(self, shows: Callable[[Source, SharedKeeping], Q]) -> Callable[[SharedKeeping], Q]:
        """For ``COLUMNS["clauses"]``, where ``shows`` says which records of a source are shown."""

        def compile_shared(wanted: SharedKeeping) -> Q:
            found = NOTHING
            for one in _SOURCES:
                if one.courses is not None:
                    found |= Q(one.of(self.to, shows(one, wanted)))
            return found

        return compile_shared

    def known(self, open_now: tuple[Clause, ...]) -> Callable[[SharedKeeping], Q]:
        """For ``COLUMNS["clauses"]``, where it has just been read which clauses are in force."""

        def compile_shared(wanted: SharedKeeping) -> Q:
            found = NOTHING
            for one in _SOURCES:
                ways = [_shown(wanted, each, open_now) for each in (one.courses or tuple)()]
                if any(ways):
                    found |= Q(one.of(self.to, _any(ways)))
            return found

        return compile_shared


def _any(ways: Iterable[Q | None]) -> Q:
    found = NOTHING
    for way in ways:
        if way is not None:
            found |= way
    return found


def _shown(wanted: SharedKeeping, course: Course, open_now: tuple[Clause, ...]) -> Q | None:
    """The records of a course that clauses in force show; None where there are no such clauses."""

    def sources_of(*, consents: bool) -> set[UUID]:
        return {
            clause.source
            for clause in open_now
            if wanted.by(
                clause, Keeping(clause.source, course.key, course.purpose, course.people, consents)
            )
        }

    free = sources_of(consents=False)
    asking = sources_of(consents=True) - free
    if not free and not asking:
        return None
    shown = Q(agency__in=sorted(free)) if free else NOTHING
    if asking:
        shown |= Q(agency__in=sorted(asking)) & course.consents()
    return course.where & shown


def read_for(by: Actor, columns: Columns) -> Columns:
    """``columns`` for one reader: which clauses are in force for their agencies is read first."""
    keepers = columns["keeper"]
    if not isinstance(keepers, Keepers):
        raise LookupError("These are not the columns of a person's record.")
    return {**columns, "clauses": keepers.known(clauses_into(g.agency for g in by.grants))}


def facts_of(about: Person, **known: object) -> Facts:
    """``known``, and who keeps records of somebody, read when the policy asks for it."""
    held: list[Held] = []

    def read() -> Held:
        if not held:
            held.append(held_of(about))
        return held[0]

    return Later(
        known,
        {
            "agency": lambda: read().known_to,
            "keeper": lambda: read().agencies,
            "kept": lambda: read().kept,
            "clauses": lambda: read().clauses,
        },
    )


@as_hub("who keeps a record of somebody is told by rows that the reader may not see")
def held_of(person: Person) -> Held:
    """All that the wall of people asks of somebody."""
    agencies: set[UUID | None] = {person.agency_id} - {None}
    found: dict[tuple[Source, str], dict[UUID, UUID | None]] = defaultdict(dict)
    pooled = False
    for one in _SOURCES:
        rows = one.records().filter(**{one.person: person.pk}).order_by()
        columns = ("pk", "agency", *((one.course,) if one.course else ()))
        for pk, agency, *course in rows.values_list(*columns):
            if one.courses is None:
                pooled = True
                continue
            agencies.add(agency)
            found[one, course[0] if course else ""][pk] = agency
    if not agencies:
        agencies.add(None)
    clauses = clauses_from(agencies)
    kept = {
        keeping for (one, key), rows in found.items() for keeping in _kept(one, key, rows, clauses)
    }
    return Held(
        frozenset(agencies),
        frozenset(agencies | {None} if pooled else agencies),
        frozenset(kept),
        tuple(c for a in sorted(clauses) for c in clauses[a]),
    )


def _kept(
    source: Source,
    key: str,
    rows: Mapping[UUID, UUID | None],
    clauses: Mapping[UUID, tuple[Clause, ...]],
) -> Iterator[Keeping]:
    for course in (source.courses or tuple)():
        if key not in {"", course.key}:
            continue
        asking = any(
            c.needs_consent for agency in rows.values() if agency for c in clauses.get(agency, ())
        )
        consenting = set(
            source.records()
            .filter(course.consents(), pk__in=list(rows))
            .values_list("pk", flat=True)
            if asking
            else ()
        )
        for pk, agency in rows.items():
            if agency is not None:
                yield Keeping(agency, course.key, course.purpose, course.people, pk in consenting)
