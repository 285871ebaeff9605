"""Cells as values. A bad one is reported and read as absent: the report stops the plan."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from stepdown.cli.plan_files.report import Report, quoted
from stepdown.kernel.slots import mask_of

_WHOLE = re.compile(r"([0-9]{1,12})(?:\.0{1,6})?")
_DECIMAL = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_UK_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
LONGEST_ID = 200
FURTHEST_KM = 100_000
OLDEST = date(1900, 1, 1)


@dataclass
class Cells:
    """The cells of one row, read one column at a time."""

    file: str
    row: int
    cells: dict[str, str]
    report: Report

    def text(self, column: str) -> str:
        """The words of a cell, "" when it is empty or the column is absent."""
        return self.cells.get(column, "")

    def wrong(self, column: str, what: str) -> None:
        """Report a problem with one cell."""
        self.report.add(self.file, what, row=self.row, column=column)

    def id(self) -> str:
        """The row's id."""
        text = self.text("id")
        if not text:
            self.wrong("id", "is empty: every row must have an id")
        elif len(text) > LONGEST_ID or not text.isprintable():
            self.wrong("id", f"{quoted(text)} is not an id: one line of up to {LONGEST_ID} letters")
        return text

    def whole(self, column: str, low: int, high: int, *, default: int) -> int:
        """A whole number in a range; the default when the cell is empty."""
        text = self.text(column)
        if not text:
            return default
        match = _WHOLE.fullmatch(text)
        if match is None or not low <= int(match[1]) <= high:
            self.wrong(column, f"{quoted(text)} is not a whole number from {low} to {high}")
            return default
        return int(match[1])

    def metres(self, column: str) -> int | Decimal | None:
        """Kilometres as metres, None when empty."""
        text = self.text(column)
        if not text:
            return None
        if not _DECIMAL.fullmatch(text) or Decimal(text) > FURTHEST_KM:
            self.wrong(column, f"{quoted(text)} is not a number of kilometres, such as 5 or 7.5")
            return None
        metres = Decimal(text) * 1000
        return int(metres) if metres == int(metres) else metres

    def day(self, column: str, latest: date) -> date | None:
        """A day such as 1980-12-31 or 31/12/1980, None when empty."""
        text = self.text(column)
        if not text:
            return None
        try:
            found = day_of(text)
        except ValueError:
            self.wrong(column, f"{quoted(text)} is not a date, such as 1980-12-31")
            return None
        if not OLDEST <= found <= latest:
            self.wrong(column, f"{quoted(text)} is not from 1900 to {latest:%Y-%m-%d}")
            return None
        return found

    def names(self, column: str) -> frozenset[str]:
        """A list separated by |. Capital letters make no difference; empty items are left out."""
        return frozenset(
            " ".join(item.split()).casefold()
            for item in self.text(column).split("|")
            if item.strip()
        )

    def slots(self) -> int:
        """The weekly slots as a mask."""
        names = [item.strip() for item in self.text("slots").split("|") if item.strip()]
        mask = 0
        for name in names:
            try:
                mask |= mask_of([name])
            except ValueError:
                self.wrong(
                    "slots", f"{quoted(name)} is not a weekly slot, such as mon-am or sun-eve"
                )
        return mask

    def one(self, column: str) -> str | None:
        """One word, None when empty; capital letters make no difference."""
        return self.text(column).casefold() or None


def day_of(text: str) -> date:
    """A day as 1980-12-31 or 31/12/1980. Raises ValueError on anything else."""
    if match := _DAY.fullmatch(text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := _UK_DAY.fullmatch(text):
        return date(int(match[3]), int(match[2]), int(match[1]))
    raise ValueError("not a date")
