"""Loading places and postcodes."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any, Protocol

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import transaction
from stepdown.hub.actions.ledger import record
from stepdown.hub.models import Place, Postcode
from stepdown.hub.verbs import Verb
from stepdown.kernel.errors import InvalidInput
from stepdown.kernel.ids import new_id
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

PLACES_LOADED = Verb("place.loaded", _("Places loaded"))

BATCH = 5_000
_OPTIONAL = ("parent", "population", "rings")
_ORDER = {Place.Kind.COUNTY: 0, Place.Kind.DISTRICT: 1, Place.Kind.WARD: 2}


@dataclass(frozen=True)
class PlaceRow:
    """An area to load. What is None leaves what the hub already knows as it is."""

    code: str
    kind: str
    name: str
    parent: str | None = None
    population: int | None = None
    population_source: str = ""
    rings: Any = None


class PostcodeRow(Protocol):
    """A postcode to load, as the readers yield them. OSGB metres."""

    @property
    def postcode(self) -> str: ...
    @property
    def easting(self) -> int: ...
    @property
    def northing(self) -> int: ...
    @property
    def district(self) -> str: ...
    @property
    def ward(self) -> str | None: ...


@dataclass(frozen=True)
class Loaded:
    """How many of each were written."""

    places: int
    postcodes: int


@transaction.atomic
def load(
    *,
    by: Actor,
    places: Iterable[PlaceRow] = (),
    postcodes: Iterable[PostcodeRow] = (),
    source: str = "",
    progress: Callable[[int], object] | None = None,
) -> Loaded:
    """Write places and postcodes, new or known: all of them or, when a row fails, none.

    ``InvalidInput`` when a place lies in one that is neither given nor known.

    ``postcodes`` is walked once, so it may be a reader of a large file. ``progress`` is told the
    number of postcodes written so far.
    """
    require(by, Permission.PLACE_LOAD)
    areas = _write_places(list(places))
    written = 0
    for batch in _batches(postcodes):
        Postcode.objects.bulk_create(
            [
                Postcode(
                    code=row.postcode,
                    easting=row.easting,
                    northing=row.northing,
                    district_code=row.district,
                    ward_code=row.ward or "",
                )
                for row in batch
            ],
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["easting", "northing", "district_code", "ward_code"],
            batch_size=BATCH,
        )
        written += len(batch)
        if progress:
            progress(written)
    record(
        by=by,
        verb=PLACES_LOADED,
        about=("load", new_id()),
        payload={"places": areas, "postcodes": written, "source": source},
    )
    return Loaded(areas, written)


def _batches(rows: Iterable[PostcodeRow]) -> Iterator[list[PostcodeRow]]:
    walk = iter(rows)
    # A file may name a postcode twice; one statement may not write one row twice.
    while batch := {row.postcode: row for row in islice(walk, BATCH)}:
        yield list(batch.values())


def _shape(row: PlaceRow) -> tuple[int, tuple[str, ...]]:
    """Parents first; then alike rows together, by which optional columns they bring."""
    given = tuple(name for name in _OPTIONAL if getattr(row, name) is not None)
    return _ORDER[Place.Kind(row.kind)], given


def _write_places(rows: list[PlaceRow]) -> int:
    unique = {row.code: row for row in rows}
    parents = {row.parent for row in rows if row.parent} - unique.keys()
    unknown = parents - set(Place.objects.filter(pk__in=parents).values_list("pk", flat=True))
    if unknown:
        words = gettext("These lie in places that the hub does not know: %s.")
        raise InvalidInput({"places": words % ", ".join(sorted(unknown))})
    for (_floor, given), group in groupby(sorted(unique.values(), key=_shape), key=_shape):
        columns = ["kind", "name", *given]
        if "population" in given:
            columns.append("population_source")
        Place.objects.bulk_create(
            [
                Place(
                    code=row.code,
                    kind=row.kind,
                    name=row.name,
                    parent_id=row.parent,
                    population=row.population,
                    population_source=row.population_source,
                    rings=row.rings,
                )
                for row in group
            ],
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=columns,
            batch_size=500,
        )
    return len(unique)
