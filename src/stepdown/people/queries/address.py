"""Where people live, as far as it may be known. Of a shielded address only that it is one."""

from dataclasses import dataclass, field
from uuid import UUID

from stepdown.hub.queries.reader import as_hub
from stepdown.people.models import Address, Person, ShieldedAddress
from stepdown.people.queries import person as people
from stepdown.policy.actors import Actor


@dataclass(frozen=True)
class AddressView:
    """What a page may show: ``shielded`` alone, or the address."""

    shielded: bool
    lines: str = field(default="", repr=False)
    postcode: str = field(default="", repr=False)
    easting: int | None = field(default=None, repr=False)
    northing: int | None = field(default=None, repr=False)


def address_of(by: Actor, person: Person) -> AddressView | None:
    """A person's address; None when none is recorded. Raises ``NotVisible`` where the person is."""
    people.get(by=by, id=person.pk)
    if is_shielded(person.pk):
        return AddressView(shielded=True)
    found = Address.objects.filter(person=person).first()
    if found is None:
        return None
    return AddressView(False, found.lines, found.postcode, found.easting, found.northing)


@as_hub("that a place is shielded is said by a row that nobody may read")
def is_shielded(person_id: UUID) -> bool:
    """Whether the person's address must never be shown."""
    return ShieldedAddress.objects.filter(person=person_id).exists()
