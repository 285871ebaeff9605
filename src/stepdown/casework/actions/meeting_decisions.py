"""What a meeting does about a case: by the case's own verbs, with a line in the minutes."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.casework.actions import case_notes, case_people, cases
from stepdown.casework.actions.case_keeping import entered
from stepdown.casework.actions.meetings import PUT_OFF, locked, settle
from stepdown.casework.models import (
    Case,
    CaseNote,
    Meeting,
    MeetingAction,
    MeetingDecision,
    MeetingItem,
)
from stepdown.casework.models.meeting import MEETING_STATES, MeetingEvent
from stepdown.casework.queries.case import facts, get, is_visible, may, readable
from stepdown.casework.queries.case_note import NOT_NOTED
from stepdown.casework.queries.meeting_lines import REASONS
from stepdown.hub.actions import transaction
from stepdown.hub.actions.given import Check
from stepdown.hub.models import User
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible, Refused
from stepdown.people.queries.actor import actor_for_user
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

DECIDED = Verb("case.decided", gettext_lazy("Decided at a meeting"))
ASKED = Verb("case.action-asked", gettext_lazy("A meeting asked somebody to act"))
ACTED = Verb("case.action-done", gettext_lazy("What a meeting asked for is done"))
Note = tuple[str, str]  # category of data, words


@transaction.atomic
def allocate(
    *, by: Actor, item: MeetingItem, role: str, user: User | str, note: Note | None = None
) -> MeetingDecision:
    """Give a role on the team to somebody, as anybody would who may assign."""
    held, meeting = _held(by, item, MeetingEvent.DECIDE)
    worker = case_people.assign(by=by, case=held.case, role=role, user=user)
    written = _note(by, held.case, note)
    made = settle(held, MeetingItem.Outcome.ALLOCATED, held.case, role=role, user=worker.user,
                  note=written)  # fmt: skip
    _enter(by, DECIDED, held.case, meeting, made)
    return made


@transaction.atomic
def move(
    *,
    by: Actor,
    item: MeetingItem,
    to: str,
    outcome: str = "",
    reason: str = "",
    note: Note | None = None,
) -> MeetingDecision:
    """Take the case to another stage, by its own guards and with the right that this way needs."""
    held, meeting = _held(by, item, MeetingEvent.DECIDE)
    written = _note(by, held.case, note)
    moved = cases.move(by=by, case=held.case, to=to, outcome=outcome, reason=reason)
    made = settle(held, MeetingItem.Outcome.MOVED, moved, to=to, outcome=moved.outcome,
                  reason=moved.reason, note=written)  # fmt: skip
    _enter(by, DECIDED, moved, meeting, made)
    return made


@transaction.atomic
def put_off(
    *, by: Actor, item: MeetingItem, reason: str, note: Note | None = None
) -> MeetingDecision:
    """Leave the case to the next meeting, and say why. Before the meeting too."""
    held, meeting = _held(by, item, MeetingEvent.PUT_OFF)
    if held.outcome in {MeetingItem.Outcome.ALLOCATED, MeetingItem.Outcome.MOVED}:
        raise Refused(_("The meeting has decided on this case already."))
    check = Check()
    why = check.choice("reason", reason, dict(REASONS), _("Select why."))
    check.done()
    made = settle(held, MeetingItem.Outcome.PUT_OFF, held.case, reason=why,
                  note=_note(by, held.case, note))  # fmt: skip
    _enter(by, PUT_OFF, held.case, meeting, made)
    return made


@transaction.atomic
def discuss(*, by: Actor, item: MeetingItem, note: Note) -> MeetingDecision:
    """Only write down what was decided: nothing else changes."""
    held, meeting = _held(by, item, MeetingEvent.DECIDE)
    made = settle(held, MeetingItem.Outcome.NOTED, held.case, note=_note(by, held.case, note))
    _enter(by, DECIDED, held.case, meeting, made)
    return made


@transaction.atomic
def ask(
    *, by: Actor, item: MeetingItem, what: str, category: str, user: User | str, by_when: date
) -> MeetingAction:
    """Somebody is to do something about the case. They must be able to read what it is."""
    held, meeting = _held(by, item, MeetingEvent.DECIDE)
    require(by, Permission.CASE_NOTE, facts(held.case))
    check = Check()
    words = check.words("what", what, most=200, missing=_("Enter what is to be done"))
    allowed = [one.value for one in readable(by, held.case) if one not in NOT_NOTED]
    kind = check.choice("category", category, allowed, _("Select what kind of information it is"))
    chosen = check.one("user", User, user, _("Select who does it"))
    check.that(by_when >= clock.today(), "by_when", _("The day must be today or later."))
    if chosen is not None and kind in allowed:
        theirs = actor_for_user(chosen)
        sees = is_visible(theirs, held.case) and Category(kind) in readable(theirs, held.case)
        words_for = _("They may not see this case, or this kind of information in it.")
        check.that(chosen.is_active and sees, "user", words_for)
    check.done()
    assert chosen is not None  # noqa: S101 - for the type checker
    made = MeetingAction.objects.create(
        item=held, case=held.case, category=kind, what=words, user=chosen, by_when=by_when
    )
    entered(by, ASKED, held.case, {"by": by_when.isoformat()}, [("meeting", meeting.pk)])
    return made


@transaction.atomic
def done(*, by: Actor, action: MeetingAction) -> MeetingAction:
    """It is done: said by whoever has it, or by whoever works on the case."""
    found = MeetingAction.objects.select_for_update().filter(pk=action.pk).first()
    if found is None:
        raise NotVisible("No such action.")
    case = get(by=by, id=found.case_id)
    if Category(found.category) not in readable(by, case):
        raise NotVisible("No such action.")
    if found.user_id != by.user:
        require(by, Permission.CASE_WORK, facts(case))
    if found.done_on is not None:
        raise Refused(_("This is done already."))
    found.done_on = clock.today()
    found.save()
    entered(by, ACTED, case, {"by": found.by_when.isoformat()})
    return found


def _held(by: Actor, item: MeetingItem, event: MeetingEvent) -> tuple[MeetingItem, Meeting]:
    """The line of the agenda as it is now, of a case that exists for the actor, while the meeting's
    state lets this happen."""
    meeting = locked(by, Meeting.objects.get(pk=item.meeting_id), Permission.MEETING_HOLD)
    found = MeetingItem.objects.select_for_update().get(pk=item.pk)
    case = Case.objects.select_for_update().get(pk=found.case_id)
    if not is_visible(by, case) or not may(by, case, Permission.CASE_VIEW):
        raise NotVisible("No such line of the agenda.")
    MEETING_STATES.next(meeting.state, event)
    found.case = case
    return found, meeting


def _note(by: Actor, case: Case, note: Note | None) -> CaseNote | None:
    if note is None:
        return None
    return case_notes.write(by=by, case=case, category=note[0], words=note[1])


def _enter(by: Actor, verb: Verb, case: Case, meeting: Meeting, made: MeetingDecision) -> None:
    payload = {"kind": str(made.kind), "meeting": meeting.held_on.isoformat()}
    entered(by, verb, case, payload, [("meeting", meeting.pk)])
