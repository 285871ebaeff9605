"""Checks, training and licences: held by the person, good for every scheme. The passport."""

from enum import StrEnum

from django.db import models

from stepdown.hub.models.record import Record
from stepdown.kernel.states import StateTable, refusals


class CredentialType(models.Model):
    """A kind of check, training or licence, and how long one is good for unless it says otherwise.

    ``verified`` is no where the period is a default that nobody has confirmed with its owner.
    """

    class Kind(models.TextChoices):
        CHECK = "check", "Check"
        TRAINING = "training", "Training"
        LICENCE = "licence", "Licence"

    key = models.SlugField(max_length=40, primary_key=True)
    name = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    good_for_months = models.PositiveSmallIntegerField(null=True, blank=True)
    source = models.CharField(max_length=200)
    verified = models.BooleanField(default=False)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class CredentialState(StrEnum):
    CURRENT = "current"
    REVOKED = "revoked"


class CredentialEvent(StrEnum):
    REVOKE = "revoke"


CREDENTIAL_STATES = StateTable(
    "credential",
    CredentialState,
    CredentialEvent,
    refusals(
        CredentialState,
        CredentialEvent,
        {
            CredentialState.CURRENT: "",
            CredentialState.REVOKED: "This credential has already been revoked.",
        },
    )
    | {(CredentialState.CURRENT, CredentialEvent.REVOKE): CredentialState.REVOKED},
)


class Credential(Record):
    """One check held by a person, from ``valid_from`` to the end of ``valid_to`` (none: no end)."""

    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="credentials"
    )
    type = models.ForeignKey(CredentialType, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    verified_by = models.ForeignKey("hub.Agency", on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=60, blank=True)
    state = models.CharField(
        max_length=10,
        choices=[(s.value, s.value) for s in CredentialState],
        default=CredentialState.CURRENT,
    )

    class Meta:
        indexes = (
            models.Index(fields=("state", "valid_to")),
            # Whether somebody holds a later one of the same type.
            models.Index(fields=("person", "type", "state")),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="credential_in_order",
            ),
        )
