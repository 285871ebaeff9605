"""What people said when they were asked whether their data may be shared, and in which words.

Statements are only added to: the last one about a purpose holds. Nothing copies it anywhere.
"""

from django.db import models

from stepdown.hub.models.record import Record
from stepdown.policy.sharing import Purpose

PURPOSES = [(p.value, p.value) for p in Purpose]


class ConsentWording(Record):
    """One version of the words in which a purpose is explained. It never changes."""

    purpose = models.CharField(max_length=20, choices=PURPOSES)
    number = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=2000)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("purpose", "-number")
        constraints = (
            models.UniqueConstraint(fields=("purpose", "number"), name="consent_wording_once"),
        )


class Consent(Record):
    """One statement: given or refused after an explanation, or withdrawn."""

    class Answer(models.TextChoices):
        GIVEN = "given", "Given"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=20, choices=PURPOSES)
    answer = models.CharField(max_length=9, choices=Answer.choices)
    wording = models.ForeignKey(
        ConsentWording, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    explained_by = models.ForeignKey(
        "hub.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    explained_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(
        "hub.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("person", "purpose", "id")),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(answer="withdrawn")
                | models.Q(
                    wording__isnull=False, explained_by__isnull=False, explained_on__isnull=False
                ),
                name="consent_explained",
            ),
        )
