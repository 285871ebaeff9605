"""What a person says of something in their record that was not corrected as they asked."""

from django.db import models

from stepdown.hub.models.record import Record
from stepdown.policy.categories import Category


class PersonStatement(Record):
    """Kept beside the record and shown with it, in the person's own words, to whoever reads the
    category of data that it is about. One for each request, ``asked_in``; it can be replaced.

    ``agency`` is the one whose record it stands beside; without one it is the partnership's own.
    """

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(
        "hub.Agency", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_in = models.UUIDField(unique=True)
    category = models.CharField(max_length=20, choices=[(c.value, c.value) for c in Category])
    about = models.CharField(max_length=120)
    words = models.TextField(max_length=2000)
    kept_on = models.DateField()

    class Meta:
        indexes = (models.Index(fields=("person", "category")),)
