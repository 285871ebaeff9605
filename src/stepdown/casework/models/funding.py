"""Money given to a pathway, year by year, each sum with the fund it came from and its source."""

from django.db import models
from django.db.models import Q

from stepdown.hub.models import Agency
from stepdown.hub.models.record import Record


class FundingLine(Record):
    """What one fund gave in one financial year, named by the year in which it begins."""

    pathway = models.CharField(max_length=60)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    year = models.PositiveSmallIntegerField()
    fund = models.CharField(max_length=120)
    pounds = models.DecimalField(max_digits=13, decimal_places=2)
    source = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("pathway", "year", "fund", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("pathway", "agency", "fund", "year"), name="funding_once_a_year"
            ),
            models.CheckConstraint(condition=Q(pounds__gte=0), name="funding_not_below_nothing"),
        )
