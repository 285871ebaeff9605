"""Ranking the callers of a made-up call log, beside a bare DuckDB query over the same file.

    python -m benchmarks.bench_calls [rows]

The bare query groups by number, counts and sorts; it checks nothing and leaves nothing out. Both
run in turn in one process, held to the same memory; the ratio is of their medians.
"""

import resource
import sys
import tempfile
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter

import duckdb

from benchmarks import report, store
from stepdown.adapters.calls import Rules, open_log, rank, write_excluded
from stepdown.adapters.calls.log import connect

ROWS = 10_000_000
RUNS = 5
RULES = Rules(date(2016, 3, 1), date(2016, 12, 1))

# Callers fall off like a power of their rank; a fifth of calls are not from homes, some cells bad.
MADE = """
copy (
  select
    case when hash(i * 23) % 5000 = 0 then 'unknown' else strftime(timestamp '2016-01-01'
      + to_seconds(cast(hash(i) % 31536000 as bigint)), '%Y-%m-%d %H:%M:%S') end as called_at,
    case when hash(i * 7) % 200 = 0 then '' when hash(i * 7) % 500 = 1 then 'WITHHELD'
      when hash(i * 3) % 4 = 0 then '01253'
        || lpad(cast(cast(pow((hash(i * 11) % 1000000) / 1e6, 3) * 400000 as int) as text), 6, '0')
      else '07' || lpad(cast(
        cast(pow((hash(i * 11) % 1000000) / 1e6, 2) * 900000 as bigint) * 997 as text), 9, '0')
      end as number,
    case when hash(i * 13) % 3 = 0 then '999' else '101' end as line,
    case hash(i * 17) % 10 when 0 then 'business' when 1 then 'care home' when 2 then 'payphone'
      when 3 then '' else 'residential' end as premises,
    'Area ' || (hash(i * 19) % 9) as area
  from range({rows}) as t(i)
) to '{path}' (header)
"""


def bare(path: Path) -> None:
    """What a person would type who wants the numbers that called most."""
    with connect() as db:
        db.execute(
            "select number, count(*) as n from read_csv(?) "
            "group by number order by n desc limit 200",
            [str(path)],
        ).fetchall()


def timed(path: Path) -> tuple[float, float]:
    """Seconds of one bare query and of one ranking, its opening included."""
    start = perf_counter()
    bare(path)
    between = perf_counter()
    rank(open_log(path), RULES, lambda _: None)
    return between - start, perf_counter() - between


def main() -> None:
    """Print and keep the ratio, and what else is of use."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "calls.csv"
        duckdb.execute(MADE.format(rows=rows, path=path))
        size = path.stat().st_size / 2**20
        timed(path)
        runs = [timed(path) for _ in range(RUNS)]
        slow, quick = median(own for _, own in runs), median(other for other, _ in runs)
        figures = [
            ["a bare query, s", f"{quick:.2f}"],
            ["ranked, checked and filtered, s", f"{slow:.2f}"],
            ["ranking, in parts of the speed of the bare query", f"{quick / slow:.2f}"],
        ]
        found = rank(open_log(path), RULES)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        figures += [
            ["numbers", f"{found.numbers:,}"],
            ["calls counted", f"{found.counted:,}"],
            *([f"left out: {reason}", f"{count:,}"] for reason, count in found.excluded.items()),
            ["most memory, MiB", f"{memory:,.0f}"],
        ]
        start = perf_counter()
        left_out = write_excluded(open_log(path), RULES, Path(folder) / "excluded.csv")
        seconds = perf_counter() - start
        figures += [[f"the report of the {left_out:,} rows left out, s", f"{seconds:.2f}"]]
    for what, figure in figures:
        print(f"  {what:60} {figure:>12}")
    store.save_hub("calls", f"{rows:,} calls, {size:,.0f} MiB", figures)
    report.write()


if __name__ == "__main__":
    main()
