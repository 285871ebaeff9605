"""Meetings on cases: planned, begun, closed, called off (``meeting_decisions``: what they do)."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.casework.actions.case_keeping import entered
from stepdown.casework.models import Case, Meeting, MeetingAttendee, MeetingDecision, MeetingItem
from stepdown.casework.models.meeting import MEETING_STATES, MeetingEvent
from stepdown.casework.queries import meeting as queries
from stepdown.hub.actions import transaction
from stepdown.hub.actions.given import Check, require_new
from stepdown.hub.actions.ledger import record
from stepdown.hub.models import User
from stepdown.hub.queries.reader import as_hub
from stepdown.hub.queries.user import holders_among
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

PLANNED = Verb("meeting.planned", gettext_lazy("Meeting planned"))
CHANGED = Verb("meeting.changed", gettext_lazy("Plan of a meeting changed"))
BROUGHT_UP_TO_DATE = Verb("meeting.agenda", gettext_lazy("Agenda brought up to date"))
OPENED = Verb("meeting.opened", gettext_lazy("Meeting begun"))
CLOSED = Verb("meeting.closed", gettext_lazy("Meeting closed"))
CALLED_OFF = Verb("meeting.called-off", gettext_lazy("Meeting called off"))
PUT_OFF = Verb("case.put-off", gettext_lazy("Put off by a meeting"))
FORGOTTEN = Verb("meeting.forgotten", gettext_lazy("Meeting forgotten"))

MOST = 200  # of an agenda, and of those forgotten at a time


@transaction.atomic
def plan(
    *, by: Actor, kind: str, held_on: date, chair: User | str, attendees: Iterable[User | str]
) -> Meeting:
    """Plan a meeting of a kind (``pathway/kind``), with the cases that wait for it on its agenda,
    the oldest first: those that the planner may see."""
    agency = queries.agency_for(by)
    require_new(by, Permission.MEETING_PLAN, {"agency": agency})
    check = Check()
    known = {f"{one.key}/{named.key}": (one, named) for one, named in queries.kinds()}
    chosen = check.choice("kind", kind, known, _("Select which meeting it is"))
    check.that(held_on >= clock.today(), "held_on", _("The day must be today or later."))
    leads, there = _people(check, chair, attendees)
    check.done()
    assert leads is not None  # noqa: S101 - for the type checker
    assert agency is not None  # noqa: S101
    one, named = known[chosen]
    meeting = Meeting.objects.create(
        pathway=one.key,
        version=one.version,
        kind=named.key,
        agency_id=agency,
        held_on=held_on,
        chair=leads,
    )
    _attend(meeting, there)
    _bring(by, meeting)
    record(by=by, verb=PLANNED, about=("meeting", meeting.pk))
    return meeting


@transaction.atomic
def change(
    *,
    by: Actor,
    meeting: Meeting,
    held_on: date,
    chair: User | str,
    attendees: Iterable[User | str],
) -> Meeting:
    """Another day, chair or company, while it has not begun."""
    held = locked(by, meeting, Permission.MEETING_PLAN)
    held.state = MEETING_STATES.next(held.state, MeetingEvent.CHANGE)
    check = Check()
    check.that(held_on >= clock.today(), "held_on", _("The day must be today or later."))
    leads, there = _people(check, chair, attendees)
    check.done()
    assert leads is not None  # noqa: S101 - for the type checker
    held.held_on, held.chair = held_on, leads
    held.save()
    MeetingAttendee.objects.filter(meeting=held).delete()
    _attend(held, there)
    record(by=by, verb=CHANGED, about=("meeting", held.pk))
    return held


@transaction.atomic
def bring_up_to_date(*, by: Actor, meeting: Meeting) -> int:
    """Put cases on the agenda that have come to wait since. How many."""
    held = locked(by, meeting, Permission.MEETING_HOLD)
    held.state = MEETING_STATES.next(held.state, MeetingEvent.BRING_UP_TO_DATE)
    count = _bring(by, held)
    record(by=by, verb=BROUGHT_UP_TO_DATE, about=("meeting", held.pk))
    return count


@transaction.atomic
def open_meeting(*, by: Actor, meeting: Meeting) -> Meeting:
    """It begins: from now on decisions are taken."""
    held = locked(by, meeting, Permission.MEETING_HOLD)
    held.state = MEETING_STATES.next(held.state, MeetingEvent.OPEN)
    held.held_on = clock.today()
    held.save()
    record(by=by, verb=OPENED, about=("meeting", held.pk))
    return held


@transaction.atomic
def close(*, by: Actor, meeting: Meeting) -> Meeting:
    """It is over, and its minutes stay as they are. What it did not come to waits for the next."""
    held = locked(by, meeting, Permission.MEETING_HOLD)
    held.state = MEETING_STATES.next(held.state, MeetingEvent.CLOSE)
    held.closed_at = clock.now()
    held.save()
    _leave_over(by, held, MeetingDecision.Reason.TIME)
    record(by=by, verb=CLOSED, about=("meeting", held.pk))
    return held


@transaction.atomic
def call_off(*, by: Actor, meeting: Meeting, reason: str) -> Meeting:
    """It is not held, for a reason. All that is on its agenda waits for another."""
    held = locked(by, meeting, Permission.MEETING_HOLD)
    held.state = MEETING_STATES.next(held.state, MeetingEvent.CALL_OFF)
    check = Check()
    why = check.choice("reason", reason, Meeting.WhyNot.values, _("Select why it is called off"))
    check.done()
    held.called_off_on, held.why_not = clock.today(), why
    held.save()
    _leave_over(by, held, MeetingDecision.Reason.CALLED_OFF)
    record(by=by, verb=CALLED_OFF, about=("meeting", held.pk), payload={"reason": why})
    return held


@transaction.atomic
def forget_old(*, by: Actor) -> int:
    """Forget meetings whose cases have all been disposed of, once they are long past. How many."""
    before = clock.today() - timedelta(days=settings.STEPDOWN_MEETINGS_KEPT_DAYS)
    idle = list(queries.idle_before(before)[:MOST])
    for one in idle:
        require(by, Permission.MEETING_FORGET, queries.facts(one))
        record(by=by, verb=FORGOTTEN, about=("meeting", one.pk))
        one.delete()
    return len(idle)


def locked(by: Actor, meeting: Meeting, permission: Permission) -> Meeting:
    """The meeting as it is now, for this transaction alone; the actor may do this to it."""
    found = Meeting.objects.select_for_update().filter(pk=meeting.pk).first()
    if found is None or not queries.is_visible(by, found):
        raise NotVisible("No such meeting.")
    require(by, permission, queries.facts(found))
    return found


def settle(item: MeetingItem, kind: str, case: Case, **said: object) -> MeetingDecision:
    """One line of the minutes, and what came of the case last. Part of verbs."""
    item.outcome, item.decided_on = kind, clock.today()
    item.save()
    made: MeetingDecision = MeetingDecision.objects.create(
        item=item, case=case, version=case.pathway_version, kind=kind, at=clock.now(), **said
    )
    return made


@as_hub("what a meeting did not come to waits for the next, whoever may see it")
def _leave_over(by: Actor, meeting: Meeting, reason: str) -> None:
    """Leave what the meeting does not come to for the next one. How many cases that are is said
    nowhere: whoever closes it, or reads that it was closed, may not see all of them."""
    left = MeetingItem.objects.filter(meeting=meeting, outcome="").select_related("case")
    for one in left:
        settle(one, MeetingItem.Outcome.PUT_OFF, one.case, reason=reason)
        payload = {"kind": "put-off", "meeting": meeting.held_on.isoformat()}
        entered(by, PUT_OFF, one.case, payload, [("meeting", meeting.pk)])


def _people(
    check: Check, chair: User | str, attendees: Iterable[User | str]
) -> tuple[User | None, list[User]]:
    leads = check.one("chair", User, chair, _("Select who is in the chair"))
    there = check.many("attendees", User, attendees, _("Select who attends from the list"))
    good = holders_among(one.pk for one in [*there, *([leads] if leads else [])])
    words = _("Select somebody who may look after cases.")
    check.that(leads is None or leads.pk in good, "chair", words)
    check.that(all(one.pk in good for one in there), "attendees", words)
    return leads, there


def _attend(meeting: Meeting, there: list[User]) -> None:
    MeetingAttendee.objects.bulk_create(MeetingAttendee(meeting=meeting, user=u) for u in there)


def _bring(by: Actor, meeting: Meeting) -> int:
    waiting = queries.waiting_for(by, meeting.pathway, meeting.kind, meeting.agency_id)
    on_it = MeetingItem.objects.filter(meeting=meeting).values("case")
    found = list(waiting.exclude(pk__in=on_it)[:MOST])
    MeetingItem.objects.bulk_create(
        MeetingItem(meeting=meeting, case=one, waits_since=one.stage_since or clock.today())
        for one in found
    )
    return len(found)
