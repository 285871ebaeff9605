"""Call logs: every row is counted or left out with its reason, whatever it looks like."""

import csv
import os
import random
import re
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from stepdown.adapters.calls import (
    CallLogError,
    Columns,
    Excluded,
    Rules,
    days,
    open_log,
    rank,
    write_excluded,
)

HEADER = ("called_at", "number", "line", "premises", "area")
YEAR = Rules(date(2016, 1, 1), date(2017, 1, 1), most=5, least=2)


def written(path: Path, rows: list[tuple[str, ...]], header: tuple[str, ...] = HEADER) -> Path:
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def call(
    number: str = "01253 496 001",
    at: str = "2016-03-01 10:00:00",
    line: str = "101",
    premises: str = "residential",
) -> tuple[str, ...]:
    return (at, number, line, premises, "Blackpool")


def test_one_number_is_one_caller_however_it_was_written(tmp_path: Path) -> None:
    forms = ("01253 496001", "+44 1253 496001", "0044(0)1253 496001", "441253496001")
    found = rank(open_log(written(tmp_path / "c.csv", [call(form) for form in forms])), YEAR)
    assert [(one.number, one.calls) for one in found.callers] == [("01253496001", 4)]
    assert (found.rows, found.counted, found.numbers, found.excluded) == (4, 4, 1, {})


def test_those_with_most_calls_come_first_and_those_with_too_few_not_at_all(tmp_path: Path) -> None:
    rows = [call("01253496003")] * 2 + [call("01253496002")] * 3
    rows += [call("01253496001")] * 2 + [call("01253496004")]
    found = rank(open_log(written(tmp_path / "c.csv", rows)), YEAR)
    assert [one.number[-1] for one in found.callers] == ["2", "1", "3"]
    assert (found.numbers, found.counted) == (4, 8)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (call(at="yesterday"), Excluded.TIME),
        (call(at=""), Excluded.TIME),
        (call(at="2015-12-31 23:59:59"), Excluded.PERIOD),
        (call(at="2017-01-01 00:00:00"), Excluded.PERIOD),
        (call(line="111"), Excluded.LINE),
        (call(line=""), Excluded.LINE),
        (call(premises="Care home"), Excluded.PREMISES),
        (call(premises=""), Excluded.PREMISES),
        (call(""), Excluded.WITHHELD),
        (call("WITHHELD"), Excluded.WITHHELD),
        (call("0808"), Excluded.NUMBER),
        (call("+33 1 42 68 53 00"), Excluded.NUMBER),
        (call("(01253) 477 477"), Excluded.ORGANISATION),
    ],
)
def test_a_row_that_does_not_count_says_why(
    tmp_path: Path, row: tuple[str, ...], reason: Excluded
) -> None:
    rules = Rules(YEAR.since, YEAR.until, organisations=frozenset({"+44 1253 477477"}))
    log = open_log(written(tmp_path / "c.csv", [call(), row]))
    found = rank(log, rules)
    assert found.excluded == {reason: 1}
    assert (found.rows, found.counted) == (2, 1)
    assert write_excluded(log, rules, tmp_path / "out.csv") == 1
    with (tmp_path / "out.csv").open(newline="") as out:
        assert list(csv.reader(out)) == [["line", "reason"], ["3", reason]]


def test_cells_count_whatever_their_spaces_and_capitals(tmp_path: Path) -> None:
    rows = [call(), call(line=" 999 ", premises=" RESIDENTIAL")]
    log = open_log(written(tmp_path / "c.csv", rows))
    assert [caller.calls for caller in rank(log, YEAR).callers] == [2]
    assert list(days(log, ["01253496001"])) == [("01253496001", date(2016, 3, 1), 2, 1)]


def test_a_broken_line_is_counted_and_the_lines_after_it_keep_their_place(tmp_path: Path) -> None:
    path = written(tmp_path / "c.csv", [call()] * 30_000)
    lines = path.read_text().splitlines()
    lines[25_000] = "2016-03-01 10:00:00,01253496001,101,residential,Blackpool,one,too,many"
    lines[25_500] = lines[25_500].replace("101,res", "222,res")
    lines[100] = lines[100].replace("101,res", "222,res")
    path.write_text("\n".join(lines) + "\n")
    log = open_log(path)
    assert rank(log, YEAR).excluded == {Excluded.BROKEN: 1, Excluded.LINE: 2}
    assert write_excluded(log, YEAR, tmp_path / "out.csv") == 3
    found = [line.split(",")[0] for line in (tmp_path / "out.csv").read_text().splitlines()]
    assert found == ["line", "101", "25001", "25501"]


def test_the_report_is_its_owners_alone_and_names_nobody(tmp_path: Path) -> None:
    log = open_log(written(tmp_path / "c.csv", [call("01253496001", premises="payphone")]))
    write_excluded(log, YEAR, tmp_path / "out.csv")
    assert os.stat(tmp_path / "out.csv").st_mode & 0o077 == 0
    assert "496001" not in (tmp_path / "out.csv").read_text()
    assert "496001" not in repr(rank(open_log(written(tmp_path / "d.csv", [call()] * 3)), YEAR))


def test_times_are_read_as_the_file_writes_them(tmp_path: Path) -> None:
    rows = [call(at="25/03/2016 10:00"), call(at="01/03/2016 10:00")]
    log = open_log(written(tmp_path / "c.csv", rows))
    assert [day for _, day, _, _ in days(log, ["01253496001"])] == [
        date(2016, 3, 1),
        date(2016, 3, 25),
    ]


def test_a_file_that_could_be_read_two_ways_is_refused_until_somebody_says(tmp_path: Path) -> None:
    path = written(tmp_path / "c.csv", [call(at="01/03/2016 10:00")])
    with pytest.raises(CallLogError, match="day first or month first"):
        open_log(path)
    log = open_log(path, time_format="%d/%m/%Y %H:%M")
    assert [row[1] for row in days(log, ["01253496001"])] == [date(2016, 3, 1)]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("called_at,number,line\n2016-03-01 10:00:00,0125,999\n", "there is no column 'premises'"),
        ("called_at,number,line,premises\n", "no time of a call could be read"),
        ("called_at,number,line,premises\nnow,1,999,home\n", "no time of a call could be read"),
    ],
)
def test_a_file_that_is_no_call_log_is_refused_in_words(
    tmp_path: Path, lines: str, words: str
) -> None:
    (tmp_path / "c.csv").write_text(lines)
    with pytest.raises(CallLogError, match=words):
        open_log(tmp_path / "c.csv")


def test_columns_have_the_names_that_the_file_gives_them(tmp_path: Path) -> None:
    header = ("When", 'CLI "raw"')
    path = written(tmp_path / "it's.csv", [("2016-03-01 10:00:00", "01253496001")] * 2, header)
    log = open_log(path, Columns("When", 'CLI "raw"', "", ""))
    (caller,) = rank(log, YEAR).callers
    assert caller.calls == 2
    assert list(days(log, [caller.number])) == [("01253496001", date(2016, 3, 1), 2, 0)]


def test_progress_ends_at_the_whole(tmp_path: Path) -> None:
    told: list[float] = []
    rank(open_log(written(tmp_path / "c.csv", [call()] * 10)), YEAR, told.append)
    assert told[-1] == 1.0


@pytest.mark.parametrize("wrong", [{"until": date(2016, 1, 1)}, {"most": 0}, {"least": 0}], ids=str)
def test_rules_that_cannot_hold_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"period|asked for"):
        Rules(**({"since": date(2016, 1, 1), "until": date(2017, 1, 1)} | wrong))  # type: ignore[arg-type]


def plain(rows: list[tuple[str, ...]], rules: Rules) -> tuple[Counter[str], Counter[Excluded]]:
    """The same, row by row: calls by number, rows left out by reason."""
    calls: Counter[str] = Counter()
    out: Counter[Excluded] = Counter()
    known = {_dialled(one) for one in rules.organisations}
    for at, number, line, premises, _ in rows:
        try:
            stamp = datetime.fromisoformat(at)
        except ValueError:
            out[Excluded.TIME] += 1
            continue
        if not rules.since <= stamp.date() < rules.until:
            out[Excluded.PERIOD] += 1
        elif line.strip() not in ("999", "101"):
            out[Excluded.LINE] += 1
        elif premises.strip().lower() not in rules.homes:
            out[Excluded.PREMISES] += 1
        elif not any(c.isdigit() for c in number):
            out[Excluded.WITHHELD] += 1
        elif not re.fullmatch("0[1-9][0-9]{8,9}", _dialled(number)):
            out[Excluded.NUMBER] += 1
        elif _dialled(number) in known:
            out[Excluded.ORGANISATION] += 1
        else:
            calls[_dialled(number)] += 1
    return calls, out


def _dialled(number: str) -> str:
    digits = re.sub("[^0-9+]", "", number)
    for prefix in ("+44+0", "+440", "004 40", "00440", "440", "+44", "0044", "44"):
        if digits.startswith(prefix):
            return "0" + digits.removeprefix(prefix)
    return digits


@pytest.mark.parametrize("seed", range(8))
def test_random_logs_agree_with_counting_row_by_row(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    numbers = [f"01253 49{n:04d}" for n in range(40)] + ["", "Withheld", "12", "+44 7700 900001"]
    numbers += ["07700 900001", "0044 (0)7700 900002", "07700900002", "+1 202 555 0100"]
    start = datetime.fromisoformat("2015-12-01")
    rows: list[tuple[str, ...]] = [
        (
            chance.choice(
                ("", "soon", *[str(start + timedelta(hours=chance.randrange(10_000)))] * 9)
            ),
            chance.choice(numbers),
            chance.choice(("999", "101", "101", " 999", "111", "")),
            chance.choice(("residential", "Home ", "business", "", "RESIDENTIAL")),
            "Preston",
        )
        for _ in range(2_000)
    ]
    rules = Rules(YEAR.since, YEAR.until, 1_000, 1, organisations=frozenset({"01253490001"}))
    found = rank(open_log(written(tmp_path / "c.csv", rows)), rules)
    calls, out = plain(rows, rules)
    assert {one.number: one.calls for one in found.callers} == dict(calls)
    assert found.excluded == dict(out)
    assert found.rows == len(rows)
    order = [(-one.calls, one.number) for one in found.callers]
    assert order == sorted(order)
