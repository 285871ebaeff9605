"""The only writer of CSV. What people typed must not run when a spreadsheet opens it."""

from collections.abc import Iterable, Sequence

Cell = str | int | None
# OWASP, CSV Injection: what a spreadsheet takes for the beginning of a formula, or throws away
# before one. The last four are the full-width forms that some take for the first four.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def guarded(text: str) -> str:
    """A text cell that no spreadsheet will run: what begins like a formula gets a ' in front."""
    return f"'{text}" if text[:1] in RISKY else text


def unguarded(text: str) -> str:
    """What a guarded cell said before: for reading a file that this hub wrote."""
    return text[1:] if text[:1] == "'" and text[1:2] in RISKY else text


def as_cell(text: str) -> str:
    """One text as it stands between commas: guarded, and quoted where RFC 4180 (2.6, 2.7) asks."""
    text = guarded(text)
    if any(c in text for c in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A CSV file in UTF-8. Empty for None; texts are guarded, numbers are written as they are."""
    lines = [header, *rows]
    return "".join(f"{_line(cells)}\n" for cells in lines).encode("utf-8")


def _line(cells: Sequence[Cell]) -> str:
    # The standard library's writer leaves a lone carriage return unquoted, which ends a row.
    line = ",".join(_written(cell) for cell in cells)
    return line or '""'


def _written(cell: Cell) -> str:
    return as_cell(cell) if isinstance(cell, str) else "" if cell is None else str(cell)
