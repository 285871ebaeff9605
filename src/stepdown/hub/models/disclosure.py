"""The read log: who was shown whom, for which purpose. Kept apart from the ledger for its size."""

from django.db import models

from stepdown.hub.models.record import Record


class Disclosure(Record):
    """One response that showed people's records. Committed before its first byte leaves."""

    at = models.DateTimeField()
    actor_label = models.CharField(max_length=20)
    actor_user = models.UUIDField(null=True, db_index=True)
    actor_person = models.UUIDField(null=True)
    purpose = models.CharField(max_length=40)
    page = models.CharField(max_length=60)


class DisclosedPerson(models.Model):
    """A person named in the response, and the categories of data that were shown of them."""

    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="people")
    person_id = models.UUIDField()
    categories = models.CharField(max_length=120)

    class Meta:
        indexes = (models.Index(fields=("person_id", "disclosure")),)
        constraints = (
            models.UniqueConstraint(fields=("disclosure", "person_id"), name="disclosed_once"),
        )
