"""How well a place is served: volunteers who have room, against places that nobody fills yet.

Counts only, so that anybody may read them who may see places; the page withholds small ones.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from stepdown.hub.models import Place, Postcode
from stepdown.hub.queries.reader import as_hub
from stepdown.kernel.slots import SLOTS
from stepdown.policy.actors import Actor
from stepdown.policy.decide import decide, require
from stepdown.policy.permissions import Permission
from stepdown.volunteering.models import Need, Scheme, Volunteer
from stepdown.volunteering.models.need import NeedState
from stepdown.volunteering.models.volunteer import VolunteerState
from stepdown.volunteering.queries import hold
from stepdown.volunteering.queries.need import counted, visible_to


@dataclass(frozen=True)
class BandCoverage:
    """Open needs of one band: the places they ask for, filled, offered."""

    band: int
    needs: int
    places: int
    placed: int
    offered: int


@dataclass(frozen=True)
class Supply:
    """Volunteers with room, the placements they could still take on, and places nobody fills."""

    volunteers: int
    room: int
    places: int

    @property
    def ratio(self) -> float | None:
        """Volunteers with room for each place to fill; None where there is none to fill."""
        return self.volunteers / self.places if self.places else None


@dataclass(frozen=True)
class Coverage:
    """A place in figures. ``slots`` has one entry for each of the week's half-days.

    ``active`` volunteers can be asked at all; those ``with_room`` have fewer placements and open
    offers than they could take on.
    """

    active: int
    with_room: int
    needs: int
    places: int
    to_fill: int
    bands: tuple[BandCoverage, ...]
    schemes: Mapping[str, Supply]
    slots: tuple[Supply, ...]


@dataclass(frozen=True)
class DistrictCount:
    """A district in a list: active volunteers, open needs."""

    place: Place
    volunteers: int
    needs: int


@dataclass
class _Open:
    """An open need as it is counted."""

    band: int
    places: int
    slots: int
    scheme: str
    placed: int
    offered: int
    to_fill: int = field(init=False)

    def __post_init__(self) -> None:
        self.to_fill = max(0, self.places - self.placed - self.offered)


@as_hub("figures of an area count whom nobody is shown")
def coverage_of(by: Actor, place: Place) -> Coverage:
    """What a place has and lacks today. Seven queries, whatever is in it."""
    require(by, Permission.PLACE_VIEW)
    asked = _open_needs(by, place)
    rooms, free = _rooms(place)
    served = _schemes_of(place, rooms)
    names = dict(Scheme.objects.values_list("pk", "name"))
    return Coverage(
        active=volunteers_in(place).count(),
        with_room=len(rooms),
        needs=len(asked),
        places=sum(need.places for need in asked),
        to_fill=sum(need.to_fill for need in asked),
        bands=_by_band(asked),
        schemes={
            name: Supply(
                volunteers=len(served.get(key, ())),
                room=sum(rooms[one] for one in served.get(key, ())),
                places=sum(need.to_fill for need in asked if need.scheme == key),
            )
            for key, name in sorted(names.items(), key=lambda pair: pair[1])
        },
        slots=_by_slot(asked, rooms, free),
    )


def volunteers_in(place: Place) -> QuerySet[Volunteer]:
    """Active volunteers whom the place's district looks after; of a ward, who live there.

    Nobody whose address is kept secret is counted by ward: a ward is too small a place for that.
    """
    inside = {
        Place.Kind.COUNTY: Q(person__district__parent=place),
        Place.Kind.DISTRICT: Q(person__district=place),
        Place.Kind.WARD: Q(person__address__postcode__in=_postcodes(place)),
    }
    return Volunteer.objects.filter(inside[Place.Kind(place.kind)], state=VolunteerState.ACTIVE)


def needs_in(place: Place) -> QuerySet[Need]:
    """Open needs of the place, in the same way."""
    inside = {
        Place.Kind.COUNTY: Q(district__parent=place),
        Place.Kind.DISTRICT: Q(district=place),
        Place.Kind.WARD: Q(location__postcode__in=_postcodes(place))
        & Q(person__shielded_address__isnull=True),
    }
    return Need.objects.filter(inside[Place.Kind(place.kind)], state=NeedState.OPEN)


def needs_told(by: Actor, place: Place) -> QuerySet[Need]:
    """Those of them that figures count. Whoever looks after the place is told of needs that exist
    for them, in full; anybody else of all, where no few of them can be told apart."""
    found = needs_in(place)
    if not sees_all(by, Permission.NEED_VIEW, place):
        return found
    return found.filter(pk__in=visible_to(by).order_by().values("pk"))


def sees_all(by: Actor, permission: Permission, place: Place) -> bool:
    """Whether the actor looks after the place, and so may open every record behind its figures.

    Needs that stand behind a wall are in none of them (``needs_told``). One query for a county,
    none else. A ward's records are reached through their district's.
    """
    if place.kind == Place.Kind.COUNTY:
        codes: Iterable[str | None] = Place.objects.filter(parent=place).values_list(
            "pk", flat=True
        )
    else:
        codes = [place.pk if place.kind == Place.Kind.DISTRICT else place.parent_id]
    return all(decide(by, permission, {"district": code}).allowed for code in codes)


@as_hub("figures of an area count whom nobody is shown")
def districts(by: Actor, county: Place | None = None) -> list[DistrictCount]:
    """Districts by name, of one county or all, with what is in each. Four queries."""
    require(by, Permission.PLACE_VIEW)
    found = Place.objects.filter(kind=Place.Kind.DISTRICT).defer("rings").select_related("parent")
    if county is not None:
        found = found.filter(parent=county)
    active = Volunteer.objects.filter(state=VolunteerState.ACTIVE).order_by()
    people = dict(active.values_list("person__district").annotate(Count("pk")))
    wanting = Need.objects.filter(state=NeedState.OPEN).order_by()
    needs = dict(wanting.values_list("district").annotate(Count("pk")))
    seen = wanting.filter(pk__in=visible_to(by).order_by().values("pk"))
    told = dict(seen.values_list("district").annotate(Count("pk")))
    return [
        DistrictCount(
            place,
            people.get(place.pk, 0),
            (told if sees_all(by, Permission.NEED_VIEW, place) else needs).get(place.pk, 0),
        )
        for place in found.order_by("name", "code")
    ]


def _postcodes(ward: Place) -> QuerySet[Postcode, str]:
    return Postcode.objects.filter(ward_code=ward.pk).values_list("code", flat=True)


def _open_needs(by: Actor, place: Place) -> list[_Open]:
    columns = ("band", "places", "slots", "scheme_id", "placed", "offered")
    return [_Open(*row) for row in counted(needs_told(by, place)).order_by().values_list(*columns)]


def _rooms(place: Place) -> tuple[dict[UUID, int], dict[UUID, int]]:
    """Volunteer → placements they could still take on (those with any), and their free slots."""
    found = volunteers_in(place)
    held: Counter[UUID] = Counter()
    busy: dict[UUID, int] = defaultdict(int)
    holds = hold.standing().filter(volunteer__in=found.order_by().values("pk"))
    for volunteer, slot in holds.values_list("volunteer_id", "slot"):
        held[volunteer] += 1
        if slot is not None:
            busy[volunteer] |= 1 << slot
    rooms, free = {}, {}
    for pk, capacity, slots in found.order_by().values_list("pk", "capacity", "slots"):
        if capacity > held[pk]:
            rooms[pk] = capacity - held[pk]
            free[pk] = slots & ~busy[pk]
    return rooms, free


def _schemes_of(place: Place, rooms: Mapping[UUID, int]) -> dict[str, list[UUID]]:
    served: dict[str, list[UUID]] = defaultdict(list)
    inside = volunteers_in(place).order_by().values("pk")
    links = Volunteer.schemes.through.objects.filter(volunteer__in=inside)
    for volunteer, scheme in links.values_list("volunteer_id", "scheme_id"):
        if volunteer in rooms:
            served[scheme].append(volunteer)
    return served


def _by_band(asked: list[_Open]) -> tuple[BandCoverage, ...]:
    found = []
    for band in Need.Band.values:
        of_band = [need for need in asked if need.band == band]
        found.append(
            BandCoverage(
                band=band,
                needs=len(of_band),
                places=sum(need.places for need in of_band),
                placed=sum(need.placed for need in of_band),
                offered=sum(need.offered for need in of_band),
            )
        )
    return tuple(found)


def _by_slot(
    asked: list[_Open], rooms: Mapping[UUID, int], free: Mapping[UUID, int]
) -> tuple[Supply, ...]:
    found = []
    for index in range(len(SLOTS)):
        bit = 1 << index
        helpers = [pk for pk, mask in free.items() if mask & bit]
        found.append(
            Supply(
                volunteers=len(helpers),
                room=sum(rooms[pk] for pk in helpers),
                places=sum(need.to_fill for need in asked if need.slots & bit),
            )
        )
    return tuple(found)
