"""What all pages about one person share: the identity bar, the sections, the read log."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.web.page import HubRequest
from stepdown.kernel import clock
from stepdown.pages.parts import Fact, Flag
from stepdown.pages.words import gov_date
from stepdown.people.queries import address, contact, person
from stepdown.people.queries.restriction import restricted_since
from stepdown.people.queries.statement import said_by
from stepdown.policy.categories import Category
from stepdown.policy.decide import categories_for, decide, may_ever
from stepdown.policy.permissions import Permission
from stepdown.volunteering.queries import volunteer

if TYPE_CHECKING:
    from stepdown.people.models import Contact, Person
    from stepdown.volunteering.models import Volunteer

ADULT = 18


@dataclass(frozen=True)
class Record:
    """A person whom the actor may see, with what every page about them shows."""

    request: HubRequest
    person: "Person"
    readable: frozenset[Category]
    volunteer: "Volunteer | None"
    shielded: bool
    contacts: "list[Contact]" = field(default_factory=list)

    def may(self, permission: Permission) -> bool:
        """Whether the actor may use the permission on this person."""
        return decide(self.request.actor, permission, person.facts(self.person)).allowed

    def may_on_profile(self, permission: Permission) -> bool:
        """Whether the actor may use the permission on the person's profile as a volunteer."""
        if self.volunteer is None:
            return False
        return decide(self.request.actor, permission, volunteer.facts(self.volunteer)).allowed

    def reads(self, category: Category) -> bool:
        """Whether the actor may read this category of the person's data."""
        return category in self.readable

    def url(self, name: str) -> str:
        """The address of one of the person's pages."""
        return reverse(name, args=[self.person.pk])


def open_record(request: HubRequest, person_id: UUID) -> Record:
    """The record; ``NotVisible`` where the person does not exist for the actor."""
    by = request.actor
    found = person.get(by=by, id=person_id)
    readable = categories_for(by, Permission.PERSON_VIEW, person.facts(found))
    return Record(
        request=request,
        person=found,
        readable=readable,
        volunteer=volunteer.of_person(by, found.pk),
        shielded=address.is_shielded(found.pk),
        contacts=contact.contacts_of(by, found) if Category.CONTACT in readable else [],
    )


def show(
    record: Record,
    template: str,
    context: Mapping[str, Any],
    *,
    page: str,
    shows: Iterable[Category] = (),
    others: Iterable[UUID] = (),
    status: int = 200,
) -> HttpResponse:
    """Log who is shown to whom, then draw the page.

    ``shows`` are the categories beside identity that this page shows of the person, as far as the
    actor may read them; ``others`` are people whose names stand on it too.
    """
    by = record.request.actor
    seen = {Category.IDENTITY, *shows} & (record.readable | {Category.IDENTITY})
    says = said_by(by, [record.person.pk], record.readable | {Category.IDENTITY})
    seen |= {Category(one.category) for one in says}
    if record.contacts:
        seen.add(Category.CONTACT)
    named = dict.fromkeys(others, frozenset({Category.IDENTITY}))
    disclose(
        by=by,
        people={**named, record.person.pk: frozenset(seen)},
        purpose="own-record" if by.person == record.person.pk else "casework",
        page=page,
    )
    whole = {
        "record": record,
        "person": record.person,
        "identity_facts": _facts(record),
        "identity_flags": _flags(record),
        "sub_navigation": _sections(record),
        "restricted_since": restricted_since([record.person.pk]),
        "says": says,
        **context,
    }
    return render(record.request, template, whole, status=status)


def age_on(born: date, on: date) -> int:
    """Whole years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _facts(record: Record) -> list[Fact]:
    person, facts = record.person, []
    if person.say_it:
        facts.append(Fact(_("Say it"), person.say_it))
    if person.known_as and person.known_as != person.given_name:
        facts.append(Fact(_("First name"), person.given_name))
    if person.date_of_birth:
        years = age_on(person.date_of_birth, clock.today())
        born = _("%(day)s (aged %(years)d)")
        words = born % {"day": gov_date(person.date_of_birth), "years": years}
        facts.append(Fact(_("Date of birth"), words))
    if person.district:
        facts.append(Fact(_("District"), person.district.name))
    return facts


def _flags(record: Record) -> list[Flag]:
    flags = []
    born = record.person.date_of_birth
    if born and age_on(born, clock.today()) < ADULT:
        flags.append(Flag(_("Under 18")))
    if record.shielded:
        flags.append(Flag(_("Address protected")))
    ways = {
        "email": _("Do not email"),
        "mobile": _("Do not call or text the mobile"),
        "phone": _("Do not call the telephone"),
    }
    unsafe = {one.kind for one in record.contacts if not one.safe}
    # A safe one of the same kind beside it: the flag would stop what is allowed.
    safe = {one.kind for one in record.contacts if one.safe}
    flags += [Flag(words) for kind, words in ways.items() if kind in unsafe - safe]
    if unsafe & safe:
        flags.append(Flag(_("Some contacts are not safe"), "orange"))
    return flags


def _sections(record: Record) -> list[tuple[str, str, bool]]:
    by = record.request.actor
    entries = [
        (_("Details"), "person", True),
        (_("Volunteering"), "person-volunteering", may_ever(by, Permission.VOLUNTEER_VIEW)),
        (_("Passport"), "person-passport", may_ever(by, Permission.CREDENTIAL_VIEW)),
        (_("Needs"), "person-needs", may_ever(by, Permission.NEED_VIEW)),
        (_("Keep apart"), "person-apart", may_ever(by, Permission.EXCLUSION_VIEW)),
        (_("Consent"), "person-consent", record.may(Permission.CONSENT_VIEW)),
        (_("Timeline"), "person-timeline", record.may(Permission.LEDGER_VIEW)),
        (_("Who has looked"), "person-looks", record.may(Permission.LEDGER_VIEW)),
    ]
    here = record.request.path
    return [
        (label, record.url(name), record.url(name) == here)
        for label, name, shown in entries
        if shown
    ]
