"""What the engine is asked: volunteers, needs, and what is already known between them.

Values are checked when a record is made, so that nothing below has to doubt them. Positions are
OSGB metres, distances metres, loads minutes, slots bit masks (`stepdown.kernel.slots`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from stepdown.kernel.slots import ALL_SLOTS
from stepdown.matching.rules import Rule

if TYPE_CHECKING:
    from stepdown.matching.arrays import Arrays

Validity = tuple[date | None, date | None]

BANDS = (1, 2, 3, 4)
MAX_EASTING = 800_000
MAX_NORTHING = 1_400_000
MAX_LIMIT_M = 100_000_000
MAX_COUNT = 1_000_000
MAX_AGE = 150
_NOTHING: frozenset[str] = frozenset()


def _refuse(owner: str, what: str) -> ValueError:
    return ValueError(f"{owner}: {what}")


def _whole(owner: str, name: str, value: int, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise _refuse(owner, f"{name} must be a whole number from {low} to {high}, not {value!r}")


def _position(owner: str, easting: int | None, northing: int | None) -> None:
    if easting is None and northing is None:
        return
    if easting is None or northing is None:
        raise _refuse(owner, "an easting and a northing are given together or not at all")
    _whole(owner, "easting", easting, 0, MAX_EASTING)
    _whole(owner, "northing", northing, 0, MAX_NORTHING)


@dataclass(frozen=True)
class Volunteer:
    """One person who can be asked, as they stand today.

    ``limit_m`` is how far they go in a straight line (None: anywhere). ``credentials`` maps each
    credential to (valid from, valid to); a credential is good to the end of its last day and None
    is open. ``held`` and ``busy_slots`` are what live placements and open offers already take.
    ``asks`` counts the offers ever made to them. An unknown attribute fails a stated requirement.
    """

    id: str
    easting: int | None = None
    northing: int | None = None
    limit_m: int | Decimal | None = None
    skills: frozenset[str] = _NOTHING
    credentials: Mapping[str, Validity] = field(default_factory=lambda: MappingProxyType({}))
    languages: frozenset[str] = _NOTHING
    gender: str | None = None
    date_of_birth: date | None = None
    slots: int = 0
    busy_slots: int = 0
    capacity: int = 1
    held: int = 0
    roles: frozenset[str] = _NOTHING
    weekly_load: int = 0
    weekly_cap: int | None = None
    preferred: frozenset[str] = _NOTHING
    asks: int = 0

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("A volunteer must have an id")
        owner = f"Volunteer {self.id}"
        _position(owner, self.easting, self.northing)
        if self.limit_m is not None and not 0 <= self.limit_m <= MAX_LIMIT_M:
            raise _refuse(owner, f"the travel limit must be from 0 to {MAX_LIMIT_M} metres")
        _whole(owner, "slots", self.slots, 0, ALL_SLOTS)
        _whole(owner, "busy slots", self.busy_slots, 0, ALL_SLOTS)
        _whole(owner, "capacity", self.capacity, 0, MAX_COUNT)
        _whole(owner, "places held", self.held, 0, MAX_COUNT)
        _whole(owner, "weekly load", self.weekly_load, 0, MAX_COUNT)
        if self.weekly_cap is not None:
            _whole(owner, "weekly cap", self.weekly_cap, 0, MAX_COUNT)
        _whole(owner, "asks", self.asks, 0, MAX_COUNT)
        for name, (begins, finishes) in self.credentials.items():
            if begins and finishes and finishes < begins:
                raise _refuse(owner, f"credential {name} ends before it begins")


@dataclass(frozen=True)
class Need:
    """A demand for volunteers from a day to a day.

    ``places`` is how many are wanted in all, ``held`` how many are already taken. A need with
    ``slots`` takes one slot of each of its volunteers; a need with none takes none.
    """

    id: str
    easting: int | None = None
    northing: int | None = None
    band: int = 4
    places: int = 1
    held: int = 0
    skills: frozenset[str] = _NOTHING
    credentials: frozenset[str] = _NOTHING
    languages: frozenset[str] = _NOTHING
    gender: str | None = None
    minimum_age: int | None = None
    slots: int = 0
    starts: date = date.min
    ends: date | None = None
    excluded_roles: frozenset[str] = _NOTHING
    kind: str | None = None

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("A need must have an id")
        owner = f"Need {self.id}"
        _position(owner, self.easting, self.northing)
        _whole(owner, "band", self.band, 1, 4)
        _whole(owner, "places", self.places, 0, MAX_COUNT)
        _whole(owner, "places held", self.held, 0, MAX_COUNT)
        _whole(owner, "slots", self.slots, 0, ALL_SLOTS)
        if self.minimum_age is not None:
            _whole(owner, "minimum age", self.minimum_age, 0, MAX_AGE)
        if self.ends is not None and self.ends < self.starts:
            raise _refuse(owner, "it ends before it starts")

    @property
    def open_places(self) -> int:
        """Places still to fill."""
        return max(0, self.places - self.held)


@dataclass(frozen=True)
class Allowance:
    """One rule waived for one pair, to try a change out; ``slots`` is added to what they share.

    Made by `stepdown.matching.relax.apply`, never by a caller who wants a rule to go away.
    """

    volunteer_id: str
    need_id: str
    rule: Rule
    slots: int = 0


Pair = tuple[str, str]


@dataclass(frozen=True)
class Problem:
    """Everything one plan rests on, in canonical order by id: make it with `Problem.build`."""

    volunteers: Sequence[Volunteer]
    needs: tuple[Need, ...]
    on: date
    exclusions: frozenset[Pair]
    held_pairs: frozenset[Pair]
    continuity: frozenset[Pair]
    allowances: tuple[Allowance, ...] = ()

    @classmethod
    def build(
        cls,
        volunteers: Iterable[Volunteer],
        needs: Iterable[Need],
        *,
        on: date,
        exclusions: Iterable[Pair] = (),
        held_pairs: Iterable[Pair] = (),
        continuity: Iterable[Pair] = (),
    ) -> "Problem":
        """Sort by id, so that the same records give the same plan whatever their order.

        Pairs are (volunteer id, need id): ``exclusions`` must never meet, ``held_pairs`` are
        together on this need already, ``continuity`` have helped this person before. Pairs that
        name someone who is not in the problem are left out. ValueError on a repeated id.
        """
        people = tuple(sorted(volunteers, key=lambda one: one.id))
        wanted = tuple(sorted(needs, key=lambda one: one.id))
        vids, nids = _unique("volunteer", people), _unique("need", wanted)

        def known(pairs: Iterable[Pair]) -> frozenset[Pair]:
            return frozenset((v, n) for v, n in pairs if v in vids and n in nids)

        return cls(people, wanted, on, known(exclusions), known(held_pairs), known(continuity))

    @cached_property
    def volunteer_index(self) -> Mapping[str, int]:
        """Where each volunteer stands in the canonical order."""
        return {one.id: i for i, one in enumerate(self.volunteers)}

    @cached_property
    def need_index(self) -> dict[str, int]:
        """Where each need stands in the canonical order."""
        return {one.id: i for i, one in enumerate(self.needs)}

    @cached_property
    def arrays(self) -> "Arrays":
        """The problem as integer arrays and bit masks, packed when first asked for."""
        from stepdown.matching.arrays import pack

        return pack(self)

    def volunteer(self, volunteer_id: str) -> Volunteer:
        """The volunteer with this id; KeyError when the problem has none."""
        return self.volunteers[self.volunteer_index[volunteer_id]]

    def need(self, need_id: str) -> Need:
        """The need with this id; KeyError when the problem has none."""
        return self.needs[self.need_index[need_id]]

    def window(self, need: Need) -> tuple[date, date]:
        """The first and the last day on which a need's credentials must be valid."""
        first = max(need.starts, self.on)
        return first, max(first, need.ends or first)


def _unique(noun: str, records: tuple[Volunteer, ...] | tuple[Need, ...]) -> set[str]:
    ids: set[str] = set()
    for record in records:
        if record.id in ids:
            raise ValueError(f"Two {noun}s have the id {record.id}")
        ids.add(record.id)
    return ids
