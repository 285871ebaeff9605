"""What a request stops: the person's data is kept and not used, until they hear that it ends.

``settle`` is called by every verb of a request, so that what is stopped follows where it stands.
"""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import transaction
from stepdown.hub.actions.given import Check
from stepdown.hub.actions.ledger import record
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import Refused
from stepdown.people.models import Allowance, Restriction
from stepdown.people.models.restriction import Use
from stepdown.policy.actors import Actor
from stepdown.policy.permissions import Permission
from stepdown.records.actions.rights_row import account, row_for
from stepdown.records.models import RightsRequest
from stepdown.records.models.rights_request import RightsState

RESTRICTED = Verb("rights.restricted", _("Use of the record restricted"))
UPHELD = Verb("rights.upheld", _("Objection upheld: the use stays restricted"))
ALLOWED = Verb("rights.use-allowed", _("One use of the record allowed"))
TOLD = Verb("rights.lifting-told", _("Told that the restriction will be lifted"))
LIFTED = Verb("rights.lifted", _("Use of the record no longer restricted"))

# An objection stops the use while it is looked at (UK GDPR Article 18(1)(d)), from when it is known
# who objects.
_LOOKED_AT = (
    RightsState.IN_HAND,
    RightsState.QUESTION_ASKED,
    RightsState.FOR_APPROVAL,
    RightsState.APPROVED,
)
LONGEST = 366  # days for which one use is allowed, then somebody looks again


def settle(by: Actor, request: RightsRequest) -> None:
    """Begin, confirm or end what the request stops, as it stands now. In the caller's transaction.

    Refusing an objection ends nothing: whoever obtained a stop is told before it is lifted. What
    they take back themself ends at once, and so does what was put on a record that is not theirs.
    """
    held = Restriction.objects.select_for_update().filter(asked_in=request.pk, ended_at=None)
    stands = held.first()
    if stands is not None and stands.person_id != request.person_id:
        _end(by, request, stands)
        stands = None
    if stands is not None and request.state == RightsState.WITHDRAWN:
        _end(by, request, stands)
        return
    why = _wanted(request)
    if why is None or request.person_id is None:
        return
    if stands is None:
        Restriction.objects.create(
            person_id=request.person_id, asked_in=request.pk, why=why, since=clock.now()
        )
        _note(by, RESTRICTED, request, {"why": why.value})
    elif stands.why != why:
        stands.why = why
        stands.save(update_fields=["why"])
        _note(by, UPHELD, request)


def _wanted(request: RightsRequest) -> Restriction.Why | None:
    """What the request stops, where it stands; None where nothing begins."""
    kinds, state = RightsRequest.Kind, RightsState(request.state)
    if request.kind == kinds.RESTRICTION and state == RightsState.ANSWERED:
        return Restriction.Why.ASKED
    if request.kind != kinds.OBJECTION:
        return None
    if state == RightsState.ANSWERED:
        return Restriction.Why.UPHELD
    known = state == RightsState.RECEIVED and request.channel == RightsRequest.Channel.ONLINE
    return Restriction.Why.OBJECTION if known or state in _LOOKED_AT else None


@transaction.atomic
def allow(
    *,
    by: Actor,
    request: RightsRequest,
    use: str,
    ground: str,
    reason: str,
    until: date | None,
) -> Allowance:
    """Let one use go on, to the end of a day, on a ground of the law."""
    stands = _locked(by, request)
    check, today = Check(), clock.today()
    check.choice("use", use, Use.values, gettext("Select what the data may be used for."))
    grounds = Allowance.Ground.values
    check.choice("ground", ground, grounds, gettext("Select why the law lets it."))
    words = check.words("reason", reason, most=500, missing=gettext("Enter your reason."))
    check.that(
        until and today <= until and (until - today).days <= LONGEST,
        "until",
        gettext("The last day must be from today to a year from now."),
    )
    check.done()
    assert until is not None  # noqa: S101 - for the type checker
    made = Allowance.objects.create(
        restriction=stands,
        use=use,
        ground=ground,
        reason=words,
        until=until,
        made_by_id=account(by),
        made_at=clock.now(),
    )
    payload = {"use": use, "ground": ground, "until": made.until.isoformat()}
    _note(by, ALLOWED, request, payload)
    return made


@transaction.atomic
def tell_of_lifting(*, by: Actor, request: RightsRequest, told_on: date | None) -> Restriction:
    """They were told that the stop will be lifted (UK GDPR Article 18(3)), on this day."""
    stands = _locked(by, request)
    check = Check()
    since = stands.since.astimezone(clock.LONDON).date()
    check.that(
        told_on and since <= told_on <= clock.today(),
        "told_on",
        gettext("The day must be from the day on which the restriction began to today."),
    )
    check.done()
    stands.told_on = told_on
    stands.save(update_fields=["told_on"])
    _note(by, TOLD, request)
    return stands


@transaction.atomic
def lift(*, by: Actor, request: RightsRequest) -> None:
    """Their data is used again. ``Refused`` until they have been told, and until the objection that
    it stands for is decided."""
    stands = _locked(by, request)
    if stands.why == Restriction.Why.OBJECTION and request.state != RightsState.REFUSED:
        raise Refused(gettext("Decide on the objection first."))
    if stands.told_on is None:
        raise Refused(gettext("Tell them first that the restriction will be lifted."))
    _end(by, request, stands)


def _end(by: Actor, request: RightsRequest, stands: Restriction) -> None:
    stands.ended_at = clock.now()
    stands.save(update_fields=["ended_at"])
    _note(by, LIFTED, request, person=stands.person_id)


def _locked(by: Actor, request: RightsRequest) -> Restriction:
    fresh = row_for(by, request, Permission.RIGHTS_HANDLE)
    request.state = fresh.state
    found = Restriction.objects.select_for_update().filter(asked_in=fresh.pk, ended_at=None)
    stands = found.first()
    if stands is None:
        raise Refused(gettext("Nothing is restricted because of this request."))
    return stands


def _note(
    by: Actor,
    verb: Verb,
    request: RightsRequest,
    payload: dict[str, Any] | None = None,
    person: UUID | None = None,
) -> None:
    """One ledger entry, which names the person's record too: its pages say that its use is
    restricted, and whatever keeps a copy of it hears that it changed."""
    about = person or request.person_id
    subjects = [("person", about)] if about else []
    record(by=by, verb=verb, about=("rights", request.pk), subjects=subjects, payload=payload)
