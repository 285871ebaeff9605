"""Files for `stepdown plan`: realistic ones on real postcodes, and all sorts of broken ones."""

import csv
import io
import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

from stepdown.adapters.postcodes import Gazetteer
from stepdown.kernel.slots import SLOTS

# Lancashire's fourteen districts (ONS codes), and the postcode areas that reach into them.
DISTRICTS = frozenset(
    ["E06000008", "E06000009", *(f"E07000{number}" for number in range(117, 129))]
)
AREAS = ("BB", "PR", "LA", "FY")
SKILLS = (
    "cooking",
    "driving",
    "gardening",
    "befriending",
    "diy",
    "shopping",
    "it-help",
    "listening",
)
CHECKS = ("dbs", "first-aid", "safeguarding", "moving-handling")
TONGUES = ("english", "polish", "urdu", "punjabi", "gujarati")
VOLUNTEER_HEADER = (
    "id",
    "postcode",
    "max_travel_km",
    "skills",
    "credentials",
    "languages",
    "gender",
    "date_of_birth",
    "slots",
    "capacity",
)
NEED_HEADER = (
    "id",
    "postcode",
    "band",
    "places",
    "skills",
    "credentials",
    "languages",
    "gender",
    "minimum_age",
    "slots",
)


def postcodes() -> list[str]:
    """Every positioned postcode of Lancashire's districts, in order."""
    book = Gazetteer.builtin()
    return [code for area in AREAS for code, _ in book.area(area, DISTRICTS)]


def _list(pick: random.Random, names: Sequence[str], least: int, most: int) -> str:
    return "|".join(pick.sample(names, pick.randint(least, most)))


def write_volunteers(path: Path, count: int, seed: int, codes: Sequence[str]) -> None:
    """Volunteers as a county has them: most near home, some with scarce checks."""
    pick = random.Random(seed)
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(VOLUNTEER_HEADER)
        for i in range(count):
            out.writerow(
                [
                    f"V{i:05}",
                    pick.choice(codes),
                    pick.choice(["", 2, 5, 7.5, 10, 15, 25]),
                    _list(pick, SKILLS, 0, 5),
                    _list(pick, CHECKS, 0, 3),
                    _list(pick, TONGUES, 1, 2),
                    pick.choice(["f", "m", ""]),
                    date(1940, 1, 1) + timedelta(pick.randrange(25_000)),
                    _list(pick, SLOTS, 1, 6),
                    pick.randint(1, 3),
                ]
            )


def write_needs(path: Path, count: int, seed: int, codes: Sequence[str]) -> None:
    """Needs with bands, requirements and times; a few that are hard to fill."""
    pick = random.Random(seed)
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(NEED_HEADER)
        for i in range(count):
            out.writerow(
                [
                    f"N{i:05}",
                    pick.choice(codes),
                    pick.choice(["", 1, 2, 2, 3, 3, 4]),
                    pick.choice(["", 1, 1, 2]),
                    _list(pick, SKILLS, 0, 2),
                    _list(pick, CHECKS, 0, 2),
                    _list(pick, TONGUES[1:], 0, 1) if pick.random() < 0.1 else "",
                    pick.choice(["f", "m"]) if pick.random() < 0.1 else "",
                    pick.choice([18, 21]) if pick.random() < 0.2 else "",
                    _list(pick, SLOTS, 1, 3) if pick.random() < 0.8 else "",
                ]
            )


Damage = Callable[[random.Random, list[list[str]]], bytes]


def encode(rows: Sequence[Sequence[str]], end: str = "\n", encoding: str = "utf-8") -> bytes:
    """Rows as a CSV file."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=end).writerows(rows)
    return out.getvalue().encode(encoding, "replace")


def _cell(pick: random.Random, rows: list[list[str]], value: str) -> bytes:
    row = pick.randrange(len(rows))
    if rows[row]:
        rows[row][pick.randrange(len(rows[row]))] = value
    return encode(rows)


def _bytes(pick: random.Random, rows: list[list[str]], junk: bytes) -> bytes:
    data = encode(rows)
    at = pick.randrange(len(data) + 1)
    return data[:at] + junk + data[at:]


def _drop(pick: random.Random, rows: list[list[str]]) -> bytes:
    for row in pick.sample(rows, pick.randint(1, len(rows))):
        del row[pick.randrange(len(row)) :]
    return encode(rows)


def _twice(pick: random.Random, rows: list[list[str]]) -> bytes:
    rows.insert(pick.randint(0, len(rows)), list(pick.choice(rows)))
    return encode(rows)


def _shuffled_cells(pick: random.Random, rows: list[list[str]]) -> bytes:
    for row in rows:
        pick.shuffle(row)
    return encode(rows)


def _extra_column(pick: random.Random, rows: list[list[str]]) -> bytes:
    name = pick.choice(["", "notes", "id", "ID ", "skills", "=1+1"])
    for i, row in enumerate(rows):
        row.append(name if i == 0 else "x")
    return encode(rows)


def _noise(pick: random.Random, rows: list[list[str]]) -> bytes:
    return bytes(pick.randrange(256) for _ in range(pick.randrange(400)))


def _text_noise(pick: random.Random, rows: list[list[str]]) -> bytes:
    return "".join(pick.choice('id,"\n\r;|\t é\0=-1') for _ in range(pick.randrange(200))).encode()


CELLS = (
    "-1",
    "1e309",
    "nan",
    "inf",
    "9" * 400,
    "0x1F",
    "٣",
    "1.5",
    "=cmd()",
    "ZZ1 1ZZ",
    "BT1 1AA",
    "mon-noon",
    "31/02/1980",
    "2999-01-01",
    "0001-01-01",
    "a\nb",
    'a"b',
    "",
    "   ",
    "\u202e",
    "x" * 20_000,
    "|||",
    "\ufeff",
    "😀",
)
DAMAGES: tuple[Damage, ...] = (
    lambda pick, rows: _cell(pick, rows, pick.choice(CELLS)),
    lambda pick, rows: _cell(pick, rows, pick.choice(CELLS)),
    lambda pick, rows: _cell(pick, rows, pick.choice(CELLS)),
    lambda pick, rows: _bytes(pick, rows, pick.choice([b"\0", b"\xff\xfe", b'"', b"\x80", b"\r"])),
    lambda pick, rows: _bytes(pick, rows, pick.choice([b"\xef\xbb\xbf", b"\x1a", b",,,", b"\n\n"])),
    lambda pick, rows: encode(rows)[: pick.randrange(len(encode(rows)))],
    lambda pick, rows: encode(rows, encoding=pick.choice(["utf-16", "latin-1", "utf-32"])),
    lambda pick, rows: encode(rows, end=pick.choice(["\r\n", "\r", "\n\n"])),
    lambda pick, rows: b"\xef\xbb\xbf" + encode(rows),
    lambda pick, rows: encode(rows[:1]),
    lambda pick, rows: encode(rows).replace(b",", b";"),
    _drop,
    _twice,
    _shuffled_cells,
    _extra_column,
    _noise,
    _text_noise,
)


def damaged(pick: random.Random, rows: Sequence[Sequence[str]]) -> bytes:
    """A file with one to three things wrong, or perhaps nothing."""
    data = pick.choice(DAMAGES)(pick, [list(row) for row in rows])
    for _ in range(pick.randint(0, 2)):
        try:
            again = [row for row in csv.reader(data.decode("utf-8").splitlines()) if row]
        except (UnicodeDecodeError, csv.Error):
            return data
        if not again:
            return data
        data = pick.choice(DAMAGES)(pick, again)
    return data
