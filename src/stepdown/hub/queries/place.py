"""Places, and where a postcode lies."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from stepdown.hub.models import Place, Postcode


@dataclass(frozen=True)
class Position:
    """Where a postcode lies, in OSGB metres. Its repr tells nothing: it may be a shielded one."""

    postcode: str = field(repr=False)
    easting: int = field(repr=False)
    northing: int = field(repr=False)
    district_code: str = field(repr=False)
    ward_code: str = field(repr=False, default="")


_POSITION = ("easting", "northing", "district_code", "ward_code")


def tidy_postcode(text: str) -> str:
    """What somebody typed, as postcodes are stored: capitals, one space before the last three."""
    letters = "".join(text.split()).upper()
    return f"{letters[:-3]} {letters[-3:]}" if 5 <= len(letters) <= 7 else letters[:8]


def positions(postcodes: Iterable[str]) -> dict[str, Position]:
    """Position by postcode as given; unknown ones are absent. One query."""
    asked = {text: tidy_postcode(text) for text in postcodes}
    rows = Postcode.objects.in_bulk(list(set(asked.values())))
    return {
        text: Position(row.code, row.easting, row.northing, row.district_code, row.ward_code)
        for text, code in asked.items()
        if (row := rows.get(code))
    }


def position(postcode: str) -> Position | None:
    """Where a postcode lies; None for one the hub does not know.

    It may be where somebody hides. So the database is asked for all postcodes that begin alike
    (LA9): what it logs of its statements does not tell which was meant.
    """
    code = tidy_postcode(postcode)
    begins, space, _rest = code.partition(" ")
    if not space:
        return None
    alike = Postcode.objects.filter(code__range=(f"{begins} 0AA", f"{begins} 9ZZ"))
    for row in alike.values_list("code", *_POSITION):
        if row[0] == code:
            return Position(*row)
    return None


def by_code(code: str) -> Place | None:
    """The place with its parent at hand."""
    return Place.objects.select_related("parent").filter(pk=code).first()


def children_of(place: Place) -> list[Place]:
    """The places inside it, by name."""
    return list(Place.objects.filter(parent=place).order_by("name", "code"))


def counties() -> list[Place]:
    """All counties, by name."""
    return list(Place.objects.filter(kind=Place.Kind.COUNTY).defer("rings").order_by("name"))


def districts() -> list[Place]:
    """All districts, by name, without their outlines."""
    found = Place.objects.filter(kind=Place.Kind.DISTRICT).defer("rings")
    return list(found.order_by("name", "code"))


def district_choices() -> list[tuple[str, str]]:
    """Districts for a select: code and name."""
    found = Place.objects.filter(kind=Place.Kind.DISTRICT).order_by("name", "code")
    return list(found.values_list("code", "name"))
