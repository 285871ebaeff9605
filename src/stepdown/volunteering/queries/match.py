"""May this volunteer serve this need? The engine's own rules, asked of one pair or many."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from stepdown.hub.queries.reader import as_hub
from stepdown.kernel.slots import names_of
from stepdown.matching import eligibility
from stepdown.matching.problem import Need as Asked
from stepdown.matching.problem import Volunteer as Offering
from stepdown.matching.rules import Failure, Rule
from stepdown.volunteering.models import Need, Volunteer
from stepdown.volunteering.queries import world
from stepdown.volunteering.queries.reason import discreet


@dataclass(frozen=True)
class Standing:
    """A pair that already holds a place: an open offer, or a placement (``minutes`` its weekly load
    where it is live). Its own hold must not count against it."""

    id: UUID
    volunteer_id: UUID
    need_id: UUID
    slot: int | None
    minutes: int = 0


@as_hub("the rules of a match read more of both than is shown")
def failures(volunteer: Volunteer, need: Need, on: date) -> list[Failure]:
    """Every rule that keeps a volunteer from being offered a need on a day. Constant queries.

    Callers that act on the answer have locked both records first.
    """
    found = world.build(
        on=on,
        needs=Need.objects.filter(pk=need.pk),
        volunteers=Volunteer.objects.filter(pk=volunteer.pk),
    )
    pair = found.problem.volunteer(str(volunteer.pk)), found.problem.need(str(need.pk))
    hidden = found.shielded(str(volunteer.pk), str(need.pk))
    return discreet(eligibility.failures(found.problem, *pair), hidden=hidden)


def shared(volunteer: Volunteer, need: Need, taken: Iterable[int]) -> list[int]:
    """The slots, as indices, that the need asks for and the volunteer offers and has free."""
    both = need.slots & volunteer.slots
    busy = set(taken)
    return [slot for slot in range(21) if both >> slot & 1 and slot not in busy]


@as_hub("the rules of a match read more of both than is shown")
def failures_of(standing: Sequence[Standing], on: date) -> dict[UUID, list[Failure]]:
    """Which rules each of these pairs breaks today, their own hold left out. Constant queries."""
    if not standing:
        return {}
    found = world.build(
        on=on,
        needs=Need.objects.filter(pk__in={one.need_id for one in standing}),
        volunteers=Volunteer.objects.filter(pk__in={one.volunteer_id for one in standing}),
    )
    problem = replace(found.problem, held_pairs=frozenset())
    answer = {}
    for one in standing:
        need = problem.need(str(one.need_id))
        volunteer = problem.volunteer(str(one.volunteer_id))
        broken = [
            *_slot_gone(need, one.slot),
            *eligibility.failures(
                problem, _without(volunteer, one), replace(need, slots=_only(need, one.slot))
            ),
        ]
        answer[one.id] = discreet(broken, hidden=found.shielded(volunteer.id, need.id))
    return answer


def _without(volunteer: Offering, one: Standing) -> Offering:
    """The volunteer as if this pair did not stand."""
    slot = 0 if one.slot is None else 1 << one.slot
    return replace(
        volunteer,
        held=max(0, volunteer.held - 1),
        busy_slots=volunteer.busy_slots & ~slot,
        weekly_load=max(0, volunteer.weekly_load - one.minutes),
    )


def _only(need: Asked, slot: int | None) -> int:
    """The one slot that is held, where the need still asks for it."""
    return 0 if slot is None else need.slots & 1 << slot


def _slot_gone(need: Asked, slot: int | None) -> list[Failure]:
    """The need has come to ask for other slots than the one that is held."""
    if not need.slots or _only(need, slot):
        return []
    held = [] if slot is None else names_of(1 << slot)
    return [Failure("slot", {"wanted": names_of(need.slots), "offered": held}, Rule.SLOT)]
