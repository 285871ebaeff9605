"""The needs of a matching problem, read from the store in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from stepdown.hub.queries.cell import cell, coarse
from stepdown.hub.queries.shielded import opened
from stepdown.matching.problem import Need as Asked
from stepdown.people.queries.restriction import Use, stops
from stepdown.volunteering.models import Need, NeedLocation, NeedShieldedLocation, Scheme
from stepdown.volunteering.models.need import NeedState
from stepdown.volunteering.queries import hold
from stepdown.volunteering.queries.requirement import requirements_for

Place = NeedLocation | NeedShieldedLocation

MANY = 5_000  # needs above which they are not named one by one in a query: databases set limits


def seen_from(place: Place, *, hidden: bool) -> tuple[int | None, int | None]:
    """Easting and northing in OSGB metres, coarse where they are shielded."""
    if isinstance(place, NeedShieldedLocation):
        return cell(opened(place))
    if hidden:
        return coarse(place.easting), coarse(place.northing)
    return place.easting, place.northing


def listed(rows: Iterable[tuple[Any, str]]) -> Mapping[Any, frozenset[str]]:
    """(id, name) rows as one set of names an id."""
    found: dict[Any, set[str]] = defaultdict(set)
    for key, name in rows:
        found[key].add(name)
    return defaultdict(frozenset, {key: frozenset(names) for key, names in found.items()})


def wanting(on: date) -> QuerySet[Need]:
    """Open needs that have not ended by the day, and whose person's data may be used for it. Read
    as the hub."""
    usable = ~stops(Use.MATCH, "person")
    return Need.objects.filter(Q(ends=None) | Q(ends__gte=on), usable, state=NeedState.OPEN)


def records(needs: QuerySet[Need]) -> list[Need]:
    """The needs with what their position takes. One query."""
    return list(needs.select_related("location", "shielded_location", "person__shielded_address"))


def is_shielded(need: Need) -> bool:
    """Whether the place of the help may never be shown: its own, or where its person lives.

    Costs nothing after ``records``.
    """
    person = getattr(need.person, "shielded_address", None) if need.person else None
    return getattr(need, "shielded_location", None) is not None or person is not None


def place_of(need: Need) -> tuple[int | None, int | None]:
    """Easting and northing of a need in OSGB metres, as the engine may measure from them."""
    own = getattr(need, "shielded_location", None) or getattr(need, "location", None)
    return (None, None) if own is None else seen_from(own, hidden=is_shielded(need))


def asked(found: list[Need], on: date, *, full: bool, keys: hold.Keys | None = None) -> list[Asked]:
    """The engine's needs. Those already full are left out unless ``full``. Constant queries.

    ``keys`` are their ids where they are too many to be named one by one.
    """
    ids = [need.pk for need in found] if keys is None else keys
    held = hold.held_places(ids)
    wanted = requirements_for(found, on, keys)
    skills = listed(Need.skills.through.objects.filter(need__in=ids).values_list("need", "skill"))
    spoken = listed(
        Need.languages.through.objects.filter(need__in=ids).values_list("need", "language")
    )
    conflicts = listed(
        Scheme.conflicts_with.through.objects.values_list("from_scheme", "to_scheme")
    )
    answer = []
    for need in found:
        taken = held.get(need.pk, 0)
        if taken >= need.places and not full:
            continue
        requirements = wanted[need.pk]
        easting, northing = place_of(need)
        answer.append(
            Asked(
                id=str(need.pk),
                easting=easting,
                northing=northing,
                band=need.band,
                places=need.places,
                held=taken,
                skills=skills[need.pk],
                credentials=requirements.credential_types,
                languages=spoken[need.pk],
                gender=need.gender or None,
                minimum_age=requirements.minimum_age,
                slots=need.slots,
                starts=need.starts,
                ends=need.ends,
                excluded_roles=conflicts[need.scheme_id],
                kind=need.scheme_id,
            )
        )
    return answer


@dataclass(frozen=True)
class Asking:
    """Needs as records and as the engine is told of them; ``wanted`` may leave some out."""

    found: list[Need]
    wanted: list[Asked]

    @property
    def by_id(self) -> dict[str, Need]:
        """The records of those that the engine is told of."""
        told = {need.id for need in self.wanted}
        return {str(need.pk): need for need in self.found if str(need.pk) in told}

    @property
    def helped(self) -> dict[UUID, list[str]]:
        """Person → the needs that are for them."""
        people: dict[UUID, list[str]] = defaultdict(list)
        for key, need in self.by_id.items():
            if need.person_id is not None:
                people[need.person_id].append(key)
        return people


def asking(needs: QuerySet[Need], on: date, *, full: bool) -> Asking:
    """Needs read from their records. Constant queries."""
    found = records(needs)
    keys = needs.order_by().values("pk") if len(found) > MANY else None
    return Asking(found, asked(found, on, full=full, keys=keys))
