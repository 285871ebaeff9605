"""Which agencies hold anything about somebody: whose retention and erasure it is.

More than who keeps a record for its work (``people/queries/kept.py``): a referral, or a profile as
a volunteer, is held too, and its agency reviews it.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from stepdown.casework.models import CasePerson, Referral
from stepdown.hub.queries.facts import Later
from stepdown.people.models import Person
from stepdown.policy.predicates import Facts
from stepdown.volunteering.models import Need, Volunteer

# Each kind of record that is somebody's, and the lookup of its agency.
BOOKS = (
    (Need, "agency"),
    (Referral, "agency"),
    (Volunteer, "agency"),
    (CasePerson, "case__agency"),
)


def keepers(person: UUID, *, besides: UUID | None = None) -> frozenset[UUID]:
    """The agencies, but for one, that hold something about somebody: by their work, or because the
    record was begun in it. A query for each kind of record."""
    found: set[UUID | None] = set()
    for book, agency in BOOKS:
        rows = book._default_manager.filter(person=person).order_by()
        found.update(rows.values_list(agency, flat=True).distinct())
    found.update(Person.objects.filter(pk=person).values_list("agency", flat=True))
    return frozenset(one for one in found if one is not None and one != besides)


class Keepers:
    """For ``COLUMNS["keeper"]`` of rows that ``to`` leads from to a person."""

    def __init__(self, to: str = "") -> None:
        self._to = to

    def __call__(self, values: Iterable[object]) -> Q:
        some = sorted(values, key=str)
        found = Q(**{f"{self._at}agency__in": some})
        for book, agency in BOOKS:
            rows = book._default_manager.filter(person=OuterRef(self._to or "pk"))
            found |= Q(Exists(rows.filter(**{f"{agency}__in": some})))
        return found

    def unset(self) -> Q:
        """Held by no agency: what came to the partnership itself."""
        found = Q(**{f"{self._at}agency__isnull": True})
        for book, agency in BOOKS:
            rows = book._default_manager.filter(person=OuterRef(self._to or "pk"))
            found &= ~Q(Exists(rows.filter(**{f"{agency}__isnull": False})))
        return found

    @property
    def _at(self) -> str:
        return f"{self._to}__" if self._to else ""


def facts(person: Person) -> Facts:
    """What the policy asks of a person whose records are reviewed."""
    return Later(
        {"district": person.district_id},
        {"keeper": lambda: keepers(person.pk) or frozenset({None})},
    )
