"""To whom a person's records were shown by an agreement: those who are told of a disposal, of a
correction, and of a stop to their use (UK GDPR Article 19)."""

from uuid import UUID

from django.db.models import Q

from stepdown.hub.models import DisclosedPerson, Membership
from stepdown.hub.queries.reader import as_hub
from stepdown.kernel import clock
from stepdown.people.queries.looked_at import ids_of
from stepdown.policy.roles import RoleKey
from stepdown.sharing.models import Clause


@as_hub("to which agencies one record was shown, and nothing of the record")
def agencies_shown(person: UUID, by: UUID | None = None) -> list[str]:
    """The names of the agencies that were shown the person by a clause, in order: any, or one by
    which this agency (``by``) shows its records. A constant number of queries."""
    cited: set[tuple[str, int, int]] = set()
    rows = DisclosedPerson.objects.filter(person_id__in=ids_of(person), categories__contains="@")
    for categories in rows.values_list("categories", flat=True).distinct():
        for part in categories.split(","):
            pieces = part.partition("@")[2].split("/")
            if len(pieces) == 3 and pieces[1].isdigit() and pieces[2].isdigit():
                cited.add((pieces[0], int(pieces[1]), int(pieces[2])))
    if not cited:
        return []
    clauses = Clause.objects.filter(agreement__reference__in={one[0] for one in cited})
    if by is not None:
        clauses = clauses.filter(source=by)
    known = clauses.values_list(
        "agreement__reference", "agreement__number", "number", "target__name"
    )
    return sorted({name for *where, name in known if tuple(where) in cited})


def officers_of(agencies: list[str]) -> list[UUID]:
    """The accounts of the data-protection officers of agencies of these names. One query."""
    held = Membership.objects.filter(
        role=RoleKey.DATA_PROTECTION_OFFICER, agency__name__in=agencies
    ).filter(Q(ends__isnull=True) | Q(ends__gte=clock.today()))
    return sorted(set(held.values_list("user", flat=True)))
