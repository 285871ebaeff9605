"""Places and postcodes, on a made-up map: one kilometre between neighbours."""

from dataclasses import dataclass

from stepdown.hub.actions import places
from stepdown.hub.actions.places import PlaceRow
from stepdown.hub.models import Place, Postcode
from stepdown.policy.actors import Actor

DISTRICT = "E07000123"
OTHER_DISTRICT = "E07000121"
_NAMES = {DISTRICT: "Preston", OTHER_DISTRICT: "Lancaster"}


@dataclass(frozen=True)
class _Row:
    postcode: str
    easting: int
    northing: int
    district: str
    ward: str | None = None


def make_place(
    code: str = DISTRICT,
    name: str = "",
    kind: str = Place.Kind.DISTRICT,
    parent: str | None = None,
) -> Place:
    """A place, made once for each code."""
    known = Place.objects.filter(pk=code).first()
    if known is None:
        row = PlaceRow(code=code, kind=kind, name=name or _NAMES.get(code, code), parent=parent)
        places.load(by=Actor.hub(), places=[row], source="test")
        known = Place.objects.get(pk=code)
    return known


def make_postcode(
    code: str = "PR1 8RJ",
    easting: int = 353_000,
    northing: int = 429_000,
    district: str = DISTRICT,
    ward: str | None = None,
) -> str:
    """A postcode the hub knows, and its district."""
    make_place(district)
    row = _Row(code, easting, northing, district, ward)
    if not Postcode.objects.filter(
        pk=code, easting=easting, northing=northing, district_code=district
    ).exists():
        places.load(by=Actor.hub(), postcodes=[row], source="test")
    return code
