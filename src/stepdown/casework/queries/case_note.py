"""Notes on a case, as far as a reader may see their categories of data."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from stepdown.casework.models import Case, CaseNote
from stepdown.kernel.errors import NotVisible
from stepdown.policy.categories import Category

# Where somebody hides is written in its own place alone.
NOT_NOTED = frozenset({Category.SHIELDED_LOCATION})


@dataclass(frozen=True)
class Thread:
    """A note with all its versions, the newest first."""

    versions: tuple[CaseNote, ...]

    @property
    def last(self) -> CaseNote:
        """What it says now."""
        return self.versions[0]


def threads(case: Case, categories: Iterable[Category]) -> list[Thread]:
    """The notes in these categories, the last written first. One query."""
    wanted = [one.value for one in categories if one not in NOT_NOTED]
    found: dict[UUID, list[CaseNote]] = {}
    rows = CaseNote.objects.filter(case=case, category__in=wanted).select_related("written_by")
    for row in rows.order_by("-written_at", "-version"):
        found.setdefault(row.thread, []).append(row)
    return [Thread(tuple(some)) for some in found.values()]


def get(case: Case, categories: Iterable[Category], id: UUID) -> CaseNote:
    """One version of a note that the reader may see."""
    wanted = [one.value for one in categories if one not in NOT_NOTED]
    found = CaseNote.objects.filter(case=case, pk=id, category__in=wanted).first()
    if found is None:
        raise NotVisible("No such note.")
    return found
