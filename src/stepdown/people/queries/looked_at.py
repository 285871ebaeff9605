"""Under which ids looks at somebody stand in the read log.

A referral is looked at before it is known whose it is, and so is a case: those looks stand under
the referral and the case. The wings above say what they have (``also_under``); this one does not
know them.
"""

from collections.abc import Callable, Iterable
from uuid import UUID

from stepdown.hub.queries.reader import as_hub

Finds = Callable[[UUID], Iterable[UUID]]

_WAYS: list[Finds] = []


def also_under(finds: Finds) -> None:
    """Say which records of a wing were looked at before somebody was known to be in them."""
    _WAYS.append(finds)


@as_hub("under which ids somebody was looked at, and nothing of those records")
def ids_of(person: UUID) -> frozenset[UUID]:
    """The person's own id and those of such records. A query for each way."""
    return frozenset({person, *(one for finds in _WAYS for one in finds(person))})
