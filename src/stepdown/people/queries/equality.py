"""Equality data: for those who hold the category, and for stated lawful requirements."""

from stepdown.people.models import EqualityRecord, Person
from stepdown.people.queries import person as people
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.decide import categories_for
from stepdown.policy.permissions import Permission


def gender_of(by: Actor, person: Person) -> str:
    """A person's gender as recorded; empty when it is not, or the actor may not read it."""
    readable = categories_for(by, Permission.PERSON_VIEW, people.facts(person))
    if Category.EQUALITY not in readable:
        return ""
    found = EqualityRecord.objects.filter(person=person).values_list("gender", flat=True).first()
    return found or ""


def genders() -> list[tuple[str, str]]:
    """The genders for a select."""
    return [(str(value), str(label)) for value, label in EqualityRecord.Gender.choices]
