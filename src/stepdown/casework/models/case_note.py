"""What somebody wrote about a case outside any form."""

from uuid import UUID

from django.db import models

from stepdown.hub.models.record import Record
from stepdown.kernel.ids import new_id
from stepdown.policy.categories import Category


def new_thread() -> UUID:
    """A note of its own, whose later versions share this."""
    return new_id()


class CaseNote(Record):
    """One version of a note. Nothing is written over: a change is the next version of its thread,
    in the same category of data."""

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="notes")
    thread = models.UUIDField(default=new_thread)
    version = models.PositiveSmallIntegerField(default=1)
    category = models.CharField(max_length=20, choices=[(c.value, c.value) for c in Category])
    words = models.TextField()
    written_by = models.ForeignKey(
        "hub.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("thread", "version"), name="case_note_version_once"),
        )

    def __str__(self) -> str:
        return str(self.pk)
