"""From what a referral said to the record of a person, losing nothing. Part of making a need."""

import re

from stepdown.casework.models import Referral
from stepdown.casework.queries.answers import Intake
from stepdown.hub.queries.place import position
from stepdown.people.actions import addresses, contacts, people
from stepdown.people.models import Contact, Person
from stepdown.people.queries.address import address_of
from stepdown.policy.actors import Actor


def person_from(by: Actor, referral: Referral, intake: Intake, person: Person | None) -> Person:
    """The person's record: the one handed in, completed, or a new one."""
    if person is None:
        person = people.add(
            by=by,
            given_name=intake.given_name,
            family_name=intake.family_name,
            known_as=intake.known_as,
            date_of_birth=intake.born,
            district=referral.district,
        )
    _record_contacts(by, intake, person)
    _record_address(by, intake, person)
    return Person.objects.get(pk=person.pk)


def _record_contacts(by: Actor, intake: Intake, person: Person) -> None:
    """Add what is new. A contact on record stops being safe if the referral says it is not:
    a message to the wrong reader may cost more than one that is never sent."""
    given = [(Contact.Kind.EMAIL, intake.email), (_kind_of_phone(intake.phone), intake.phone)]
    held = list(Contact.objects.filter(person=person))
    note = intake.safe_note[:200]
    for kind, value in given:
        if not value:
            continue
        same = [c for c in held if _plain(c.value) == _plain(value)]
        if not same:
            safe = intake.safe_to_contact
            contacts.add(by=by, person=person, kind=kind, value=value, safe=safe, safe_note=note)
    if not intake.safe_to_contact:
        for contact in held:
            if contact.safe:
                note = note or contact.safe_note
                contacts.change(by=by, contact=contact, safe=False, preferred=False, safe_note=note)


def _record_address(by: Actor, intake: Intake, person: Person) -> None:
    """Set the address where none is recorded; make it secret where the referral asks for that."""
    held = address_of(by, person)
    known = intake.postcode and position(intake.postcode)
    if intake.secret and held is not None and not held.shielded and not known:
        addresses.set_address(
            by=by, person=person, postcode=held.postcode, lines=held.lines, shielded=True
        )
    elif known and (held is None or (intake.secret and not held.shielded)):
        addresses.set_address(
            by=by,
            person=person,
            postcode=intake.postcode,
            lines=intake.lines,
            shielded=intake.secret,
        )


def _kind_of_phone(number: str) -> str:
    digits = re.sub(r"\D", "", number)
    mobile = digits.startswith(("07", "447"))
    return Contact.Kind.MOBILE if mobile else Contact.Kind.PHONE


def _plain(value: str) -> str:
    """Two spellings of one number or address compare equal."""
    text = value.casefold()
    return text if "@" in text else re.sub(r"\D", "", text)
