"""Volunteers as columns that can be kept in files: what the engine computes on, and what is needed
to make each record again. Rows are in the order of their ids, as everywhere in the engine."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

import numpy as np
import numpy.typing as npt

from stepdown.matching.arrays import (
    NONE,
    OPEN_END,
    OPEN_START,
    UNKNOWN,
    Ints,
    Numbering,
    Volunteers,
    Words,
)
from stepdown.matching.problem import Validity, Volunteer
from stepdown.matching.rules import Rule
from stepdown.matching.scoring import FAIRNESS, NO_LIMIT_SCALE_M

Ids = npt.NDArray[np.bytes_]  # 16 bytes each; they sort as the ids do
ID = np.dtype("S16")
NEVER = 1 << 62
_MASKS = ("skills", "credentials", "languages", "roles", "preferred")
_HELD = ("held_bit", "held_from", "held_to")


class Tables(NamedTuple):
    """Every name the hub knows, in the order of their numbers. They only ever grow at the end."""

    skills: tuple[str, ...] = ()
    credentials: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    genders: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()

    def extended(self, known: "Tables") -> "Tables":
        """With the names that are new, in their order, after those that have numbers already."""
        return Tables(
            *((*old, *sorted(set(new) - set(old))) for old, new in zip(self, known, strict=True))
        )

    @property
    def numbering(self) -> Numbering:
        """The bit of each attribute. Schemes are the engine's roles and kinds alike."""
        schemes = _numbers(self.schemes)
        return Numbering(
            _numbers(self.skills),
            _numbers(self.credentials),
            _numbers(self.languages),
            schemes,
            schemes,
            _numbers(self.genders),
        )

    @property
    def widths(self) -> dict[str, int]:
        """Words of 64 bits in each column of masks."""
        sizes = (self.skills, self.credentials, self.languages, self.schemes, self.schemes)
        return {name: words_for(len(table)) for name, table in zip(_MASKS, sizes, strict=True)}


class More(NamedTuple):
    """One row a volunteer: what the engine's columns were worked out from, and whose they are."""

    limit: Ints  # metres, NONE for no limit
    busy: Ints  # slot mask
    shares: Ints  # capacity as it is stated
    taken: Ints  # shares held
    load: Ints  # weekly minutes
    cap: Ints  # NONE for no cap
    asks: Ints
    district: Ints  # number in the tables, NONE for none
    agency: Ints
    hidden: Ints  # 1 where the position is coarse and never shown
    expires: Ints  # seconds since 1970 after which the row is no longer right


class Rows(NamedTuple):
    """Volunteers, all in the same order."""

    ids: Ids
    persons: Ids
    people: Volunteers
    more: More

    @property
    def size(self) -> int:
        """How many."""
        return int(self.ids.size)

    def find(self, ids: Ids) -> tuple[Ints, npt.NDArray[np.bool_]]:
        """Where each id stands, and whether it does at all."""
        at = np.searchsorted(self.ids, ids)
        inside = at < self.size
        found = np.zeros(ids.size, np.bool_)
        found[inside] = self.ids[at[inside]] == ids[inside]
        return at.astype(np.int64), found

    def flat(self) -> dict[str, npt.NDArray[np.generic]]:
        """All columns by name, in one order."""
        return {
            "ids": self.ids,
            "persons": self.persons,
            **self.people._asdict(),
            **{f"more_{name}": column for name, column in self.more._asdict().items()},
        }

    @classmethod
    def of(cls, flat: Mapping[str, npt.NDArray[np.generic]]) -> "Rows":
        """The rows again from their columns; KeyError where one is missing."""
        columns: dict[str, npt.NDArray[np.int64]] = dict(flat)  # type: ignore[arg-type]
        return cls(
            columns["ids"],  # type: ignore[arg-type]
            columns["persons"],  # type: ignore[arg-type]
            Volunteers(**{name: columns[name] for name in Volunteers._fields}),  # type: ignore[arg-type]
            More(**{name: columns[f"more_{name}"] for name in More._fields}),
        )

    def take(self, index: Ints) -> "Rows":
        """Some of the rows, in the order they are named."""
        starts = self.people.held_start
        lengths = starts[index + 1] - starts[index]
        held = np.repeat(starts[index] - np.cumsum(lengths) + lengths, lengths)
        held += np.arange(int(lengths.sum()))
        flat = self.flat()
        for name, column in flat.items():
            if name in _HELD:
                flat[name] = column[held]
            elif name == "held_start":
                flat[name] = starts_of(lengths)
            else:
                flat[name] = column[index]
        return Rows.of(flat)

    def widened(self, tables: Tables) -> "Rows":
        """With masks as wide as the tables ask; the same rows where they are already."""
        people = self.people
        for name, width in tables.widths.items():
            column: Words = getattr(people, name)
            if column.shape[1] < width:
                wider = np.zeros((column.shape[0], width), np.uint64)
                wider[:, : column.shape[1]] = column
                people = Volunteers(**{**people._asdict(), name: wider})
        return self._replace(people=people)


def words_for(names: int) -> int:
    """Words of 64 bits that hold so many attributes: at least one."""
    return max(1, -(-names // 64))


def end_to_end(parts: Sequence[Rows]) -> Rows:
    """Rows of several parts, one part after the other."""
    flats = [part.flat() for part in parts]
    whole = {name: np.concatenate([flat[name] for flat in flats]) for name in flats[0]}
    lengths = np.concatenate([np.diff(part.people.held_start) for part in parts])
    whole["held_start"] = starts_of(lengths)
    return Rows.of(whole)


def merged(parts: Sequence[Rows]) -> Rows:
    """Rows of several parts, no id twice, in the order of the ids."""
    rows = end_to_end(parts)
    return rows.take(np.argsort(rows.ids, kind="stable"))


def starts_of(lengths: Ints) -> Ints:
    """Where each of a row of lists begins when they lie end to end."""
    starts = np.zeros(lengths.size + 1, np.int64)
    np.cumsum(lengths, out=starts[1:])
    return starts


def ids_of(found: Sequence[UUID]) -> Ids:
    """Ids as a column, as they come."""
    return np.frombuffer(b"".join(one.bytes for one in found), ID)


def uuids_of(ids: Ids) -> list[UUID]:
    """The ids of a column."""
    whole = np.ascontiguousarray(ids).tobytes()
    return [UUID(bytes=whole[at : at + 16]) for at in range(0, len(whole), 16)]


def finished(
    *, offered: Ints, masks: Mapping[str, Words], position: tuple[Ints, Ints], gender: Ints,
    born: Ints, held: tuple[Ints, Ints, Ints, Ints], more: More,
) -> Volunteers:  # fmt: skip
    """The engine's columns from what the store states, as `arrays.pack_people` works them out."""
    limited = more.limit >= 0
    full = more.taken >= more.shares
    tired = (more.cap >= 0) & (more.load >= more.cap)
    return Volunteers(
        easting=position[0],
        northing=position[1],
        limit_squared=np.where(limited, more.limit * more.limit, NONE),
        scale=np.where(limited, np.maximum(1, more.limit), NO_LIMIT_SCALE_M),
        fairness=FAIRNESS // (1 + more.asks),
        gender=gender,
        born=born,
        offered=offered,
        free=offered & ~more.busy,
        capacity=np.maximum(0, more.shares - more.taken),
        blocked=full * Rule.CAPACITY.bit | tired * Rule.WEEKLY_LOAD.bit,
        held_start=held[0],
        held_bit=held[1],
        held_from=held[2],
        held_to=held[3],
        **masks,
    )


def record(rows: Rows, at: int, tables: Tables) -> Volunteer:
    """One row as the engine's record of a volunteer."""
    people, more = rows.people, rows.more
    known = int(people.easting[at]) != UNKNOWN
    gender, born = int(people.gender[at]), int(people.born[at])
    limit, cap = int(more.limit[at]), int(more.cap[at])
    return Volunteer(
        id=str(uuids_of(rows.ids[at : at + 1])[0]),
        easting=int(people.easting[at]) if known else None,
        northing=int(people.northing[at]) if known else None,
        limit_m=None if limit == NONE else limit,
        skills=_names(people.skills[at], tables.skills),
        credentials=_checks(people, at, tables.credentials),
        languages=_names(people.languages[at], tables.languages),
        gender=tables.genders[gender - 1] if gender else None,
        date_of_birth=None if born == UNKNOWN else date.fromordinal(born),
        slots=int(people.offered[at]),
        busy_slots=int(more.busy[at]),
        capacity=int(more.shares[at]),
        held=int(more.taken[at]),
        roles=_names(people.roles[at], tables.schemes),
        weekly_load=int(more.load[at]),
        weekly_cap=None if cap == NONE else cap,
        preferred=_names(people.preferred[at], tables.schemes),
        asks=int(more.asks[at]),
    )


def _names(words: Words, table: Sequence[str]) -> frozenset[str]:
    bits = np.flatnonzero(np.unpackbits(words.view(np.uint8), bitorder="little"))
    return frozenset(table[bit] for bit in bits.tolist())


def _checks(people: Volunteers, at: int, table: Sequence[str]) -> dict[str, Validity]:
    found = {}
    for k in range(people.held_start[at], people.held_start[at + 1]):
        begins, ends = int(people.held_from[k]), int(people.held_to[k])
        found[table[people.held_bit[k]]] = (
            None if begins == OPEN_START else date.fromordinal(begins),
            None if ends == OPEN_END else date.fromordinal(ends),
        )
    return found


def _numbers(names: Sequence[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(names)}


def to_bytes(rows: Rows, removed: Ids) -> bytes:
    """Rows and the ids of rows that are no more, as one run of bytes."""
    flat = {"removed": removed, **rows.flat()}
    head = json.dumps({name: [col.dtype.str, col.shape] for name, col in flat.items()}).encode()
    body = b"".join(np.ascontiguousarray(column).tobytes() for column in flat.values())
    return len(head).to_bytes(8, "little") + len(body).to_bytes(8, "little") + head + body


def from_bytes(data: bytes, at: int) -> tuple[Rows, Ids, int]:
    """Rows and removed ids written at a place, and where they end. ValueError on a torn run."""
    head_size = int.from_bytes(data[at : at + 8], "little")
    body_size = int.from_bytes(data[at + 8 : at + 16], "little")
    begin = at + 16 + head_size
    if begin + body_size > len(data):
        raise ValueError("a run of rows is torn")
    flat: dict[str, npt.NDArray[np.generic]] = {}
    for name, (dtype, shape) in json.loads(data[at + 16 : begin]).items():
        count = int(np.prod(shape))
        flat[name] = np.frombuffer(data, np.dtype(dtype), count, begin).reshape(shape)
        begin += flat[name].nbytes
    removed: Ids = flat.pop("removed")  # type: ignore[assignment]
    return Rows.of(flat), removed, at + 16 + head_size + body_size
