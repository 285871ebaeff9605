"""Rows as volunteers and needs."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

from stepdown.adapters.postcodes import Gazetteer
from stepdown.cli.plan_files.cells import Cells
from stepdown.cli.plan_files.report import Report, quoted
from stepdown.cli.plan_files.table import read_table
from stepdown.matching.problem import MAX_EASTING, MAX_NORTHING, Need, Volunteer

PLACE = ("id", "postcode", "easting", "northing")
VOLUNTEER_COLUMNS = (
    *PLACE,
    "max_travel_km",
    "skills",
    "credentials",
    "languages",
    "gender",
    "date_of_birth",
    "slots",
    "capacity",
)
NEED_COLUMNS = (
    *PLACE,
    "band",
    "places",
    "skills",
    "credentials",
    "languages",
    "gender",
    "minimum_age",
    "slots",
)
MOST = 10_000
OLDEST_AGE = 120

Record = TypeVar("Record", Volunteer, Need)
Place = tuple[int | None, int | None]


def read_volunteers(path: Path, on: date, report: Report) -> list[Volunteer]:
    """The volunteers of a file. Where the report has grown, what is returned is of no use."""
    latest = max(on, date.today())  # noqa: DTZ011

    def volunteer(name: str, place: Place, cells: Cells) -> Volunteer:
        return Volunteer(
            name,
            place[0],
            place[1],
            limit_m=cells.metres("max_travel_km"),
            skills=cells.names("skills"),
            credentials=dict.fromkeys(sorted(cells.names("credentials")), (None, None)),
            languages=cells.names("languages"),
            gender=cells.one("gender"),
            date_of_birth=cells.day("date_of_birth", latest),
            slots=cells.slots(),
            capacity=cells.whole("capacity", 0, MOST, default=1),
        )

    return _read(path, VOLUNTEER_COLUMNS, volunteer, report)


def read_needs(path: Path, on: date, report: Report) -> list[Need]:
    """The needs of a file. Where the report has grown, what is returned is of no use."""

    def need(name: str, place: Place, cells: Cells) -> Need:
        age = cells.whole("minimum_age", 0, OLDEST_AGE, default=-1)
        return Need(
            name,
            place[0],
            place[1],
            band=cells.whole("band", 1, 4, default=4),
            places=cells.whole("places", 0, MOST, default=1),
            skills=cells.names("skills"),
            credentials=cells.names("credentials"),
            languages=cells.names("languages"),
            gender=cells.one("gender"),
            minimum_age=None if age < 0 else age,
            slots=cells.slots(),
            starts=on,
        )

    return _read(path, NEED_COLUMNS, need, report)


def _read(
    path: Path,
    columns: tuple[str, ...],
    make: Callable[[str, Place, Cells], Record],
    report: Report,
) -> list[Record]:
    table = read_table(path, columns, report)
    rows = [Cells(table.file, row, named, report) for row, named in table.rows]
    found = []
    for name, place, cells in zip(_ids(rows), _places(rows), rows, strict=True):
        # An id that is wrong has been reported: another stands for it, so that the rest is read.
        found.append(make(name or str(cells.row), place, cells))
    return found


def _ids(rows: list[Cells]) -> list[str]:
    first: dict[str, int] = {}
    for cells in rows:
        name = cells.id()
        if name and first.setdefault(name, cells.row) != cells.row:
            cells.wrong("id", f"{quoted(name)} is also the id of row {first[name]}")
    return [cells.text("id") for cells in rows]


def _places(rows: list[Cells]) -> list[Place]:
    """Where each row lies: its easting and northing, else its postcode's."""
    wanted = {cells.text("postcode") for cells in rows if _by_postcode(cells)} - {""}
    # The gazetteer is not even opened when every row has coordinates.
    known = Gazetteer.builtin().find_many(sorted(wanted)) if wanted else {}
    places: list[Place] = []
    for cells in rows:
        if not _by_postcode(cells):
            easting = cells.whole("easting", 0, MAX_EASTING, default=0)
            northing = cells.whole("northing", 0, MAX_NORTHING, default=0)
            places.append((easting, northing))
            for column in ("easting", "northing"):
                if not cells.text(column):
                    cells.wrong(column, "is empty: an easting and a northing are given together")
            continue
        postcode = cells.text("postcode")
        position = known.get(postcode)
        places.append((None, None) if position is None else (position.easting, position.northing))
        if not postcode:
            column = "postcode" if "postcode" in cells.cells else "easting"
            cells.wrong(column, "is empty: every row must say where it is")
        elif position is None:
            cells.wrong("postcode", f"{quoted(postcode)} is not a postcode we know")
    return places


def _by_postcode(cells: Cells) -> bool:
    return not cells.text("easting") and not cells.text("northing")
