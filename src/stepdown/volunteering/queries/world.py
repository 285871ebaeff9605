"""The matching problem as the records stand: the one bridge from the store to the engine."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from stepdown.matching.problem import Problem
from stepdown.volunteering.models import Exclusion, Need, Placement, Volunteer
from stepdown.volunteering.models.placement import PlacementState
from stepdown.volunteering.queries import hold
from stepdown.volunteering.queries.world_needs import asked, is_shielded, records, wanting
from stepdown.volunteering.queries.world_people import active, offering

Pairs = set[tuple[str, str]]


@dataclass(frozen=True)
class World:
    """A problem, and whose position in it is coarse and never shown. Ids are those of records."""

    problem: Problem
    needs: dict[str, Need]
    shielded_needs: frozenset[str]
    shielded_volunteers: frozenset[str]

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
    people = active() if volunteers is None else volunteers
    offered, profiles, hidden = offering(people, wanted, on)
    kept = {need.id for need in wanted}
    by_id = {str(need.pk): need for need in found if str(need.pk) in kept}
    helped: dict[UUID, list[str]] = defaultdict(list)
    for key, need in by_id.items():
        if need.person_id is not None:
            helped[need.person_id].append(key)
    problem = Problem.build(
        offered,
        wanted,
        on=on,
        exclusions=_apart(people, helped) | _themselves(profiles, helped),
        held_pairs=_together(people),
        continuity=_before(people, helped),
    )
    return World(
        problem=problem,
        needs=by_id,
        shielded_needs=frozenset(key for key, need in by_id.items() if is_shielded(need)),
        shielded_volunteers=frozenset(str(pk) for pk in hidden),
    )


def _apart(people: QuerySet[Volunteer], helped: dict[UUID, list[str]]) -> Pairs:
    """Volunteers and needs whose person they must not meet."""
    rows = Exclusion.objects.filter(volunteer__in=people, person__in=list(helped), ended_at=None)
    return {
        (str(volunteer), need)
        for volunteer, person in rows.values_list("volunteer_id", "person_id")
        for need in helped.get(person, ())
    }


def _themselves(profiles: dict[UUID, UUID], helped: dict[UUID, list[str]]) -> Pairs:
    """Nobody is sent to support themself."""
    return {
        (str(profiles[person]), need)
        for person, needs in helped.items()
        if person in profiles
        for need in needs
    }


def _together(people: QuerySet[Volunteer]) -> Pairs:
    """Volunteers already on a need, by an open offer or a placement."""
    rows = hold.standing().filter(volunteer__in=people).values_list("volunteer_id", "need_id")
    return {(str(volunteer), str(need)) for volunteer, need in rows}


def _before(people: QuerySet[Volunteer], helped: dict[UUID, list[str]]) -> Pairs:
    """Volunteers who have helped a need's person before, unless that person ended it."""
    rows = (
        Placement.objects.filter(volunteer__in=people, need__person__in=list(helped))
        .exclude(Q(end_reason=Placement.EndReason.PERSON) | Q(state=PlacementState.REPLACED))
        .values_list("volunteer_id", "need__person_id")
        .distinct()
    )
    return {(str(volunteer), need) for volunteer, person in rows for need in helped.get(person, ())}
