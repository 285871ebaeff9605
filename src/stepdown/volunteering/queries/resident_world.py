"""Questions to the resident index: who could meet a need, and everybody for a plan."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
import numpy.typing as npt

from stepdown.kernel import clock
from stepdown.matching.arrays import Ints
from stepdown.matching.national.crowd import Crowd, CrowdProblem, Places
from stepdown.matching.national.people import Rows, Tables, ids_of, merged
from stepdown.matching.problem import Need as Asked
from stepdown.matching.problem import Problem
from stepdown.policy.predicates import (
    AllOf,
    Always,
    AnyOf,
    Never,
    OneOf,
    Predicate,
    Shared,
    SharedKeeping,
    Unset,
)
from stepdown.volunteering.models import Need
from stepdown.volunteering.queries import resident, world_pairs
from stepdown.volunteering.queries.resident_rows import read, tables
from stepdown.volunteering.queries.world_needs import Asking, asking
from stepdown.volunteering.queries.world_pairs import Between
from stepdown.volunteering.queries.world_people import active

Seen = npt.NDArray[np.bool_] | None
FEW = 256


@dataclass(frozen=True)
class Few:
    """Volunteers among whom the best for a need are, and what was read to find them."""

    ids: list[UUID]
    told: Asking
    known: Between


def candidates(need: Need, scope: Predicate, *, size: int, eligible_only: bool) -> Few | None:
    """Volunteers among whom the ``size`` best for a need are; None without an index.

    The best of those who have not changed since the index was written, and all who have: whoever
    asks reads them from the records and ranks them, so that the answer rests on those alone.
    """
    from stepdown.matching.arrays import pack_needs
    from stepdown.matching.national.nearest import Pairs, best_rows, best_seated

    today = clock.today()
    now = resident.current(today)
    if now is None:
        return None
    this = Need.objects.filter(pk=need.pk)
    told = asking(this, today, full=True)
    known = world_pairs.between(this, told.helped)
    names = _with_names(now.snapshot.tables, told.wanted)
    problem = Problem((), tuple(told.wanted), today, frozenset(), frozenset(), frozenset())
    packed = pack_needs(problem, names.numbering)
    pairs = Pairs(_who(known.apart), _who(known.together), _who(known.before))
    changed = ids_of(sorted(now.changed))
    snapshot = now.snapshot
    best: set[bytes] = set()
    for rows, gone in ((snapshot.base, snapshot.gone), (snapshot.added, None)):
        at, here = rows.find(changed)
        without = at[here] if gone is None else np.union1d(gone, at[here])
        those = seen(rows, snapshot.tables, scope)
        if eligible_only and gone is not None and those is None and _fits(now, names, without):
            chosen = best_seated(rows, snapshot.seats(), packed, pairs, size, without)
        else:
            chosen = best_rows(
                rows.widened(names),
                packed,
                pairs,
                size,
                eligible_only=eligible_only,
                seen=those,
                without=without,
            )
        best.update(rows.ids[one : one + 1].tobytes() for one in chosen.tolist())
    return Few([UUID(bytes=one) for one in sorted(best)] + sorted(now.changed), told, known)


def _fits(now: resident.Current, names: Tables, without: Ints) -> bool:
    """Whether the blocks that are kept number all that is asked, and few in them do not count."""
    return without.size <= FEW and names == now.snapshot.tables and now.snapshot.base.size > 0


def seen(rows: Rows, names: Tables, scope: Predicate) -> Seen:
    """Which rows the policy's predicate is true of; None for all. As `scope.compile_scope`."""
    match scope:
        case Always():
            return None
        case Never():
            return np.zeros(rows.size, np.bool_)
        case OneOf("district", values):
            return np.isin(rows.more.district, _numbers(names.districts, values))
        case OneOf("agency", values):
            return np.isin(rows.more.agency, _numbers(names.agencies, values))
        case OneOf("person", values):
            return np.isin(rows.persons, ids_of([one for one in values if isinstance(one, UUID)]))
        case OneOf():
            return np.zeros(rows.size, np.bool_)
        case (
            Unset() | Shared() | SharedKeeping()
        ):  # no volunteer's record stands behind an agreement
            return np.zeros(rows.size, np.bool_)
        case AnyOf(parts):
            masks = [seen(rows, names, part) for part in parts]
            known = [mask for mask in masks if mask is not None]
            return None if len(known) < len(masks) else np.logical_or.reduce(known)
        case AllOf(parts):
            known = [mask for part in parts if (mask := seen(rows, names, part)) is not None]
            return np.logical_and.reduce(known) if known else None


def _numbers(table: Sequence[str], values: Iterable[object]) -> list[int]:
    wanted = {str(value) for value in values}
    return [number for number, name in enumerate(table) if name in wanted]


def _with_names(known: Tables, wanted: Iterable[Asked]) -> Tables:
    """The tables with what needs ask for: names given since, which no unchanged row can have."""
    needs = list(wanted)
    schemes = {need.kind for need in needs if need.kind} | {
        role for need in needs for role in need.excluded_roles
    }
    return known.extended(
        Tables(
            skills=tuple({name for need in needs for name in need.skills}),
            credentials=tuple({name for need in needs for name in need.credentials}),
            languages=tuple({name for need in needs for name in need.languages}),
            schemes=tuple(schemes),
            genders=tuple({need.gender for need in needs if need.gender}),
        )
    )


def _who(pairs: world_pairs.Pairs) -> frozenset[UUID]:
    return frozenset(UUID(volunteer) for volunteer, _ in pairs)


@dataclass(frozen=True)
class Hidden(Container[str]):
    """The ids of those whose position is coarse and never shown."""

    rows: Rows

    def __contains__(self, key: object) -> bool:
        at = Places(self.rows).get(key) if isinstance(key, str) else None
        return at is not None and bool(self.rows.more.hidden[at])


def everybody(on: date, told: Asking) -> tuple[CrowdProblem, Container[str]] | None:
    """The problem of all active volunteers and some needs from the index, and who is shielded.

    None without an index. Those who have changed since are read from the records.
    """
    now = resident.current(on)
    if now is None:
        return None
    names = _with_names(tables(now.snapshot.tables), told.wanted)
    rows = now.snapshot.whole()
    if now.changed:
        at, here = rows.find(ids_of(sorted(now.changed)))
        stays = np.ones(rows.size, np.bool_)
        stays[at[here]] = False
        fresh = read(active().filter(pk__in=now.changed), names, on)
        rows = merged([rows.take(np.flatnonzero(stays)).widened(names), fresh])
    known = world_pairs.between(None, told.helped)
    crowd = Crowd(rows, names)
    problem = CrowdProblem(
        crowd,
        tuple(sorted(told.wanted, key=lambda need: need.id)),
        on,
        frozenset(known.apart),
        frozenset(known.together),
        frozenset(known.before),
    )
    return problem.known_only(), Hidden(crowd.rows)
