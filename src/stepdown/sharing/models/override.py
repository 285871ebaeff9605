"""Break-glass: who opened which record in an emergency, why, until when, and what came of it."""

from django.db import models
from django.db.models import Q

from stepdown.hub.models.record import Record


class Override(Record):
    """One opening. ``words`` say why; they are kept here alone, never in the ledger or a message.

    ``holder`` is the agency whose record it is: none for one that came to the partnership itself.
    """

    class Reason(models.TextChoices):
        DANGER = "danger", "Somebody is in danger now"
        MISSING = "missing", "Somebody is missing"
        CHILD = "child", "A child or adult at risk must be protected"
        CRIME = "crime", "A serious crime must be prevented"

    class Outcome(models.TextChoices):
        JUSTIFIED = "justified", "It was justified"
        NOT_JUSTIFIED = "not-justified", "It was not justified"

    reference = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=20)
    record_id = models.UUIDField()
    holder = models.ForeignKey(
        "hub.Agency", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    agency = models.ForeignKey(
        "hub.Agency", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_by = models.ForeignKey("hub.User", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    reason = models.CharField(max_length=10, choices=Reason.choices)
    words = models.TextField(max_length=2_000)
    ended_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        "hub.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=15, choices=Outcome.choices, blank=True)
    review_words = models.TextField(max_length=2_000, blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("opened_by", "until")),)
        constraints = (
            models.CheckConstraint(
                condition=Q(until__gt=models.F("opened_at")), name="override_ends"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at=None) | ~Q(outcome=""),
                name="override_reviewed_with_outcome",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=models.F("opened_by")),
                name="override_reviewed_by_another",
            ),
        )

    def __str__(self) -> str:
        return self.reference


class OverrideAttempt(models.Model):
    """Somebody asked for a record by its reference. ``found`` says whether one was opened."""

    user = models.ForeignKey("hub.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    found = models.BooleanField()

    class Meta:
        indexes = (models.Index(fields=("user", "at")),)
