"""The store's side of the policy: a neutral predicate becomes a Django ``Q``."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q

from stepdown.policy.predicates import (
    AllOf,
    Always,
    AnyOf,
    Never,
    OneOf,
    Predicate,
    Shared,
    Unset,
)

# A fact's name → the lookup that holds it, or a function from the values to a Q. ``clauses`` maps
# to a function from what is asked of an agreement to a Q.
Columns = Mapping[str, str | Callable[[Any], Q]]

NOTHING = Q(pk__in=[])


def compile_scope(predicate: Predicate, columns: Columns) -> Q:
    """The same truth as ``predicates.holds``, asked of the store. An unmapped fact matches none."""
    match predicate:
        case Always():
            return Q()
        case Never():
            return NOTHING
        case OneOf(field, values):
            column = columns.get(field)
            if column is None:
                return NOTHING
            if callable(column):
                return column(values)
            # In order: the second wall knows its version by the text.
            return Q(**{f"{column}__in": sorted(values, key=str)})
        case Unset(field):
            column = columns.get(field)
            return Q(**{f"{column}__isnull": True}) if isinstance(column, str) else NOTHING
        case Shared():
            column = columns.get("clauses")
            return column(predicate) if callable(column) else NOTHING
        case AnyOf(parts):
            found = NOTHING
            for part in parts:
                found |= compile_scope(part, columns)
            return found
        case AllOf(parts):
            whole = Q()
            for part in parts:
                whole &= compile_scope(part, columns)
            return whole
