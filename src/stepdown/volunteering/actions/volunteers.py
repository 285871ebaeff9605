"""Volunteers' profiles: joining, changing, taking a break, leaving."""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypedDict, Unpack

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import transaction
from stepdown.hub.actions.given import Check, require_new, require_version
from stepdown.hub.actions.ledger import Subject, record
from stepdown.hub.models import Agency
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import Refused
from stepdown.kernel.slots import ALL_SLOTS
from stepdown.people.models import Person
from stepdown.people.queries import person as people
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions import offers
from stepdown.volunteering.actions.shares import make_room
from stepdown.volunteering.models import Language, Placement, Scheme, Skill, Volunteer
from stepdown.volunteering.models.volunteer import (
    VOLUNTEER_STATES,
    VolunteerEvent,
    VolunteerState,
)
from stepdown.volunteering.queries.need import STANDING
from stepdown.volunteering.queries.volunteer import facts, is_staff_for

VOLUNTEER_ADDED = Verb("volunteer.added", _("Became a volunteer"))
VOLUNTEER_CHANGED = Verb("volunteer.changed", _("Volunteer profile changed"))
AVAILABILITY_SET = Verb("volunteer.availability", _("Availability changed"))
VOLUNTEER_PAUSED = Verb("volunteer.paused", _("Volunteer takes a break"))
VOLUNTEER_RESUMED = Verb("volunteer.resumed", _("Volunteer is back"))
VOLUNTEER_LEFT = Verb("volunteer.left", _("Volunteer left"))

MOST_TRAVEL_M = 1_000_000
WEEK_MINUTES = 7 * 24 * 60
_LISTS = {
    "skills": Skill,
    "languages": Language,
    "schemes": Scheme,
    "preferred_schemes": Scheme,
}
# What volunteers may say of themselves. The rest decides what they may be placed in.
_OWN = frozenset(
    {"slots", "travel_limit_m", "capacity", "weekly_cap_minutes", "languages", "preferred_schemes"}
)


class Profile(TypedDict, total=False):
    """What a profile says. Metres, minutes a week; ``slots`` is a mask of ``kernel.slots``."""

    agency: Agency
    slots: int
    travel_limit_m: int | None
    capacity: int
    weekly_cap_minutes: int | None
    skills: Iterable[Skill | str]
    languages: Iterable[Language | str]
    schemes: Iterable[Scheme | str]
    preferred_schemes: Iterable[Scheme | str]


@transaction.atomic
def add(
    *,
    by: Actor,
    person: Person,
    agency: Agency,
    slots: int = 0,
    travel_limit_m: int | None = None,
    capacity: int = 1,
    weekly_cap_minutes: int | None = None,
    skills: Iterable[Skill | str] = (),
    languages: Iterable[Language | str] = (),
    schemes: Iterable[Scheme | str] = (),
    preferred_schemes: Iterable[Scheme | str] = (),
    joined_on: date | None = None,
) -> Volunteer:
    """A person becomes a volunteer of an agency. ``capacity`` is how many needs at once."""
    held = Person.objects.select_for_update().get(pk=person.pk)
    known = people.facts(held)
    require(by, Permission.PERSON_VIEW, known)
    # A volunteer is known to all partners: that is not for somebody who knows them by a clause.
    ours = {None, *(grant.agency for grant in by.grants)}
    if ours.isdisjoint(known["keeper"]):  # type: ignore[arg-type]
        raise Refused(gettext("Ask the partner that keeps this record to add them as a volunteer."))
    volunteer = Volunteer(person=held, agency=agency, joined_on=joined_on or clock.today())
    require_new(by, Permission.VOLUNTEER_ADD, facts(volunteer))
    if Volunteer.objects.filter(person=held).exists():
        raise Refused(gettext("This person is on record as a volunteer already."))
    columns, lists = _checked(
        {
            "slots": slots,
            "travel_limit_m": travel_limit_m,
            "capacity": capacity,
            "weekly_cap_minutes": weekly_cap_minutes,
            "skills": skills,
            "languages": languages,
            "schemes": schemes,
            "preferred_schemes": preferred_schemes,
        }
    )
    _fill(volunteer, columns)
    volunteer.save(force_insert=True)
    _set_lists(volunteer, lists)
    record(by=by, verb=VOLUNTEER_ADDED, about=("volunteer", volunteer.pk), subjects=_who(volunteer))
    return volunteer


@transaction.atomic
def change(
    *, by: Actor, volunteer: Volunteer, version: int, **fields: Unpack[Profile]
) -> Volunteer:
    """Change some of the profile. Volunteers change what concerns their own time and travel."""
    held = _locked(by, volunteer)
    require_version(held, version)
    if not _OWN.issuperset(fields) and not is_staff_for(by, held):
        raise Refused(gettext("Ask your coordinator to change your skills, schemes or agency."))
    columns, lists = _checked(fields)
    if "capacity" in columns:
        most = columns["capacity"]
        make_room(holds=held.holds.all(), number="share", most=most, field="capacity")
    _fill(held, columns)
    held.version += 1
    held.save()
    _set_lists(held, lists)
    record(
        by=by,
        verb=VOLUNTEER_CHANGED,
        about=("volunteer", held.pk),
        subjects=_who(held),
        payload={"changed": sorted(fields)},
    )
    return held


@transaction.atomic
def set_availability(*, by: Actor, volunteer: Volunteer, slots: int) -> Volunteer:
    """When they can help: a mask of weekly slots. What is already agreed stands."""
    held = _locked(by, volunteer)
    columns, _lists = _checked({"slots": slots})
    _fill(held, columns)
    held.version += 1
    held.save(update_fields=["slots", "version"])
    record(
        by=by,
        verb=AVAILABILITY_SET,
        about=("volunteer", held.pk),
        subjects=_who(held),
        payload={"slots": held.slots},
    )
    return held


@transaction.atomic
def pause(*, by: Actor, volunteer: Volunteer) -> Volunteer:
    """A break: no new offers, and none can be accepted. What they do already goes on."""
    return _moved(by, _locked(by, volunteer), VolunteerEvent.PAUSE, VOLUNTEER_PAUSED)


@transaction.atomic
def resume(*, by: Actor, volunteer: Volunteer) -> Volunteer:
    """Back from a break; somebody who had left is taken back by an officer."""
    held = _locked(by, volunteer)
    if held.state == VolunteerState.LEFT and not is_staff_for(by, held):
        raise Refused(gettext("Ask your coordinator to take you back."))
    return _moved(by, held, VolunteerEvent.RESUME, VOLUNTEER_RESUMED)


@transaction.atomic
def leave(*, by: Actor, volunteer: Volunteer) -> Volunteer:
    """They leave. Placements that stand must be ended or handed over first; open offers go."""
    held = _locked(by, volunteer)
    standing = Placement.objects.filter(volunteer=held, state__in=STANDING).count()
    if standing:
        words = ngettext(
            "%(many)d placement still stands. End it or hand it over first.",
            "%(many)d placements still stand. End them or hand them over first.",
            standing,
        )
        raise Refused(words % {"many": standing})
    held = _moved(by, held, VolunteerEvent.LEAVE, VOLUNTEER_LEFT)
    offers.withdraw_all_of(by=by, volunteer=held)
    return held


def _locked(by: Actor, volunteer: Volunteer) -> Volunteer:
    held = Volunteer.objects.select_for_update(of=("self",)).select_related("person")
    found = held.get(pk=volunteer.pk)
    require(by, Permission.VOLUNTEER_CHANGE, facts(found))
    return found


def _moved(by: Actor, held: Volunteer, event: VolunteerEvent, verb: Verb) -> Volunteer:
    held.state = VOLUNTEER_STATES.next(held.state, event)
    held.save(update_fields=["state"])
    record(by=by, verb=verb, about=("volunteer", held.pk), subjects=_who(held))
    return held


def _who(volunteer: Volunteer) -> list[Subject]:
    return [("person", volunteer.person_id)]


def _checked(fields: Profile) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """Columns and lists to write; ``InvalidInput`` names every field at fault."""
    check, given = Check(), dict[str, Any](fields)
    lists = {
        name: check.many(name, model, given.pop(name), gettext("Select from the list."))
        for name, model in _LISTS.items()
        if name in given
    }
    if "slots" in given:
        check.whole("slots", given["slots"], 0, ALL_SLOTS)
    if "capacity" in given:
        check.whole("capacity", given["capacity"], 0, 20)
    if "travel_limit_m" in given:
        check.whole_or_none("travel_limit_m", given["travel_limit_m"], 0, MOST_TRAVEL_M)
    if "weekly_cap_minutes" in given:
        check.whole_or_none("weekly_cap_minutes", given["weekly_cap_minutes"], 0, WEEK_MINUTES)
    check.done()
    return given, lists


def _fill(volunteer: Volunteer, columns: dict[str, Any]) -> None:
    for name, value in columns.items():
        setattr(volunteer, name, value)


def _set_lists(volunteer: Volunteer, lists: dict[str, list[Any]]) -> None:
    for name, found in lists.items():
        getattr(volunteer, name).set(found)
