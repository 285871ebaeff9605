"""What an hour or a visit costs, for what a pathway adds up. Dated, with its source."""

from django.db import models
from django.db.models import F, Q

from stepdown.hub.models import User
from stepdown.hub.models.record import Record


class Rate(Record):
    """The rate of one line of a pathway's sums, from a day on until there is a later one. It is
    verified once somebody other than who entered it has compared it with its source."""

    class Per(models.TextChoices):
        HOUR = "hour", "For each hour"
        EACH = "each", "For each one"

    pathway = models.CharField(max_length=60)
    line = models.CharField(max_length=60)  # the key of a sum of the pathway
    payer = models.CharField(max_length=80)  # whose time or money it is; often no partner
    per = models.CharField(max_length=4, choices=Per.choices)
    pounds = models.DecimalField(max_digits=9, decimal_places=2)
    valid_from = models.DateField()
    source = models.CharField(max_length=200)
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    verified_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    verified_on = models.DateField(null=True)

    class Meta:
        ordering = ("pathway", "line", "valid_from")
        constraints = (
            models.UniqueConstraint(
                fields=("pathway", "line", "valid_from"), name="rate_once_a_day"
            ),
            models.CheckConstraint(condition=Q(pounds__gte=0), name="rate_not_below_nothing"),
            models.CheckConstraint(
                condition=Q(verified_by=None) | ~Q(verified_by=F("entered_by")),
                name="rate_verified_by_another",
            ),
        )

    @property
    def verified(self) -> bool:
        """Whether a second person has looked."""
        return self.verified_on is not None
