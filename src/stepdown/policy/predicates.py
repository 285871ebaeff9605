"""Neutral predicates: true of a record's facts in Python, compiled to a query by the store.

A field of a record's facts is one value or a set of values (the people an offer concerns, say);
``OneOf`` is true when any of them is among the values asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from stepdown.policy.categories import Category
from stepdown.policy.sharing import Clause, People, Purpose

Facts = Mapping[str, object]


@dataclass(frozen=True)
class Always:
    """True of every record."""


@dataclass(frozen=True)
class Never:
    """True of none."""


@dataclass(frozen=True)
class OneOf:
    """The record's field holds one of the values. An unknown field or None matches nothing."""

    field: str
    values: frozenset[object]


@dataclass(frozen=True)
class Unset:
    """The record's field holds nothing; one of many values: nothing is among them."""

    field: str


@dataclass(frozen=True)
class Shared:
    """A clause in force lets the record's agency show it to one of ``to``, in a category of these.

    The record's facts bring the clauses of its agency (``clauses``), and whether the person it is
    about consents (``consent``), read when they are asked. An empty ``pathway`` is the record's own
    (see ``merged``).
    """

    to: frozenset[object]
    categories: frozenset[Category]
    purpose: Purpose
    people: People
    pathway: str

    def by(self, clause: Clause, own: object = "") -> bool:
        """Whether it is this clause that lets it; ``own`` is the record's pathway."""
        return (
            clause.target in self.to
            and clause.purpose is self.purpose
            and self.people in clause.people
            and (self.pathway or own) in clause.pathways
            and not self.categories.isdisjoint(clause.categories)
        )


@dataclass(frozen=True)
class Keeping:
    """Why an agency keeps a record of somebody: its course of work, and what a clause on it says.

    ``consents``: whether the person consents to what the record is kept for.
    """

    agency: UUID
    course: str
    purpose: Purpose
    people: People
    consents: bool = False


@dataclass(frozen=True)
class SharedKeeping:
    """A clause in force lets one of the agencies that keep a record of somebody show it to one of
    ``to``, in a category of these, on the course of work for which it keeps it.

    The record's facts bring the keepings (``kept``) and the clauses of all those agencies.
    """

    to: frozenset[object]
    categories: frozenset[Category]

    def by(self, clause: Clause, keeping: Keeping) -> bool:
        """Whether it is this clause that lets it, for this keeping."""
        return (
            clause.source == keeping.agency
            and clause.target in self.to
            and clause.purpose is keeping.purpose
            and keeping.people in clause.people
            and keeping.course in clause.pathways
            and not self.categories.isdisjoint(clause.categories)
            and (keeping.consents or not clause.needs_consent)
        )


@dataclass(frozen=True)
class AnyOf:
    """True when one of the parts is."""

    parts: tuple["Predicate", ...]


@dataclass(frozen=True)
class AllOf:
    """True when all of the parts are."""

    parts: tuple["Predicate", ...]


Predicate = Always | Never | OneOf | Unset | Shared | SharedKeeping | AnyOf | AllOf


def any_of(parts: list[Predicate]) -> Predicate:
    """The simplest predicate that is true when one of ``parts`` is."""
    kept = [p for p in dict.fromkeys(parts) if not isinstance(p, Never)]
    if any(isinstance(p, Always) for p in kept):
        return Always()
    if not kept:
        return Never()
    return kept[0] if len(kept) == 1 else AnyOf(tuple(kept))


def all_of(parts: list[Predicate]) -> Predicate:
    """The simplest predicate that is true when all of ``parts`` are."""
    kept = [p for p in dict.fromkeys(parts) if not isinstance(p, Always)]
    if any(isinstance(p, Never) for p in kept):
        return Never()
    if not kept:
        return Always()
    return kept[0] if len(kept) == 1 else AllOf(tuple(kept))


def merged(scope: Predicate) -> Predicate:
    """The same truth with one part for all pathways that ask the same, each of its own records:
    what is asked of the store then does not grow with their number."""
    if not isinstance(scope, AnyOf):
        return scope
    alike: dict[tuple[Predicate, ...], set[object]] = {}
    for part in scope.parts:
        keys, rest = _pathways(part)
        alike.setdefault(tuple(_own(one, keys) for one in rest), set()).update(keys)
    return any_of(
        [
            all_of([*([OneOf("pathway", frozenset(keys))] if keys else []), *rest])
            for rest, keys in alike.items()
        ]
    )


def _pathways(part: Predicate) -> tuple[frozenset[object], tuple[Predicate, ...]]:
    """The pathways that a part is about, if it names any, and what else it asks."""
    parts = part.parts if isinstance(part, AllOf) else (part,)
    named = [one for one in parts if isinstance(one, OneOf) and one.field == "pathway"]
    if len(named) != 1:
        return frozenset(), parts
    return named[0].values, tuple(one for one in parts if one is not named[0])


def _own(predicate: Predicate, keys: frozenset[object]) -> Predicate:
    match predicate:
        case Shared() if keys == {predicate.pathway}:
            return replace(predicate, pathway="")
        case AnyOf(parts):
            return any_of([_own(one, keys) for one in parts])
        case AllOf(parts):
            return all_of([_own(one, keys) for one in parts])
        case _:
            return predicate


def clause_for(wanted: Shared | SharedKeeping, facts: Facts) -> Clause | None:
    """The first clause in force that lets the record be shown so; None if there is none."""
    brought = facts.get("clauses")
    if isinstance(wanted, SharedKeeping):
        return _clause_by_keeping(wanted, brought, facts.get("kept"))
    if facts.get("agency") is None or not isinstance(brought, tuple):
        return None
    own = (c for c in brought if isinstance(c, Clause) and c.source == facts["agency"])
    fit = (c for c in own if wanted.by(c, facts.get("pathway")))
    return next((c for c in fit if not c.needs_consent or facts.get("consent") is True), None)


def _clause_by_keeping(wanted: SharedKeeping, brought: object, kept: object) -> Clause | None:
    if not isinstance(brought, tuple) or not isinstance(kept, frozenset):
        return None
    keepings = [one for one in kept if isinstance(one, Keeping)]
    clauses = (one for one in brought if isinstance(one, Clause))
    return next((c for c in clauses if any(wanted.by(c, one) for one in keepings)), None)


def holds(predicate: Predicate, facts: Facts) -> bool:
    """Whether the predicate is true of the facts."""
    match predicate:
        case Always():
            return True
        case Never():
            return False
        case OneOf(field, values):
            found = facts.get(field)
            if isinstance(found, frozenset):
                return not values.isdisjoint(found - {None})
            return found is not None and found in values
        case Unset(field):
            found = facts.get(field)
            return None in found if isinstance(found, frozenset) else found is None
        case Shared() | SharedKeeping():
            return clause_for(predicate, facts) is not None
        case AnyOf(parts):
            return any(holds(p, facts) for p in parts)
        case AllOf(parts):
            return all(holds(p, facts) for p in parts)
