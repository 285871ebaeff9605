"""What every verb of an agreement begins with."""

from uuid import UUID

from stepdown.hub.actions.given import require_new
from stepdown.kernel.errors import NotVisible
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission
from stepdown.sharing.models import Agreement
from stepdown.sharing.models.agreement import AGREEMENT_STATES, AgreementEvent
from stepdown.sharing.queries.agreement import facts


def locked(
    by: Actor,
    agreement: Agreement,
    permission: Permission,
    event: AgreementEvent,
    agency: UUID | None = None,
) -> Agreement:
    """The agreement, locked, in the state after the event; refused where that may not be.

    ``agency`` is the party for which somebody acts: the permission must be held there.
    """
    held = Agreement.objects.select_for_update().filter(pk=agreement.pk).first()
    if held is None:
        raise NotVisible("No such agreement.")
    known = facts(held)
    require(by, Permission.AGREEMENT_VIEW, known)
    require_new(by, permission, known if agency is None else {"agency": agency})
    held.state = AGREEMENT_STATES.next(held.state, event)
    return held


def subjects(agreement: Agreement) -> list[tuple[str, UUID]]:
    """The agencies an entry about the agreement concerns."""
    return [("agency", party.agency_id) for party in agreement.parties.all()]
