"""A call log as a file: which columns it has and how it writes times, found before it is read."""

import csv
import gzip
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from threading import Event, Thread

import duckdb

# How command-and-control systems write a time. The first that reads every time of the sample wins;
# where both day-first and month-first would, the file is refused rather than guessed at.
ISO = "%Y-%m-%d %H:%M:%S"
FORMATS = (
    ISO,
    "%Y-%m-%d %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d-%b-%Y %H:%M:%S",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
)
SAMPLE = 20_000
MEMORY = "1GB"


class CallLogError(Exception):
    """The file cannot be read as a call log; the message says why, and holds nobody's data."""


@dataclass(frozen=True)
class Columns:
    """What the file calls its columns. ``premises`` and ``line`` may be absent ("")."""

    called_at: str = "called_at"
    number: str = "number"
    line: str = "line"
    premises: str = "premises"


@dataclass(frozen=True)
class CallLog:
    """A file whose header and times have been understood.

    ``source`` is SQL that lists its rows; ``premises`` the usual spellings in that column.
    """

    path: Path
    columns: Columns
    time_format: str
    source: str
    premises: tuple[str, ...] = ()

    @property
    def stamp(self) -> str:
        """SQL for the time of a call; null where it is not a time."""
        column = name(self.columns.called_at)
        if self.time_format == ISO:
            return f"try_cast({column} as timestamp)"
        return f"try_strptime({column}, {text(self.time_format)})"


def open_log(path: Path, columns: Columns | None = None, time_format: str = "") -> CallLog:
    """Look at the header and a sample of the file.

    Raises ``CallLogError`` where a column that is named is not there, there are no rows, or times
    could be read in two ways and ``time_format`` does not say which.
    """
    wanted = columns or Columns()
    if not path.is_file():
        raise CallLogError(f"{path.name}: there is no such file.")
    source = _source(path, [getattr(wanted, field.name) for field in fields(wanted)])
    with connect() as db:
        sample = (
            f"select trim({name(wanted.called_at)}) as said from {source} "
            f"where trim({name(wanted.called_at)}) <> '' limit {SAMPLE}"
        )
        return CallLog(
            path,
            wanted,
            time_format or _format(db, sample, path),
            source,
            _spellings(db, source, wanted.premises),
        )


def _source(path: Path, named: list[str]) -> str:
    """SQL that lists the file's rows as text, by its own header. Broken lines are put aside."""
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
            first = file.readline()
    except (OSError, UnicodeDecodeError):
        raise CallLogError(f"{path.name}: this is not a text file in UTF-8.") from None
    headers = {mark: next(csv.reader([first], delimiter=mark), []) for mark in ",;\t|"}
    mark, header = max(headers.items(), key=lambda one: len(set(named) & set(one[1])))
    missing = [one for one in named if one and one not in header]
    if missing:
        raise CallLogError(
            f"{path.name}: there is no column {', '.join(map(repr, missing))}. "
            f"The first line says: {', '.join(header)[:300]}."
        )
    if len(set(header)) < len(header):
        raise CallLogError(f"{path.name}: two columns have the same name.")
    columns = ", ".join(f"{text(one)}: 'VARCHAR'" for one in header)
    return (
        f"read_csv({text(str(path))}, header=true, auto_detect=false, columns={{{columns}}}, "
        f"delim={text(mark)}, quote='\"', escape='\"', store_rejects=true)"
    )


def _spellings(db: duckdb.DuckDBPyConnection, source: str, column: str) -> tuple[str, ...]:
    """The commonest cells of a column in the first rows."""
    if not column:
        return ()
    rows = f"select {name(column)} as said from {source} limit {SAMPLE}"
    common = (
        f"select said, count(*) from ({rows}) group by said order by count(*) desc, said limit 20"
    )
    found = db.execute(common)
    return tuple(said for said, _ in found.fetchall() if said is not None)


def _format(db: duckdb.DuckDBPyConnection, sample: str, path: Path) -> str:
    """The one way of writing times that reads most of the sample."""
    tries = ", ".join(f"count(try_strptime(said, {text(one)}))" for one in FORMATS)
    row = db.execute(f"select count(*), {tries} from ({sample})").fetchone() or (0,)
    read = dict(zip(FORMATS, row[1:], strict=True))
    if not row[0] or not max(read.values()):
        raise CallLogError(f"{path.name}: no time of a call could be read.")
    best = [one for one in FORMATS if read[one] == max(read.values())]
    if len(best) > 1:
        raise CallLogError(
            f"{path.name}: times could be read as day first or month first. Say which."
        )
    return best[0]


def connect() -> duckdb.DuckDBPyConnection:
    """A database in memory that holds no more than ``MEMORY``, and reaches nothing but files."""
    db = duckdb.connect(config={"memory_limit": MEMORY, "autoinstall_known_extensions": False})
    db.execute("set preserve_insertion_order = false")
    return db


def run(
    db: duckdb.DuckDBPyConnection, statement: str, progress: Callable[[float], None] | None
) -> None:
    """Run one long statement, telling ``progress`` the share done, 0 to 1, a few times a second."""
    if progress is None:
        db.execute(statement)
        return
    done = Event()
    failed: list[BaseException] = []

    def work() -> None:
        try:
            db.execute(statement)
        except BaseException as wrong:  # handed to the caller's thread below
            failed.append(wrong)
        finally:
            done.set()

    thread = Thread(target=work, daemon=True)
    thread.start()
    try:
        while not done.wait(0.2):
            progress(max(0.0, min(1.0, db.query_progress() / 100)))
    except BaseException:
        db.interrupt()
        raise
    finally:
        thread.join()
    if failed:
        raise failed[0]
    progress(1.0)


def name(column: str) -> str:
    """A column's name in SQL."""
    return '"' + column.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text in SQL."""
    return "'" + value.replace("'", "''") + "'"
