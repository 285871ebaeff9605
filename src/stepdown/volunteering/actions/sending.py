"""Sending an offer: every rule asked, and its place, share and slot taken, in one transaction."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import IntegrityError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import transaction
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions.guards import (
    require_open,
    require_risk_assessment,
    require_usable,
)
from stepdown.volunteering.actions.holding import enter, lock_pair, slot_name, tell_volunteer
from stepdown.volunteering.actions.lapsing import sweep
from stepdown.volunteering.models import Hold, Need, Offer, Volunteer
from stepdown.volunteering.models.volunteer import VolunteerState
from stepdown.volunteering.queries import hold, match
from stepdown.volunteering.queries import volunteer as volunteers
from stepdown.volunteering.queries.offer import facts
from stepdown.volunteering.queries.reason import in_words

OFFER_SENT = Verb("offer.sent", _("Offer sent"))


@transaction.atomic
def send(*, by: Actor, need: Need, volunteer: Volunteer, slot: int | None = None) -> Offer:
    """Ask a volunteer the actor may see. ``slot`` is an index into ``SLOTS``; None takes the first
    that both have free. Refused, with its reason, where any rule fails or nothing is left."""
    need, volunteer = lock_pair(need.pk, volunteer.pk)
    require(by, Permission.OFFER_SEND, facts(Offer(need=need, volunteer=volunteer)))
    require(by, Permission.VOLUNTEER_VIEW, volunteers.facts(volunteer))
    return _ask(by, need, volunteer, slot)


@transaction.atomic
def send_proposed(*, by: Actor, need: Need, volunteer: Volunteer, slot: int | None) -> Offer:
    """Ask the volunteer whom the hub's plan proposed, who may be outside the actor's districts."""
    need, volunteer = lock_pair(need.pk, volunteer.pk)
    require(by, Permission.OFFER_SEND, facts(Offer(need=need, volunteer=volunteer)))
    return _ask(by, need, volunteer, slot)


def _ask(by: Actor, need: Need, volunteer: Volunteer, slot: int | None) -> Offer:
    """The offer and its hold, both records locked by the caller."""
    sweep(need, volunteer)
    require_open(need)
    require_usable(need, volunteer)
    if volunteer.state != VolunteerState.ACTIVE:
        raise Refused(gettext("This volunteer is not taking anything on at the moment."))
    require_risk_assessment(need)
    broken = match.failures(volunteer, need, clock.today())
    if broken:
        raise Refused(" ".join(in_words(broken)))
    place, share = hold.free_place(need), hold.free_share(volunteer)
    if place is None:
        raise Refused(gettext("All places of this need are taken."))
    if share is None:
        raise Refused(gettext("This volunteer has no room for another need."))
    slot = _slot(need, volunteer, slot)
    now = clock.now()
    try:
        with transaction.atomic():
            held = Hold.objects.create(
                need=need, volunteer=volunteer, place=place, share=share, slot=slot
            )
            offer = Offer.objects.create(
                need=need,
                volunteer=volunteer,
                slot=slot,
                hold=held,
                sent_at=now,
                sent_by_id=by.user,
                lapses_at=open_until(need, now),
            )
    except IntegrityError as taken:
        raise Refused(
            gettext("Somebody took this place or this time a moment ago. Look again.")
        ) from taken
    enter(
        by=by,
        verb=OFFER_SENT,
        about=offer,
        payload={"slot": slot_name(slot), "lapses_at": offer.lapses_at.isoformat()},
    )
    tell_volunteer("offer-sent", offer)
    return offer


def open_until(need: Need, now: datetime) -> datetime:
    """When an offer sent now lapses, aware.

    Usually ``STEPDOWN_OFFER_OPEN_FOR`` later. A need that begins on a later day must know by the
    end of its first day, one that has begun by the end of its last.
    """
    latest = need.starts if need.starts > clock.today() else need.ends
    whole = now + settings.STEPDOWN_OFFER_OPEN_FOR
    if latest is None:
        return whole
    midnight = datetime.combine(latest + timedelta(days=1), time(), tzinfo=clock.LONDON)
    return min(whole, midnight)


def _slot(need: Need, volunteer: Volunteer, wanted: int | None) -> int | None:
    if not need.slots:
        if wanted is not None:
            raise InvalidInput({"slot": gettext("This need has no set times.")})
        return None
    free = match.shared(volunteer, need, hold.taken_slots(volunteer))
    if wanted is None and free:
        return free[0]
    if wanted is None or wanted not in free:
        raise InvalidInput({"slot": gettext("The volunteer is not free at this time.")})
    return wanted
