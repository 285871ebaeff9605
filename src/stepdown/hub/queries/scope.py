"""The store's side of the policy: a neutral predicate becomes a Django ``Q``."""

from collections.abc import Callable, Mapping

from django.db.models import Q

from stepdown.policy.predicates import AllOf, Always, AnyOf, Never, OneOf, Predicate

# A fact's name → the lookup that holds it, or a function from the values to a Q.
Columns = Mapping[str, str | Callable[[frozenset[object]], Q]]

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
            return column(values) if callable(column) else Q(**{f"{column}__in": values})
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
