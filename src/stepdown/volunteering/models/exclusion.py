"""Two people who must not be brought together."""

from django.db import models

from stepdown.hub.models.record import Record


class Exclusion(Record):
    """A volunteer who must not support a person: they know each other, or there is a risk.

    It holds in both directions and until it is ended.
    """

    class Reason(models.TextChoices):
        KNOWN = "known", "They know each other"
        REQUEST = "request", "One of them asked"
        SAFEGUARDING = "safeguarding", "Safeguarding"
        PARTY = "party", "Party to the same case"

    volunteer = models.ForeignKey(
        "volunteering.Volunteer", on_delete=models.PROTECT, related_name="exclusions"
    )
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, choices=Reason.choices)
    # None where the volunteer said so by the link in a message, without an account.
    recorded_by = models.ForeignKey(
        "hub.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("volunteer", "person"),
                condition=models.Q(ended_at=None),
                name="exclusion_once",
            ),
        )
