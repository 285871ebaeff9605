"""Offers that lapse: nobody answered in time, or a rule that held then no longer does."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import outbox, transaction
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.matching.rules import Failure, Rule
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions.holding import enter, let_go, lock_offer, tell_watchers
from stepdown.volunteering.models import Need, Offer, Volunteer
from stepdown.volunteering.models.need import NeedState
from stepdown.volunteering.models.offer import OFFER_STATES, OfferEvent, OfferState
from stepdown.volunteering.models.volunteer import VolunteerState
from stepdown.volunteering.queries import match

OFFER_LAPSED = Verb("offer.lapsed", _("Offer lapsed"))

Reason = Offer.LapseReason


def end(offer: Offer, state: OfferState) -> None:
    """Put a locked open offer into its last state, free what it held, take back its message."""
    held = offer.hold_id
    offer.state, offer.hold = state, None
    offer.save(update_fields=["state", "hold", "answered_at", "decline_reason", "lapse_reason"])
    let_go(held)
    outbox.cancel(about=("offer", offer.pk), template="offer-sent")


def lapse(offer: Offer, reason: Reason) -> None:
    """The hub lapses an offer that the caller has locked, and tells those who look after it."""
    state = OFFER_STATES.next(offer.state, OfferEvent.LAPSE)
    offer.lapse_reason = reason
    end(offer, state)
    enter(by=Actor.hub(), verb=OFFER_LAPSED, about=offer, payload={"reason": reason.value})
    tell_watchers("offer-lapsed", offer, by=Actor.hub())


def reason_of(broken: list[Failure]) -> Reason:
    """Why an offer lapses whose pair breaks these rules: a check comes before anything else."""
    lapsed = any(failure.rule is Rule.REQUIREMENTS for failure in broken)
    return Reason.CREDENTIAL if lapsed else Reason.RULE


def standing(offer: Offer) -> match.Standing:
    """An open offer as the rules ask about it: its own hold does not count against it."""
    return match.Standing(offer.pk, offer.volunteer_id, offer.need_id, offer.slot)


def why_now(offer: Offer, broken: list[Failure]) -> Reason | None:
    """Why an open offer lapses today, if it does. Its need and volunteer are loaded."""
    if offer.lapses_at <= clock.now():
        return Reason.TIME
    if broken:
        return reason_of(broken)
    still = offer.need.state == NeedState.OPEN and offer.volunteer.state == VolunteerState.ACTIVE
    return None if still else Reason.RULE


def sweep(need: Need, volunteer: Volunteer) -> None:
    """Lapse what has run out of time on a need or a volunteer, both locked by the caller."""
    due = Offer.objects.select_for_update().filter(
        Q(need=need) | Q(volunteer=volunteer), state=OfferState.SENT, lapses_at__lte=clock.now()
    )
    for offer in due.order_by("pk"):
        lapse(offer, Reason.TIME)


def lapse_due(*, by: Actor) -> int:
    """Lapse every open offer whose time is up or whose pair breaks a rule today. The number lapsed.

    Finding them takes a constant number of queries; each is then locked, asked again and lapsed in
    a transaction of its own, so that one that cannot be lapsed keeps none of the others waiting.
    """
    require(by, Permission.OFFER_LAPSE)
    found = list(Offer.objects.filter(state=OfferState.SENT).select_related("need", "volunteer"))
    now = clock.now()
    checked = [standing(offer) for offer in found if offer.lapses_at > now]
    broken = match.failures_of(checked, clock.today())
    due = [offer for offer in found if why_now(offer, broken.get(offer.pk, []))]
    return sum(_lapse_if_due(offer) for offer in due)


@transaction.atomic
def _lapse_if_due(offer: Offer) -> bool:
    fresh = lock_offer(offer)
    if fresh.state != OfferState.SENT:
        return False
    broken = match.failures_of([standing(fresh)], clock.today())[fresh.pk]
    reason = why_now(fresh, broken)
    if reason is not None:
        lapse(fresh, reason)
    return reason is not None
