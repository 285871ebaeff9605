"""Making, following and revoking the links that stand for a person."""

import secrets
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import transaction
from stepdown.hub.actions.ledger import record
from stepdown.hub.models import AccessLink
from stepdown.hub.queries.link import hash_of
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.policy.actors import Actor

LINK_MADE = Verb("link.made", _("A link was made"))
LINK_REVOKED = Verb("link.revoked", _("Links were revoked"))

GOOD_FOR = {
    AccessLink.Purpose.VOLUNTEER: timedelta(days=14),
    # Nobody reads a calendar's address twice, so that one must not outlive its owner's interest.
    AccessLink.Purpose.CALENDAR: timedelta(days=365),
}


@transaction.atomic
def make(*, by: Actor, person_id: UUID, purpose: str) -> str:
    """A new link's secret (192 random bits), shown this once. The caller has checked the right."""
    secret = secrets.token_urlsafe(24)
    kind = AccessLink.Purpose(purpose)
    link = AccessLink.objects.create(
        person_id=person_id,
        purpose=kind,
        secret_hash=hash_of(secret),
        made_at=clock.now(),
        expires_at=clock.now() + GOOD_FOR[kind],
    )
    record(
        by=by,
        verb=LINK_MADE,
        about=("link", link.pk),
        subjects=[("person", person_id)],
        payload={"purpose": kind.value},
    )
    return secret


@transaction.atomic
def revoke(*, by: Actor, person_id: UUID, purpose: str) -> int:
    """End all of a person's links of a purpose at once. The number ended."""
    ended = AccessLink.objects.filter(person_id=person_id, purpose=purpose, revoked_at=None).update(
        revoked_at=clock.now()
    )
    if ended:
        record(
            by=by,
            verb=LINK_REVOKED,
            about=("person", person_id),
            payload={"purpose": purpose, "links": ended},
        )
    return ended
