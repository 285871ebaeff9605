"""An actor of whom only the role is known, and queries in its name written as SQL.

The predicates of the policy are compiled by the same code as for pages, for an actor whose agency,
districts, account and person are marks. In the SQL the marks become columns of ``g``, which is one
of the grants that the reader's signed context holds. So the second wall has no text of its own that
could differ from the first.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from psycopg import sql as psql

from stepdown.kernel import clock
from stepdown.policy.actors import Actor, Grant
from stepdown.policy.overrides import KINDS, Override
from stepdown.policy.roles import RoleKey

# No record has these: version 8 is for whoever makes an id up.
ROW, AGENCY, USER, PERSON = (UUID(f"57e9d000-0000-8000-8000-00000000000{n}") for n in range(1, 5))
DISTRICT, CATEGORY = "\x1fdistrict", "\x1fcategory"
PURPOSE, PEOPLE, PATHWAY = "\x1fpurpose", "\x1fpeople", "\x1fpathway"
SOURCE, OPENED = (UUID(f"57e9d000-0000-8000-8000-00000000000{n}") for n in (5, 6))
MOMENT = datetime(9998, 7, 1, 12, tzinfo=UTC)
TODAY = date(9998, 7, 1)

MARKS: dict[object, str] = {
    ROW: "wanted",
    AGENCY: "g.agency",
    USER: "g.account",
    PERSON: "g.person",
    MOMENT: "g.moment",
    TODAY: "g.today",
}
_ALL = {*MARKS, SOURCE, OPENED}
# Marks for one of a list: what stands beside them is compared with any of it.
LISTS: dict[object, str] = {DISTRICT: "g.districts", OPENED: "g.opened"}
# The function that says whether a clause in force lets one agency's records be shown to another.
SHARES = "stepdown_wall.shares"
SHARES_TAKES = (
    "of_agency uuid, to_agency uuid, for_purpose text, about text, along text, "
    "categories text[], by_consent boolean, today date"
)
SHARES_MARKS: dict[object, str] = {
    SOURCE: "of_agency",
    AGENCY: "to_agency",
    PURPOSE: "for_purpose",
    PEOPLE: "about",
    PATHWAY: "along",
    TODAY: "today",
}
SHARES_LISTS: dict[object, str] = {CATEGORY: "categories"}


# Ids of records of all kinds in one list: none is of two.
_ANY_OPENED = tuple(Override(kind, OPENED, "") for kind in KINDS)


class NotGenerated(Exception):
    """A predicate that cannot be written for an actor not yet known; the text says which part."""


def symbolic_actors() -> Iterator[tuple[RoleKey, str, Actor]]:
    """Every kind of membership: its role, the SQL that is then true of a grant ``g`` of it, and its
    actor.

    Where an agency or districts are named they are marks. The hub has its own way past the wall.
    """
    for role in RoleKey:
        if role is RoleKey.HUB:
            continue
        for agency in (AGENCY, None):
            for districts in (frozenset({DISTRICT}), frozenset[str]()):
                one = Grant(role, agency, districts)
                when = (
                    f"g.agency IS {'NOT ' if agency else ''}NULL "
                    f"AND g.districts IS {'NOT ' if districts else ''}NULL"
                )
                yield role, when, Actor((one,), USER, PERSON, _ANY_OPENED)


def sql_of(
    rows: QuerySet[Any],
    marks: Mapping[object, str] = MARKS,
    lists: Mapping[object, str] = LISTS,
) -> str | None:
    """A query as SQL without parameters, its marks as columns of ``g`` or as ``marks`` and
    ``lists`` name them; None for one without rows.

    It must have been made, and is compiled, while the clock stands at ``MOMENT``.
    """
    try:
        with clock.at(MOMENT):
            text, params = rows.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return None
    parts = text.replace("IN (%s)", "= ANY(ARRAY[%s])").split("%s")
    if len(parts) != len(params) + 1:
        raise NotGenerated(f"The query has {len(parts) - 1} places for {len(params)} values.")
    written = [parts[0]]
    for value, after in zip(params, parts[1:], strict=True):
        if isinstance(value, str | UUID) and value in lists:
            if not (written[-1].endswith("= ANY(ARRAY[") and after.startswith("]")):
                raise NotGenerated("A list is compared otherwise than with IN.")
            written[-1] = written[-1].removesuffix("ARRAY[")
            written += [lists[value], after[1:]]
        else:
            written += [_written(value, marks), after]
    return "".join(written).replace("%%", "%")


def _written(value: Any, marks: Mapping[object, str]) -> str:
    if isinstance(value, str | UUID | datetime | date) and value in marks:
        return marks[value]
    if isinstance(value, datetime | date):
        raise NotGenerated("A moment is reckoned from the clock: only now and today can be asked.")
    if (isinstance(value, str) and value.startswith("\x1f")) or (
        isinstance(value, UUID) and value in _ALL
    ):
        raise NotGenerated("A mark stands where nothing is known of it.")
    connection.ensure_connection()
    return psql.Literal(value).as_string(connection.connection).strip()
