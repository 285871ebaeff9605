"""Who acts: the account's roles together with the person behind it."""

from uuid import UUID

from stepdown.hub.models import User
from stepdown.hub.queries.actor import grants_of
from stepdown.hub.queries.link import person_behind_id
from stepdown.people.models import Person
from stepdown.policy.actors import Actor, Grant
from stepdown.policy.roles import RoleKey
from stepdown.sharing.queries.override import open_to


def actor_for_user(user: User) -> Actor:
    """The actor of a signed-in account. Four queries.

    What is open to everybody is open to them too, whatever roles they hold today.
    """
    person = Person.objects.filter(user=user).values_list("pk", flat=True).first()
    grants = (*grants_of(user), Grant(RoleKey.PUBLIC))
    return Actor(grants, user.pk, person, open_to(user.pk), label="user")


def actor_for_visitor(link: str | None) -> Actor:
    """The actor of a visitor: by the link kept in the session, while it holds, else the public."""
    person = person_behind_id(UUID(link)) if link else None
    return Actor.by_link(person) if person else Actor.public()
