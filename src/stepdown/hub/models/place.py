"""Areas that postcodes fall into: county, district, ward."""

from django.db import models


class Place(models.Model):
    """An area by its official code. ``rings`` are its outlines in OSGB metres: [[[e, n], …], …]."""

    class Kind(models.TextChoices):
        COUNTY = "county", "County"
        DISTRICT = "district", "District"
        WARD = "ward", "Ward"

    code = models.CharField(max_length=12, primary_key=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=120)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    population = models.PositiveIntegerField(null=True, blank=True)
    population_source = models.CharField(max_length=120, blank=True)
    rings = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        indexes = (models.Index(fields=("kind", "name")),)

    def __str__(self) -> str:
        return self.name
