"""Offers: a volunteer is asked, and answers. While open, an offer holds its place and its slot."""

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import ledger, outbox, transaction
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.people.queries.restriction import Use, is_stopped
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions.guards import require_open, require_risk_assessment
from stepdown.volunteering.actions.holding import (
    enter,
    lock_offer,
    slot_name,
    tell_volunteer,
    tell_watchers,
)
from stepdown.volunteering.actions.lapsing import end, lapse, lapse_due, reason_of, standing
from stepdown.volunteering.actions.sending import send, send_proposed
from stepdown.volunteering.models import Exclusion, Need, Offer, Placement, Volunteer
from stepdown.volunteering.models.offer import OFFER_STATES, OfferEvent, OfferState
from stepdown.volunteering.models.volunteer import VolunteerState
from stepdown.volunteering.queries import match
from stepdown.volunteering.queries.offer import facts
from stepdown.volunteering.queries.reason import checks_only, in_words

__all__ = [
    "accept",
    "decline",
    "lapse_due",
    "send",
    "send_proposed",
    "withdraw",
    "withdraw_all_for",
    "withdraw_all_of",
]

OFFER_ACCEPTED = Verb("offer.accepted", _("Offer accepted"))
OFFER_DECLINED = Verb("offer.declined", _("Offer declined"))
OFFER_WITHDRAWN = Verb("offer.withdrawn", _("Offer withdrawn"))
EXCLUSION_TOLD = Verb("exclusion.told", _("The volunteer said they may know the person"))


def accept(*, by: Actor, offer: Offer) -> Placement:
    """The volunteer says yes. Refused where time is up, a check has lapsed or a rule now fails: the
    offer has then lapsed, and that stands although the answer is refused.

    So this is two steps: the lapse is committed first, the refusal is raised after. Callers hold no
    transaction of their own around it.
    """
    outcome = _accept_orlapse(by=by, offer=offer)
    if isinstance(outcome, Placement):
        return outcome
    raise Refused(outcome)


@transaction.atomic
def _accept_orlapse(*, by: Actor, offer: Offer) -> Placement | str:
    """The placement, or, the offer having lapsed instead, why."""
    offer = lock_offer(offer)
    require(by, Permission.OFFER_ANSWER, facts(offer))
    accepted = OFFER_STATES.next(offer.state, OfferEvent.ACCEPT)
    if offer.lapses_at <= clock.now():
        lapse(offer, Offer.LapseReason.TIME)
        return gettext("This offer has lapsed: the time to answer it was up.")
    require_open(offer.need)
    if offer.volunteer.state != VolunteerState.ACTIVE:
        raise Refused(gettext("You are taking a break. End it first, then accept."))
    if is_stopped(Use.MATCH, [offer.need.person_id, offer.volunteer.person_id]):
        raise Refused(gettext("This offer cannot be accepted at the moment. Ask us."))
    require_risk_assessment(offer.need)
    broken = match.failures_of([standing(offer)], clock.today())[offer.pk]
    if broken:
        lapse(offer, reason_of(broken))
        lapsed = gettext("This offer has lapsed: the match no longer meets every rule.")
        # Of the rules that fail, the volunteer hears those about their own checks only.
        return " ".join([lapsed, *in_words(checks_only(broken))])
    held, now = offer.hold, clock.now()
    offer.state, offer.hold, offer.answered_at = accepted, None, now
    offer.save(update_fields=["state", "hold", "answered_at"])
    placement = Placement.objects.create(
        offer=offer,
        need=offer.need,
        volunteer=offer.volunteer,
        hold=held,
        slot=offer.slot,
        starts=max(clock.today(), offer.need.starts),
    )
    enter(
        by=by,
        verb=OFFER_ACCEPTED,
        about=offer,
        payload={"slot": slot_name(offer.slot), "starts": placement.starts.isoformat()},
        also=(("placement", placement.pk),),
    )
    outbox.cancel(about=("offer", offer.pk), template="offer-sent")
    tell_watchers("offer-accepted", offer, by=by)
    return placement


@transaction.atomic
def decline(*, by: Actor, offer: Offer, reason: str) -> Offer:
    """The volunteer says no, and why. Its place is free at once, even where the time was up.

    Somebody who may know the person is not asked to support them again: an exclusion is recorded.
    """
    if reason not in Offer.DeclineReason.values:
        raise InvalidInput({"reason": gettext("Select why you cannot do this.")})
    offer = lock_offer(offer)
    require(by, Permission.OFFER_ANSWER, facts(offer))
    state = OFFER_STATES.next(offer.state, OfferEvent.DECLINE)
    offer.answered_at, offer.decline_reason = clock.now(), reason
    end(offer, state)
    enter(by=by, verb=OFFER_DECLINED, about=offer, payload={"reason": reason})
    if reason == Offer.DeclineReason.KNOW_THEM and offer.need.person_id is not None:
        _keep_apart(by, offer)
    tell_watchers("offer-declined", offer, by=by)
    return offer


def _keep_apart(by: Actor, offer: Offer) -> None:
    exclusion, made = Exclusion.objects.get_or_create(
        volunteer=offer.volunteer,
        person_id=offer.need.person_id,
        ended_at=None,
        defaults={
            "reason": Exclusion.Reason.KNOWN,
            "recorded_by_id": by.user,
            "recorded_at": clock.now(),
        },
    )
    if made:
        ledger.record(
            by=by,
            verb=EXCLUSION_TOLD,
            about=("exclusion", exclusion.pk),
            subjects=[
                ("volunteer", offer.volunteer_id),
                ("person", offer.volunteer.person_id),
                ("person", exclusion.person_id),
                ("need", offer.need_id),
            ],
            payload={"reason": Exclusion.Reason.KNOWN.value},
        )


@transaction.atomic
def withdraw(*, by: Actor, offer: Offer) -> Offer:
    """Take an offer back before it is answered. The volunteer is told, if they had been asked."""
    offer = lock_offer(offer)
    require(by, Permission.OFFER_SEND, facts(offer))
    _withdraw(by, offer)
    return offer


@transaction.atomic
def withdraw_all_for(*, by: Actor, need: Need) -> int:
    """Take back every open offer of a need that closes. The caller has checked the right to it."""
    return _withdraw_each(by, Offer.objects.filter(need=need))


@transaction.atomic
def withdraw_all_of(*, by: Actor, volunteer: Volunteer) -> int:
    """Take back every open offer to a volunteer who leaves. The caller has checked the right."""
    return _withdraw_each(by, Offer.objects.filter(volunteer=volunteer))


def _withdraw_each(by: Actor, offers: QuerySet[Offer]) -> int:
    waiting = offers.select_for_update(of=("self",)).select_related("need", "volunteer")
    found = list(waiting.filter(state=OfferState.SENT).order_by("pk"))
    for offer in found:
        _withdraw(by, offer)
    return len(found)


def _withdraw(by: Actor, offer: Offer) -> None:
    state = OFFER_STATES.next(offer.state, OfferEvent.WITHDRAW)
    asked = not outbox.cancel(about=("offer", offer.pk), template="offer-sent")
    end(offer, state)
    enter(by=by, verb=OFFER_WITHDRAWN, about=offer)
    if asked:
        tell_volunteer("offer-withdrawn", offer)
