"""Partners, and the roles that people hold for them."""

from django.db import models

from stepdown.hub.models.record import Record
from stepdown.policy.roles import RoleKey


class Agency(Record):
    """A partner. The local policing body is one whose kind may change (PCC, mayor, board)."""

    class Kind(models.TextChoices):
        POLICE = "police", "Police force"
        POLICING_BODY = "policing-body", "Local policing body"
        COUNCIL = "council", "Council"
        FIRE = "fire", "Fire and rescue"
        AMBULANCE = "ambulance", "Ambulance"
        NHS = "nhs", "NHS"
        CHARITY = "charity", "Charity or community group"
        HOUSING = "housing", "Housing provider"
        OTHER = "other", "Other"

    name = models.CharField(max_length=160, unique=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Membership(Record):
    """A user's role for an agency, in some districts. No district named means all of them."""

    user = models.ForeignKey("hub.User", on_delete=models.PROTECT, related_name="memberships")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=30, choices=[(k.value, k.value) for k in RoleKey])
    districts = models.ManyToManyField("hub.Place", blank=True, related_name="+")
    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "agency", "role"), name="membership_once"),
        )
