"""How a person may be reached."""

from collections.abc import Iterable
from uuid import UUID

from stepdown.kernel.errors import NotVisible
from stepdown.people.models import Contact, Person
from stepdown.people.queries import person as people
from stepdown.policy.actors import Actor


def contacts_of(by: Actor, person: Person) -> list[Contact]:
    """A person's contacts, preferred first. Raises ``NotVisible`` where the person is."""
    people.get(by=by, id=person.pk)
    return list(Contact.objects.filter(person=person).order_by("-preferred", "kind", "id"))


def get(*, by: Actor, person: Person, id: UUID) -> Contact:
    """One of a person's contacts. Raises ``NotVisible`` where it, or the person, is."""
    people.get(by=by, id=person.pk)
    found = Contact.objects.select_related("person").filter(person=person, pk=id).first()
    if found is None:
        raise NotVisible("No such record.")
    return found


def safe_emails(people: Iterable[UUID]) -> dict[UUID, str]:
    """The email address to write to, by person: safe ones only, the preferred one before others.

    For the jobs that send messages; people without a safe address are absent. One query.
    """
    found = Contact.objects.filter(
        person__in=set(people), kind=Contact.Kind.EMAIL, safe=True
    ).order_by("preferred", "-id")
    # The last one written for a person wins: the preferred, else the oldest.
    return {contact.person_id: contact.value for contact in found}


def safe_email(person_id: UUID) -> str | None:
    """One person's safe email address, if there is one."""
    return safe_emails([person_id]).get(person_id)


def kinds() -> list[tuple[str, str]]:
    """The kinds of contact for a select."""
    return [(str(value), str(label)) for value, label in Contact.Kind.choices]
