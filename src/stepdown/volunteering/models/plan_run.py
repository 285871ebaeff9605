"""A run of the engine: asked for on a page, carried out by the hub's jobs, seen as it goes."""

from enum import StrEnum

from django.db import models

from stepdown.hub.models.record import Record
from stepdown.kernel.states import StateTable, refusals


class PlanRunState(StrEnum):
    ASKED = "asked"
    RUNNING = "running"
    MADE = "made"
    CANCELLED = "cancelled"
    FAILED = "failed"
    LOST = "lost"


class PlanRunEvent(StrEnum):
    BEGIN = "begin"
    PUT_BACK = "put-back"
    FINISH = "finish"
    CANCEL = "cancel"
    FAIL = "fail"
    LOSE = "lose"


PLAN_RUN_STATES = StateTable(
    "plan run",
    PlanRunState,
    PlanRunEvent,
    refusals(
        PlanRunState,
        PlanRunEvent,
        {
            PlanRunState.ASKED: "This plan has not been begun.",
            PlanRunState.RUNNING: "This plan is being made.",
            PlanRunState.MADE: "This plan is ready.",
            PlanRunState.CANCELLED: "This plan was cancelled.",
            PlanRunState.FAILED: "This plan could not be made.",
            PlanRunState.LOST: "This plan was broken off.",
        },
    )
    | {
        (PlanRunState.ASKED, PlanRunEvent.BEGIN): PlanRunState.RUNNING,
        (PlanRunState.ASKED, PlanRunEvent.CANCEL): PlanRunState.CANCELLED,
        (PlanRunState.RUNNING, PlanRunEvent.PUT_BACK): PlanRunState.ASKED,
        (PlanRunState.RUNNING, PlanRunEvent.FINISH): PlanRunState.MADE,
        (PlanRunState.RUNNING, PlanRunEvent.CANCEL): PlanRunState.CANCELLED,
        (PlanRunState.RUNNING, PlanRunEvent.FAIL): PlanRunState.FAILED,
        (PlanRunState.RUNNING, PlanRunEvent.LOSE): PlanRunState.LOST,
    },
)


class PlanRun(Record):
    """One run. ``current`` is 1 while it is asked for or runs, so that there is one at a time;
    ``heard_at`` is when it last said how far it was; ``seconds`` is its time limit, and
    ``most_changes`` how many matches of the last plan it may change."""

    state = models.CharField(
        max_length=10, choices=[(one.value, one.value) for one in PlanRunState], default="asked"
    )
    current = models.PositiveSmallIntegerField(null=True, default=1, unique=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        "hub.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    seconds = models.PositiveIntegerField(null=True, blank=True)
    most_changes = models.PositiveIntegerField(null=True, blank=True)
    began_at = models.DateTimeField(null=True, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    phase = models.CharField(max_length=20, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        "hub.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    plan = models.OneToOneField(
        "volunteering.Plan", null=True, blank=True, on_delete=models.SET_NULL, related_name="run"
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(current=1, state__in=["asked", "running"])
                | models.Q(current__isnull=True, state__in=["made", "cancelled", "failed", "lost"]),
                name="plan_run_current_until_it_ends",
            ),
        )
