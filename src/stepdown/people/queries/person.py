"""People: who may see whom, and finding them by name."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Q, QuerySet

from stepdown.hub.queries.reader import as_hub
from stepdown.hub.queries.scope import Columns, compile_scope
from stepdown.kernel.errors import NotVisible
from stepdown.people.models import Person
from stepdown.people.queries.kept import Keepers, facts_of, read_for
from stepdown.policy.actors import Actor
from stepdown.policy.decide import scope_for
from stepdown.policy.permissions import Permission
from stepdown.policy.predicates import Facts

COLUMNS: Columns = {
    "district": "district",
    "person": "pk",
    "agency": Keepers(pooled=True),
    "keeper": Keepers(),
}


def facts(person: Person) -> Facts:
    """What the policy asks of a person."""
    return facts_of(person, district=person.district_id, person=person.pk)


def visible_to(by: Actor, permission: Permission = Permission.PERSON_VIEW) -> QuerySet[Person]:
    """The people on whom the actor may use the permission."""
    scope = compile_scope(scope_for(by, permission), read_for(by, COLUMNS))
    return Person.objects.filter(scope).select_related("district").defer("district__rings")


def get(*, by: Actor, id: UUID) -> Person:
    """One person the actor may see."""
    found = visible_to(by).filter(pk=id).first()
    if found is None and _known_by_hidden_rows(by, id):
        found = Person.objects.select_related("district").filter(pk=id).first()
    if found is None:
        raise NotVisible("No such record.")
    return found


@as_hub("what makes somebody known may be a row that its reader may not see")
def _known_by_hidden_rows(by: Actor, id: UUID) -> bool:
    """Whether the actor may see somebody by a record that is itself behind the second wall: a need
    of which a clause shows only who it is for. Their own row is then read through that wall."""
    return visible_to(by).filter(pk=id).exists()


def named(text: str, prefix: str = "") -> Q:
    """People whose names begin with the words typed, in any order and case.

    ``prefix`` is the lookup that leads to the person ("person__").
    """
    found = Q()
    for word in text.split()[:4]:
        found &= (
            in_any_case(f"{prefix}family_name__istartswith", word)
            | in_any_case(f"{prefix}given_name__istartswith", word)
            | in_any_case(f"{prefix}known_as__istartswith", word)
        )
    return found


def in_any_case(lookup: str, text: str) -> Q:
    """A lookup that ignores case, for "Ångström" and "Łucja" too.

    The store ignores it in ASCII alone (SQLite always, PostgreSQL as its locale has it), so other
    letters are asked for in the ways that names are written.
    """
    ways = {text} if text.isascii() else {text, text.lower(), text.upper(), text.title()}
    found = Q()
    for way in sorted(ways):
        found |= Q(**{lookup: way})
    return found


def names_of(by: Actor, people: Iterable[UUID]) -> Mapping[UUID, str]:
    """The names of those the actor may see; others are absent. One query.

    The page that shows them calls ``disclose`` first.
    """
    return {person.pk: person.full_name for person in visible_to(by).filter(pk__in=set(people))}


def behind_user(user_id: UUID) -> Person | None:
    """The person an account belongs to."""
    return Person.objects.filter(user=user_id).first()
