"""What an administrator accepted in writing: that a hub goes without what it should have."""

from django.db import models

from stepdown.hub.models.record import Record


class Acceptance(Record):
    """One statement, with the name of whoever made it and their words. It never changes, but for
    being withdrawn."""

    class Subject(models.TextChoices):
        ONE_WALL = "one-wall", "Special-category data of several agencies behind one wall"

    subject = models.CharField(max_length=20, choices=Subject.choices)
    name = models.CharField(max_length=120)
    words = models.TextField(max_length=1000)
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("subject",),
                condition=models.Q(withdrawn_at=None),
                name="acceptance_once",
            ),
        )
