"""Where people live. A shielded address lies in a table of its own and is never shown."""

from django.db import models

from stepdown.hub.models.record import Record
from stepdown.hub.models.shielded import Sealed


class Address(Record):
    """An ordinary address, with its position in OSGB metres where the postcode is known."""

    lines = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=8)
    easting = models.PositiveIntegerField(null=True, blank=True)
    northing = models.PositiveIntegerField(null=True, blank=True)
    person = models.OneToOneField("people.Person", on_delete=models.PROTECT, related_name="address")


class ShieldedAddress(Sealed, Record):
    """An address that must never leave: not shown, mapped, exported or logged. Sealed are lines,
    postcode, easting and northing; matching may measure from it, coarsened."""

    person = models.OneToOneField(
        "people.Person", on_delete=models.PROTECT, related_name="shielded_address"
    )
