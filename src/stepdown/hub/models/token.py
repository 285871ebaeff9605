"""Tokens by which a program of somebody's own asks in their name."""

from django.db import models

from stepdown.hub.models.record import Record


class ApiToken(Record):
    """A token of one account, for one purpose, until the end of its last day.

    Only a keyed hash of it is kept: a stolen table opens nothing. Whoever asks by it is the
    account's own actor, never more; without ``may_write`` it only reads.
    """

    user = models.ForeignKey("hub.User", on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80)
    may_write = models.BooleanField(default=False)
    secret_hash = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    last_day = models.DateField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("user", "id"), name="token_of_account"),)
