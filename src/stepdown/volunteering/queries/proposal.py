"""What the engine proposes for a world, with its reasons as data: the content of a plan.

A small hub is planned by the plain engine, a large one by the engine for whole countries. Both
prove the same, and both are told here in the same way. The engine's compiled parts are imported
when a plan is made, not when the hub starts.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings

from stepdown.volunteering.queries.world import World

if TYPE_CHECKING:
    from stepdown.matching.certify import Certificate

Progress = Callable[[str, int, int], None]

# What stands in the place of a change that was not found, though there may be one.
NOT_SOUGHT = "change-not-sought"  # the plan was stopped: what a change would do is not known
HELD_BACK = "change-held-back"  # changes to the last plan were: it may be filled without that
NOT_FOUND = "change-not-found"  # none among those who come closest, and not all were tried


class Keeping(NamedTuple):
    """How much of the last plan to keep: the most matches that may change (None: any number), and
    the points that a change must earn for each match if it fills no more places."""

    most: int | None = None
    sticky: int = 0

    @property
    def wanted(self) -> bool:
        """Whether anything is to be kept."""
        return self.most is not None or self.sticky > 0


class Kept(NamedTuple):
    """What was kept of the last plan: of its ``possible`` matches ``changed`` are not in this one;
    ``held_back`` sets of changes were not made.

    ``sound`` says that a plan that is less than the best is so for that alone.
    """

    most: int | None
    sticky: int
    possible: int
    changed: int
    held_back: int
    sound: bool


class Match(NamedTuple):
    """One place filled: who, when (a slot's bit), how good, and the terms of that as data."""

    need_id: str
    volunteer_id: str
    slot: int | None
    band: int
    quality: int
    terms: list[dict[str, Any]]


@dataclass(frozen=True)
class Gap:
    """A need with empty places: why, and the cheapest change that would fill one (None: none)."""

    need_id: str
    band: int
    places_unfilled: int
    why: dict[str, Any]
    change: dict[str, Any] | None


@dataclass(frozen=True)
class Proposal:
    """What is proposed and what is proved of it. ``pairs`` and ``gaps`` come most urgent first,
    each but once, and are worked out as they are read; ``finished`` is False where time ran out.

    No term or change says a distance where either place is shielded.
    """

    world: World
    certificate: "Certificate"
    seconds: dict[str, float]
    finished: bool
    pairs: Iterable[Match]
    gaps: Iterable[Gap]
    gap_count: int
    places_by_band: list[int]
    fairness: dict[str, Any]
    kept: Kept | None = None

    @property
    def filled(self) -> int:
        """Places filled."""
        return sum(self.certificate.filled_by_band)

    @property
    def places(self) -> int:
        """Places that were open."""
        return sum(self.places_by_band)


def propose(
    world: World,
    progress: Progress | None = None,
    *,
    time_limit: float | None = None,
    keeping: Keeping | None = None,
) -> Proposal:
    """Run the engine and ask it for every reason. ``progress`` hears (phase, done, total).

    A ``time_limit`` in seconds stops the engine for large hubs with the best plan so far; the plain
    one is done before any limit that makes sense. Where some of the last plan is to be kept, it is
    that engine's work whatever the size of the hub.
    """
    keeping = keeping or Keeping()
    if keeping.wanted or len(world.problem.volunteers) >= settings.STEPDOWN_INDEX_FROM:
        from stepdown.volunteering.queries.proposal_large import propose_large

        return propose_large(world, progress, time_limit, keeping)
    from stepdown.volunteering.queries.proposal_small import propose_small

    return propose_small(world, progress)


def places_by_band(world: World) -> list[int]:
    """Open places in bands 1 to 4."""
    counts = [0, 0, 0, 0]
    for need in world.problem.needs:
        counts[need.band - 1] += need.open_places
    return counts
