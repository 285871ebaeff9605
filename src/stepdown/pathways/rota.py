"""A rota as a definition names it: posts by division that fill a role, and the shifts of a day."""

from dataclasses import dataclass
from datetime import date, timedelta

from stepdown.pathways.forms import Option
from stepdown.pathways.spans import Span
from stepdown.pathways.text import Text

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Shift:
    """A part of the day, from a full hour until another; one that ends no later than it begins goes
    on past midnight, and is a shift of the day it begins on."""

    key: str
    name: Text
    begins: int
    ends: int

    def held(self, day: date, hour: int) -> date | None:
        """The day of the shift that an hour of a day lies in; None where it lies in none."""
        if self.begins < self.ends:
            return day if self.begins <= hour < self.ends else None
        if hour >= self.begins:
            return day
        return day - DAY if hour < self.ends else None


@dataclass(frozen=True)
class Incident:
    """Which questions of the referral say when it was, and in which division."""

    day: str
    hour: str
    division: str = ""


@dataclass(frozen=True)
class Rota:
    """Posts of each division, from which a role of the team is filled; the shifts of a day.

    ``induction``: how long somebody new is on beside others. ``incident``: how a case finds who was
    on shift, where it does.
    """

    name: Text
    role: str
    divisions: tuple[Option, ...]
    shifts: tuple[Shift, ...]
    induction: Span | None = None
    incident: Incident | None = None

    def shift(self, key: str) -> Shift:
        """A shift by key. KeyError where there is none."""
        return {one.key: one for one in self.shifts}[key]

    def on_at(self, day: date, hour: int) -> tuple[tuple[date, Shift], ...]:
        """The shifts that an hour of a day lies in, each with the day it is a shift of."""
        found = ((one.held(day, hour), one) for one in self.shifts)
        return tuple((held, one) for held, one in found if held is not None)
