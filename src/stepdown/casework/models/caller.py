"""Numbers that ring 999 and 101 most, out of a call log. Nobody's record yet: a number and days.

Only those that were ranked enter the hub. A caller on whom nothing is done is forgotten again
(``jobs.forget_callers``).
"""

from django.db import models
from django.db.models import Q

from stepdown.hub.models.record import Record


class CallLog(Record):
    """One reading of one log: which days it covers, and how much of it was left out and why."""

    agency = models.ForeignKey("hub.Agency", on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField()  # the first day that is not in it
    rows = models.PositiveBigIntegerField()
    counted = models.PositiveBigIntegerField()
    numbers = models.PositiveBigIntegerField()
    excluded = models.JSONField(default=dict)
    read_at = models.DateTimeField()

    class Meta:
        ordering = ("-until", "-id")
        constraints = (
            models.CheckConstraint(condition=Q(since__lt=models.F("until")), name="call_log_days"),
        )


class Caller(Record):
    """One number, for one agency. ``case`` once somebody was referred from it."""

    class State(models.TextChoices):
        NEW = "new", "Waiting"
        REFERRED = "referred", "Referred"
        ASIDE = "set-aside", "Set aside"

    class Reason(models.TextChoices):
        KNOWN = "known", "Somebody works with them already"
        NOT_HOME = "not-home", "It is not a home"
        EXPLAINED = "explained", "One event explains the calls"

    agency = models.ForeignKey("hub.Agency", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=16)
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    reason = models.CharField(max_length=10, choices=Reason.choices, blank=True)
    found_on = models.DateField()
    case = models.ForeignKey(
        "casework.Case", null=True, blank=True, on_delete=models.SET_NULL, related_name="callers"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("agency", "number"), name="caller_once_an_agency"),
            models.CheckConstraint(
                condition=~Q(state="set-aside") | ~Q(reason=""), name="caller_aside_with_reason"
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)


class CallerRank(models.Model):
    """The place of a caller in one log: 1 for most calls."""

    log = models.ForeignKey(CallLog, on_delete=models.CASCADE, related_name="ranks")
    caller = models.ForeignKey(Caller, on_delete=models.CASCADE, related_name="ranks")
    place = models.PositiveIntegerField()
    calls = models.PositiveIntegerField()

    class Meta:
        ordering = ("place",)
        constraints = (
            models.UniqueConstraint(fields=("log", "caller"), name="caller_ranked_once"),
        )


class CallerDay(models.Model):
    """How often a caller rang on one day, and how often of that 999."""

    caller = models.ForeignKey(Caller, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    calls = models.PositiveIntegerField()
    emergency = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("day",)
        constraints = (models.UniqueConstraint(fields=("caller", "day"), name="caller_day_once"),)
