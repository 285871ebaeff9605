"""An agreement takes its course: sent for signature, signed, withdrawn. See also ``terms``."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import transaction
from stepdown.hub.actions.given import Check
from stepdown.hub.actions.ledger import record
from stepdown.hub.models import Agency
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.policy.actors import Actor
from stepdown.policy.permissions import Permission
from stepdown.sharing.actions.locking import locked, subjects
from stepdown.sharing.actions.terms import add_clause, assess, change, draft, remove_clause, renew
from stepdown.sharing.models import Agreement, Signature
from stepdown.sharing.models.agreement import AgreementEvent, AgreementState
from stepdown.sharing.queries.agreement import missing, terms_hash

__all__ = [
    "add_clause",
    "assess",
    "change",
    "draft",
    "issue",
    "remove_clause",
    "renew",
    "sign",
    "withdraw",
]

ISSUED = Verb("agreement.issued", _("Sent for signature"))
SIGNED = Verb("agreement.signed", _("Agreement signed"))
WITHDRAWN = Verb("agreement.withdrawn", _("Agreement withdrawn"))


@transaction.atomic
def issue(*, by: Actor, agreement: Agreement) -> Agreement:
    """Send it for signature: from now its terms do not change."""
    held = locked(by, agreement, Permission.AGREEMENT_DRAFT, AgreementEvent.ISSUE)
    lacking = missing(held)
    if lacking:
        raise InvalidInput({"": " ".join(str(one) for one in lacking)})
    held.issued_at = clock.now()
    held.version += 1
    held.save()
    _record(by, ISSUED, held, {"version": held.number, "terms": terms_hash(held).hex()})
    return held


@transaction.atomic
def sign(*, by: Actor, agreement: Agreement, agency: Agency) -> Signature:
    """A party signs: somebody with the permission at that agency, once. No draft, no lapsed one."""
    held = locked(by, agreement, Permission.AGREEMENT_SIGN, AgreementEvent.SIGN, agency=agency.pk)
    if by.user is None:
        raise Refused(gettext("Sign in to sign an agreement."))
    if not held.parties.filter(agency=agency).exists():
        raise Refused(gettext("This agency is not a party to the agreement."))
    if held.signatures.filter(agency=agency).exists():
        raise Refused(gettext("This agency has signed the agreement already."))
    if held.ends < clock.today():
        raise Refused(gettext("The last day of this agreement is past. Make a new version."))
    signature = Signature.objects.create(
        agreement=held, agency=agency, user_id=by.user, at=clock.now(), terms=terms_hash(held)
    )
    _record(
        by,
        SIGNED,
        held,
        {"version": held.number, "agency": agency.name, "terms": signature.terms.hex()},
    )
    return signature


@transaction.atomic
def withdraw(*, by: Actor, agreement: Agreement, agency: Agency, reason: str) -> Agreement:
    """A party withdraws: every version of the agreement ends now, for all parties.

    What was shown before stays in the read log; nothing more is shown from the next request on.
    """
    held = locked(
        by, agreement, Permission.AGREEMENT_WITHDRAW, AgreementEvent.WITHDRAW, agency=agency.pk
    )
    if not held.parties.filter(agency=agency).exists():
        raise Refused(gettext("This agency is not a party to the agreement."))
    check = Check()
    reason = check.words("reason", reason, most=300, missing=gettext("Enter why it ends."))
    check.done()
    versions = Agreement.objects.select_for_update().filter(reference=held.reference)
    for one in versions.exclude(state=AgreementState.WITHDRAWN).order_by("number"):
        one.state = AgreementState.WITHDRAWN
        one.withdrawn_at, one.withdrawn_for = clock.now(), agency
        one.withdraw_reason = reason
        one.version += 1
        one.save()
        _record(by, WITHDRAWN, one, {"version": one.number, "agency": agency.name})
    held.refresh_from_db()
    return held


def _record(by: Actor, verb: Verb, agreement: Agreement, payload: dict[str, Any]) -> None:
    about: tuple[str, UUID] = ("agreement", agreement.pk)
    record(by=by, verb=verb, about=about, subjects=subjects(agreement), payload=payload)
