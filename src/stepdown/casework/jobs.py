"""What this wing does by itself, every few seconds."""

from collections.abc import Callable

from stepdown.casework.actions import referrals
from stepdown.policy.actors import Actor

Job = Callable[[], int]


def discard_drafts() -> int:
    """Forget referrals that were begun and never sent. How many."""
    return referrals.discard_expired(by=Actor.hub())


TICK: tuple[Job, ...] = (discard_drafts,)
