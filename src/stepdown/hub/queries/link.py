"""Whom a link stands for."""

import hashlib
from uuid import UUID

from stepdown.hub.models import AccessLink
from stepdown.hub.queries.reader import as_hub
from stepdown.kernel import clock


def hash_of(secret: str) -> bytes:
    """What is stored of a link's secret, 32 bytes. The secret is random, so no salt is needed."""
    return hashlib.sha256(secret.encode()).digest()


def _good(link: AccessLink | None) -> AccessLink | None:
    if link is None or link.revoked_at or (link.expires_at and link.expires_at <= clock.now()):
        return None
    return link


@as_hub("a link stands for somebody before they are known")
def link_behind(*, secret: str, purpose: str) -> AccessLink | None:
    """The link with this secret; None when it is unknown, expired or revoked."""
    return _good(AccessLink.objects.filter(secret_hash=hash_of(secret), purpose=purpose).first())


@as_hub("a link stands for somebody before they are known")
def stands(*, person_id: UUID, purpose: str) -> bool:
    """Whether the person has a link of this purpose that still opens something."""
    found = AccessLink.objects.filter(person_id=person_id, purpose=purpose, revoked_at=None)
    return found.exclude(expires_at__lte=clock.now()).exists()


@as_hub("a link stands for somebody before they are known")
def person_behind_id(link_id: UUID) -> UUID | None:
    """Whom a volunteer's link, kept in a session by its id, still stands for."""
    link = _good(
        AccessLink.objects.filter(pk=link_id, purpose=AccessLink.Purpose.VOLUNTEER).first()
    )
    return link.person_id if link else None
