"""Time and money not spent, line by line: each agency's hours, at the rate that line was given.

A table of savings often holds more than one hourly rate for the same agency without saying so. The
rate is kept with each line and shown, and lines that differ are named.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Line:
    """What one agency did not spend: hours, pounds, or both. ``what`` says on which work."""

    agency: str
    what: str
    pounds: Decimal
    hours: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        if self.hours < 0:
            raise ValueError("Hours cannot be less than none.")

    @property
    def rate(self) -> Decimal | None:
        """Pounds an hour; None where no hours were counted."""
        return self.pounds / self.hours if self.hours else None


@dataclass(frozen=True)
class Avoided:
    """Lines added up, and by agency. ``differing`` holds agencies with more than one rate."""

    pounds: Decimal
    hours: Decimal
    by_agency: dict[str, Decimal]
    differing: dict[str, tuple[Decimal, ...]]


def priced(agency: str, what: str, hours: Decimal, rate: Decimal) -> Line:
    """A line from hours at a rate in pounds an hour, to the nearest penny."""
    return Line(agency, what, (hours * rate).quantize(Decimal("0.01")), hours)


def add_up(lines: Iterable[Line], apart: Decimal = Decimal("0.01")) -> Avoided:
    """The totals. Rates are said to differ where they are more than ``apart`` pounds from another.

    Lines whose pounds were given to the nearest pound have rates that are exact only so far.
    """
    every = list(lines)
    by_agency: dict[str, Decimal] = {}
    rates: dict[str, list[Decimal]] = {}
    for line in every:
        by_agency[line.agency] = by_agency.get(line.agency, Decimal(0)) + line.pounds
        if line.rate is not None:
            rates.setdefault(line.agency, []).append(line.rate)
    differing = {
        agency: tuple(sorted({r.quantize(Decimal("0.01")) for r in some}))
        for agency, some in rates.items()
        if max(some) - min(some) > apart
    }
    pounds = sum((line.pounds for line in every), Decimal(0))
    hours = sum((line.hours for line in every), Decimal(0))
    return Avoided(pounds, hours, by_agency, differing)
