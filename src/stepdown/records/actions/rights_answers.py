"""A request is answered: one person says what goes out, a second one approves it."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import outbox, transaction
from stepdown.hub.actions.given import Check
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.policy.actors import Actor
from stepdown.policy.permissions import Permission
from stepdown.records.actions.rights_copies import begin
from stepdown.records.actions.rights_marks import settle
from stepdown.records.actions.rights_requests import locked, note, save
from stepdown.records.actions.rights_row import account, drop
from stepdown.records.models import RightsRequest
from stepdown.records.models.rights_request import RightsEvent
from stepdown.records.queries.recipients import agencies_shown, officers_of
from stepdown.records.queries.rights_copy import digest_of_all, reviewed
from stepdown.records.queries.rights_pack import has_copy
from stepdown.records.queries.rights_request import CHANGES, is_copy

SUBMITTED = Verb("rights.submitted", _("Sent to a second person for approval"))
SENT_BACK = Verb("rights.sent-back", _("Sent back by the second person"))
APPROVED = Verb("rights.approved", _("Approved by a second person"))
ANSWERED = Verb("rights.answered", _("Request answered"))


@transaction.atomic
def submit(
    *, by: Actor, request: RightsRequest, outcome: str = "", ground: str = ""
) -> RightsRequest:
    """Send what is to go out to a second person; for erasure, on which ground of the law."""
    held = locked(by, request, Permission.RIGHTS_HANDLE, RightsEvent.SUBMIT)
    if held.person_id is None:
        raise InvalidInput({"": gettext("Say first whose record this request is about.")})
    check = Check()
    missing = "" if is_copy(held) else gettext("Enter what you did.")
    held.outcome = check.words("outcome", outcome, most=2000, missing=missing)
    if held.kind == RightsRequest.Kind.ERASURE:
        grounds = RightsRequest.Ground.values
        held.ground = check.choice("ground", ground, grounds, gettext("Select the ground."))
    check.done()
    if is_copy(held) and any(one.open for one in reviewed(held)):
        raise Refused(gettext("Say first what is done with everything that wants a look."))
    held.submitted_by_id, held.approved_by, held.approved_digest = account(by), None, None
    save(held)
    note(by, SUBMITTED, held)
    return held


@transaction.atomic
def send_back(*, by: Actor, request: RightsRequest, why: str) -> RightsRequest:
    """The second person wants something changed; what was approved before is so no more."""
    held = locked(by, request, Permission.RIGHTS_APPROVE, RightsEvent.SEND_BACK)
    check = Check()
    check.words("why", why, most=500, missing=gettext("Enter what is to be changed."))
    check.done()
    held.approved_by, held.approved_digest = None, None
    save(held)
    drop(held)
    note(by, SENT_BACK, held, {"why": why})
    return held


@transaction.atomic
def approve(*, by: Actor, request: RightsRequest) -> RightsRequest:
    """A second person has seen all that goes out, and lets it."""
    held = locked(by, request, Permission.RIGHTS_APPROVE, RightsEvent.APPROVE)
    if by.user is None or by.user == held.submitted_by_id:
        raise Refused(gettext("Somebody else must approve what you have sent for approval."))
    held.approved_by_id = by.user
    if is_copy(held):
        seen = reviewed(held)
        if any(one.open for one in seen):
            raise Refused(gettext("The records have changed. Send it back to be looked at again."))
        held.approved_digest = digest_of_all(seen)
        begin(held)
    save(held)
    note(by, APPROVED, held)
    return held


@transaction.atomic
def answer(*, by: Actor, request: RightsRequest) -> RightsRequest:
    """The answer is there: the clock ends. Who asked through the hub is told so, and no more."""
    held = locked(by, request, Permission.RIGHTS_HANDLE, RightsEvent.ANSWER)
    if held.kind == RightsRequest.Kind.ERASURE:
        raise Refused(gettext("It is answered by erasing the records."))
    if is_copy(held) and not has_copy(held):
        raise Refused(gettext("The copy is not there yet. The hub makes it within a minute."))
    held.ended_on = clock.today()
    save(held)
    told = tell_recipients(held)
    note(by, ANSWERED, held, {"told": told} if told else None)
    settle(by, held)
    tell(held)
    return held


def tell_recipients(request: RightsRequest) -> list[str]:
    """Whoever was shown the agency's record hears that it was corrected, or that it must not be
    used: the officers of those agencies, without a word of whom. Their agencies' names."""
    if request.kind not in CHANGES or request.person_id is None:
        return []
    told = agencies_shown(request.person_id, by=request.agency_id)
    for user in officers_of(told):
        outbox.post(template="rights-recipient", about=("rights", request.pk), to_user=user)
    return told


def tell(request: RightsRequest) -> None:
    """A message that there is something to see, for somebody who can sign in and see it."""
    account = request.person.user_id if request.person else None
    if request.channel == RightsRequest.Channel.ONLINE and account is not None:
        outbox.post(template="rights-answered", about=("rights", request.pk), to_user=account)
