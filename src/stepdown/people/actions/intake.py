"""Taking a person in whole: who they are, how to reach them, where they live. All of it or none."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

from stepdown.hub.actions import transaction
from stepdown.kernel.errors import InvalidInput
from stepdown.people.actions import addresses, contacts, people
from stepdown.people.models import Person
from stepdown.policy.actors import Actor


class NewContact(TypedDict, total=False):
    """A way to reach the person, as ``contacts.add`` takes it."""

    kind: str
    value: str
    safe: bool
    safe_note: str
    preferred: bool


class NewAddress(TypedDict, total=False):
    """Where the person lives, as ``addresses.set_address`` takes it."""

    postcode: str
    lines: str
    shielded: bool


@transaction.atomic
def take_in(
    *,
    by: Actor,
    identity: people.Identity,
    ways: Sequence[NewContact] = (),
    address: NewAddress | None = None,
) -> Person:
    """A new record with its contacts and address in one transaction, in the work of the actor's
    agency.

    The faults of a contact are named by its kind, ``email_value`` or ``mobile_safe_note``, since
    several contacts are taken at once.
    """
    agency = next((grant.agency for grant in by.grants if grant.agency), None)
    person = people.add(by=by, agency=agency, **identity)
    for way in ways:
        try:
            contacts.add(by=by, person=person, **way)
        except InvalidInput as wrong:
            raise InvalidInput(_prefixed(way["kind"], wrong.errors)) from wrong
    if address:
        addresses.set_address(by=by, person=person, **address)
    person.refresh_from_db()
    return person


def _prefixed(kind: str, errors: Mapping[str, str]) -> dict[str, str]:
    return {f"{kind}_{name}": text for name, text in errors.items()}
