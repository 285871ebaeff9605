"""Placements suspended: by somebody, or by the hub the moment a required check lapses."""

from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import transaction
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions.holding import (
    enter,
    lock_placement,
    tell_volunteer,
    tell_watchers,
)
from stepdown.volunteering.models import Placement
from stepdown.volunteering.models.placement import (
    PLACEMENT_STATES,
    PlacementEvent,
    PlacementState,
)
from stepdown.volunteering.queries import lapse
from stepdown.volunteering.queries.catalogue import credential_type_choices
from stepdown.volunteering.queries.exclusion import apart_among
from stepdown.volunteering.queries.risk import current_for
from stepdown.volunteering.queries.watcher import watchers_of

MOST_WORDS = 200  # characters of a reason
PLACEMENT_SUSPENDED = Verb("placement.suspended", _("Placement suspended"))


def suspend_locked(
    by: Actor, placement: Placement, reason: str, watchers: list[UUID] | None = None
) -> None:
    """Suspend a placement that the caller has locked, tell its volunteer and alert its officer."""
    state = PLACEMENT_STATES.next(placement.state, PlacementEvent.SUSPEND)
    placement.state, placement.suspended_at = state, clock.now()
    placement.suspend_reason = reason
    placement.save(update_fields=["state", "suspended_at", "suspend_reason"])
    enter(by=by, verb=PLACEMENT_SUSPENDED, about=placement)
    tell_volunteer("placement-suspended", placement)
    tell_watchers("placement-suspended-alert", placement, watchers, by=by)


def suspend_lapsed(*, by: Actor) -> int:
    """Suspend every live placement whose required checks do not hold today, whose need has no
    current, approved risk assessment, or whose two people must be kept apart. The number suspended.

    Finding them takes a constant number of queries; each is locked, asked again and suspended in a
    transaction of its own.
    """
    require(by, Permission.PLACEMENT_CHANGE)
    live = list(
        Placement.objects.filter(state=PlacementState.LIVE).select_related("need", "volunteer")
    )
    why = _reasons(live)
    watchers = watchers_of(placement.need for placement in live if placement.pk in why)
    return sum(
        _suspend_if_lapsed(by, placement, watchers[placement.need_id])
        for placement in live
        if placement.pk in why
    )


@transaction.atomic
def _suspend_if_lapsed(by: Actor, placement: Placement, watchers: list[UUID]) -> bool:
    fresh = lock_placement(placement)
    reason = _reasons([fresh]).get(fresh.pk)
    if fresh.state != PlacementState.LIVE or reason is None:
        return False
    suspend_locked(by, fresh, reason, watchers)
    return True


def _reasons(placements: list[Placement]) -> dict[UUID, str]:
    """Placement → why it may not go on today, in words, where it may not. Constant queries."""
    today = clock.today()
    checks = lapse.missing_checks(placements, today)
    assessed = current_for({placement.need_id for placement in placements}, today)
    helped = {one.need.person_id for one in placements if one.need.person_id}
    apart = apart_among((one.volunteer_id for one in placements), helped)
    names = dict(credential_type_choices()) if checks else {}
    answer = {}
    for placement in placements:
        if placement.pk in checks:
            missing = ", ".join(names[key] for key in checks[placement.pk])
            said = gettext("A required check no longer holds: %s.") % missing
            answer[placement.pk] = said if len(said) <= MOST_WORDS else said[: MOST_WORDS - 1] + "…"
        elif placement.need_id not in assessed:
            answer[placement.pk] = gettext("The risk assessment of this need is not current.")
        elif (placement.volunteer_id, placement.need.person_id) in apart or (
            placement.volunteer.person_id == placement.need.person_id
        ):
            answer[placement.pk] = gettext("These two must be kept apart.")
    return answer
