"""Agreements as the second wall asks of them: one function of the database for every record.

It is compiled from the queries that pages use, with marks for what is asked; the walls of records
call it. So PostgreSQL plans the reading of agreements once, not in each way of seeing a record.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, F, Func, Q, QuerySet, Value

from stepdown.hub.queries.row_symbols import (
    AGENCY,
    CATEGORY,
    PATHWAY,
    PEOPLE,
    PURPOSE,
    SHARES,
    SOURCE,
    TODAY,
)
from stepdown.hub.queries.scope import Columns
from stepdown.policy.lawful import Basis
from stepdown.policy.predicates import Shared
from stepdown.sharing.queries.in_force import SharedBy, clauses_for


def clauses_asked() -> tuple[QuerySet[Any], QuerySet[Any]]:
    """The clauses in force for what the marks stand for: those that ask no consent, and those that
    do. To be made while the clock stands at the mark's moment."""
    fit = clauses_for({AGENCY}, PURPOSE, {CATEGORY}, PEOPLE, PATHWAY).filter(source=SOURCE)
    asking = Q(basis=Basis.CONSENT.value)
    return fit.exclude(asking).values("pk"), fit.filter(asking).values("pk")


def walled(columns: Columns) -> Columns:
    """``columns`` with agreements asked by way of that function."""
    asked = columns.get("clauses")
    if not isinstance(asked, SharedBy):
        return columns
    pathway = columns.get("pathway")
    return {**columns, "clauses": _InDatabase(asked.agency, pathway, asked.consents)}


@dataclass(frozen=True)
class _InDatabase:
    agency: str
    pathway: object
    consents: Callable[[Shared], Q]

    def __call__(self, wanted: Shared) -> Q:
        return Q(self._shares(wanted, by_consent=False)) | (
            Q(self._shares(wanted, by_consent=True)) & self.consents(wanted)
        )

    def _shares(self, wanted: Shared, *, by_consent: bool) -> Func:
        (to,) = wanted.to
        categories = [Value(one.value) for one in sorted(wanted.categories)]
        return Func(
            F(self.agency),
            Value(to),
            Value(wanted.purpose.value),
            Value(wanted.people.value),
            Value(str(wanted.pathway)) if wanted.pathway else F(str(self.pathway)),
            Func(*categories, template="ARRAY[%(expressions)s]::text[]"),
            Value(by_consent),
            Value(TODAY),
            function=SHARES,
            output_field=BooleanField(),
        )
