"""What the verbs of a request begin with: its row, locked, and who acts on it."""

from uuid import UUID

from django.utils.translation import gettext

from stepdown.kernel.errors import NotVisible, Refused
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission
from stepdown.records.models import RightsPack, RightsRequest
from stepdown.records.queries.rights_request import facts


def row(request: RightsRequest) -> RightsRequest:
    """The request as it is stored now, locked. The caller asks whether the actor may."""
    held = RightsRequest.objects.select_for_update().filter(pk=request.pk).first()
    if held is None:
        raise NotVisible("No such request.")
    return held


def row_for(by: Actor, request: RightsRequest, permission: Permission) -> RightsRequest:
    """The request as it is stored now, locked, for whoever has the permission on it."""
    held = row(request)
    require(by, permission, facts(held))
    return held


def account(by: Actor) -> UUID:
    """The account that what is done stands under."""
    if by.user is None:
        raise Refused(gettext("Sign in to do this."))
    return by.user


def drop(request: RightsRequest) -> None:
    """What was made is not what goes out any more; its file goes with the hub's next jobs."""
    RightsPack.objects.filter(request=request).update(state=RightsPack.State.GONE)
