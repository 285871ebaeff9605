"""Checking what is said of a need, and keeping where it is."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any, TypedDict
from uuid import UUID

from django.utils.translation import gettext

from stepdown.hub.actions.given import Check
from stepdown.hub.actions.shielding import seal
from stepdown.hub.models import Agency, Place, User
from stepdown.hub.queries.cell import cell
from stepdown.hub.queries.place import Position, position
from stepdown.hub.queries.shielded import Kept, only, opened
from stepdown.hub.queries.user import may_hold_needs
from stepdown.kernel.errors import InvalidInput
from stepdown.kernel.shielded import Shielded
from stepdown.kernel.slots import ALL_SLOTS
from stepdown.people.models import Address, EqualityRecord, Person, ShieldedAddress
from stepdown.people.queries.actor import actor_for_user
from stepdown.policy.decide import decide
from stepdown.policy.permissions import Permission
from stepdown.volunteering.models import (
    CredentialType,
    Language,
    Need,
    NeedLocation,
    NeedShieldedLocation,
    Scheme,
    Skill,
)
from stepdown.volunteering.queries import wall

WEEK_MINUTES = 7 * 24 * 60
_LISTS = {"skills": Skill, "languages": Language, "credential_types": CredentialType}


class NeedFields(TypedDict, total=False):
    """What a need says. Records may be given by their key. ``slots`` is a mask of ``kernel.slots``;
    an empty ``postcode`` means nowhere in particular."""

    title: str
    scheme: Scheme | str
    agency: Agency | UUID | str
    person: Person | None
    starts: date
    ends: date | None
    band: int
    places: int
    slots: int
    weekly_minutes: int
    postcode: str | None
    shielded: bool
    skills: Iterable[Skill | str]
    languages: Iterable[Language | str]
    credential_types: Iterable[CredentialType | str]
    gender: str
    gender_reason: str
    minimum_age: int | None
    district: Place | str | None


class Terms:
    """What is to be written: ``columns`` of the need, ``lists`` beside it, and its ``position``.

    ``InvalidInput`` names every field at fault. Messages never repeat a postcode.
    """

    def __init__(self, need: Need, fields: NeedFields, officer: User | UUID | str | None = None):
        check, given = Check(), dict[str, Any](fields)
        self.moved = bool({"postcode", "shielded", "person"} & given.keys())
        self.asked_postcode: str | None = given.pop("postcode", None)
        self.asked_shielded: bool | None = given.pop("shielded", None)
        self.position = _position(check, self.asked_postcode)
        self.lists = {
            name: check.many(name, model, given.pop(name), gettext("Select from the list."))
            for name, model in _LISTS.items()
            if name in given
        }
        self.officer = chosen_officer(check, officer) if officer is not None else None
        if self.officer is not None:
            given["officer"] = self.officer
        _records(check, given)
        _words_and_numbers(check, given)
        self.columns = given
        _together(check, {**{name: getattr(need, name) for name in _PAIRED}, **given})
        check.done()

    def write_lists(self, need: Need) -> None:
        """Skills, languages and credential types of a saved need."""
        for name, found in self.lists.items():
            getattr(need, name).set(found)

    def write_location(self, need: Need) -> None:
        """Keep where a saved need is, in the table that its secrecy asks for.

        A need of a person with a shielded address is shielded, whatever was asked. A shielded place
        never comes into sight by itself: who unshields it writes its postcode anew, so that nobody
        learns one they did not know, whoever the need is for by then.
        """
        before = _kept(need)
        hidden = isinstance(before, NeedShieldedLocation)
        if hidden and self.asked_shielded is False and self.asked_postcode is None:
            message = gettext("Enter the postcode again: the protected one is kept out of sight.")
            raise InvalidInput({"postcode": message})
        found: Position | Shielded[Kept] | None = self.position
        if self.asked_postcode is None and before is not None:
            found = _as_position(before)
        elif self.asked_postcode is None:
            found = _home(need)
        wanted = hidden if self.asked_shielded is None else self.asked_shielded
        put(need, found, shielded=wanted or _lives_hidden(need))


_PAIRED = ("starts", "ends", "gender", "gender_reason")
_PLACE = ("postcode", "easting", "northing")


def put(need: Need, found: Position | Shielded[Kept] | None, *, shielded: bool) -> None:
    """Write a need's location to one table and clear the other; none clears both.

    What was shielded goes from seal to seal: it cannot be put where it may be seen.
    """
    NeedLocation.objects.filter(need=need).delete()
    NeedShieldedLocation.objects.filter(need=need).delete()
    if isinstance(found, Shielded):
        if not shielded:
            raise ValueError("A shielded place is not put into sight.")
        seal(NeedShieldedLocation(need=need), found).save(force_insert=True)
    elif found is not None:
        place = {name: getattr(found, name) for name in _PLACE}
        if shielded:
            seal(NeedShieldedLocation(need=need), place).save(force_insert=True)
        else:
            NeedLocation.objects.create(need=need, **place)


def shield(need: Need) -> bool:
    """Move a need's ordinary location to the shielded table. Whether there was one."""
    found = NeedLocation.objects.filter(need=need).first()
    if found is not None:
        put(need, _as_position(found), shielded=True)
    return found is not None


def district_for(need: Need, terms: Terms) -> Place | None:
    """Who looks after a need for which nobody was named: the person's district, else the place's.

    Never read off a shielded place.
    """
    if need.person is not None and need.person.district is not None:
        return need.person.district
    if terms.position is None or terms.asked_shielded or _lives_hidden(need):
        return None
    known = Place.objects.filter(pk=terms.position.district_code, kind=Place.Kind.DISTRICT)
    return known.first()


def chosen_officer(check: Check, officer: User | UUID | str) -> User | None:
    """Somebody who may look after needs."""
    message = gettext("Select somebody who looks after needs.")
    found = check.one("officer", User, officer, message)
    if found is not None:
        check.that(may_hold_needs(found), "officer", message)
    return found


def require_officer_sees(need: Need, officer: User) -> None:
    """Refuse an officer from whom the need would be shut: of another agency, with no agreement.

    An emergency opens it to be read: it makes nobody its officer.
    """
    by = replace(actor_for_user(officer), overrides=())
    known = {**wall.facts_of(need), "officer": officer.pk}
    if decide(by, Permission.NEED_VIEW, known).allowed:
        return
    if decide(by, Permission.NEED_VIEW, {**known, "agency": None}).allowed:
        message = gettext("No agreement shows this need to %(name)s’s agency.")
        raise InvalidInput({"officer": message % {"name": officer.display_name}})


def _position(check: Check, postcode: str | None) -> Position | None:
    text = check.words("postcode", postcode, most=12)
    found = position(text) if text else None
    if text:
        check.that(found, "postcode", gettext("Enter a postcode that exists, like PR1 8RJ."))
    return found


def _records(check: Check, given: dict[str, Any]) -> None:
    if "scheme" in given:
        message = gettext("Select a scheme.")
        given["scheme"] = check.one("scheme", Scheme, given["scheme"], message)
    if "agency" in given:
        message = gettext("Select a partner.")
        given["agency"] = check.one("agency", Agency, given["agency"], message)
    if given.get("district"):
        message = gettext("Select a district from the list.")
        place = check.one("district", Place, given["district"], message)
        check.that(place and place.kind == Place.Kind.DISTRICT, "district", message)
        given["district"] = place
    elif "district" in given:
        given["district"] = None


def _words_and_numbers(check: Check, given: dict[str, Any]) -> None:
    if "title" in given:
        missing = gettext("Enter what help is needed.")
        given["title"] = check.words("title", given["title"], most=120, missing=missing)
    whole = {"band": (1, 4), "places": (1, 50), "slots": (0, ALL_SLOTS)}
    whole["weekly_minutes"] = (0, WEEK_MINUTES)
    for name, (low, high) in whole.items():
        if name in given:
            given[name] = check.whole(name, given[name], low, high)
    if "minimum_age" in given:
        check.whole_or_none("minimum_age", given["minimum_age"], 1, 99)
    genders = ["", *EqualityRecord.Gender.values]
    reasons = ["", *Need.GenderReason.values]
    for name, allowed in (("gender", genders), ("gender_reason", reasons)):
        if name in given:
            message = gettext("Select from the list.")
            given[name] = check.choice(name, given[name], allowed, message)


def _together(check: Check, whole: dict[str, Any]) -> None:
    check.that(
        whole["ends"] is None or whole["starts"] <= whole["ends"],
        "ends",
        gettext("The last day must be on or after the first day."),
    )
    check.that(
        not whole["gender"] or whole["gender_reason"],
        "gender_reason",
        gettext("Select the lawful reason for asking for a gender."),
    )
    check.that(
        whole["gender"] or not whole["gender_reason"],
        "gender",
        gettext("Select the gender that the reason is for."),
    )


def _kept(need: Need) -> NeedLocation | NeedShieldedLocation | None:
    ordinary = NeedLocation.objects.filter(need=need).first()
    return ordinary or NeedShieldedLocation.objects.filter(need=need).first()


def _as_position(kept: NeedLocation | NeedShieldedLocation) -> Position | Shielded[Kept] | None:
    if isinstance(kept, NeedShieldedLocation):
        return opened(kept)
    return Position(kept.postcode, kept.easting, kept.northing, "")


def _lives_hidden(need: Need) -> bool:
    return ShieldedAddress.objects.filter(person=need.person_id).exists()


def _home(need: Need) -> Position | Shielded[Kept] | None:
    """Where the need's person lives, from whichever table; None where that is not known."""
    hidden = opened(ShieldedAddress.objects.filter(person=need.person_id).first())
    if hidden is not None:
        return None if cell(hidden) == (None, None) else only(hidden, *_PLACE)
    home = Address.objects.filter(person=need.person_id).first()
    if home is None or home.easting is None or home.northing is None:
        return None
    return Position(home.postcode, home.easting, home.northing, "")
