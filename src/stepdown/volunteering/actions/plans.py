"""Plans: one run of the engine over the whole hub, kept with its proof; and offers sent from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from stepdown.hub.actions import transaction
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions import plan_runs
from stepdown.volunteering.actions.offers import send_proposed
from stepdown.volunteering.models import Offer, Plan, PlanPair
from stepdown.volunteering.queries.proposal import Progress


@dataclass(frozen=True)
class SendResult:
    """What became of each pair: offers sent, and pairs refused with the reason in plain words."""

    sent: list[Offer]
    refused: list[tuple[PlanPair, str]]


def make(
    *,
    by: Actor,
    on: date | None = None,
    progress: Progress | None = None,
    seconds: int | None = None,
    most_changes: int | None = None,
) -> Plan:
    """Plan all open needs against all volunteers, as of a day (today), and keep the result.

    Asked for and made in one go, as `plan_runs` does it with the hub's jobs in between. One plan
    runs at a time: a second is refused meanwhile.
    """
    run = plan_runs.ask(by=by, seconds=seconds, most_changes=most_changes)
    return plan_runs.carry_out(by=by, run=run, on=on, progress=progress)


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
