"""What was done in a case: its steps, the stages it came through, what was measured."""

from django.db import models

from stepdown.hub.models.record import Record
from stepdown.policy.categories import Category


class CaseStep(Record):
    """One doing of a step. Without ``done_on`` it is a draft that somebody saved.

    ``version`` goes up at every save, so that two people at the same form are told.
    """

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField(default=1)
    done_on = models.DateField(null=True, blank=True)
    saved_by = models.ForeignKey(
        "hub.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    saved_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("case", "step", "number"), name="case_step_once"),
        )


class CaseStage(Record):
    """A stage that a case came to, and the day."""

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="stages")
    stage = models.CharField(max_length=40)
    entered_on = models.DateField()

    class Meta:
        ordering = ("id",)


class CaseMeasure(Record):
    """One measurement of one person. ``total`` is empty where an item is missing or the instrument
    has none; nothing at all was answered where ``missing`` says why."""

    class Missing(models.TextChoices):
        DECLINED = "declined", "They did not want to"
        UNABLE = "unable", "They could not"
        NOT_ASKED = "not-asked", "Nobody asked in time"

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="measures")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    measure = models.CharField(max_length=40)
    occasion = models.CharField(max_length=40)
    instrument = models.CharField(max_length=40)
    category = models.CharField(max_length=20, choices=[(c.value, c.value) for c in Category])
    taken_on = models.DateField()
    answers = models.JSONField(default=dict)
    total = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    missing = models.CharField(max_length=10, choices=Missing.choices, blank=True)
    recorded_by = models.ForeignKey(
        "hub.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("case", "person", "measure", "occasion"), name="case_measured_once"
            ),
        )


class CaseNotice(Record):
    """A reminder or an escalation that was sent, so that it is sent once."""

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="notices")
    step = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10)
    due = models.DateField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("case", "step", "number", "kind", "due"), name="case_notice_once"
            ),
        )
