"""Agreements as the second wall asks of them: one function of the database for every record.

It is compiled from the queries that pages use, with marks for what is asked; the walls of records
call it. So PostgreSQL plans the reading of agreements once, not in each way of seeing a record.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import BooleanField, F, Func, Q, QuerySet, Value

from stepdown.hub.queries.row_rules import Root, nothing_more
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
from stepdown.hub.queries.scope import NOTHING, Columns
from stepdown.policy.actors import Actor
from stepdown.policy.lawful import Basis
from stepdown.policy.predicates import Shared
from stepdown.policy.sharing import People, Purpose
from stepdown.sharing.queries.in_force import SharedBy, clauses_for


def clauses_asked() -> tuple[QuerySet[Any], QuerySet[Any]]:
    """The clauses in force for what the marks stand for: those that ask no consent, and those that
    do. To be made while the clock stands at the mark's moment."""
    fit = clauses_for({AGENCY}, PURPOSE, {CATEGORY}, PEOPLE, PATHWAY).filter(source=SOURCE)
    asking = Q(basis=Basis.CONSENT.value)
    return fit.exclude(asking).values("pk"), fit.filter(asking).values("pk")


def walled(model: str, columns: Columns, also: Callable[[Actor], Q] = nothing_more) -> Root:
    """Where records behind agreements are: agreements are asked by way of that function, and the
    consent of whom a record is about by way of another."""
    asked = columns["clauses"]
    if not isinstance(asked, SharedBy):
        raise LookupError(f"No agreement is asked about a {model}.")
    root = Root(model, columns, also, consents=lambda: asked.consents(_OWN))
    clauses = _InDatabase(asked.agency, columns.get("pathway"), root.asks_consent)
    without = {**columns, "clauses": lambda _wanted: NOTHING}
    return replace(root, columns={**columns, "clauses": clauses}, easier=(without,))


def shown(root: Root, wanted: Shared) -> Q:
    """The records of a walled root that clauses let be shown as wanted; of any pathway of theirs
    where none is named."""
    clauses = root.columns["clauses"]
    if not isinstance(clauses, _InDatabase):
        raise LookupError(f"No agreement is asked about a {root.model}.")
    return clauses(wanted)


# Of any record, for the purpose and along the pathway of its own.
_OWN = Shared(frozenset(), frozenset(), Purpose.SUPPORT, People.SUPPORTED, "")


@dataclass(frozen=True)
class _InDatabase:
    agency: str
    pathway: object
    asks_consent: str

    def __call__(self, wanted: Shared) -> Q:
        consents = Func(F("pk"), function=self.asks_consent, output_field=BooleanField())
        by_consent = Q(self._shares(wanted, by_consent=True)) & Q(consents)
        return Q(self._shares(wanted, by_consent=False)) | by_consent

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
