"""Requests about people's data take their course, from the day they come to their answer.

What goes out, and the second person's approval, is in ``rights_copies``.
"""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import transaction
from stepdown.hub.actions.given import Check, require_new
from stepdown.hub.actions.ledger import record
from stepdown.hub.models import Agency
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible, Refused
from stepdown.kernel.ids import new_reference
from stepdown.kernel.statutory import Regime
from stepdown.people.models import Person
from stepdown.policy.actors import Actor
from stepdown.policy.permissions import Permission
from stepdown.records.actions.rights_marks import settle
from stepdown.records.actions.rights_row import account, drop, row_for
from stepdown.records.models import RightsQuestion, RightsRequest
from stepdown.records.models.rights_request import RIGHTS_STATES, RightsEvent, RightsState
from stepdown.records.queries.held_reach import people_within
from stepdown.records.queries.rights_request import may_extend

RECEIVED = Verb("rights.received", _("Request received"))
NAMED = Verb("rights.named", _("Record of the person found"))
IDENTITY_ASKED = Verb("rights.identity-asked", _("Asked to show who they are"))
TAKEN = Verb("rights.taken", _("Taken in hand"))
QUESTION_ASKED = Verb("rights.question-asked", _("Asked what they mean: the clock stands still"))
ANSWER_HEARD = Verb("rights.answer-heard", _("Answer received: the clock runs again"))
EXTENDED = Verb("rights.extended", _("Told that two more months are needed"))
REFUSED = Verb("rights.refused", _("Request refused"))
WITHDRAWN = Verb("rights.withdrawn", _("Request withdrawn"))


@transaction.atomic
def receive(
    *,
    by: Actor,
    agency: Agency,
    kind: str,
    channel: str,
    received_on: date,
    regime: str = Regime.GENERAL.value,
    person: Person | None = None,
    asked_for: str = "",
) -> RightsRequest:
    """A request came to a partner, whatever way it came. The clock runs from the day it came."""
    require_new(by, Permission.RIGHTS_HANDLE, {"agency": agency.pk})
    check = Check()
    channels = [one for one in RightsRequest.Channel.values if one != RightsRequest.Channel.ONLINE]
    check.choice("channel", channel, channels, gettext("Select how it came."))
    check.choice("regime", regime, list(Regime), gettext("Select under which law."))
    check.that(
        received_on <= clock.today(),
        "received_on",
        gettext("The day it came must be today or in the past."),
    )
    made = _new(check, agency, kind, asked_for)
    made.channel, made.regime, made.received_on, made.person = channel, regime, received_on, person
    return _begin(by, made)


@transaction.atomic
def ask(*, by: Actor, agency: Agency, kind: str, asked_for: str = "") -> RightsRequest:
    """Somebody signed in asks about their own data. Signing in has shown who they are."""
    if by.person is None:
        raise Refused(gettext("Your account is not joined to a record about you."))
    require_new(by, Permission.RIGHTS_ASK, {"agency": agency.pk, "person": by.person})
    made = _new(Check(), agency, kind, asked_for)
    made.channel, made.received_on = RightsRequest.Channel.ONLINE, clock.today()
    made.person_id = by.person
    return _begin(by, made)


def _new(check: Check, agency: Agency, kind: str, asked_for: str) -> RightsRequest:
    check.choice("kind", kind, RightsRequest.Kind.values, gettext("Select what is asked for."))
    words = check.words("asked_for", asked_for, most=2000)
    check.done()
    reference = new_reference("DR")
    return RightsRequest(
        reference=reference, agency=agency, kind=kind, asked_for=words, made_at=clock.now()
    )


def _begin(by: Actor, made: RightsRequest) -> RightsRequest:
    made.save(force_insert=True)
    note(by, RECEIVED, made, {"kind": made.kind, "channel": made.channel})
    settle(by, made)
    return made


@transaction.atomic
def name_person(*, by: Actor, request: RightsRequest, person: Person) -> RightsRequest:
    """Say which record is theirs. Choices made about another record do not stand."""
    held = locked(by, request, Permission.RIGHTS_HANDLE, RightsEvent.NAME)
    if held.channel == RightsRequest.Channel.ONLINE:
        raise Refused(gettext("Who asks through the hub asks about their own record."))
    if not people_within(held.agency_id).filter(pk=person.pk).exists():
        raise NotVisible("No such record.")
    if held.person_id != person.pk:
        held.choices.all().delete()
        held.person = person
        save(held)
        note(by, NAMED, held)
        settle(by, held)
    return held


@transaction.atomic
def ask_identity(*, by: Actor, request: RightsRequest) -> RightsRequest:
    """They were asked to show who they are: the month begins when they have."""
    held = locked(by, request, Permission.RIGHTS_HANDLE, RightsEvent.ASK_IDENTITY)
    held.identity_asked_on = clock.today()
    return _done(by, held, IDENTITY_ASKED)


@transaction.atomic
def take(*, by: Actor, request: RightsRequest, identity_on: date | None = None) -> RightsRequest:
    """Take it in hand. ``identity_on`` is the day on which they showed who they are, if asked."""
    held = locked(by, request, Permission.RIGHTS_HANDLE, RightsEvent.TAKE)
    if held.identity_asked_on and held.identity_on is None:
        check = Check()
        check.that(
            identity_on and held.received_on <= identity_on <= clock.today(),
            "identity_on",
            gettext("Enter the day on which they showed who they are."),
        )
        check.done()
        held.identity_on = identity_on
    held.handler_id = account(by)
    return _done(by, held, TAKEN)


@transaction.atomic
def ask_question(*, by: Actor, request: RightsRequest, question: str) -> RightsQuestion:
    """Ask them what they mean. The clock stands still until they answer."""
    held = locked(by, request, Permission.RIGHTS_HANDLE, RightsEvent.ASK_QUESTION)
    check = Check()
    words = check.words("question", question, most=500, missing=gettext("Enter the question."))
    check.done()
    asked = RightsQuestion.objects.create(request=held, question=words, asked_on=clock.today())
    _done(by, held, QUESTION_ASKED)
    return asked


@transaction.atomic
def hear_answer(
    *, by: Actor, request: RightsRequest, answered_on: date, answer: str
) -> RightsRequest:
    """They said what they mean: the clock runs again from the next day."""
    held = locked(by, request, Permission.RIGHTS_HANDLE, RightsEvent.HEAR_ANSWER)
    asked = held.questions.get(answered_on__isnull=True)
    check = Check()
    check.that(
        asked.asked_on <= answered_on <= clock.today(),
        "answered_on",
        gettext("The day they answered must be from the day they were asked to today."),
    )
    words = check.words("answer", answer, most=1000, missing=gettext("Enter what they said."))
    check.done()
    asked.answered_on, asked.answer = answered_on, words
    asked.save(update_fields=["answered_on", "answer"])
    return _done(by, held, ANSWER_HEARD)


@transaction.atomic
def extend(
    *, by: Actor, request: RightsRequest, reason: str, holidays: Collection[date]
) -> RightsRequest:
    """They have been told, within the first month and why, that two more months are needed."""
    held = locked(by, request, Permission.RIGHTS_HANDLE, RightsEvent.EXTEND)
    if not may_extend(held, holidays):
        raise Refused(gettext("The time to give notice of a longer answer is past."))
    check = Check()
    held.extend_reason = check.words(
        "reason", reason, most=300, missing=gettext("Enter why more time is needed.")
    )
    check.done()
    held.extended_on = clock.today()
    return _done(by, held, EXTENDED)


@transaction.atomic
def refuse(*, by: Actor, request: RightsRequest, refusal: str, outcome: str) -> RightsRequest:
    """Refused, for a reason that the law knows and in words for the person."""
    held = locked(by, request, Permission.RIGHTS_HANDLE, RightsEvent.REFUSE)
    check = Check()
    reasons = RightsRequest.Refusal.values
    held.refusal = check.choice("refusal", refusal, reasons, gettext("Select why it is refused."))
    held.outcome = check.words(
        "outcome", outcome, most=2000, missing=gettext("Enter the reasons for the person.")
    )
    check.done()
    held.ended_on = clock.today()
    return _done(by, held, REFUSED, {"refusal": held.refusal})


@transaction.atomic
def withdraw(*, by: Actor, request: RightsRequest) -> RightsRequest:
    """They take it back, or an officer notes that they did. No copy that was made goes out."""
    own = by.person is not None and by.person == request.person_id
    permission = Permission.RIGHTS_ASK if own else Permission.RIGHTS_HANDLE
    held = locked(by, request, permission, RightsEvent.WITHDRAW)
    held.ended_on = clock.today()
    drop(held)
    return _done(by, held, WITHDRAWN)


def locked(
    by: Actor, request: RightsRequest, permission: Permission, event: RightsEvent
) -> RightsRequest:
    """The request, locked, in the state after the event; refused where that may not be."""
    held = row_for(by, request, permission)
    held.state = RightsState(RIGHTS_STATES.next(held.state, event))
    return held


def save(held: RightsRequest) -> None:
    """Write it as a new version."""
    held.version += 1
    held.save()


def note(
    by: Actor, verb: Verb, request: RightsRequest, payload: dict[str, Any] | None = None
) -> None:
    """One ledger entry. It is not among those of the person's record, which others read too."""
    about: tuple[str, UUID] = ("rights", request.pk)
    record(by=by, verb=verb, about=about, payload=payload)


def _done(
    by: Actor, held: RightsRequest, verb: Verb, payload: dict[str, Any] | None = None
) -> RightsRequest:
    save(held)
    note(by, verb, held, payload)
    settle(by, held)
    return held
