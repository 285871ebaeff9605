"""Which wall a table's rows stand behind. Every table has one of these rules, or the lint fails.

``config/row_rules.py`` says it of all tables of the hub: the wings do not know one another.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet

from stepdown.hub.queries.row_symbols import MOMENT, ROW, symbolic_actors
from stepdown.hub.queries.scope import Columns, compile_scope
from stepdown.kernel import clock
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.decide import scope_for, scope_of
from stepdown.policy.permissions import Kind, view_of
from stepdown.policy.predicates import merged


def nothing_more(by: Actor) -> Q:
    """Records of which nothing else is asked."""
    return Q()


@dataclass(frozen=True)
class Root:
    """Where the records of a kind are: their model, the columns of their facts, and what else the
    pages' own query asks (a draft is its maker's alone).

    ``easier`` are columns that let less be seen and are quicker to ask: they are asked first.
    ``consents`` is true of records about people who consent to what their kind is used for.
    """

    model: str
    columns: Columns
    also: Callable[[Actor], Q] = nothing_more
    easier: tuple[Columns, ...] = ()
    consents: Callable[[], Q] | None = None

    @property
    def asks_consent(self) -> str:
        """The name of the database's function for ``consents``."""
        return f"stepdown_wall.consents_in_{self.model.replace('.', '_').lower()}"


@dataclass(frozen=True)
class Behind:
    """A row is seen by whoever may see a record of the kind that it belongs to.

    ``column`` of the row leads there: it holds what the record's ``lookup`` is. With a category, by
    whoever may read data of that category on the record.
    """

    kind: Kind
    column: str = "id"
    lookup: str = "pk"
    category: Category | None = None

    @property
    def name(self) -> str:
        """The name of the database's function that answers."""
        last = f"_{self.category.value}" if self.category else ""
        return f"sees_{self.kind.value}_by_{self.lookup}{last}".replace("-", "_")

    def rows(self, by: Actor, roots: Mapping[Kind, Root]) -> Iterator[QuerySet[Any]]:
        """The records that the actor sees and the row may belong to: some, more, and then all."""
        root, view = roots[self.kind], view_of(self.kind)
        if view is None:
            raise LookupError(f"There is no permission to view a {self.kind.value}.")
        scope = scope_of(by, view, self.category) if self.category else scope_for(by, view)
        scope = merged(scope)
        records: QuerySet[Any] = apps.get_model(root.model)._default_manager.all()
        for columns in (*root.easier, root.columns):
            found = records.filter(compile_scope(scope, columns), root.also(by))
            yield found.filter(**{self.lookup: ROW}).order_by().values("pk")

    def queries(self, roots: Mapping[Kind, Root]) -> Iterator[tuple[str, str, QuerySet[Any]]]:
        """For each kind of membership: its role, which of its grants ``g`` it is about, and the
        records it sees."""
        for role, when, actor in symbolic_actors():
            with clock.at(MOMENT):
                ways = list(self.rows(actor, roots))
            yield from ((role.value, when, rows) for rows in ways)


@dataclass(frozen=True)
class ByCategory:
    """Rows of many categories of data in one table, each behind that of its own column."""

    kind: Kind
    column: str
    of: str = "category"


@dataclass(frozen=True)
class HubOnly:
    """Rows that no reader sees but the hub itself. ``why`` is for the reviewer."""

    why: str


@dataclass(frozen=True)
class Shown:
    """Rows that say nothing of any person served: any reader sees them, the hub alone writes."""

    why: str


@dataclass(frozen=True)
class Unwalled:
    """Tables that a framework reads and writes before anybody is known."""

    why: str


@dataclass(frozen=True)
class Kept:
    """Not for the application to write at all."""

    why: str


Rule = tuple[Behind | ByCategory, ...] | HubOnly | Shown | Unwalled | Kept


@dataclass(frozen=True, eq=False)
class Ground:
    """All that the second wall is made from: where records are, and each table's rule.

    ``added_only`` are tables whose rows are never changed or removed, but for the named columns.
    ``clauses`` are the clauses in force for what the marks of ``row_symbols`` stand for, without
    those that ask for consent, and those alone. Rows of a table that is ``disposable`` go only in a
    transaction that writes a tombstone, a row of the table named.
    """

    roots: Mapping[Kind, Root]
    tables: Mapping[str, Rule]
    added_only: Mapping[str, tuple[str, ...]]
    clauses: Callable[[], tuple[QuerySet[Any], QuerySet[Any]]] | None = None
    disposable: Mapping[str, str] = field(default_factory=dict)

    def behind(self, rule: Rule) -> list[tuple[Behind, str]]:
        """The functions that a table's rule asks, each with what else must be true of the row."""
        if not isinstance(rule, tuple):
            return []
        found: list[tuple[Behind, str]] = []
        for one in rule:
            if isinstance(one, Behind):
                found.append((one, ""))
            else:
                found += [
                    (Behind(one.kind, one.column, "pk", c), f"{one.of} = '{c.value}'")
                    for c in Category
                ]
        return found


def models() -> dict[str, type[Model]]:
    """Every model by its table, those between two others included."""
    return {m._meta.db_table: m for m in apps.get_models(include_auto_created=True)}
