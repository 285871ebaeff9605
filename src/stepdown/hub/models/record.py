"""The base of every record: an id that sorts by age and cannot be guessed."""

from django.db import models

from stepdown.kernel.ids import new_id


class Record(models.Model):
    """A row with a time-ordered random id."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True
