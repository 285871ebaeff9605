"""Needs: adding, changing, assigning, closing."""

from collections.abc import Iterable
from datetime import date
from typing import Unpack
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import transaction
from stepdown.hub.actions.given import Check, require_new, require_version
from stepdown.hub.actions.ledger import Subject, record
from stepdown.hub.models import Agency, Place, User
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import Refused
from stepdown.kernel.ids import new_reference
from stepdown.people.models import Person
from stepdown.people.queries import person as people
from stepdown.people.queries.restriction import Use, require_use
from stepdown.people.queries.shown import require_may_keep
from stepdown.policy.actors import Actor
from stepdown.policy.decide import decide, require
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions import offers, placements
from stepdown.volunteering.actions.need_terms import (
    NeedFields,
    Terms,
    chosen_officer,
    district_for,
    require_officer_sees,
    shield,
)
from stepdown.volunteering.actions.shares import make_room
from stepdown.volunteering.models import CredentialType, Language, Need, Placement, Scheme, Skill
from stepdown.volunteering.models.need import NEED_STATES, NeedEvent, NeedState
from stepdown.volunteering.queries.need import facts

NEED_ADDED = Verb("need.added", _("Need added"))
NEED_CHANGED = Verb("need.changed", _("Need changed"))
NEED_ASSIGNED = Verb("need.assigned", _("Need given to an officer"))
NEED_CLOSED = Verb("need.closed", _("Need closed"))
NEED_WITHDRAWN = Verb("need.withdrawn", _("Need withdrawn"))
NEED_REOPENED = Verb("need.reopened", _("Need opened again"))
NEED_SHIELDED = Verb("need.shielded", _("The place of the need is kept secret from now"))


@transaction.atomic
def add(
    *,
    by: Actor,
    title: str,
    scheme: Scheme | str,
    agency: Agency | UUID | str,
    starts: date,
    ends: date | None = None,
    band: int = 4,
    places: int = 1,
    slots: int = 0,
    weekly_minutes: int = 120,
    person: Person | None = None,
    officer: User | UUID | str | None = None,
    postcode: str | None = None,
    shielded: bool = False,
    skills: Iterable[Skill | str] = (),
    languages: Iterable[Language | str] = (),
    credential_types: Iterable[CredentialType | str] = (),
    gender: str = "",
    gender_reason: str = "",
    minimum_age: int | None = None,
    district: Place | str | None = None,
) -> Need:
    """A demand for volunteers, open from now. Without a postcode it is where the person lives.

    Where no district is named, the person's looks after it, else the one the place lies in.
    ``title`` names the help, never the person.
    """
    fields: NeedFields = {
        "title": title,
        "scheme": scheme,
        "agency": agency,
        "starts": starts,
        "ends": ends,
        "band": band,
        "places": places,
        "slots": slots,
        "weekly_minutes": weekly_minutes,
        "person": _person(by, person),
        "postcode": postcode or None,
        "shielded": shielded,
        "skills": skills,
        "languages": languages,
        "credential_types": credential_types,
        "gender": gender,
        "gender_reason": gender_reason,
        "minimum_age": minimum_age,
        "district": district,
    }
    require_use(Use.SHARE, [person.pk if person else None])
    need = Need(reference=new_reference("N"))
    terms = Terms(need, fields, officer)
    _fill(need, terms)
    need.district = need.district or district_for(need, terms)
    require_new(by, Permission.NEED_ADD, facts(need))
    _may_be_for(need)
    need.save(force_insert=True)
    if terms.officer is not None:
        require_officer_sees(need, terms.officer)
    terms.write_lists(need)
    terms.write_location(need)
    payload = {"band": band, "places": places, "scheme": need.scheme_id}
    _enter(by, NEED_ADDED, need, **payload, starts=starts.isoformat())
    return need


@transaction.atomic
def change(*, by: Actor, need: Need, version: int, **fields: Unpack[NeedFields]) -> Need:
    """Change some of an open need. Places that are held cannot be taken away.

    An open offer that no longer meets it lapses when next asked. A placement goes on, unless a
    required check or the risk assessment is missing or its two people must be kept apart: then it
    is suspended. Nobody is moved for another time of the week or another skill.
    """
    held = _locked(by, need, Permission.NEED_CHANGE)
    _must_be_open(held)
    require_version(held, version)
    if "person" in fields:
        fields["person"] = _person(by, fields["person"])
    terms = Terms(held, fields)
    _stays_with(by, held, terms)
    if "places" in fields:
        make_room(holds=held.holds.all(), number="place", most=fields["places"], field="places")
    _fill(held, terms)
    if {"person", "agency"} & terms.columns.keys():
        _may_be_for(held)
    held.version += 1
    held.save()
    terms.write_lists(held)
    if terms.moved:
        terms.write_location(held)
    _enter(by, NEED_CHANGED, held, changed=sorted(fields))
    return held


@transaction.atomic
def assign(*, by: Actor, need: Need, officer: User | UUID | str | None) -> Need:
    """Give the need to an officer to look after, or to nobody."""
    held = _locked(by, need, Permission.NEED_CHANGE)
    _must_be_open(held)
    check = Check()
    held.officer = chosen_officer(check, officer) if officer else None
    check.done()
    if held.officer is not None:
        require_officer_sees(held, held.officer)
    held.version += 1
    held.save(update_fields=["officer", "version"])
    _enter(by, NEED_ASSIGNED, held)
    return held


@transaction.atomic
def close(*, by: Actor, need: Need, outcome: str) -> Need:
    """The need is over, with its outcome: placements end and open offers are withdrawn with it."""
    held = _locked(by, need, Permission.NEED_CLOSE)
    check = Check()
    check.choice("outcome", outcome, Need.Outcome.values, gettext("Select how it went."))
    check.done()
    held.outcome = outcome
    return _over(by, held, NeedEvent.CLOSE, NEED_CLOSED)


@transaction.atomic
def withdraw(*, by: Actor, need: Need) -> Need:
    """It should not have been asked, or is not wanted any more. The same ends with it."""
    held = _locked(by, need, Permission.NEED_CLOSE)
    return _over(by, held, NeedEvent.WITHDRAW, NEED_WITHDRAWN)


@transaction.atomic
def reopen(*, by: Actor, need: Need) -> Need:
    """It is wanted after all. Who helped before is not placed again by this."""
    held = _locked(by, need, Permission.NEED_CLOSE)
    held.state = NEED_STATES.next(held.state, NeedEvent.REOPEN)
    held.outcome, held.closed_at = "", None
    held.version += 1
    held.save(update_fields=["state", "outcome", "closed_at", "version"])
    _enter(by, NEED_REOPENED, held)
    return held


def shield_needs_of(by: Actor, person: Person) -> None:
    """A person's address became shielded: so does every place of theirs that we keep, at once.

    Part of recording the address, whose right has been checked; not a verb of its own.
    """
    for need in Need.objects.select_for_update().filter(person=person).order_by("id"):
        if shield(need):
            _enter(by, NEED_SHIELDED, need)


def _over(by: Actor, held: Need, event: NeedEvent, verb: Verb) -> Need:
    held.state = NEED_STATES.next(held.state, event)
    held.closed_at = clock.now()
    held.version += 1
    offers.withdraw_all_for(by=by, need=held)
    placements.end_all_for(by=by, need=held, reason=Placement.EndReason.NEED_CLOSED)
    held.save(update_fields=["state", "outcome", "closed_at", "version"])
    _enter(by, verb, held, outcome=held.outcome)
    return held


def _locked(by: Actor, need: Need, permission: Permission) -> Need:
    held = Need.objects.select_for_update().get(pk=need.pk)
    require(by, permission, facts(held))
    return held


def _stays_with(by: Actor, held: Need, terms: Terms) -> None:
    """Whoever is shown a need by an agreement may not make it their own, or anybody else's."""
    agency = terms.columns.get("agency")
    if agency is None or agency == held.agency:
        return
    if decide(by, Permission.NEED_CHANGE, facts(held)).clause:
        raise Refused(gettext("Only staff of the partner that asks for this can change who asks."))


def _must_be_open(need: Need) -> None:
    if need.state != NeedState.OPEN:
        raise Refused(gettext("Open this need again before you change it."))


def _person(by: Actor, person: Person | None) -> Person | None:
    """The person the need is for, fresh, whom the actor must be able to see."""
    return people.get(by=by, id=person.pk) if person else None


def _may_be_for(need: Need) -> None:
    """Whoever asks for help for somebody keeps a record of them."""
    if need.person is not None:
        require_may_keep(need.person, need.agency_id)


def _fill(need: Need, terms: Terms) -> None:
    for name, value in terms.columns.items():
        setattr(need, name, value)


def _enter(by: Actor, verb: Verb, need: Need, **payload: object) -> None:
    subjects: list[Subject] = []
    if need.person_id:
        subjects.append(("person", need.person_id))
    if need.officer_id:
        subjects.append(("user", need.officer_id))
    record(
        by=by,
        verb=verb,
        about=("need", need.pk),
        subjects=subjects,
        payload={"reference": need.reference, **payload},
    )
