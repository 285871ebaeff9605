"""Postcodes with their position, loaded from open data."""

from django.db import models


class Postcode(models.Model):
    """A live postcode in its spaced form ("PR1 8RJ"), positioned in OSGB metres."""

    code = models.CharField(max_length=8, primary_key=True)
    easting = models.PositiveIntegerField()
    northing = models.PositiveIntegerField()
    district_code = models.CharField(max_length=12, db_index=True)
    ward_code = models.CharField(max_length=12, blank=True)

    def __str__(self) -> str:
        return self.code
