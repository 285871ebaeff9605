"""The store's side of the policy: a neutral predicate becomes a Django ``Q``."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, runtime_checkable

from django.db.models import Q

from stepdown.policy.predicates import (
    AllOf,
    Always,
    AnyOf,
    Never,
    OneOf,
    Predicate,
    Shared,
    SharedKeeping,
    Unset,
)

# A fact's name → the lookup that holds it, or a function from the values to a Q. ``clauses`` maps
# to a function from what is asked of an agreement to a Q.
Columns = Mapping[str, str | Callable[[Any], Q]]

NOTHING = Q(pk__in=[])


@runtime_checkable
class Several(Protocol):
    """Where a fact of many values is held: called with values, true where one of them is there."""

    def __call__(self, values: Any) -> Q: ...

    def unset(self) -> Q:
        """True where nothing is among them."""
        ...


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
            if isinstance(column, str):
                return Q(**{f"{column}__isnull": True})
            return column.unset() if isinstance(column, Several) else NOTHING
        case Shared() | SharedKeeping():
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
