"""Neutral predicates: true of a record's facts in Python, compiled to a query by the store.

A field of a record's facts is one value or a set of values (the people an offer concerns, say);
``OneOf`` is true when any of them is among the values asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass

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
    """The record's field holds nothing."""

    field: str


@dataclass(frozen=True)
class Shared:
    """A clause in force lets the record's agency show it to one of ``to``, in a category of these.

    The record's facts bring the clauses of its agency (``clauses``), and whether the person it is
    about consents (``consent``), read when they are asked.
    """

    to: frozenset[object]
    categories: frozenset[Category]
    purpose: Purpose
    people: People
    pathway: str

    def by(self, clause: Clause) -> bool:
        """Whether it is this clause that lets it."""
        return (
            clause.target in self.to
            and clause.purpose is self.purpose
            and self.people in clause.people
            and self.pathway in clause.pathways
            and not self.categories.isdisjoint(clause.categories)
        )


@dataclass(frozen=True)
class AnyOf:
    """True when one of the parts is."""

    parts: tuple["Predicate", ...]


@dataclass(frozen=True)
class AllOf:
    """True when all of the parts are."""

    parts: tuple["Predicate", ...]


Predicate = Always | Never | OneOf | Unset | Shared | AnyOf | AllOf


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


def clause_for(wanted: Shared, facts: Facts) -> Clause | None:
    """The first clause in force that lets the record be shown so; None if there is none."""
    brought = facts.get("clauses")
    if facts.get("agency") is None or not isinstance(brought, tuple):
        return None
    own = (c for c in brought if isinstance(c, Clause) and c.source == facts["agency"])
    fit = (c for c in own if wanted.by(c))
    return next((c for c in fit if not c.needs_consent or facts.get("consent") is True), None)


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
            return facts.get(field) is None
        case Shared():
            return clause_for(predicate, facts) is not None
        case AnyOf(parts):
            return any(holds(p, facts) for p in parts)
        case AllOf(parts):
            return all(holds(p, facts) for p in parts)
