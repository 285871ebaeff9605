"""A problem whose volunteers are columns: records are made only of those that are asked about."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, overload
from uuid import UUID

from stepdown.matching.national.people import Rows, Tables, ids_of, record, uuids_of
from stepdown.matching.problem import Pair, Problem, Volunteer

if TYPE_CHECKING:
    from stepdown.matching.arrays import Arrays


class Crowd(Sequence[Volunteer]):
    """Volunteers in canonical order, each made when it is asked for. Ids are those of records."""

    def __init__(self, rows: Rows, tables: Tables) -> None:
        self.rows, self.tables = rows.widened(tables), tables

    def __len__(self) -> int:
        return self.rows.size

    @overload
    def __getitem__(self, at: int) -> Volunteer: ...
    @overload
    def __getitem__(self, at: slice) -> list[Volunteer]: ...
    def __getitem__(self, at: int | slice) -> Volunteer | list[Volunteer]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        if not -len(self) <= at < len(self):
            raise IndexError(at)
        return record(self.rows, at % len(self), self.tables)


class Places(Mapping[str, int]):
    """Where each id stands among rows."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    def __getitem__(self, key: str) -> int:
        try:
            sought = ids_of([UUID(key)])
        except ValueError:
            raise KeyError(key) from None
        at, found = self.rows.find(sought)
        if not found[0]:
            raise KeyError(key)
        return int(at[0])

    def __len__(self) -> int:
        return self.rows.size

    def __iter__(self) -> Iterator[str]:
        return (str(one) for one in uuids_of(self.rows.ids))


@dataclass(frozen=True)
class CrowdProblem(Problem):
    """A problem over a `Crowd`; over plain records, in the place of one, it is as any other."""

    @cached_property
    def volunteer_index(self) -> Mapping[str, int]:
        """Where each volunteer stands in the canonical order."""
        if isinstance(self.volunteers, Crowd):
            return Places(self.volunteers.rows)
        return {one.id: at for at, one in enumerate(self.volunteers)}

    @cached_property
    def arrays(self) -> "Arrays":
        """The columns as they are, with needs packed in the numbering of the crowd's tables."""
        from stepdown.matching.arrays import Arrays, pack, pack_known, pack_needs

        if not isinstance(self.volunteers, Crowd):
            return pack(self)
        numbering = self.volunteers.tables.numbering
        return Arrays(self.volunteers.rows.people, pack_needs(self, numbering), pack_known(self))

    def known_only(self) -> "CrowdProblem":
        """Without the pairs that name somebody who is not in the problem."""
        people, needs = self.volunteer_index, self.need_index

        def known(pairs: frozenset[Pair]) -> frozenset[Pair]:
            return frozenset((v, n) for v, n in pairs if v in people and n in needs)

        return replace(
            self,
            exclusions=known(self.exclusions),
            held_pairs=known(self.held_pairs),
            continuity=known(self.continuity),
        )
