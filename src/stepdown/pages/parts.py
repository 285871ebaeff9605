"""The data that the page components are given: what a view hands to a template in `components/`.

Templates only read attributes, so a plain dict of the same keys serves as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """A link at the end of a summary row. `hidden` is read out only: "Change [hidden]"."""

    url: str
    hidden: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a summary list. An empty value is shown as "Not given"."""

    key: str
    value: Any
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A key and value in the identity bar."""

    key: str
    value: Any


@dataclass(frozen=True, slots=True)
class Flag:
    """Something nobody may overlook, as a coloured tag that also says it in words."""

    text: str
    colour: str = "red"


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a timeline. `at` may be a date alone: no time of day is then invented."""

    title: str
    at: date | datetime
    by: str = ""
    text: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One line of a task list; without an address it cannot be started yet."""

    title: str
    status: str
    url: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Stat:
    """A number large enough to read across a room, with what it counts and where it leads."""

    number: int | str
    label: str
    url: str = ""
    note: str = ""
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for or against; `points` is what it adds to a quality, if it does."""

    text: str
    favourable: bool = True
    points: int | None = None


@dataclass(frozen=True, slots=True)
class FilterTag:
    """One chosen filter, and the address of the same list without it."""

    text: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class FilterGroup:
    """The chosen filters of one kind, under their heading."""

    heading: str
    tags: Sequence[FilterTag]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: text, or text with a link, or a status shown as a tag."""

    text: Any
    url: str = ""
    status: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table that becomes cards on a narrow screen. The first cell of each row names the row."""

    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    numeric: frozenset[int] = field(default_factory=frozenset)
    hide_caption: bool = True
    sortable: bool = False
