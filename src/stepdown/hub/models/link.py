"""Links that stand for a person without an account: to answer offers, or to follow a calendar."""

from django.db import models

from stepdown.hub.models.record import Record


class AccessLink(Record):
    """A revocable link. Only a hash of its secret is kept: a stolen table opens nothing."""

    class Purpose(models.TextChoices):
        VOLUNTEER = "volunteer", "Answer offers and log hours"
        CALENDAR = "calendar", "Calendar feed"

    person_id = models.UUIDField(db_index=True)
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    secret_hash = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
