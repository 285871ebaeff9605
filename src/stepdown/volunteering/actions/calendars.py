"""A volunteer's calendar feed: a secret address that can be taken back."""

from stepdown.hub.actions import links, transaction
from stepdown.hub.models import AccessLink
from stepdown.kernel.errors import NotVisible
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission


@transaction.atomic
def make_feed(*, by: Actor) -> str:
    """The secret of a new feed of the actor's own placements. It ends an earlier one."""
    if by.person is None:
        raise NotVisible("No such feed.")
    require(by, Permission.PLACEMENT_VIEW, {"person": by.person})
    end_feed(by=by)
    return links.make(by=by, person_id=by.person, purpose=AccessLink.Purpose.CALENDAR)


@transaction.atomic
def end_feed(*, by: Actor) -> int:
    """The feed answers no more. How many there were."""
    if by.person is None:
        raise NotVisible("No such feed.")
    return links.revoke(by=by, person_id=by.person, purpose=AccessLink.Purpose.CALENDAR)
