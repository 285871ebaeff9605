"""Writing a plan down, a few lines at a time, so that nobody waits for it and it can be stopped.

Until the last line is there the plan is not complete, and no query shows it.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

from stepdown.hub.actions import transaction
from stepdown.kernel import clock
from stepdown.policy.actors import Actor
from stepdown.volunteering.models import Plan, PlanGap, PlanPair
from stepdown.volunteering.queries.plan import newest
from stepdown.volunteering.queries.plan_changes import changed
from stepdown.volunteering.queries.proposal import Gap, Match, Progress, Proposal

AT_ONCE = 2_000  # lines in one transaction: others write in between

Row = TypeVar("Row")
Begun = Callable[[Plan], None]


def write(by: Actor, found: Proposal, begun: Begun, progress: Progress) -> Plan:
    """The plan with all its lines, not complete yet. ``begun`` hears of it before its first line.

    What fails, or is stopped by ``progress``, leaves what was written for ``discard``.
    """
    plan = _begin(by, found)
    begun(plan)
    total, done = found.filled + found.gap_count, 0
    for pairs in _some(_pair(plan, one) for one in found.pairs):
        with transaction.atomic():
            PlanPair.objects.bulk_create(pairs)
        done += len(pairs)
        progress("write", done, total)
    for gaps in _some(_gap(plan, one) for one in found.gaps):
        with transaction.atomic():
            PlanGap.objects.bulk_create(gaps)
        done += len(gaps)
        progress("write", done, total)
    plan.facts["changed"] = _mark_changed(plan, found, progress)
    return plan


def discard(plan: Plan) -> None:
    """Leave nothing of a plan that was not completed."""
    with transaction.atomic():
        PlanPair.objects.filter(changed_in=plan).update(changed_in=None)
        PlanPair.objects.filter(plan=plan).delete()
        PlanGap.objects.filter(plan=plan).delete()
        Plan.objects.filter(pk=plan.pk, complete=False).delete()


def _begin(by: Actor, found: Proposal) -> Plan:
    certificate = found.certificate
    return Plan.objects.create(
        on=found.world.problem.on,
        made_at=clock.now(),
        made_by_id=by.user,
        volunteers=len(found.world.problem.volunteers),
        needs=len(found.world.problem.needs),
        places=found.places,
        filled=found.filled,
        quality=certificate.quality,
        upper_bound=certificate.upper_bound,
        gap=abs(certificate.gap),
        proven=certificate.ok,
        facts={
            "filled_by_band": list(certificate.filled_by_band),
            "optimum_by_band": list(certificate.optimum_by_band),
            "places_by_band": found.places_by_band,
            "seconds": found.seconds,
            "faults": list(certificate.faults[:20]),
            "finished": found.finished,
            "fairness": found.fairness,
            "kept": None if found.kept is None else found.kept._asdict(),
        },
    )


def _pair(plan: Plan, match: Match) -> PlanPair:
    return PlanPair(
        plan=plan,
        need_id=match.need_id,
        volunteer_id=match.volunteer_id,
        slot=match.slot,
        band=match.band,
        quality=match.quality,
        terms=match.terms,
    )


def _gap(plan: Plan, gap: Gap) -> PlanGap:
    return PlanGap(
        plan=plan,
        need_id=gap.need_id,
        band=gap.band,
        places_unfilled=gap.places_unfilled,
        why=gap.why,
        change=gap.change,
    )


def _some(rows: Iterable[Row]) -> Iterator[list[Row]]:
    coming = iter(rows)
    while some := list(islice(coming, AT_ONCE)):
        yield some


def _mark_changed(plan: Plan, found: Proposal, progress: Progress) -> int:
    """Mark the pairs of the plan before that this one pairs otherwise. How many."""
    before = newest()
    if before is None:
        return 0
    count = 0
    for ids in _some(list(changed(before, plan, found.world))):
        progress("compare", count, count)
        with transaction.atomic():
            PlanPair.objects.filter(pk__in=ids).update(changed_in=plan)
        count += len(ids)
    return count
