"""A published percentage that can be read in two ways, and the counts behind each reading.

"A reduction of 51.5 % (1,815 calls)" may mean that there were 1,815 calls fewer, or that 1,815 were
left. Each reading leaves only a few whole numbers that the count before can have been.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor


@dataclass(frozen=True)
class Reading:
    """The least and most that the counts before and after can have been, both included."""

    before: tuple[int, int]
    after: tuple[int, int]

    @property
    def exact(self) -> bool:
        """Whether only one pair of counts is possible."""
        return self.before[0] == self.before[1]


def as_fall(percent: str, count: int) -> Reading | None:
    """``count`` is by how many it fell. None where no whole numbers give that percentage."""
    low, high = _shares(percent)
    if high <= 0 or count <= 0:
        return None
    least = floor(count / high) + 1  # a share that would round up to the next digit is not it
    most = floor(count / low) if low > 0 else None
    if most is None or least > most:
        return None
    return Reading((least, most), (least - count, most - count))


def as_level(percent: str, count: int) -> Reading | None:
    """``count`` is what was left. None where no whole numbers give that percentage."""
    low, high = _shares(percent)
    if high >= 1 or count < 0:
        return None
    least, most = ceil(count / (1 - low)), ceil(count / (1 - high)) - 1
    return Reading((least, most), (count, count)) if least <= most else None


def _shares(percent: str) -> tuple[Fraction, Fraction]:
    """The shares that are written so: from the first, itself included, to before the second."""
    places = len(percent.partition(".")[2])
    half = Fraction(1, 2 * 10**places)
    value = Fraction(percent)
    return (value - half) / 100, (value + half) / 100
