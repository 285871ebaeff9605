"""A live pairing of a volunteer with a need."""

from enum import StrEnum

from django.db import models

from stepdown.hub.models.record import Record
from stepdown.kernel.states import StateTable, refusals


class PlacementState(StrEnum):
    LIVE = "live"
    SUSPENDED = "suspended"
    ENDED = "ended"
    REPLACED = "replaced"


class PlacementEvent(StrEnum):
    SUSPEND = "suspend"
    RESUME = "resume"
    END = "end"
    REPLACE = "replace"


PLACEMENT_STATES = StateTable(
    "placement",
    PlacementState,
    PlacementEvent,
    refusals(
        PlacementState,
        PlacementEvent,
        {
            PlacementState.LIVE: "This placement is live.",
            PlacementState.SUSPENDED: "This placement is already suspended.",
            PlacementState.ENDED: "This placement has ended.",
            PlacementState.REPLACED: "Another volunteer has taken this placement over.",
        },
    )
    | {
        (PlacementState.LIVE, PlacementEvent.SUSPEND): PlacementState.SUSPENDED,
        (PlacementState.LIVE, PlacementEvent.END): PlacementState.ENDED,
        (PlacementState.LIVE, PlacementEvent.REPLACE): PlacementState.REPLACED,
        (PlacementState.SUSPENDED, PlacementEvent.RESUME): PlacementState.LIVE,
        (PlacementState.SUSPENDED, PlacementEvent.END): PlacementState.ENDED,
        (PlacementState.SUSPENDED, PlacementEvent.REPLACE): PlacementState.REPLACED,
    },
)


class Placement(Record):
    """Live and suspended placements keep their hold: a suspended one is never silently moved."""

    class EndReason(models.TextChoices):
        DONE = "done", "The support is finished"
        VOLUNTEER = "volunteer", "The volunteer stepped back"
        PERSON = "person", "The person no longer wants it"
        NEED_CLOSED = "need-closed", "The need was closed"
        CREDENTIAL = "credential", "A required check lapsed"
        OTHER = "other", "Another reason"

    offer = models.OneToOneField(
        "volunteering.Offer", on_delete=models.PROTECT, related_name="placement"
    )
    need = models.ForeignKey(
        "volunteering.Need", on_delete=models.PROTECT, related_name="placements"
    )
    volunteer = models.ForeignKey(
        "volunteering.Volunteer", on_delete=models.PROTECT, related_name="placements"
    )
    hold = models.OneToOneField(
        "volunteering.Hold",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="placement",
    )
    state = models.CharField(
        max_length=10,
        choices=[(s.value, s.value) for s in PlacementState],
        default=PlacementState.LIVE,
    )
    slot = models.PositiveSmallIntegerField(null=True, blank=True)
    starts = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=12, choices=EndReason.choices, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspend_reason = models.CharField(max_length=200, blank=True)
    # The volunteer said "I can't make it" and a coordinator has not yet dealt with it.
    step_back_asked_at = models.DateTimeField(null=True, blank=True)
    # The offer made to somebody else when this placement was replaced.
    replacement = models.OneToOneField(
        "volunteering.Offer",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaces",
    )

    class Meta:
        indexes = (
            models.Index(fields=("state", "id")),
            models.Index(fields=("volunteer", "state")),
        )
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state__in=["live", "suspended"]) | models.Q(hold__isnull=False),
                name="placement_live_holds",
            ),
        )
