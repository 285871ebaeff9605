"""All that is wrong with the files given, one line a problem, told at once."""

from dataclasses import dataclass, field

SHOWN = 200
QUOTED = 60


@dataclass
class Report:
    """Problems as they were found. Rows are counted as a spreadsheet does: the header is 1."""

    lines: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, file: str, what: str, *, row: int | None = None, column: str = "") -> None:
        """One problem. Only the first 200 are kept in words; all are counted."""
        self.count += 1
        if len(self.lines) < SHOWN:
            place = file
            if row is not None:
                place += f" row {row}"
            if column:
                place += f", column {column}"
            self.lines.append(f"{place}: {what}")

    def text(self) -> str:
        """What is printed."""
        lines = list(self.lines)
        if self.count > len(lines):
            lines.append(f"… and {self.count - len(lines):,} more problems")
        return "\n".join(lines)


def quoted(text: str) -> str:
    """A cell's words for a message: on one line, printable, and not too long."""
    plain = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return f"'{plain[:QUOTED]}…'" if len(plain) > QUOTED else f"'{plain}'"
