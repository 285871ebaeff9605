"""How a plan that is being made stands, and how the last one ended."""

from datetime import timedelta
from uuid import UUID

from stepdown.hub.queries.reader import as_hub
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission
from stepdown.volunteering.models import PlanRun
from stepdown.volunteering.models.plan_run import PlanRunState

# A run that says nothing for so long was killed with the process that carried it out.
LOST_AFTER = timedelta(minutes=5)
# Nobody takes up what has waited for so long: the hub's jobs do not run, or are busy with another.
LATE_AFTER = timedelta(minutes=1)


def is_lost(run: PlanRun) -> bool:
    """Whether whoever carried it out is no longer there. Time alone tells, so it is never stored
    until somebody asks for another plan or the hub's jobs look."""
    return (
        run.state == PlanRunState.RUNNING
        and run.heard_at is not None
        and run.heard_at < clock.now() - LOST_AFTER
    )


def is_late(run: PlanRun) -> bool:
    """Whether it waits for longer than the hub's jobs would let it."""
    return run.state == PlanRunState.ASKED and run.asked_at < clock.now() - LATE_AFTER


def is_under_way(run: PlanRun) -> bool:
    """Whether a plan is still to be expected from it."""
    return run.current is not None and not is_lost(run)


@as_hub("a plan is about everybody at once")
def get(by: Actor, run_id: UUID) -> PlanRun:
    """One run. NotVisible where there is none."""
    require(by, Permission.PLAN_VIEW)
    run = PlanRun.objects.select_related("asked_by", "ended_by", "plan").filter(pk=run_id).first()
    if run is None:
        raise NotVisible("No such run.")
    return run


@as_hub("a plan is about everybody at once")
def latest(by: Actor) -> PlanRun | None:
    """The run asked for last; None before the first. One query."""
    require(by, Permission.PLAN_VIEW)
    found = PlanRun.objects.select_related("asked_by", "ended_by", "plan")
    return found.order_by("-asked_at", "-id").first()
