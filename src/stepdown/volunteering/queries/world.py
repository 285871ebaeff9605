"""The matching problem as the records stand: the one bridge from the store to the engine."""

from collections import defaultdict
from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from stepdown.matching.problem import Problem
from stepdown.volunteering.models import Need, Volunteer
from stepdown.volunteering.queries import world_pairs
from stepdown.volunteering.queries.resident_world import everybody
from stepdown.volunteering.queries.world_needs import asked, is_shielded, records, wanting
from stepdown.volunteering.queries.world_pairs import Helped, Pairs
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
    found = records(wanting(on) if needs is None else needs)
    wanted = asked(found, on, full=needs is not None)
    kept = {need.id for need in wanted}
    by_id = {str(need.pk): need for need in found if str(need.pk) in kept}
    hidden_needs = frozenset(key for key, need in by_id.items() if is_shielded(need))
    if volunteers is None and needs is None:
        known = everybody(on, found, wanted)
        if known is not None:
            return World(known[0], by_id, hidden_needs, known[1])
    people = active() if volunteers is None else volunteers
    offered, profiles, hidden = offering(people, wanted, on)
    helped: dict[UUID, list[str]] = defaultdict(list)
    for key, need in by_id.items():
        if need.person_id is not None:
            helped[need.person_id].append(key)
    problem = Problem.build(
        offered,
        wanted,
        on=on,
        exclusions=world_pairs.apart(people, helped) | _themselves(profiles, helped),
        held_pairs=world_pairs.together(people),
        continuity=world_pairs.before(people, helped),
    )
    return World(
        problem=problem,
        needs=by_id,
        shielded_needs=hidden_needs,
        shielded_volunteers=frozenset(str(pk) for pk in hidden),
    )


def _themselves(profiles: dict[UUID, UUID], helped: Helped) -> Pairs:
    """Nobody is sent to support themself."""
    return {
        (str(profiles[person]), need)
        for person, needs in helped.items()
        if person in profiles
        for need in needs
    }
