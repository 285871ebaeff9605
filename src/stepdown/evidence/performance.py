"""A published number set against what it is compared with, and where its source contradicts itself.

Percentages are worked out here and never stored: what was printed is compared with them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from stepdown.evidence.readings import Reading, as_fall, as_level


class Against(StrEnum):
    """What a number is compared with."""

    NOTHING = ""
    TARGET = "target"
    EARLIER = "earlier"
    WHOLE = "whole"


class Fault(StrEnum):
    """How a figure contradicts itself, or another."""

    PARTS = "parts"  # they do not add up to it
    STATED = "stated"  # the printed percentage is not what the two numbers give
    TWICE = "twice"  # another figure for the same period is another number


@dataclass(frozen=True)
class Published:
    """A figure as its source has it. ``stated`` is a percentage as printed, such as ``88.7``."""

    value: Decimal
    against: Against = Against.NOTHING
    comparator: Decimal | None = None
    stated: str = ""
    parts: Sequence[tuple[str, Decimal]] = ()

    @property
    def percent(self) -> Decimal | None:
        """Of a target or a whole, the share of it; of something earlier, by how much it rose."""
        if self.comparator is None or not self.comparator:
            return None
        share = 100 * self.value / self.comparator
        return share - 100 if self.against is Against.EARLIER else share

    @property
    def short(self) -> Decimal | None:
        """How much is wanting to the target; None where nothing is, or there is none."""
        if self.against is not Against.TARGET or self.comparator is None:
            return None
        return self.comparator - self.value if self.value < self.comparator else None

    @property
    def parts_sum(self) -> Decimal | None:
        """What the parts add up to; None where none are given."""
        return sum((number for _name, number in self.parts), Decimal(0)) if self.parts else None

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Where it contradicts itself."""
        found = []
        if self.parts_sum is not None and self.parts_sum != self.value:
            found.append(Fault.PARTS)
        if self.stated and self.percent is not None and not self._as_stated(self.percent):
            found.append(Fault.STATED)
        return tuple(found)

    def _as_stated(self, percent: Decimal) -> bool:
        """Whether it is printed so, with as many decimals; a fall may stand without its sign."""
        places = Decimal(1).scaleb(-len(self.stated.partition(".")[2]))
        worked, printed = percent.quantize(places, ROUND_HALF_UP), Decimal(self.stated)
        return worked == printed or (self.against is Against.EARLIER and -worked == printed)

    @property
    def readings(self) -> tuple[Reading | None, Reading | None] | None:
        """Where a percentage is printed and nothing that it is of: the counts before and after if
        the number is the fall, and if it is what was left. None where there is nothing to read."""
        whole = self.value == self.value.to_integral_value()
        if not self.stated or self.against is not Against.NOTHING or not whole:
            return None
        return as_fall(self.stated, int(self.value)), as_level(self.stated, int(self.value))


def each(value: Decimal, of: Decimal) -> Decimal | None:
    """For each one; None where there are none."""
    return value / of if of else None
