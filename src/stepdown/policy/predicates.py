"""Neutral predicates: true of a record's facts in Python, compiled to a query by the store.

A field of a record's facts is one value or a set of values (the people an offer concerns, say);
``OneOf`` is true when any of them is among the values asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass

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
class AnyOf:
    """True when one of the parts is."""

    parts: tuple["Predicate", ...]


@dataclass(frozen=True)
class AllOf:
    """True when all of the parts are."""

    parts: tuple["Predicate", ...]


Predicate = Always | Never | OneOf | AnyOf | AllOf


def any_of(parts: list[Predicate]) -> Predicate:
    """The simplest predicate that is true when one of ``parts`` is."""
    kept = [p for p in dict.fromkeys(parts) if not isinstance(p, Never)]
    if any(isinstance(p, Always) for p in kept):
        return Always()
    if not kept:
        return Never()
    return kept[0] if len(kept) == 1 else AnyOf(tuple(kept))


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
        case AnyOf(parts):
            return any(holds(p, facts) for p in parts)
        case AllOf(parts):
            return all(holds(p, facts) for p in parts)
