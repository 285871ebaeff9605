"""What stands on a person's record because of a request: their data is kept and not used."""

from django.db import models

from stepdown.hub.models.record import Record


class RightsMark(Record):
    """A stop to the use of somebody's data, or an objection upheld, from a moment until it ends."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    request = models.OneToOneField(
        "records.RightsRequest", on_delete=models.PROTECT, related_name="mark"
    )
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=("person", "ended_at")),)
