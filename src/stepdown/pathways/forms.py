"""The small parts of a definition: questions, pages of a form, events and spans, named guards."""

from dataclasses import dataclass

from stepdown.pathways.spans import Span
from stepdown.pathways.text import NO_TEXT, Text


@dataclass(frozen=True)
class Call:
    """A named guard with its arguments."""

    guard: str
    args: tuple[tuple[str, str], ...] = ()

    def arg(self, name: str) -> str:
        """An argument; nothing where it is not given."""
        return dict(self.args).get(name, "")

    def __str__(self) -> str:
        return f"{self.guard}({', '.join(v for _, v in self.args)})" if self.args else self.guard


@dataclass(frozen=True)
class Option:
    """One answer of a choice, a source or a reason. ``elsewhere``: of another version's law."""

    key: str
    name: Text
    hint: Text = NO_TEXT
    elsewhere: bool = False


@dataclass(frozen=True)
class Field:
    """One question. ``category`` is what its answer is in law; ``shown_if`` another answer."""

    key: str
    name: Text
    kind: str
    category: str
    hint: Text = NO_TEXT
    required: bool = True
    options: tuple[Option, ...] = ()
    shown_if: tuple[str, str] | None = None
    low: int = 0
    high: int = 1_000_000


@dataclass(frozen=True)
class Screen:
    """One page of a form: one thing asked."""

    key: str
    name: Text
    fields: tuple[Field, ...]
    about: Text = NO_TEXT


@dataclass(frozen=True)
class Event:
    """From when time runs: opened, closed, stage:KEY, step:KEY (when done), field:STEP.FIELD."""

    kind: str
    key: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}" if self.key else self.kind


@dataclass(frozen=True)
class Due:
    """So long after an event. ``sooner``: a shorter time where the guard holds."""

    span: Span
    after: Event
    sooner: tuple[Span, Call] | None = None


@dataclass(frozen=True)
class Escalation:
    """Who is told when a step is so long overdue: a key of ``team``."""

    span: Span
    to: str
