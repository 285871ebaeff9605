"""Adding people and changing who they are."""

from datetime import date
from typing import Any, TypedDict, Unpack
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import transaction
from stepdown.hub.actions.given import Check, require_new, require_version
from stepdown.hub.actions.ledger import record
from stepdown.hub.models import Place
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.people.models import Person
from stepdown.people.queries.person import facts
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

PERSON_ADDED = Verb("person.added", _("Record started"))
PERSON_CHANGED = Verb("person.changed", _("Details changed"))

OLDEST = 120  # years; a date of birth before that is a slip


class Identity(TypedDict, total=False):
    """What may be said of a person. ``district`` is a place of that kind, or its code."""

    given_name: str
    family_name: str
    known_as: str
    say_it: str
    pronouns: str
    date_of_birth: date | None
    district: Place | str | None


@transaction.atomic
def add(
    *,
    by: Actor,
    given_name: str,
    family_name: str,
    known_as: str = "",
    say_it: str = "",
    pronouns: str = "",
    date_of_birth: date | None = None,
    district: Place | str | None = None,
    agency: UUID | None = None,
) -> Person:
    """A person's one record. ``district`` looks after them. ``agency`` keeps it from the start, as
    one that does something for them does later; without one it is open to all who look after the
    district, until an agency does."""
    columns = _checked(
        {
            "given_name": given_name,
            "family_name": family_name,
            "known_as": known_as,
            "say_it": say_it,
            "pronouns": pronouns,
            "date_of_birth": date_of_birth,
            "district": district,
        }
    )
    person = Person(**columns, agency_id=agency)
    require_new(by, Permission.PERSON_ADD, {"district": person.district_id})
    person.save(force_insert=True)
    record(by=by, verb=PERSON_ADDED, about=("person", person.pk))
    return person


def begun_by(person: Person, agency: UUID | None) -> None:
    """The agency in whose work a record was begun keeps it, whoever the work turns out to be for.

    Part of the verb that began it, once its right has been checked.
    """
    person.agency_id = agency
    person.save(update_fields=["agency"])


@transaction.atomic
def change(*, by: Actor, person: Person, version: int, **fields: Unpack[Identity]) -> Person:
    """Change some of a person's details. ``version`` is that of the record the actor saw."""
    held = Person.objects.select_for_update().get(pk=person.pk)
    require(by, Permission.PERSON_CHANGE, facts(held))
    require_version(held, version)
    columns = _checked(fields)
    changed = sorted(name for name, value in columns.items() if getattr(held, name) != value)
    if not changed:
        return held
    for name in changed:
        setattr(held, name, columns[name])
    held.version += 1
    held.save(update_fields=[*changed, "version"])
    record(by=by, verb=PERSON_CHANGED, about=("person", held.pk), payload={"changed": changed})
    return held


def _checked(fields: Identity) -> dict[str, Any]:
    """The columns to write; ``InvalidInput`` names every field at fault."""
    check, columns = Check(), dict[str, Any](fields)
    lengths = {"given_name": 80, "family_name": 80, "known_as": 80, "say_it": 120, "pronouns": 40}
    missing = {
        "given_name": gettext("Enter a first name."),
        "family_name": gettext("Enter a last name."),
    }
    for name, most in lengths.items():
        if name in columns:
            columns[name] = check.words(
                name, columns[name], most=most, missing=missing.get(name, "")
            )
    if born := columns.get("date_of_birth"):
        today = clock.today()
        check.that(born <= today, "date_of_birth", gettext("Date of birth must be in the past."))
        check.that(
            born.year >= today.year - OLDEST,
            "date_of_birth",
            gettext("Check the year of the date of birth."),
        )
    if columns.get("district"):
        message = gettext("Select a district from the list.")
        place = check.one("district", Place, columns["district"], message)
        check.that(place and place.kind == Place.Kind.DISTRICT, "district", message)
        columns["district"] = place
    elif "district" in columns:
        columns["district"] = None
    check.done()
    return columns
