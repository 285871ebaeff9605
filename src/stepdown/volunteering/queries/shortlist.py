"""Who could meet one need, best first, and why: the engine's shortlist over today's records.

The engine's compiled parts are imported when first asked, not when the hub starts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from stepdown.hub.queries.reader import as_hub
from stepdown.kernel import clock
from stepdown.kernel.slots import SLOTS
from stepdown.matching import eligibility
from stepdown.matching.words import kilometres, slot_words
from stepdown.people.queries.person import named
from stepdown.people.queries.restriction import Use, is_stopped, left_out, stops
from stepdown.policy.actors import Actor
from stepdown.policy.decide import scope_for
from stepdown.policy.permissions import Permission
from stepdown.volunteering.models import Need, Volunteer
from stepdown.volunteering.models.volunteer import VolunteerState
from stepdown.volunteering.queries import need as needs
from stepdown.volunteering.queries import volunteer as volunteers
from stepdown.volunteering.queries import world
from stepdown.volunteering.queries.reason import Names, discreet, in_words
from stepdown.volunteering.queries.resident_world import candidates
from stepdown.volunteering.queries.world import World


@dataclass(frozen=True)
class ShortlistRow:
    """One volunteer for a need. ``failures`` is empty for those who may be asked.

    ``quality`` and ``distance`` are None, and nothing says how far it is, where a place is
    shielded. ``points`` are what each of ``reasons`` adds to the quality. ``slots`` are (index
    into ``SLOTS``, words) that both have free.
    """

    volunteer_id: UUID
    person_id: UUID
    name: str
    district: str
    quality: int | None
    distance: str | None
    shielded: bool
    reasons: list[str]
    points: list[int]
    failures: list[str]
    slots: list[tuple[int, str]]


@as_hub("the rules of a match read more of both than is shown")
def shortlist(
    by: Actor, need: Need, *, size: int = 20, eligible_only: bool = True
) -> list[ShortlistRow]:
    """The best active volunteers whom the actor may see, for a need they may see.

    With ``eligible_only`` false, those who break fewest rules follow, each with every rule broken.
    A constant number of queries, whatever the number of volunteers. Where the hub keeps an index of
    them, it says who the best can be among; ranked they are from their records.
    """
    needs.require_seen(by, need)
    if is_stopped(Use.MATCH, [need.person_id]):
        return []
    here = volunteers.visible_to(by).filter(~stops(Use.MATCH, "person"))
    scope = here.filter(state=VolunteerState.ACTIVE).select_related(None)
    seen = scope_for(by, Permission.VOLUNTEER_VIEW)
    few = candidates(need, seen, size=size, eligible_only=eligible_only)
    if few is None:
        found = _world(need, scope)
    else:
        among = scope.filter(pk__in=few.ids).values_list("pk", flat=True)
        people = Volunteer.objects.filter(pk__in=list(among))
        found = world.build_for(few.told, people, on=clock.today(), known=few.known)
    return _ranked(need, found, size=size, eligible_only=eligible_only)


@as_hub("the rules of a match read more of both than is shown")
def weigh(by: Actor, need: Need, *, name: str, size: int = 20) -> list[ShortlistRow]:
    """Volunteers of a name, in any state, whom the actor may see: each with every rule broken.

    The answer to "why not somebody else?". A constant number of queries.
    """
    needs.require_seen(by, need)
    scope = volunteers.visible_to(by).filter(named(name, "person__")).select_related(None)
    return _ranked(need, _world(need, scope), size=size, eligible_only=False)


def _world(need: Need, scope: QuerySet[Volunteer]) -> World:
    this = Need.objects.filter(pk=need.pk)
    return world.build(on=clock.today(), needs=this, volunteers=scope)


def _ranked(need: Need, found: World, *, size: int, eligible_only: bool) -> list[ShortlistRow]:
    from stepdown.matching.shortlist import shortlist as ranked

    best = ranked(found.problem, str(need.pk), size, eligible_only=eligible_only)
    people = _people(UUID(one.volunteer_id) for one in best)
    names = Names.read()
    unused = frozenset() if eligible_only else left_out(Use.MATCH)
    rows = []
    for one in best:
        hidden = found.shielded(one.volunteer_id, str(need.pk))
        who = people[UUID(one.volunteer_id)]
        terms = discreet(one.terms, hidden=hidden)
        near = None if one.distance_m is None else kilometres(one.distance_m)
        rows.append(
            ShortlistRow(
                volunteer_id=who.pk,
                person_id=who.person_id,
                name=who.person.full_name,
                district=who.person.district.name if who.person.district else "",
                quality=None if hidden else one.quality,
                distance=None if hidden else near,
                shielded=hidden,
                reasons=in_words(terms, names),
                points=[term.points for term in terms],
                failures=[
                    *_away(who, unused),
                    *in_words(discreet(one.failures, hidden=hidden), names),
                ],
                slots=[(SLOTS.index(slot), slot_words(slot, gettext)) for slot in one.slots],
            )
        )
    return rows


def _away(volunteer: Volunteer, unused: frozenset[UUID]) -> list[str]:
    """Not the engine's rules: it is only ever asked about those who are active, and may be."""
    stopped = [gettext("Use of their record is restricted.")]
    return (stopped if volunteer.person_id in unused else []) + {
        VolunteerState.PAUSED.value: [gettext("They are taking a break.")],
        VolunteerState.LEFT.value: [gettext("They have left.")],
    }.get(volunteer.state, [])


@as_hub("the rules of a match read more of both than is shown")
def why_not(by: Actor, need: Need, volunteer: Volunteer) -> list[str]:
    """Every rule that keeps a volunteer from a need, in words; empty when they may be asked."""
    needs.require_seen(by, need)
    volunteers.get(by=by, id=volunteer.pk)
    found = world.build(
        on=clock.today(),
        needs=Need.objects.filter(pk=need.pk),
        volunteers=Volunteer.objects.filter(pk=volunteer.pk),
    )
    pair = found.problem.volunteer(str(volunteer.pk)), found.problem.need(str(need.pk))
    broken = eligibility.failures(found.problem, *pair)
    hidden = found.shielded(str(volunteer.pk), str(need.pk))
    return in_words(discreet(broken, hidden=hidden))


def _people(ids: Iterable[UUID]) -> dict[UUID, Volunteer]:
    whole = Volunteer.objects.select_related("person__district").defer("person__district__rings")
    return whole.in_bulk(list(ids))
