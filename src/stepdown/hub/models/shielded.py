"""The base of rows that keep something nobody may read from the database."""

from typing import ClassVar

from django.db import models


class Sealed(models.Model):
    """What is closed, and under which key. Both empty where there is nothing in it.

    Only ``hub.queries.shielded`` opens it, only ``hub.actions.shielding`` writes it.
    """

    SEALED_BY: ClassVar[str] = "pk"
    """The column whose value binds what is sealed to its row."""

    sealed = models.BinaryField(default=b"")
    sealed_key = models.CharField(max_length=16, blank=True)

    class Meta:
        abstract = True
