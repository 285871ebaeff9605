"""Published measures of performance: a number for a period, and what it is compared with."""

from django.db import models
from django.db.models import F, Q

from stepdown.hub.models import Agency
from stepdown.hub.models.record import Record


class PerformanceMeasure(Record):
    """What is measured. ``per``: another measure, of which each one's share is worked out where
    both have a figure for the same period (hours for each volunteer)."""

    name = models.CharField(max_length=120)
    unit = models.CharField(max_length=40)
    pathway = models.CharField(max_length=60, blank=True)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    per = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(per=None) | ~Q(per=F("id")), name="measure_not_per_itself"
            ),
        )


class PerformanceFigure(Record):
    """One figure, as its source has it: nothing in it is worked out. ``stated`` is the percentage
    printed beside it, ``parts`` are names and numbers said to add up to it. ``as_printed``: whoever
    entered it saw that its source contradicts itself, and kept what it says."""

    class Against(models.TextChoices):
        NOTHING = "", "Nothing"
        TARGET = "target", "A target"
        EARLIER = "earlier", "The same measure earlier"
        WHOLE = "whole", "The whole of which it is a part"

    measure = models.ForeignKey(PerformanceMeasure, models.CASCADE, related_name="figures")
    since = models.DateField()
    until = models.DateField()
    value = models.DecimalField(max_digits=14, decimal_places=2)
    against = models.CharField(max_length=7, choices=Against.choices, blank=True)
    comparator = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    stated = models.CharField(max_length=8, blank=True)
    parts = models.JSONField(default=list, blank=True)
    as_printed = models.BooleanField(default=False)
    narrative = models.TextField(blank=True)
    source = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("since", "until", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="figure_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(against="", comparator=None)
                | (~Q(against="") & Q(comparator__isnull=False)),
                name="figure_compared_with_something",
            ),
        )
