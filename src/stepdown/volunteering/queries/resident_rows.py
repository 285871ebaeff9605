"""Volunteers read from the store as columns, in a constant number of queries, row by row.

What `world_people` says of a volunteer is said here of all of them at once, with every attribute,
as no need is known that would choose among them. A test holds the two equal.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

import numpy as np
from django.db.models import CharField, Count, QuerySet, Sum
from django.db.models.functions import Cast

from stepdown.hub.models import Agency, Place
from stepdown.hub.queries.cell import cell
from stepdown.hub.queries.shielded import opened_columns
from stepdown.kernel import clock
from stepdown.matching.arrays import NONE, OPEN_END, OPEN_START, UNKNOWN, Ints, Words
from stepdown.matching.national.people import (
    ID,
    NEVER,
    Ids,
    More,
    Rows,
    Tables,
    finished,
    ids_of,
    starts_of,
    words_for,
)
from stepdown.people.models import EqualityRecord, ShieldedAddress
from stepdown.volunteering.models import (
    Credential,
    CredentialType,
    Language,
    Offer,
    Placement,
    Scheme,
    Skill,
    Volunteer,
)
from stepdown.volunteering.models.credential import CredentialState
from stepdown.volunteering.models.placement import PlacementState
from stepdown.volunteering.queries import hold
from stepdown.volunteering.queries.world_people import COLUMNS, joined

CHUNK = 10_000
Progress = Callable[[str, int], None]
_ALSO = ("person__district_id", "agency_id")


def _quietly(_what: str, _rows: int) -> None:
    return None


def tables(known: Tables = Tables()) -> Tables:  # noqa: B008  a tuple
    """Every name the hub knows, those of ``known`` first. Six queries."""
    return known.extended(
        Tables(
            skills=tuple(Skill.objects.values_list("pk", flat=True)),
            credentials=tuple(CredentialType.objects.values_list("pk", flat=True)),
            languages=tuple(Language.objects.values_list("pk", flat=True)),
            schemes=tuple(Scheme.objects.values_list("pk", flat=True)),
            genders=tuple(EqualityRecord.Gender.values),
            districts=tuple(
                Place.objects.filter(kind=Place.Kind.DISTRICT).values_list("pk", flat=True)
            ),
            agencies=tuple(str(pk) for pk in Agency.objects.values_list("pk", flat=True)),
        )
    )


class _Read:
    """Rows being put together. ``names`` are the tables their numbers come from."""

    def __init__(self, people: QuerySet[Volunteer], names: Tables, progress: Progress) -> None:
        self.people, self.names, self.progress = people.order_by(), names, progress
        self.inside = self.people.values("pk")
        self.ids: Ids = ids_of([])

    def chunks(self, what: str, rows: QuerySet[Any, Any]) -> Iterator[list[Any]]:
        """The rows of a query, some thousand at a time."""
        whole = rows.iterator(chunk_size=CHUNK)
        while chunk := list(islice(whole, CHUNK)):
            yield chunk
            self.progress(what, len(chunk))

    def rows_of(self, found: Sequence[str]) -> tuple[Ints, Ints]:
        """Which row each of some volunteers has, and which of them have one at all.

        Whoever joined between two queries has none, and comes with the next look at the ledger.
        """
        sought = _ids(found)
        at = np.searchsorted(self.ids, sought)
        at[at == self.ids.size] = 0
        here = np.flatnonzero(self.ids[at] == sought) if self.ids.size else at[:0]
        return at[here].astype(np.int64), here.astype(np.int64)

    def masks(self, what: str, rows: QuerySet[Any, Any], table: Sequence[str]) -> Words:
        """(volunteer, name) rows as masks."""
        numbers = {name: number for number, name in enumerate(table)}
        words = np.zeros((self.ids.size, words_for(len(table))), np.uint64)
        for chunk in self.chunks(what, rows):
            at, here = self.rows_of([row[0] for row in chunk])
            bits = np.array([numbers.get(row[1], -1) for row in chunk], np.int64)[here]
            at, bits = at[bits >= 0], bits[bits >= 0]
            np.bitwise_or.at(words, (at, bits >> 6), np.uint64(1) << (bits & 63).astype(np.uint64))
        return words

    def sums(self, what: str, rows: QuerySet[Any, Any]) -> Ints:
        """(volunteer, number) rows, one a volunteer at most, as a column."""
        column = np.zeros(self.ids.size, np.int64)
        for chunk in self.chunks(what, rows):
            at, here = self.rows_of([row[0] for row in chunk])
            column[at] = np.array([row[1] for row in chunk], np.int64)[here]
        return column


def read(
    people: QuerySet[Volunteer], names: Tables, on: date, *, progress: Progress = _quietly
) -> Rows:
    """The volunteers as columns, as they stand now. ``progress`` hears (what, rows read)."""
    reading = _Read(people, names, progress)
    flat = _profiles(reading)
    inside, skill = reading.inside, Volunteer.skills.through.objects
    tongue, scheme = Volunteer.languages.through.objects, Volunteer.schemes.through.objects
    liked = Volunteer.preferred_schemes.through.objects
    masks = {
        name: reading.masks(
            name, rows.filter(volunteer__in=inside).values_list(_text("volunteer"), column), table
        )
        for name, rows, column, table in (
            ("skills", skill, "skill", names.skills),
            ("languages", tongue, "language", names.languages),
            ("roles", scheme, "scheme", names.schemes),
            ("preferred", liked, "scheme", names.schemes),
        )
    }
    busy, taken, expires = _holds(reading)
    checks = _checks(reading, on, expires)
    masks["credentials"] = _held_masks(reading, checks)
    offers = Offer.objects.filter(volunteer__in=reading.inside).order_by()
    live = Placement.objects.filter(volunteer__in=reading.inside, state=PlacementState.LIVE)
    more = More(
        limit=flat["limit"],
        busy=busy,
        shares=flat["capacity"],
        taken=taken,
        load=reading.sums(
            "loads",
            live.order_by()
            .values("volunteer_id")
            .annotate(minutes=Sum("need__weekly_minutes"))
            .values_list(_text("volunteer_id"), "minutes"),
        ),
        cap=flat["cap"],
        asks=reading.sums(
            "asks",
            offers.values("volunteer_id")
            .annotate(asks=Count("pk"))
            .values_list(_text("volunteer_id"), "asks"),
        ),
        district=flat["district"],
        agency=flat["agency"],
        hidden=flat["hidden"],
        expires=expires,
    )
    engine = finished(
        offered=flat["slots"],
        masks=masks,
        position=(flat["easting"], flat["northing"]),
        gender=flat["gender"],
        born=flat["born"],
        held=checks,
        more=more,
    )
    return Rows(reading.ids, flat["persons"], engine, more)  # type: ignore[arg-type]


def _profiles(reading: _Read) -> dict[str, Ints]:
    names = reading.names
    districts = {name: number for number, name in enumerate(names.districts)}
    agencies = {name: number for number, name in enumerate(names.agencies)}
    genders = {name: number + 1 for number, name in enumerate(names.genders)}
    parts: dict[str, list[Any]] = {}

    def keep(name: str, column: Any) -> None:
        parts.setdefault(name, []).append(column)

    profiles = reading.people.order_by("pk").values_list(
        _text("pk"), _text("person_id"), *COLUMNS[2:], *_ALSO
    )
    for chunk in reading.chunks("volunteers", profiles):
        (
            pk, person, slots, limit, capacity, cap, born, gender, east, north, shielded, key,
            sealed, district, agency,
        ) = zip(*chunk, strict=True)  # fmt: skip
        hidden = np.array([one is not None for one in shielded])
        keep("ids", _ids(pk))
        keep("persons", _ids(person))
        keep("slots", _whole(slots))
        keep("limit", _whole(limit))
        keep("capacity", _whole(capacity))
        keep("cap", _whole(cap))
        keep("born", np.array([UNKNOWN if d is None else d.toordinal() for d in born], np.int64))
        keep("gender", np.array([genders.get(one, 0) for one in gender], np.int64))
        # A shielded position is kept in no other form than its square.
        kept = opened_columns(ShieldedAddress, zip(shielded, key, sealed, strict=True))
        squares = [cell(one) for one in kept]
        keep("easting", np.where(hidden, _whole([e for e, _ in squares]), _whole(east)))
        keep("northing", np.where(hidden, _whole([n for _, n in squares]), _whole(north)))
        keep("hidden", hidden.astype(np.int64))
        keep("district", np.array([districts.get(one, NONE) for one in district], np.int64))
        keep("agency", np.array([agencies.get(str(one), NONE) for one in agency], np.int64))
    if not parts:
        nothing = np.zeros(0, np.int64)
        columns = ("slots", "limit", "capacity", "cap", "born", "gender", "easting", "northing",
                   "hidden", "district", "agency")  # fmt: skip
        parts = {name: [nothing] for name in columns} | {"ids": [reading.ids]}
        parts["persons"] = [reading.ids]
    flat = {name: np.concatenate(columns) for name, columns in parts.items()}
    # A place is known whole or not at all.
    lost = (flat["easting"] < 0) | (flat["northing"] < 0)
    flat["easting"][lost] = flat["northing"][lost] = UNKNOWN
    reading.ids = flat["ids"]
    return flat


def _text(name: str) -> Cast:
    """An id as text, which is read four times as fast as a UUID."""
    return Cast(name, CharField(max_length=36))


def _ids(found: Sequence[str]) -> Ids:
    """Ids from their text, with or without the dashes that one of the databases puts in."""
    return np.frombuffer(bytes.fromhex("".join(found).replace("-", "")), ID)


def _whole(values: Sequence[int | None]) -> Ints:
    return np.array([NONE if value is None else value for value in values], np.int64)


def _holds(reading: _Read) -> tuple[Ints, Ints, Ints]:
    """Slots and shares that are held, and when the first of them is free again by itself."""
    busy, taken = (np.zeros(reading.ids.size, np.int64) for _ in range(2))
    expires = np.full(reading.ids.size, NEVER, np.int64)
    rows = hold.standing().filter(volunteer__in=reading.inside)
    columns = rows.values_list(_text("volunteer_id"), "slot", "offer__lapses_at")
    for chunk in reading.chunks("places held", columns):
        at, here = reading.rows_of([row[0] for row in chunk])
        slots = [0 if slot is None else 1 << slot for _, slot, _ in chunk]
        ends = [NEVER if lapses is None else int(lapses.timestamp()) for _, _, lapses in chunk]
        np.bitwise_or.at(busy, at, np.array(slots, np.int64)[here])
        np.add.at(taken, at, 1)
        np.minimum.at(expires, at, np.array(ends, np.int64)[here])
    return busy, taken, expires


def _checks(reading: _Read, on: date, expires: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Credentials as the engine holds them. Somebody's row expires when another of several periods
    of one check comes to count."""
    numbers = {name: number for number, name in enumerate(reading.names.credentials)}
    rows = (
        Credential.objects.filter(
            person__in=reading.people.values("person"), state=CredentialState.CURRENT
        )
        .order_by("person_id", "type_id", "valid_from")
        .values_list(_text("person__volunteer"), "type_id", "valid_from", "valid_to")
    )
    who: list[str] = []
    held: list[tuple[int, int, int, int]] = []
    flat = (row for chunk in reading.chunks("credentials", rows) for row in chunk)
    for (volunteer, kind), periods in groupby(flat, key=itemgetter(0, 1)):
        several = [(begins, ends) for _, _, begins, ends in periods]
        period = several[0] if len(several) == 1 else joined(several, on)
        number = numbers.get(kind)
        if period is None or number is None:
            continue
        begins, ends = period
        until = NEVER
        if len(several) > 1 and ends is not None and ends >= on:
            morning = datetime.combine(ends + timedelta(days=1), time(), tzinfo=clock.LONDON)
            until = int(morning.timestamp())
        who.append(volunteer)
        held.append(
            (
                number,
                OPEN_START if begins is None else begins.toordinal(),
                OPEN_END if ends is None else ends.toordinal(),
                until,
            )
        )
    at, here = reading.rows_of(who)
    columns = np.array(held, np.int64).reshape(-1, 4)[here]
    np.minimum.at(expires, at, columns[:, 3])
    order = np.lexsort((columns[:, 0], at))
    starts = starts_of(np.bincount(at, minlength=reading.ids.size).astype(np.int64))
    bits, begins_on, ends_on = (np.ascontiguousarray(columns[order, c]) for c in range(3))
    return starts, bits, begins_on, ends_on


def _held_masks(reading: _Read, held: tuple[Ints, Ints, Ints, Ints]) -> Words:
    words = np.zeros((reading.ids.size, words_for(len(reading.names.credentials))), np.uint64)
    starts, bits = held[:2]
    at = np.repeat(np.arange(reading.ids.size), np.diff(starts))
    np.bitwise_or.at(words, (at, bits >> 6), np.uint64(1) << (bits & 63).astype(np.uint64))
    return words
