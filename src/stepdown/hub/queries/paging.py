"""Keyset paging: a page costs the same wherever it lies, and rows added meanwhile shift nothing.

A cursor is a record's id, signed, so that no name stands in an address and nobody can ask where an
unseen record would sort. Its place in the order is looked up when it is used.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)
T = TypeVar("T")

_FORWARD, _BACK = "n", "p"


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page; ``next`` and ``previous`` are cursors, None at the ends. ``total`` if asked for."""

    items: list[T]
    next: str | None = None
    previous: str | None = None
    total: int | None = None


def page_of(
    queryset: QuerySet[M],
    *,
    order: Sequence[str],
    after: str | None = None,
    size: int = 25,
    count: bool = False,
) -> Page[M]:
    """The page of ``queryset`` that the cursor names; the first one without a good cursor.

    ``order`` is column names, "-" for falling, none of them nullable; the id is added where absent.
    At most three queries.
    """
    keys = list(order)
    if not {"id", "-id", "pk", "-pk"} & set(keys):
        keys.append("id")
    total = queryset.count() if count else None
    way, place = _read(queryset, after, keys)
    back = way == _BACK
    walked = [_turned(key) for key in keys] if back else keys
    rows = queryset.order_by(*walked)
    if place is not None:
        rows = rows.filter(_beyond(walked, place))
    found = list(rows[: size + 1])
    more = len(found) > size
    items = found[:size]
    if back:
        items.reverse()
    if not items:
        return Page([], total=total)
    return Page(
        items,
        next=_cursor(_FORWARD, items[-1]) if more or back else None,
        previous=_cursor(_BACK, items[0]) if (more if back else place is not None) else None,
        total=total,
    )


def _signer() -> Signer:
    return Signer(salt="stepdown.paging")


def _cursor(way: str, row: Model) -> str:
    return _signer().sign(f"{way}{UUID(str(row.pk)).hex}")


def _read(
    queryset: QuerySet[M], after: str | None, keys: list[str]
) -> tuple[str, dict[str, object] | None]:
    if not after:
        return _FORWARD, None
    try:
        text = _signer().unsign(after)
        way, row_id = text[0], UUID(text[1:])
    except (BadSignature, ValueError, IndexError):
        return _FORWARD, None
    names = [key.lstrip("-") for key in keys]
    # Not the filtered rows: a record that has just left the list still marks its place in it.
    place = queryset.model._base_manager.filter(pk=row_id).values(*names).first()
    return (way if way == _BACK else _FORWARD), place


def _turned(key: str) -> str:
    return key[1:] if key.startswith("-") else f"-{key}"


def _beyond(keys: list[str], place: dict[str, object]) -> Q:
    """Rows after ``place`` in the order of ``keys``, compared key by key."""
    beyond, equal = Q(), Q()
    for key in keys:
        name = key.lstrip("-")
        step = "lt" if key.startswith("-") else "gt"
        beyond |= equal & Q(**{f"{name}__{step}": place[name]})
        equal &= Q(**{name: place[name]})
    return beyond
