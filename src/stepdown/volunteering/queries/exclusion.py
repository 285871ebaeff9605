"""Who must not be brought together."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from stepdown.hub.queries.scope import Columns, compile_scope
from stepdown.kernel.errors import NotVisible
from stepdown.people.models import Person
from stepdown.people.queries.kept import Keepers, facts_of, read_for
from stepdown.policy.actors import Actor
from stepdown.policy.decide import scope_for
from stepdown.policy.permissions import Permission
from stepdown.policy.predicates import Facts
from stepdown.volunteering.models import Exclusion, Need, Volunteer
from stepdown.volunteering.models.need import NeedState


def _in_districts(values: frozenset[object]) -> Q:
    return Q(volunteer__person__district__in=values) | Q(person__district__in=values)


def _of_officers(values: frozenset[object]) -> Q:
    theirs = Need.objects.filter(state=NeedState.OPEN.value, officer__in=values)
    return Q(person__in=theirs.values("person"))


# Both people's districts see it: it has to hold wherever either of them is matched. But it tells of
# somebody supported, so it is for those alone to whom they are known.
COLUMNS: Columns = {
    "district": _in_districts,
    "officer": _of_officers,
    "keeper": Keepers("person"),
}


def facts(exclusion: Exclusion) -> Facts:
    """What the policy asks of an exclusion."""
    return facts_for(exclusion.volunteer, exclusion.person)


def facts_for(volunteer: Volunteer, person: Person) -> Facts:
    """The same for one yet to be recorded. ``officer``: who looks after the person's needs."""
    looking_after = Need.objects.filter(
        person=person, state=NeedState.OPEN.value, officer__isnull=False
    )
    return facts_of(
        person,
        district=frozenset({volunteer.person.district_id, person.district_id}),
        officer=frozenset(looking_after.values_list("officer", flat=True)),
    )


def visible_to(
    by: Actor, permission: Permission = Permission.EXCLUSION_VIEW
) -> QuerySet[Exclusion]:
    """The exclusions, ended ones too, on which the actor may use the permission."""
    found = Exclusion.objects.filter(
        compile_scope(scope_for(by, permission), read_for(by, COLUMNS))
    )
    return found.select_related("volunteer__person", "person", "recorded_by")


def get(*, by: Actor, id: UUID) -> Exclusion:
    """One exclusion the actor may see."""
    found = visible_to(by).filter(pk=id).first()
    if found is None:
        raise NotVisible("No such record.")
    return found


def standing_for(by: Actor, person_id: UUID) -> list[Exclusion]:
    """Those that stand for a person on either side, newest first. One query.

    The page names the other person too: it discloses both.
    """
    either = Q(person=person_id) | Q(volunteer__person=person_id)
    return list(visible_to(by).filter(either, ended_at=None).order_by("-id"))


def apart_among(volunteers: Iterable[UUID], people: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    """(volunteer, person) that must be kept apart today. One query."""
    found = Exclusion.objects.filter(
        volunteer__in=set(volunteers), person__in=set(people), ended_at=None
    )
    return set(found.values_list("volunteer_id", "person_id"))


def reasons() -> list[tuple[str, str]]:
    """Reasons for a select."""
    return [(str(value), str(label)) for value, label in Exclusion.Reason.choices]
