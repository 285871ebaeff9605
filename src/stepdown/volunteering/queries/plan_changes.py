"""What a plan pairs otherwise than the plan before it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from stepdown.hub.queries.reader import as_hub
from stepdown.kernel import clock
from stepdown.matching.eligibility import failures
from stepdown.policy.actors import Actor
from stepdown.volunteering.models import Offer, Placement, Plan, PlanPair
from stepdown.volunteering.models.offer import OfferState
from stepdown.volunteering.queries import need as needs
from stepdown.volunteering.queries import volunteer as volunteers
from stepdown.volunteering.queries.placement import STANDING
from stepdown.volunteering.queries.world import World

_SAME = {"need": OuterRef("need"), "volunteer": OuterRef("volunteer")}


def is_waiting() -> Exists:
    """Of a pair: whether an offer for it waits for an answer, whoever sent it."""
    now = clock.now()
    return Exists(Offer.objects.filter(**_SAME, state=OfferState.SENT, lapses_at__gt=now))


def is_placed() -> Exists:
    """Of a pair: whether the volunteer is placed on the need, or was to the end."""
    return Exists(Placement.objects.filter(**_SAME, state__in=STANDING))


def untouched(pairs: QuerySet[PlanPair]) -> QuerySet[PlanPair]:
    """The pairs of which nobody has been asked, in whatever way, and which are not placed.

    What the rules say of them now is not looked at: the database alone answers.
    """
    return pairs.filter(~is_waiting(), ~is_placed(), offer=None)


def changed(before: Plan, plan: Plan, world: World) -> Iterator[UUID]:
    """The pairs of the plan before that are still possible in this world, that nobody was asked
    about, and that this plan does not hold: by id, in no order that matters."""
    again = PlanPair.objects.filter(
        plan=plan, need=OuterRef("need"), volunteer=OuterRef("volunteer")
    )
    found = untouched(PlanPair.objects.filter(plan=before)).filter(~Exists(again))
    problem = world.problem
    for pk, need_id, volunteer_id in found.values_list("pk", "need_id", "volunteer_id").iterator():
        need, volunteer = str(need_id), str(volunteer_id)
        if need not in problem.need_index or volunteer not in problem.volunteer_index:
            continue
        if not failures(problem, problem.volunteer(volunteer), problem.need(need)):
            yield pk


@dataclass(frozen=True)
class ChangeRow:
    """A pair of the plan before, and what this plan makes of the two. A name is "" where the actor
    may not see who it is."""

    need_id: UUID
    need_reference: str
    need_title: str
    district: str
    volunteer_name: str
    volunteer_person_id: UUID | None
    instead: list[tuple[str, UUID | None]]
    elsewhere: list[str]

    @property
    def people(self) -> set[UUID]:
        """Whom it names."""
        return {one for one in (self.volunteer_person_id, *(pk for _, pk in self.instead)) if one}


@as_hub("a plan is about everybody at once")
def change_rows(by: Actor, plan: Plan, found: Sequence[PlanPair]) -> list[ChangeRow]:
    """The lines of changed pairs on whose needs the actor may look. Constant queries."""
    new = PlanPair.objects.filter(plan=plan)
    on_need = _by_first(new.filter(need__in=[one.need_id for one in found]), "need", "volunteer")
    before = _by_first(
        PlanPair.objects.filter(
            plan__in={one.plan_id for one in found}, need__in=[one.need_id for one in found]
        ),
        "need",
        "volunteer",
    )
    theirs = _by_first(
        new.filter(volunteer__in=[one.volunteer_id for one in found]), "volunteer", "need"
    )
    people = {one.volunteer_id for one in found}.union(*on_need.values())
    named = volunteers.visible_to(by).select_related("person").in_bulk(list(people))
    seen = needs.visible_to(by).in_bulk(list(set().union(*theirs.values())))
    rows = []
    for one in found:
        who = named.get(one.volunteer_id)
        others = on_need[one.need_id] - before[one.need_id]
        wanted = [seen.get(need) for need in sorted(theirs[one.volunteer_id])]
        rows.append(
            ChangeRow(
                need_id=one.need_id,
                need_reference=one.need.reference,
                need_title=one.need.title,
                district=one.need.district.name if one.need.district else "",
                volunteer_name=who.person.full_name if who else "",
                volunteer_person_id=who.person_id if who else None,
                instead=[
                    (other.person.full_name, other.person_id)
                    if (other := named.get(pk))
                    else ("", None)
                    for pk in sorted(others)
                ],
                elsewhere=[need.reference if need else "" for need in wanted],
            )
        )
    return rows


def _by_first(found: QuerySet[PlanPair], first: str, second: str) -> dict[UUID, set[UUID]]:
    answer: dict[UUID, set[UUID]] = defaultdict(set)
    for key, value in found.values_list(first, second):
        answer[key].add(value)
    return answer
