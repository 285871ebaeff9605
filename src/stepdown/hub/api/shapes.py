"""Shapes that all operations share."""

from collections.abc import Collection, Iterable, Mapping
from typing import Annotated, Any, Generic, TypeVar

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

from stepdown.hub.queries.paging import Page
from stepdown.policy.categories import Category

T = TypeVar("T")

# What somebody may ask for: no longer than any key or cursor is.
Key = Annotated[str, StringConstraints(max_length=60)]
Cursor = Annotated[str, StringConstraints(max_length=200)]


class Asked(Schema):
    """What is asked for. A name that is not known is refused rather than passed over: else a slip
    of the pen would widen an answer."""

    model_config = ConfigDict(extra="forbid")


class Paging(Asked):
    """Which page of a list, and how long it is."""

    after: Cursor = Field(default="", description="The next or previous of an earlier answer.")
    size: int = Field(default=25, ge=1, le=100, description="How many records at most.")


class Listed(Schema, Generic[T]):
    """One page of a list. It is paged by place, so that rows added meanwhile shift nothing."""

    items: list[T]
    next: str | None = Field(description="Send it as after for the next page; null at the end.")
    previous: str | None = Field(description="The same for the page before; null at the start.")


class Withheld(Schema):
    """A category of data that the record may hold and the reader may not see."""

    category: str
    reason: str


class Shown(Schema):
    """A category of data that another agency's record shows, and the clause that lets it."""

    category: str
    clause: str = Field(description="Agreement, version, clause; or an override in an emergency.")


def listed(page: Page[Any], items: list[T]) -> Listed[T]:
    """The answer for a page."""
    return Listed[T](items=items, next=page.next, previous=page.previous)


def withheld(of: Iterable[Category], read: Collection[Category]) -> list[Withheld]:
    """The categories of a record that the reader does not read, in the pages' own words."""
    reason = _(
        "You may not see this: your role, or the agreement with the agency that sent it, does not "
        "include this kind of information."
    )
    return [Withheld(category=one.value, reason=reason) for one in of if one not in read]


def shown_by(read: Mapping[Category, str]) -> list[Shown]:
    """The categories that are read by a clause of an agreement, each with it."""
    return [Shown(category=c.value, clause=clause) for c, clause in sorted(read.items()) if clause]
