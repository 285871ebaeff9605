"""Whose record a request is about: found by their whole name, by those who handle requests."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from stepdown.hub.queries.reader import as_hub
from stepdown.kernel.errors import NotVisible, Refused
from stepdown.people.models import Person
from stepdown.people.queries.person import in_any_case
from stepdown.policy.actors import Actor
from stepdown.policy.decide import may_ever
from stepdown.policy.permissions import Permission
from stepdown.records.queries.held_reach import people_within

MOST = 20


@dataclass(frozen=True)
class Subject:
    """Enough of a person to tell them from another of the same name."""

    id: UUID
    name: str
    born: date | None
    district: str


def find(by: Actor, *, agency: UUID, given_name: str, family_name: str) -> list[Subject]:
    """People of exactly this name, or known by it, of whom the agency that was asked holds or is
    shown anything. No browsing: both names are wanted.

    The page that shows them calls ``disclose`` first.
    """
    _may(by)
    first, last = given_name.strip(), family_name.strip()
    if not (first and last):
        return []
    named = in_any_case("given_name__iexact", first) | in_any_case("known_as__iexact", first)
    with as_hub("whose record a request is about"):
        theirs = people_within(agency)
        found = theirs.filter(named & in_any_case("family_name__iexact", last))
        return [_subject(one) for one in found.select_related("district").order_by("id")[:MOST]]


def person(by: Actor, *, agency: UUID, id: UUID) -> Person:
    """The record that a handler has found, of a request to the agency."""
    _may(by)
    with as_hub("whose record a request is about"):
        found = people_within(agency).filter(pk=id).first()
    if found is None:
        raise NotVisible("No such record.")
    return found


def subject(by: Actor, id: UUID) -> Subject:
    """The person of a request that the actor handles."""
    _may(by)
    with as_hub("whose record a request is about"):
        found = Person.objects.select_related("district").filter(pk=id).first()
    if found is None:
        raise NotVisible("No such record.")
    return _subject(found)


def _subject(one: Person) -> Subject:
    district = one.district.name if one.district else ""
    return Subject(one.pk, one.full_name, one.date_of_birth, district)


def _may(by: Actor) -> None:
    if not may_ever(by, Permission.RIGHTS_HANDLE):
        raise Refused("Your role does not include this.")
