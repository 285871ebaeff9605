"""Lengths of time as an officer writes them: "10 working days", "6 weeks", "3 months"."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

_WRITTEN = re.compile(r"(\d{1,3}) (working day|day|week|month)s?")
UNITS = ("working day", "day", "week", "month")


@dataclass(frozen=True)
class Span:
    """``count`` of ``unit``. A working day is none of Saturday, Sunday and the bank holidays given.

    A month later is the same day of the month, or its last day where it has no such day.
    """

    count: int
    unit: str

    @classmethod
    def read(cls, text: str) -> "Span | None":
        """What was written, or None where it is no length of time."""
        found = _WRITTEN.fullmatch(text)
        return cls(int(found[1]), found[2]) if found else None

    def after(self, day: date, holidays: frozenset[date] = frozenset()) -> date:
        """The day that lies this long after ``day``. Day 0 is ``day`` itself."""
        if self.unit == "working day":
            return self._working(day, 1, holidays)
        return self._calendar(day, 1)

    def before(self, day: date, holidays: frozenset[date] = frozenset()) -> date:
        """The day that lies this long before ``day``."""
        if self.unit == "working day":
            return self._working(day, -1, holidays)
        return self._calendar(day, -1)

    def _calendar(self, day: date, way: int) -> date:
        if self.unit != "month":
            return day + timedelta(days=way * self.count * (7 if self.unit == "week" else 1))
        months = day.year * 12 + day.month - 1 + way * self.count
        year, month = divmod(months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(day.day, last))

    def _working(self, day: date, way: int, holidays: frozenset[date]) -> date:
        left = self.count
        while left:
            day += timedelta(days=way)
            if day.weekday() < 5 and day not in holidays:
                left -= 1
        return day

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"
