"""Placements: what becomes of a live pairing. Nothing moves one without somebody saying so."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import transaction
from stepdown.hub.actions.given import Check
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
from stepdown.volunteering.actions.holding import (
    enter,
    let_go,
    lock_pair,
    lock_placement,
    tell_volunteer,
    tell_watchers,
)
from stepdown.volunteering.actions.offers import send
from stepdown.volunteering.actions.suspending import suspend_lapsed, suspend_locked
from stepdown.volunteering.models import Need, Offer, Placement, Volunteer
from stepdown.volunteering.models.placement import (
    PLACEMENT_STATES,
    PlacementEvent,
    PlacementState,
)
from stepdown.volunteering.models.volunteer import VolunteerState
from stepdown.volunteering.queries import match
from stepdown.volunteering.queries.placement import STANDING, facts
from stepdown.volunteering.queries.reason import in_words

__all__ = [
    "ask_to_step_back",
    "end",
    "end_all_for",
    "replace",
    "resume",
    "settle_step_back",
    "suspend",
    "suspend_lapsed",
]

PLACEMENT_ENDED = Verb("placement.ended", _("Placement ended"))
PLACEMENT_RESUMED = Verb("placement.resumed", _("Placement resumed"))
PLACEMENT_REPLACED = Verb("placement.replaced", _("Placement passed to another volunteer"))
PLACEMENT_STEP_BACK = Verb("placement.step-back", _("The volunteer said they cannot make it"))
PLACEMENT_GOES_ON = Verb("placement.goes-on", _("Settled with the volunteer: they go on"))


@transaction.atomic
def end(*, by: Actor, placement: Placement, reason: str) -> Placement:
    """The pairing is over, from today. Its place, share and slot are free at once."""
    if reason not in Placement.EndReason.values:
        raise InvalidInput({"reason": gettext("Select why the placement ends.")})
    placement = lock_placement(placement)
    require(by, Permission.PLACEMENT_CHANGE, facts(placement))
    _end(by, placement, reason)
    return placement


@transaction.atomic
def end_all_for(*, by: Actor, need: Need, reason: str) -> int:
    """End what stands on a need that closes. The caller has locked it and checked the right."""
    standing = list(
        Placement.objects.select_for_update(of=("self",))
        .select_related("need", "volunteer")
        .filter(need=need, state__in=STANDING)
        .order_by("pk")
    )
    for placement in standing:
        _end(by, placement, reason)
    return len(standing)


def _end(by: Actor, placement: Placement, reason: str) -> None:
    placement.end_reason = reason
    _over(placement, PLACEMENT_STATES.next(placement.state, PlacementEvent.END))
    enter(by=by, verb=PLACEMENT_ENDED, about=placement, payload={"reason": reason})
    tell_volunteer("placement-ended", placement)


def _over(placement: Placement, state: PlacementState) -> None:
    held = placement.hold_id
    placement.state, placement.hold, placement.ended_on = state, None, clock.today()
    placement.step_back_asked_at = None
    placement.save()
    let_go(held)


@transaction.atomic
def suspend(*, by: Actor, placement: Placement, reason: str) -> Placement:
    """Stop for now, and say why. It keeps its place: nobody else is put there silently."""
    check, missing = Check(), gettext("Say why, in 200 characters or fewer.")
    reason = check.words("reason", reason, most=200, missing=missing)
    check.done()
    placement = lock_placement(placement)
    require(by, Permission.PLACEMENT_CHANGE, facts(placement))
    suspend_locked(by, placement, reason)
    return placement


@transaction.atomic
def resume(*, by: Actor, placement: Placement) -> Placement:
    """Begin again. Every rule is asked today, as for a new offer; what fails refuses, with why."""
    placement = lock_placement(placement)
    require(by, Permission.PLACEMENT_CHANGE, facts(placement))
    state = PLACEMENT_STATES.next(placement.state, PlacementEvent.RESUME)
    require_open(placement.need)
    require_usable(placement.need, placement.volunteer)
    if placement.volunteer.state != VolunteerState.ACTIVE:
        raise Refused(gettext("This volunteer is not taking anything on at the moment."))
    require_risk_assessment(placement.need)
    pair = match.Standing(placement.pk, placement.volunteer_id, placement.need_id, placement.slot)
    broken = match.failures_of([pair], clock.today())[placement.pk]
    if broken:
        raise Refused(" ".join(in_words(broken)))
    placement.state, placement.suspended_at, placement.suspend_reason = state, None, ""
    placement.save(update_fields=["state", "suspended_at", "suspend_reason"])
    enter(by=by, verb=PLACEMENT_RESUMED, about=placement)
    tell_volunteer("placement-resumed", placement)
    return placement


@transaction.atomic
def replace(
    *, by: Actor, placement: Placement, volunteer: Volunteer, slot: int | None = None
) -> Offer:
    """Ask another volunteer to take a placement over: all or nothing.

    The old placement ends as replaced and frees its place, which the new offer takes. Where the
    offer is refused, the old placement stands as it was.
    """
    # Both volunteers are locked in the order of their ids: two replacements never wait in a ring.
    for pk in sorted({placement.volunteer_id, volunteer.pk}):
        lock_pair(placement.need_id, pk)
    placement = lock_placement(placement)
    require(by, Permission.PLACEMENT_CHANGE, facts(placement))
    if placement.volunteer_id == volunteer.pk:
        raise InvalidInput({"volunteer": gettext("Choose somebody else.")})
    _over(placement, PLACEMENT_STATES.next(placement.state, PlacementEvent.REPLACE))
    offer = send(by=by, need=placement.need, volunteer=volunteer, slot=slot)
    placement.replacement = offer
    placement.save(update_fields=["replacement"])
    enter(
        by=by,
        verb=PLACEMENT_REPLACED,
        about=placement,
        also=(
            ("volunteer", offer.volunteer_id),
            ("person", offer.volunteer.person_id),
        ),
    )
    tell_volunteer("placement-ended", placement)
    return offer


@transaction.atomic
def ask_to_step_back(*, by: Actor, placement: Placement) -> Placement:
    """ "I can't make it": the officer is told, and nothing moves until they deal with it."""
    placement = lock_placement(placement)
    require(by, Permission.PLACEMENT_STEP_BACK, facts(placement))
    if placement.state not in STANDING:
        raise Refused(gettext("This placement has ended."))
    if placement.step_back_asked_at is not None:
        raise Refused(gettext("You have already told us. Somebody will be in touch."))
    placement.step_back_asked_at = clock.now()
    placement.save(update_fields=["step_back_asked_at"])
    enter(by=by, verb=PLACEMENT_STEP_BACK, about=placement)
    tell_watchers("placement-step-back", placement, by=by)
    return placement


@transaction.atomic
def settle_step_back(*, by: Actor, placement: Placement) -> Placement:
    """They said they could not make it, somebody spoke with them, and they go on after all."""
    placement = lock_placement(placement)
    require(by, Permission.PLACEMENT_CHANGE, facts(placement))
    if placement.state not in STANDING:
        raise Refused(gettext("This placement has ended."))
    if placement.step_back_asked_at is None:
        raise Refused(gettext("This has already been dealt with."))
    placement.step_back_asked_at = None
    placement.save(update_fields=["step_back_asked_at"])
    enter(by=by, verb=PLACEMENT_GOES_ON, about=placement)
    return placement
