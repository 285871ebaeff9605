"""What an open offer or a live placement holds: a place of the need, a share of capacity, a slot.

The rules that must never be broken, whoever asks and however many ask at once, are unique
constraints here: a place is held once, a share of capacity is held once, and nobody is in two
places in one slot.
"""

from django.db import models

from stepdown.hub.models.record import Record


class Hold(Record):
    """``place`` counts from 1 to the need's places, ``share`` from 1 to the volunteer's capacity;
    ``slot`` is an index into ``kernel.slots.SLOTS``, none where the need has no slots."""

    need = models.ForeignKey("volunteering.Need", on_delete=models.PROTECT, related_name="holds")
    volunteer = models.ForeignKey(
        "volunteering.Volunteer", on_delete=models.PROTECT, related_name="holds"
    )
    place = models.PositiveSmallIntegerField()
    share = models.PositiveSmallIntegerField()
    slot = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("need", "place"), name="hold_place_once"),
            models.UniqueConstraint(fields=("volunteer", "share"), name="hold_share_once"),
            models.UniqueConstraint(fields=("volunteer", "need"), name="hold_need_once"),
            models.UniqueConstraint(fields=("volunteer", "slot"), name="hold_slot_once"),
        )
