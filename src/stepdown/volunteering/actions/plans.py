"""Plans: one run of the engine over the whole hub, kept with its proof; and offers sent from it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import ledger
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.kernel.slots import bit_of
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions.offers import send_proposed
from stepdown.volunteering.models import Offer, Plan, PlanGap, PlanPair, PlanRun
from stepdown.volunteering.queries import proposal, world
from stepdown.volunteering.queries.proposal import Proposal

PLAN_MADE = Verb("plan.made", _("Plan made"))

# A run that has not ended by then was killed: the next one may begin.
LONGEST_RUN = timedelta(minutes=5)

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class SendResult:
    """What became of each pair: offers sent, and pairs refused with the reason in plain words."""

    sent: list[Offer]
    refused: list[tuple[PlanPair, str]]


def make(*, by: Actor, on: date | None = None, progress: Progress | None = None) -> Plan:
    """Plan all open needs against all volunteers, as of a day (today), and keep the result.

    One plan runs at a time: a second is refused meanwhile. The engine runs between two short
    transactions, so that nobody waits for it; ``progress`` hears (phase, done, total).
    """
    require(by, Permission.PLAN_RUN)
    began = _begin()
    try:
        found = proposal.propose(world.build(on=on or clock.today()), progress)
        return _keep(by, found)
    finally:
        PlanRun.objects.filter(pk=1, began_at=began).update(began_at=None)


@transaction.atomic
def _begin() -> datetime:
    PlanRun.objects.get_or_create(pk=1)
    run = PlanRun.objects.select_for_update().get(pk=1)
    now = clock.now()
    if run.began_at is not None and run.began_at > now - LONGEST_RUN:
        raise Refused(gettext("A plan is being made already. Wait for it to finish."))
    run.began_at = now
    run.save(update_fields=["began_at"])
    return now


@transaction.atomic
def _keep(by: Actor, found: Proposal) -> Plan:
    certificate = found.plan.certificate
    plan = Plan.objects.create(
        on=found.world.problem.on,
        made_at=clock.now(),
        made_by_id=by.user,
        volunteers=len(found.world.problem.volunteers),
        needs=len(found.world.problem.needs),
        places=found.plan.places,
        filled=found.plan.filled,
        quality=certificate.quality,
        upper_bound=certificate.upper_bound,
        gap=abs(certificate.gap),
        proven=certificate.ok,
        facts={
            "filled_by_band": list(certificate.filled_by_band),
            "optimum_by_band": list(certificate.optimum_by_band),
            "places_by_band": found.places_by_band,
            "seconds": found.plan.seconds,
            "faults": list(certificate.faults),
        },
    )
    PlanPair.objects.bulk_create(
        (
            PlanPair(
                plan=plan,
                need_id=pair.need_id,
                volunteer_id=pair.volunteer_id,
                slot=None if pair.slot is None else bit_of(pair.slot),
                band=pair.band,
                quality=pair.quality,
                terms=terms,
            )
            for pair, terms in found.pairs
        ),
        batch_size=500,
    )
    PlanGap.objects.bulk_create(
        (
            PlanGap(
                plan=plan,
                need_id=gap.need_id,
                band=gap.band,
                places_unfilled=gap.places_unfilled,
                why=gap.why,
                change=gap.change,
            )
            for gap in found.gaps
        ),
        batch_size=500,
    )
    ledger.record(
        by=by,
        verb=PLAN_MADE,
        about=("plan", plan.pk),
        payload={
            "volunteers": plan.volunteers,
            "needs": plan.needs,
            "places": plan.places,
            "filled": plan.filled,
            "proven": plan.proven,
        },
    )
    return plan


def send_offers(*, by: Actor, pairs: Sequence[PlanPair]) -> SendResult:
    """Send the offers of some pairs of a plan, each in a transaction of its own.

    Every rule is asked again at that moment. What is refused keeps nothing else from being sent;
    so locks are held for one pair at a time, and two senders never wait in a ring. Only pairs that
    a plan holds are sent: they may reach volunteers whom the actor could not ask otherwise.
    """
    require(by, Permission.PLAN_VIEW)
    result = SendResult([], [])
    for pair in pairs:
        try:
            result.sent.append(_send(by, pair))
        except Refused as refused:
            result.refused.append((pair, refused.reason))
        except InvalidInput as wrong:
            result.refused.append((pair, " ".join(wrong.errors.values())))
        except NotVisible:
            result.refused.append((pair, gettext("You cannot send offers for this need.")))
    return result


@transaction.atomic
def _send(by: Actor, pair: PlanPair) -> Offer:
    kept = PlanPair.objects.select_related("need", "volunteer").filter(pk=pair.pk).first()
    if kept is None:
        raise NotVisible("No such pair.")
    offer = send_proposed(by=by, need=kept.need, volunteer=kept.volunteer, slot=kept.slot)
    kept.offer = offer
    kept.save(update_fields=["offer"])
    return offer
