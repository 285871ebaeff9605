"""Information-sharing agreements. One row is one version: a new version is signed anew.

Whether an agreement is in force is nowhere stored: it is asked of the signatures and the dates
whenever somebody looks (``queries/in_force.py``).
"""

from enum import StrEnum

from django.db import models

from stepdown.hub.models.record import Record
from stepdown.kernel.states import StateTable, refusals


class AgreementState(StrEnum):
    DRAFT = "draft"
    OUT_FOR_SIGNATURE = "out-for-signature"
    WITHDRAWN = "withdrawn"


class AgreementEvent(StrEnum):
    CHANGE = "change"
    ISSUE = "issue"
    SIGN = "sign"
    WITHDRAW = "withdraw"
    RENEW = "renew"


AGREEMENT_STATES = StateTable(
    "agreement",
    AgreementState,
    AgreementEvent,
    refusals(
        AgreementState,
        AgreementEvent,
        {
            AgreementState.DRAFT: "This agreement has not been sent for signature yet.",
            AgreementState.OUT_FOR_SIGNATURE: (
                "This agreement has been sent for signature: its terms no longer change. "
                "Make a new version."
            ),
            AgreementState.WITHDRAWN: "This agreement was withdrawn.",
        },
    )
    | {
        (AgreementState.DRAFT, AgreementEvent.CHANGE): AgreementState.DRAFT,
        (AgreementState.DRAFT, AgreementEvent.ISSUE): AgreementState.OUT_FOR_SIGNATURE,
        (AgreementState.DRAFT, AgreementEvent.WITHDRAW): AgreementState.WITHDRAWN,
        (AgreementState.OUT_FOR_SIGNATURE, AgreementEvent.SIGN): (AgreementState.OUT_FOR_SIGNATURE),
        (AgreementState.OUT_FOR_SIGNATURE, AgreementEvent.WITHDRAW): AgreementState.WITHDRAWN,
        (AgreementState.OUT_FOR_SIGNATURE, AgreementEvent.RENEW): (
            AgreementState.OUT_FOR_SIGNATURE
        ),
        (AgreementState.WITHDRAWN, AgreementEvent.RENEW): AgreementState.WITHDRAWN,
    },
)


class Agreement(Record):
    """One version of an agreement: who, from when to when, and the state its parties put it in."""

    reference = models.CharField(max_length=16)
    number = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=160)
    state = models.CharField(
        max_length=20,
        choices=[(s.value, s.value) for s in AgreementState],
        default=AgreementState.DRAFT,
    )
    starts = models.DateField()
    ends = models.DateField()
    review_on = models.DateField()
    made_by = models.ForeignKey(
        "hub.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_for = models.ForeignKey(
        "hub.Agency", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdraw_reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("title", "number")
        indexes = (models.Index(fields=("title", "id")),)
        constraints = (
            models.UniqueConstraint(fields=("reference", "number"), name="agreement_version_once"),
            models.CheckConstraint(
                condition=models.Q(ends__gte=models.F("starts")), name="agreement_ends_after_start"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    review_on__gte=models.F("starts"), review_on__lte=models.F("ends")
                ),
                name="agreement_reviewed_within",
            ),
        )

    def __str__(self) -> str:
        return f"{self.reference} version {self.number}"


class AgreementParty(models.Model):
    """An agency that the agreement binds once it has signed."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="parties")
    agency = models.ForeignKey("hub.Agency", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("agency__name",)
        constraints = (
            models.UniqueConstraint(fields=("agreement", "agency"), name="agreement_party_once"),
        )


class Signature(Record):
    """A party's signature. ``terms`` is the hash of exactly what was signed."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="signatures")
    agency = models.ForeignKey("hub.Agency", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey("hub.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    terms = models.BinaryField(max_length=32)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("agreement", "agency"), name="agreement_signed_once"),
        )
