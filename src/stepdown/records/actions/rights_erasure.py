"""Erasure: what somebody asked for and two people agreed to is done, and leaves a tombstone."""

from django.utils.translation import gettext

from stepdown.hub.actions import transaction
from stepdown.hub.queries.reader import as_hub
from stepdown.kernel import clock
from stepdown.kernel.errors import Refused
from stepdown.policy.actors import Actor
from stepdown.policy.permissions import Permission
from stepdown.records.actions.disposals import dispose_of
from stepdown.records.actions.rights_answers import ANSWERED
from stepdown.records.actions.rights_requests import locked, note, save
from stepdown.records.models import Disposal, RightsRequest
from stepdown.records.models.rights_request import RightsEvent
from stepdown.records.queries.in_the_way import kept_elsewhere
from stepdown.records.queries.retention import due_one


@transaction.atomic
def erase(*, by: Actor, request: RightsRequest) -> Disposal:
    """Dispose of everything about the person of an approved request, the request among it.

    ``Refused`` while the records are held, while something about them is in use, and where another
    agency keeps records about the person too, which are not this one's to erase: the request then
    stands as it did.
    """
    held = locked(by, request, Permission.RIGHTS_HANDLE, RightsEvent.ANSWER)
    if held.kind != RightsRequest.Kind.ERASURE or held.person_id is None:
        raise Refused(gettext("Only a request for erasure erases records."))
    with as_hub("whether another agency keeps something about one person"):
        elsewhere = kept_elsewhere(held.person_id, held.agency_id)
    if elsewhere:
        raise Refused(
            gettext("Another agency keeps records about this person too, and decides on its own.")
        )
    held.ended_on = clock.today()
    save(held)  # what is open about them, this request is no more
    note(by, ANSWERED, held)
    _, line = due_one(by, held.person_id, Permission.RETENTION_AGREE)
    if line is None:
        raise Refused(gettext("Something about this person is still open."))
    return dispose_of(
        by=by, person=held.person_id, ground=Disposal.Ground.ERASURE, schedule=line.schedule
    )
