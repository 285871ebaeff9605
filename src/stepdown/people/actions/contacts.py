"""How a person may be reached, and whether it is safe."""

import re
from typing import TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import links, transaction
from stepdown.hub.actions.given import Check
from stepdown.hub.actions.ledger import record
from stepdown.hub.verbs import Verb
from stepdown.people.models import Contact, Person
from stepdown.people.queries.person import facts
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

CONTACT_ADDED = Verb("contact.added", _("Way to make contact added"))
CONTACT_CHANGED = Verb("contact.changed", _("Way to make contact changed"))
CONTACT_REMOVED = Verb("contact.removed", _("Way to make contact removed"))

_DIGITS = re.compile(r"\+?[0-9]{7,15}")


class ContactFields(TypedDict, total=False):
    """What may be changed of a contact."""

    value: str
    safe: bool
    safe_note: str
    preferred: bool


@transaction.atomic
def add(
    *,
    by: Actor,
    person: Person,
    kind: str,
    value: str,
    safe: bool = True,
    safe_note: str = "",
    preferred: bool = False,
) -> Contact:
    """An email address or telephone number. A preferred one takes the place of the one before."""
    held = _locked(by, person)
    contact = Contact(person=held, safe=safe, preferred=preferred)
    _fill(contact, kind=kind, value=value, safe_note=safe_note)
    _only_preferred(contact)
    contact.save(force_insert=True)
    record(
        by=by,
        verb=CONTACT_ADDED,
        about=("person", held.pk),
        payload={"kind": contact.kind, "safe": contact.safe},
    )
    return contact


@transaction.atomic
def change(*, by: Actor, contact: Contact, **fields: Unpack[ContactFields]) -> Contact:
    """Change some of it. Links sent to an email address that is no longer good open nothing."""
    person = _locked(by, contact.person)
    held = Contact.objects.select_for_update().get(pk=contact.pk)
    before = held.value if held.safe else None
    held.safe = fields.get("safe", held.safe)
    held.preferred = fields.get("preferred", held.preferred)
    _fill(
        held,
        kind=held.kind,
        value=fields.get("value", held.value),
        safe_note=fields.get("safe_note", held.safe_note),
    )
    _only_preferred(held)
    held.save()
    record(
        by=by,
        verb=CONTACT_CHANGED,
        about=("person", person.pk),
        payload={"kind": held.kind, "safe": held.safe, "changed": sorted(fields)},
    )
    if before is not None and (held.value != before or not held.safe):
        _end_links(by, held)
    return held


@transaction.atomic
def remove(*, by: Actor, contact: Contact) -> None:
    """It is no longer good, nor are the links that were sent to it."""
    person = _locked(by, contact.person)
    held = Contact.objects.select_for_update().get(pk=contact.pk)
    record(by=by, verb=CONTACT_REMOVED, about=("person", person.pk), payload={"kind": held.kind})
    _end_links(by, held)
    held.delete()


def _locked(by: Actor, person: Person) -> Person:
    held = Person.objects.select_for_update().get(pk=person.pk)
    require(by, Permission.PERSON_CHANGE, facts(held))
    return held


def _fill(contact: Contact, *, kind: str, value: str, safe_note: str) -> None:
    """Put checked values in. Messages never repeat what was given."""
    check = Check()
    contact.kind = check.choice(
        "kind", kind, Contact.Kind.values, gettext("Select the kind of contact.")
    )
    if contact.kind == Contact.Kind.EMAIL:
        text = check.words("value", value, most=254, missing=gettext("Enter an email address."))
        try:
            validate_email(text)
        except ValidationError:
            message = gettext("Enter an email address like name@example.com.")
            check.that(False, "value", message)
    else:
        text = check.words("value", value, most=40, missing=gettext("Enter a telephone number."))
        digits = re.sub(r"[\s()\-.]", "", text)
        message = gettext("Enter a telephone number like 01772 900 982 or 07700 900 982.")
        check.that(_DIGITS.fullmatch(digits), "value", message)
    contact.value = text
    contact.safe_note = check.words("safe_note", safe_note, most=200)
    again = Contact.objects.filter(person=contact.person, kind=contact.kind, value=text)
    check.that(
        not again.exclude(pk=contact.pk).exists(),
        "value",
        gettext("This is on the record already."),
    )
    check.that(
        contact.safe or not contact.preferred,
        "preferred",
        gettext("A contact that is not safe to use cannot be the preferred one."),
    )
    check.done()


def _end_links(by: Actor, contact: Contact) -> None:
    """Whoever reads an address that is not safe may hold a link that stands for the person."""
    if contact.kind == Contact.Kind.EMAIL:
        links.revoke(by=by, person_id=contact.person_id, purpose="volunteer")


def _only_preferred(contact: Contact) -> None:
    if contact.preferred:
        others = Contact.objects.filter(person=contact.person, preferred=True)
        others.exclude(pk=contact.pk).update(preferred=False)
