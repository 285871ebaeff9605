"""What must leave the hub. Actions write rows; a job sends them."""

from django.db import models

from stepdown.hub.models.record import Record


class OutboxMessage(Record):
    """A message to be sent. It names people and records by id only; words and addresses are found
    when it is sent, so that a contact changed meanwhile is honoured and nothing lies about here."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    template = models.CharField(max_length=40)
    to_person = models.UUIDField(null=True)
    to_user = models.UUIDField(null=True)
    about_kind = models.CharField(max_length=30)
    about_id = models.UUIDField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = (models.Index(fields=("state", "next_try_at")),)
