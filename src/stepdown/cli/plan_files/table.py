"""A CSV file as rows of named cells, or the reasons why it cannot be one."""

import csv
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from stepdown.cli.plan_files.report import Report, quoted

LONGEST_CELL = 10_000


@dataclass
class Table:
    """The rows of one file: (row number, cells by column name). Empty rows are left out."""

    file: str
    columns: list[str] = field(default_factory=list)
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)


def read_table(
    path: Path, known: Collection[str], report: Report, needed: Sequence[str] = ()
) -> Table:
    """Read a file whole. ``known`` names its columns; others are problems, order is free. Without
    those ``needed`` (an id and a place, if none are named) it cannot be read."""
    table = Table(path.name)
    text = _text(path, report)
    if text is None:
        return table
    before = report.count
    records = _records(text, table.file, report)
    header = next(records, None)
    if header is None:
        if report.count == before:
            report.add(table.file, "is empty: the first row names the columns")
        return table
    table.columns = _header(header[1], known, table.file, report, needed)
    if report.count > before:
        return table
    for row, cells in records:
        if len(cells) != len(table.columns):
            report.add(
                table.file, f"has {len(cells)} cells, the header has {len(table.columns)}", row=row
            )
            continue
        named = dict(zip(table.columns, (cell.strip() for cell in cells), strict=True))
        long = [name for name, cell in named.items() if len(cell) > LONGEST_CELL]
        for name in long:
            report.add(
                table.file, f"is longer than {LONGEST_CELL:,} characters", row=row, column=name
            )
        if not long:
            table.rows.append((row, named))
    return table


def _text(path: Path, report: Report) -> str | None:
    try:
        raw = path.read_bytes()
    except OSError as error:
        report.add(path.name, f"cannot be read: {error.strerror or 'unknown reason'}")
        return None
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        report.add(path.name, "is UTF-16 text: save it as CSV in UTF-8")
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
        report.add(path.name, "is not UTF-8 text: save it as CSV in UTF-8", row=row)
        return None
    if "\0" in text:
        row = text.count("\n", 0, text.index("\0")) + 1
        report.add(path.name, "has a NUL character: it is not a CSV file", row=row)
        return None
    return text


def _records(text: str, file: str, report: Report) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells) of rows that are not empty; a broken quote ends the file."""
    limit = csv.field_size_limit(max(1, len(text)))
    row = 0
    try:
        for cells in csv.reader(_lines(text), strict=True):
            row += 1
            if any(cell.strip() for cell in cells):
                yield row, cells
    except csv.Error:
        report.add(file, "has a quotation mark that does not close or is out of place", row=row + 1)
    finally:
        csv.field_size_limit(limit)


def _lines(text: str) -> Iterator[str]:
    """Lines as a file opened with newline='' gives them: only \\n, \\r and \\r\\n end one."""
    import io

    yield from io.StringIO(text, newline="")


def _header(
    cells: list[str], known: Collection[str], file: str, report: Report, needed: Sequence[str]
) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    for at, name in enumerate(names, 1):
        if not name:
            report.add(file, f"column {at} has no name", row=1)
        elif name not in known:
            hint = f"the columns are {', '.join(known)}"
            report.add(file, f"{quoted(name)} is not a column we know: {hint}", row=1)
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        report.add(file, f"column {quoted(name)} is there more than once", row=1)
    if needed:
        for name in needed:
            if name not in names:
                report.add(file, f"there is no column {name}", row=1)
        return names
    if "id" not in names:
        report.add(file, "there is no column id", row=1)
    if "postcode" not in names and not {"easting", "northing"} <= set(names):
        report.add(file, "there is neither a column postcode nor easting and northing", row=1)
    return names
