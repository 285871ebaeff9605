"""A meeting that decides on cases: its agenda, what was decided, who is to do what."""

from enum import StrEnum

from django.db import models

from stepdown.hub.models.record import Record
from stepdown.kernel.states import StateTable, refusals
from stepdown.policy.categories import Category


class MeetingState(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    CALLED_OFF = "called-off"


class MeetingEvent(StrEnum):
    CHANGE = "change"
    BRING_UP_TO_DATE = "bring-up-to-date"
    OPEN = "open"
    PUT_OFF = "put-off"
    DECIDE = "decide"
    CLOSE = "close"
    CALL_OFF = "call-off"


_PLANNED, _OPEN, _CLOSED = MeetingState.PLANNED, MeetingState.OPEN, MeetingState.CLOSED
_CALLED_OFF = MeetingState.CALLED_OFF
MEETING_STATES = StateTable(
    "meeting",
    MeetingState,
    MeetingEvent,
    refusals(
        MeetingState,
        MeetingEvent,
        {
            _PLANNED: "This meeting has not begun yet.",
            _OPEN: "This meeting has begun.",
            _CLOSED: "This meeting is closed, and its minutes stay as they are.",
            _CALLED_OFF: "This meeting was called off.",
        },
    )
    | {
        (_PLANNED, MeetingEvent.CHANGE): _PLANNED,
        (_PLANNED, MeetingEvent.BRING_UP_TO_DATE): _PLANNED,
        (_PLANNED, MeetingEvent.PUT_OFF): _PLANNED,
        (_PLANNED, MeetingEvent.OPEN): _OPEN,
        (_PLANNED, MeetingEvent.CALL_OFF): _CALLED_OFF,
        (_OPEN, MeetingEvent.BRING_UP_TO_DATE): _OPEN,
        (_OPEN, MeetingEvent.PUT_OFF): _OPEN,
        (_OPEN, MeetingEvent.DECIDE): _OPEN,
        (_OPEN, MeetingEvent.CLOSE): _CLOSED,
    },
)


class Meeting(Record):
    """One meeting of a kind that a pathway names. ``version`` is of the pathway, for its words."""

    class WhyNot(models.TextChoices):
        PEOPLE = "people", "Too few people can come"
        CHAIR = "chair", "Nobody can be in the chair"
        NOTHING = "nothing", "Nothing waits for it"
        ANOTHER = "another", "Another meeting takes its place"
        PLACE = "place", "There is nowhere to meet"

    pathway = models.CharField(max_length=20)
    version = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=40)
    agency = models.ForeignKey("hub.Agency", on_delete=models.PROTECT, related_name="+")
    held_on = models.DateField()
    chair = models.ForeignKey("hub.User", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=10,
        choices=[(s.value, s.value) for s in MeetingState],
        default=MeetingState.PLANNED,
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    called_off_on = models.DateField(null=True, blank=True)
    why_not = models.CharField(max_length=10, choices=WhyNot.choices, blank=True)

    class Meta:
        ordering = ("-held_on", "-id")
        indexes = (models.Index(fields=("agency", "held_on")),)

    def __str__(self) -> str:
        return str(self.pk)


class MeetingAttendee(models.Model):
    """A member of staff who attends."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendees")
    user = models.ForeignKey("hub.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("meeting", "user"), name="meeting_attended_once"),
        )


class MeetingItem(Record):
    """A case on the agenda, since when it waits, and what came of it last."""

    class Outcome(models.TextChoices):
        ALLOCATED = "allocated", "Given to somebody"
        MOVED = "moved", "Moved on"
        NOTED = "noted", "Discussed"
        PUT_OFF = "put-off", "Put off"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="+")
    waits_since = models.DateField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    decided_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("waits_since", "case_id")
        constraints = (
            models.UniqueConstraint(fields=("meeting", "case"), name="meeting_item_once"),
        )


class MeetingDecision(Record):
    """One line of the minutes. ``version`` is of the pathway on which its keys are read."""

    class Reason(models.TextChoices):
        INFORMATION = "information", "More has to be known first"
        ABSENT = "absent", "Somebody who is needed was not there"
        TIME = "time", "There was no time"
        CALLED_OFF = "called-off", "The meeting was called off"

    item = models.ForeignKey(MeetingItem, on_delete=models.PROTECT, related_name="decisions")
    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=MeetingItem.Outcome.choices)
    role = models.CharField(max_length=40, blank=True)
    user = models.ForeignKey(
        "hub.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    to = models.CharField(max_length=40, blank=True)
    outcome = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    note = models.ForeignKey(
        "casework.CaseNote", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)


class MeetingAction(Record):
    """What somebody is to do about a case by a day, said at a meeting."""

    item = models.ForeignKey(MeetingItem, on_delete=models.PROTECT, related_name="actions")
    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=20, choices=[(c.value, c.value) for c in Category])
    what = models.CharField(max_length=200)
    user = models.ForeignKey("hub.User", on_delete=models.PROTECT, related_name="+")
    by_when = models.DateField()
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("by_when", "id")
        indexes = (models.Index(fields=("user", "done_on")),)
