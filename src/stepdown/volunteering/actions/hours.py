"""Hours: logged by who gave them, confirmed by somebody else."""

from datetime import date

from django.db import IntegrityError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import ledger, outbox, transaction
from stepdown.hub.actions.given import Check
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import Conflict, InvalidInput, Refused
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission
from stepdown.volunteering.models import HoursEntry, Placement
from stepdown.volunteering.models.hours import HOURS_STATES, HoursEvent
from stepdown.volunteering.models.placement import PlacementState
from stepdown.volunteering.queries import lapse
from stepdown.volunteering.queries import placement as placements
from stepdown.volunteering.queries.hours import facts

HOURS_LOGGED = Verb("hours.logged", _("Hours logged"))
HOURS_AMENDED = Verb("hours.amended", _("Hours changed"))
HOURS_CONFIRMED = Verb("hours.confirmed", _("Hours confirmed"))
HOURS_QUERIED = Verb("hours.queried", _("A question about hours"))

LEAST, MOST = 5, 1440


@transaction.atomic
def log(*, by: Actor, placement: Placement, on: date, minutes: int) -> HoursEntry:
    """Time given on a day of the placement, in minutes. One entry a day: more is a change of it."""
    placement = (
        Placement.objects.select_for_update(of=("self",))
        .select_related("need", "volunteer")
        .get(pk=placement.pk)
    )
    require(by, Permission.HOURS_LOG, placements.facts(placement))
    if placement.state == PlacementState.SUSPENDED:
        raise Conflict(gettext("This placement is suspended, so hours cannot be logged for it."))
    errors = _wrong_minutes(minutes)
    if why := _wrong_day(placement, on):
        errors["on"] = why
    if errors:
        raise InvalidInput(errors)
    _require_checks(placement, on)
    try:
        with transaction.atomic():
            entry = HoursEntry.objects.create(
                placement=placement, on=on, minutes=minutes, logged_at=clock.now()
            )
    except IntegrityError as twice:
        said = gettext("Hours are already logged for this day. Change those instead.")
        raise InvalidInput({"on": said}) from twice
    _enter(by, HOURS_LOGGED, entry, {"on": on.isoformat(), "minutes": minutes})
    return entry


@transaction.atomic
def amend(*, by: Actor, entry: HoursEntry, minutes: int) -> HoursEntry:
    """Correct the minutes, or answer a question about them: they wait to be confirmed again."""
    entry = _locked(entry)
    require(by, Permission.HOURS_LOG, facts(entry))
    state = HOURS_STATES.next(entry.state, HoursEvent.AMEND)
    if errors := _wrong_minutes(minutes):
        raise InvalidInput(errors)
    before, entry.minutes, entry.state, entry.query_note = entry.minutes, minutes, state, ""
    entry.save(update_fields=["minutes", "state", "query_note"])
    _enter(by, HOURS_AMENDED, entry, {"before": before, "minutes": minutes})
    return entry


@transaction.atomic
def confirm(*, by: Actor, entry: HoursEntry) -> HoursEntry:
    """Somebody other than the volunteer says that the hours were given."""
    entry = _locked(entry)
    _require_judge(by, entry)
    entry.state = HOURS_STATES.next(entry.state, HoursEvent.CONFIRM)
    entry.save(update_fields=["state"])
    _enter(by, HOURS_CONFIRMED, entry, {"minutes": entry.minutes})
    return entry


@transaction.atomic
def query(*, by: Actor, entry: HoursEntry, note: str) -> HoursEntry:
    """Ask the volunteer about an entry. They are told, without the question's words."""
    check, missing = Check(), gettext("Write your question in 200 characters or fewer.")
    note = check.words("note", note, most=200, missing=missing)
    check.done()
    entry = _locked(entry)
    _require_judge(by, entry)
    entry.state, entry.query_note = HOURS_STATES.next(entry.state, HoursEvent.QUERY), note
    entry.save(update_fields=["state", "query_note"])
    _enter(by, HOURS_QUERIED, entry, {})
    outbox.post(
        template="hours-queried",
        about=("hours", entry.pk),
        to_person=entry.placement.volunteer.person_id,
    )
    return entry


def _locked(entry: HoursEntry) -> HoursEntry:
    return (
        HoursEntry.objects.select_for_update(of=("self",))
        .select_related("placement__need", "placement__volunteer")
        .get(pk=entry.pk)
    )


def _require_judge(by: Actor, entry: HoursEntry) -> None:
    require(by, Permission.HOURS_CONFIRM, facts(entry))
    if by.person is not None and by.person == entry.placement.volunteer.person_id:
        raise Refused(gettext("Somebody else has to confirm your own hours."))


def _wrong_minutes(minutes: int) -> dict[str, str]:
    if LEAST <= minutes <= MOST:
        return {}
    return {"minutes": gettext("Hours must be between 5 minutes and 24 hours.")}


def _wrong_day(placement: Placement, on: date) -> str:
    """Why no hours can have been given on the day; empty where they can."""
    if on > clock.today():
        return gettext("The day must be today or in the past.")
    if on < placement.starts:
        return gettext("The day must be on or after the placement began.")
    if placement.ended_on is not None and on > placement.ended_on:
        return gettext("The day must be on or before the placement ended.")
    if placement.need.ends is not None and on > placement.need.ends:
        return gettext("The day must be on or before the last day that help was asked for.")
    return ""


def _require_checks(placement: Placement, on: date) -> None:
    if lapse.missing_on_day(placement, on):
        raise Conflict(
            gettext(
                "A check that this placement needs did not hold on this day, "
                "so hours cannot be logged for it."
            )
        )


def _enter(by: Actor, verb: Verb, entry: HoursEntry, payload: dict[str, object]) -> None:
    placement = entry.placement
    subjects = [
        ("placement", placement.pk),
        ("need", placement.need_id),
        ("volunteer", placement.volunteer_id),
        ("person", placement.volunteer.person_id),
    ]
    if placement.need.person_id is not None:
        subjects.append(("person", placement.need.person_id))
    ledger.record(by=by, verb=verb, about=("hours", entry.pk), subjects=subjects, payload=payload)
