"""Who calls most: one pass over the file, everything left out counted by its reason.

Rows are judged and grouped as they are read; numbers are put into one form afterwards, on the far
fewer groups. Only the callers that are asked for ever leave the database in memory.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from stepdown.adapters.calls.judge import REJECTED, Excluded, Rules, emergency, judged, reason, tidy
from stepdown.adapters.calls.log import CallLog, CallLogError, connect, name, run, text

Progress = Callable[[float], None] | None


@dataclass(frozen=True, repr=False)
class Caller:
    """One number that was kept. ``repr`` says nothing of it."""

    number: str
    calls: int


@dataclass(frozen=True)
class Ranking:
    """The callers kept, most calls first; rows and numbers in all; what was left out."""

    callers: tuple[Caller, ...]
    rows: int
    counted: int
    numbers: int
    excluded: dict[Excluded, int]


def rank(log: CallLog, rules: Rules, progress: Progress = None) -> Ranking:
    """Read the file once and rank its callers. Ties go to the lower number."""
    with connect() as db:
        try:
            run(db, f"create table reasoned as {_grouped(log, rules)}", progress)
        except duckdb.Error:
            # Its words may quote a row: they go no further.
            raise CallLogError(f"{log.path.name}: the file could not be read to its end.") from None
        excluded = _excluded(db)
        db.execute(
            "create table callers as select tidy, sum(calls)::bigint as calls from reasoned "
            "where reason is null group by tidy"
        )
        counts = db.execute("select coalesce(sum(calls), 0)::bigint, count(*) from callers")
        counted, numbers = counts.fetchone() or (0, 0)
        kept = db.execute(
            "select tidy, calls from callers where calls >= ? order by calls desc, tidy limit ?",
            [rules.least, rules.most],
        ).fetchall()
    return Ranking(
        callers=tuple(Caller(*row) for row in kept),
        rows=counted + sum(excluded.values()),
        counted=counted,
        numbers=numbers,
        excluded=excluded,
    )


def _grouped(log: CallLog, rules: Rules) -> str:
    """SQL for the rows of a number taken together, and those left out at once by their reason."""
    groups = (
        "select case when verdict = 0 then number end as number, verdict, count(*) as calls "
        f"from ({judged(log, rules)}) group by all"
    )
    tidied = f"select verdict, calls, {tidy('number')} as tidy from ({groups})"
    return f"select tidy, calls, {reason(rules)} as reason from ({tidied})"


def _excluded(db: duckdb.DuckDBPyConnection) -> dict[Excluded, int]:
    said = "select reason, sum(calls)::bigint from reasoned where reason is not null group by all"
    counts = Counter({Excluded(why): int(count) for why, count in db.execute(said).fetchall()})
    aside = db.execute(f"select reason, count(*) from ({REJECTED}) group by all").fetchall()
    counts.update({Excluded(why): int(count) for why, count in aside})
    return {why: counts[why] for why in Excluded if counts[why]}


def days(
    log: CallLog, numbers: Iterable[str], progress: Progress = None
) -> Iterator[tuple[str, date, int, int]]:
    """Every day on which one of the tidy ``numbers`` called: number, day, calls, of them to 999.

    Whatever the premises and the period: before and after are compared on all their calls.
    """
    wanted = sorted(set(numbers))
    with connect() as db:
        db.execute("create table wanted (tidy varchar)")
        if wanted:
            db.executemany("insert into wanted values (?)", [[one] for one in wanted])
        run(
            db,
            "create table days as select tidy, day, sum(calls)::bigint, sum(emergency)::bigint "
            f"from (select {tidy('number')} as tidy, day, calls, emergency from "
            f"(select {name(log.columns.number)} as number, cast({log.stamp} as date) as day, "
            f"count(*) as calls, {emergency(log)} as emergency "
            f"from {log.source} where {log.stamp} is not null group by all)) "
            "semi join wanted using (tidy) group by all",
            progress,
        )
        yield from db.execute("select * from days order by tidy, day").fetchall()


def write_excluded(log: CallLog, rules: Rules, out: Path) -> int:
    """Write the line and the reason of every row left out, and nobody's number; how many.

    A second pass, for whoever asks. The file is readable by its owner alone.
    """
    os.close(os.open(out, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
    with connect() as db:
        db.execute("set preserve_insertion_order = true")
        rows = judged(log, rules, ", row_number() over () as place")
        tidied = f"select *, {tidy('number')} as tidy from ({rows})"
        reasoned = f"select place, {reason(rules)} as reason from ({tidied})"
        db.execute(f"create table left_out as select * from ({reasoned}) where reason is not null")
        # Lines put aside are not among the rows read: each moves those after it one line down.
        db.execute(
            "create table rejected as select *, row_number() over (order by line) as nth "
            f"from ({REJECTED})"
        )
        moved = (
            "select place + 1 + coalesce(nth, 0) as line, left_out.reason from left_out "
            "asof left join rejected on left_out.place > rejected.line - 1 - rejected.nth"
        )
        every = f"{moved} union all select line, reason from rejected"
        count = db.execute(
            f"copy (select line, reason from ({every}) order by line) "
            f"to {text(str(out))} (format csv, header, use_tmp_file false)"
        ).fetchone()
    return int(count[0]) if count else 0
