"""Volunteers' profiles: who may see them, and one at a time."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from stepdown.hub.queries.reader import as_hub
from stepdown.hub.queries.scope import Columns, compile_scope
from stepdown.kernel.errors import NotVisible
from stepdown.people.models import Address
from stepdown.policy.actors import Actor
from stepdown.policy.decide import decide, scope_for
from stepdown.policy.permissions import Permission
from stepdown.policy.predicates import Facts
from stepdown.volunteering.models import Volunteer
from stepdown.volunteering.models.volunteer import VolunteerState

COLUMNS: Columns = {"district": "person__district", "agency": "agency", "person": "person"}


def facts(volunteer: Volunteer) -> Facts:
    """What the policy asks of a volunteer."""
    return {
        "district": volunteer.person.district_id,
        "agency": volunteer.agency_id,
        "person": volunteer.person_id,
    }


def visible_to(
    by: Actor, permission: Permission = Permission.VOLUNTEER_VIEW
) -> QuerySet[Volunteer]:
    """The volunteers on whom the actor may use the permission."""
    found = Volunteer.objects.filter(compile_scope(scope_for(by, permission), COLUMNS))
    whole = found.select_related("person", "person__district", "agency")
    return whole.defer("person__district__rings")


def get(*, by: Actor, id: UUID) -> Volunteer:
    """One volunteer the actor may see, with skills, languages and schemes at hand."""
    found = _whole(visible_to(by)).filter(pk=id).first()
    if found is None:
        raise NotVisible("No such record.")
    return found


def of_person(by: Actor, person_id: UUID) -> Volunteer | None:
    """A person's profile as a volunteer, if there is one that the actor may see."""
    return _whole(visible_to(by)).filter(person=person_id).first()


def is_staff_for(by: Actor, volunteer: Volunteer) -> bool:
    """Whether the actor may change the profile otherwise than as their own."""
    others = {name: value for name, value in facts(volunteer).items() if name != "person"}
    return decide(by, Permission.VOLUNTEER_CHANGE, others).allowed


@as_hub("that a place is shielded is said by a row that nobody may read")
def positions_of(found: Iterable[UUID]) -> dict[UUID, tuple[int, int]]:
    """Volunteer → easting and northing in OSGB metres of an address that may be shown; others are
    absent. One query. Exact: a page that draws them makes them coarse first."""
    rows = Address.objects.filter(
        person__volunteer__in=list(found),
        person__shielded_address=None,
    )
    return {
        pk: (easting, northing)
        for pk, easting, northing in rows.values_list("person__volunteer", "easting", "northing")
        if easting is not None and northing is not None
    }


def states() -> list[str]:
    """The states of a volunteer, for a filter."""
    return [state.value for state in VolunteerState]


def _whole(found: QuerySet[Volunteer]) -> QuerySet[Volunteer]:
    return found.prefetch_related("skills", "languages", "schemes", "preferred_schemes")
