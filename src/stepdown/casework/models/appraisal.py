"""What a programme costs and is to save, year by year, in lines that each name their source."""

from django.db import models
from django.db.models import Q

from stepdown.hub.models import Agency, User
from stepdown.hub.models.record import Record


class Appraisal(Record):
    """One programme's costs and benefits. Years are financial years, named by the year in which
    they begin; the base year is year 0. Pounds are of one price year: the base year's."""

    title = models.CharField(max_length=120)
    pathway = models.CharField(max_length=60, blank=True)  # nothing: not about one pathway
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    base_year = models.PositiveSmallIntegerField()
    rate = models.DecimalField(max_digits=4, decimal_places=2)  # discount, in percent a year
    rate_source = models.CharField(max_length=200)
    rate_dated = models.DateField()  # the day of what the rate was taken from
    rate_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    rate_verified_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    rate_verified_on = models.DateField(null=True)
    # What one more case saves, if the source says it.
    each = models.DecimalField(max_digits=11, decimal_places=2, null=True)
    each_source = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("title", "id")
        constraints = (
            models.CheckConstraint(condition=Q(rate__gte=0), name="discount_not_below_nothing"),
            models.CheckConstraint(condition=Q(each=None) | Q(each__gt=0), name="each_saves"),
        )


class AppraisalLine(Record):
    """Pounds of one kind in one year, whose figure it is, and where it comes from."""

    class Kind(models.TextChoices):
        COST = "cost", "Cost"
        BENEFIT = "benefit", "Benefit"

    appraisal = models.ForeignKey(Appraisal, models.CASCADE, related_name="lines")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    what = models.CharField(max_length=120)
    year = models.PositiveSmallIntegerField()
    pounds = models.DecimalField(max_digits=13, decimal_places=2)
    whose = models.CharField(max_length=80)
    source = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("year", "kind", "what", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("appraisal", "kind", "what", "year"), name="appraisal_line_once_a_year"
            ),
            models.CheckConstraint(condition=Q(pounds__gte=0), name="line_not_below_nothing"),
        )
