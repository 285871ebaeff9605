"""Rules that hold from a day to a day: what applied in 2015 can be reproduced."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar


class Dated(Protocol):
    """Anything that holds from the start of one day to the end of another (None: still)."""

    @property
    def valid_from(self) -> date: ...

    @property
    def valid_to(self) -> date | None: ...


D = TypeVar("D", bound=Dated)


def holds(rule: Dated, on: date) -> bool:
    """True from the first day to the end of the last day."""
    return rule.valid_from <= on and (rule.valid_to is None or on <= rule.valid_to)


def in_force(rules: Iterable[D], on: date) -> D | None:
    """The rule that holds on the day, the newest where two overlap; None before any."""
    return max((r for r in rules if holds(r, on)), key=lambda r: r.valid_from, default=None)
