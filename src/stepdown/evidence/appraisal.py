"""Money over years: what it costs, what it saves, when it pays back, what it is worth today.

Amounts are real (one price year) and exact decimals; the first year is year 0 and is not
discounted. Discount rates fall with time (HM Treasury, The Green Book: 3.5 % for years 0 to 30).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from itertools import accumulate

# The rate in percent from that year on, compounded and never re-based.
GREEN_BOOK = (
    (0, Decimal("3.5")),
    (31, Decimal("3.0")),
    (76, Decimal("2.5")),
    (126, Decimal("2.0")),
    (201, Decimal("1.5")),
    (301, Decimal("1.0")),
)

Schedule = Sequence[tuple[int, Decimal]]


def discount_factor(year: int, schedule: Schedule = GREEN_BOOK) -> Decimal:
    """What a pound of that year is worth in year 0."""
    if year < 0:
        raise ValueError("A year before the first has no discount factor.")
    factor = Decimal(1)
    for one in range(1, year + 1):
        rate = next(percent for start, percent in reversed(schedule) if start <= one)
        factor /= 1 + rate / 100
    return factor


def present_value(amounts: Sequence[Decimal], schedule: Schedule = GREEN_BOOK) -> Decimal:
    """What amounts of year 0, 1, 2 … are worth in year 0."""
    worth = (a * discount_factor(year, schedule) for year, a in enumerate(amounts))
    return sum(worth, Decimal(0))


@dataclass(frozen=True)
class Appraisal:
    """A stream of costs and one of savings, year by year, put side by side."""

    costs: tuple[Decimal, ...]
    savings: tuple[Decimal, ...]
    schedule: Schedule = GREEN_BOOK

    def __post_init__(self) -> None:
        if len(self.costs) != len(self.savings):
            raise ValueError("Costs and savings must be given for the same years.")

    @property
    def net(self) -> Decimal:
        """All savings less all costs, not discounted."""
        return sum(self.savings, Decimal(0)) - sum(self.costs, Decimal(0))

    @property
    def ratio(self) -> Decimal | None:
        """Savings for each pound of cost, not discounted; None where nothing is spent."""
        spent = sum(self.costs, Decimal(0))
        return sum(self.savings, Decimal(0)) / spent if spent else None

    @property
    def cumulative(self) -> tuple[Decimal, ...]:
        """Savings less costs up to the end of each year."""
        return tuple(accumulate(s - c for c, s in zip(self.costs, self.savings, strict=True)))

    @property
    def breaks_even(self) -> int | None:
        """The first year from whose end on the balance never falls below nothing again."""
        below = [year for year, balance in enumerate(self.cumulative) if balance < 0]
        first = below[-1] + 1 if below else 0
        return first if first < len(self.costs) else None

    @property
    def present_cost(self) -> Decimal:
        """Costs at their worth in year 0."""
        return present_value(self.costs, self.schedule)

    @property
    def present_saving(self) -> Decimal:
        """Savings at their worth in year 0."""
        return present_value(self.savings, self.schedule)

    @property
    def present_net(self) -> Decimal:
        """Net present value."""
        return self.present_saving - self.present_cost

    @property
    def present_ratio(self) -> Decimal | None:
        """Benefit-cost ratio; None where nothing is spent."""
        return self.present_saving / self.present_cost if self.present_cost else None


def payback_years(cost: Decimal, saving_a_year: Decimal) -> Decimal | None:
    """Years until an even yearly saving has paid for a cost spent at the start; None for never."""
    return cost / saving_a_year if saving_a_year > 0 else None


def cases_needed(saving: Decimal, each: Decimal) -> int:
    """How many whole cases it takes to save as much, where each saves ``each``."""
    return int((saving / each).to_integral_value(ROUND_CEILING))
