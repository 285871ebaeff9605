"""What the interpreter is told of a case. The store makes it; tests make it by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

REFERRAL = "referral"  # where the answers of the referral form are kept among those of the steps


@dataclass(frozen=True)
class Done:
    """One doing of a step. ``number`` counts from 1 where it repeats; not done: begun only."""

    step: str
    number: int = 1
    on: date | None = None


@dataclass(frozen=True)
class Concerned:
    """Somebody a case is about. ``consents``: the purposes they consent to now."""

    role: str
    id: str = field(repr=False)
    consents: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Worker:
    """Somebody on the team. ``conflict``: they must be kept from somebody the case is about."""

    role: str
    id: str
    conflict: bool = False


@dataclass(frozen=True)
class Measured:
    """One score."""

    measure: str
    occasion: str
    person: str
    on: date


@dataclass(frozen=True)
class Case:
    """One case as it stands. ``entered``: the day each stage was last entered."""

    stage: str
    opened: date
    entered: Mapping[str, date] = field(default_factory=dict)
    visits: Mapping[str, int] = field(default_factory=dict)
    steps: tuple[Done, ...] = ()
    answers: Mapping[tuple[str, str], object] = field(default_factory=dict, repr=False)
    people: tuple[Concerned, ...] = ()
    team: tuple[Worker, ...] = ()
    measured: tuple[Measured, ...] = ()
    outcome: str = ""
    closed: date | None = None

    def done(self, step: str) -> tuple[Done, ...]:
        """Every time the step was done, in order."""
        found = [one for one in self.steps if one.step == step and one.on is not None]
        return tuple(sorted(found, key=lambda one: one.number))

    def begun(self, step: str, number: int) -> bool:
        """Whether a form was begun and not finished."""
        return any(
            one.step == step and one.number == number and one.on is None for one in self.steps
        )

    def with_(self, **changes: object) -> "Case":
        """A copy with some facts changed."""
        return replace(self, **changes)  # type: ignore[arg-type]
