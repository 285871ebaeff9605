"""For whom the database is read: an actor, or the hub itself. See docs/security.

A page's reads are its actor's. What needs more than its actor may see (an action that plans,
holds or keeps something unique; a sum whose rows nobody is shown) asks for it by name with
``as_hub``, and says why.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from stepdown.kernel import clock, reader
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey


def claims_of(actor: Actor) -> str:
    """What the database is told of an actor: their grants, account, own person, and the day."""
    if any(grant.role is RoleKey.HUB for grant in actor.grants):
        return reader.HUB
    said = {
        "user": str(actor.user) if actor.user else None,
        "person": str(actor.person) if actor.person else None,
        "grants": [
            {
                "role": grant.role.value,
                "agency": str(grant.agency) if grant.agency else None,
                "districts": sorted(grant.districts) or None,
            }
            for grant in actor.grants
        ],
        "opened": sorted(str(one.record) for one in actor.overrides),
        "today": clock.today().isoformat(),
        "now": clock.now().isoformat(),
    }
    return json.dumps(said, separators=(",", ":"))


@contextmanager
def as_actor(actor: Actor) -> Iterator[None]:
    """Read what the actor may see, inside the block."""
    with reader.reading_as(claims_of(actor)):
        yield


@contextmanager
def as_hub(why: str) -> Iterator[None]:
    """Read as the hub itself inside the block, or the decorated function. ``why`` is for whoever
    reviews this: every place that looks over the second wall is found by this name.

    Nothing lazy may leave the block: a query that is only run outside it is its actor's again.
    """
    if not why:
        raise ValueError("Say why.")
    with reader.reading_as(reader.HUB):
        yield
