"""Time given."""

from enum import StrEnum

from django.db import models

from stepdown.hub.models.record import Record
from stepdown.kernel.states import StateTable, refusals


class HoursState(StrEnum):
    LOGGED = "logged"
    CONFIRMED = "confirmed"
    QUERIED = "queried"


class HoursEvent(StrEnum):
    CONFIRM = "confirm"
    QUERY = "query"
    AMEND = "amend"


HOURS_STATES = StateTable(
    "hours",
    HoursState,
    HoursEvent,
    refusals(
        HoursState,
        HoursEvent,
        {
            HoursState.LOGGED: "These hours are waiting to be confirmed.",
            HoursState.CONFIRMED: "These hours have been confirmed.",
            HoursState.QUERIED: "There is a question about these hours: answer it first.",
        },
    )
    | {
        (HoursState.LOGGED, HoursEvent.CONFIRM): HoursState.CONFIRMED,
        (HoursState.LOGGED, HoursEvent.QUERY): HoursState.QUERIED,
        (HoursState.LOGGED, HoursEvent.AMEND): HoursState.LOGGED,
        (HoursState.QUERIED, HoursEvent.AMEND): HoursState.LOGGED,
    },
)


class HoursEntry(Record):
    """Minutes given on a day. One entry a placement and day."""

    placement = models.ForeignKey(
        "volunteering.Placement", on_delete=models.PROTECT, related_name="hours"
    )
    on = models.DateField()
    minutes = models.PositiveSmallIntegerField()
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in HoursState], default=HoursState.LOGGED
    )
    query_note = models.CharField(max_length=200, blank=True)
    logged_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("placement", "on"), name="hours_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(minutes__gte=5, minutes__lte=1440), name="hours_in_a_day"
            ),
        )
