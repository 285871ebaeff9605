"""The matching problem as the records stand: the one bridge from the store to the engine."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from stepdown.hub.queries.reader import as_hub
from stepdown.matching.problem import Problem
from stepdown.volunteering.models import Need, Volunteer
from stepdown.volunteering.queries import world_pairs
from stepdown.volunteering.queries.resident_world import everybody
from stepdown.volunteering.queries.world_needs import Asking, asking, is_shielded, wanting
from stepdown.volunteering.queries.world_pairs import Between, Helped, Pairs
from stepdown.volunteering.queries.world_people import active, offering


@dataclass(frozen=True)
class World:
    """A problem, and whose position in it is coarse and never shown. Ids are those of records."""

    problem: Problem
    needs: dict[str, Need]
    shielded_needs: frozenset[str]
    shielded_volunteers: Container[str]

    def shielded(self, volunteer_id: str, need_id: str) -> bool:
        """Whether the distance between the two must stay unsaid."""
        return volunteer_id in self.shielded_volunteers or need_id in self.shielded_needs


@as_hub("the rules of a match read more of both than is shown")
def build(
    *,
    on: date,
    needs: QuerySet[Need] | None = None,
    volunteers: QuerySet[Volunteer] | None = None,
) -> World:
    """Read the world in a constant number of queries.

    Without ``needs``: all that are open on the day and have places left. With them: those, as they
    are, full or not. ``volunteers`` defaults to all who are active.
    """
    told = asking(wanting(on) if needs is None else needs, on, full=needs is not None)
    if volunteers is None and needs is None:
        known = everybody(on, told)
        if known is not None:
            return World(known[0], told.by_id, _hidden(told), known[1])
    return build_for(told, active() if volunteers is None else volunteers, on=on)


@as_hub("the rules of a match read more of both than is shown")
def build_for(
    told: Asking, people: QuerySet[Volunteer], *, on: date, known: Between | None = None
) -> World:
    """The world of some needs that have been read, and some volunteers; ``known`` where what is
    between them has been read too."""
    offered, profiles, hidden = offering(people, told.wanted, on)
    helped = told.helped
    if known is None:
        known = Between(
            world_pairs.apart(people, helped) | _themselves(profiles, helped),
            world_pairs.together(people),
            world_pairs.before(people, helped),
        )
    problem = Problem.build(
        offered,
        told.wanted,
        on=on,
        exclusions=known.apart,
        held_pairs=known.together,
        continuity=known.before,
    )
    shielded = frozenset(str(pk) for pk in hidden)
    return World(problem, told.by_id, _hidden(told), shielded)


def _hidden(told: Asking) -> frozenset[str]:
    return frozenset(key for key, need in told.by_id.items() if is_shielded(need))


def _themselves(profiles: dict[UUID, UUID], helped: Helped) -> Pairs:
    """Nobody is sent to support themself."""
    return {
        (str(profiles[person]), need)
        for person, needs in helped.items()
        if person in profiles
        for need in needs
    }
