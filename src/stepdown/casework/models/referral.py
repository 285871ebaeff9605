"""A request for help, from its first saved answer to what became of it."""

from enum import StrEnum

from django.db import models

from stepdown.hub.models.record import Record
from stepdown.hub.models.shielded import Sealed
from stepdown.kernel.states import StateTable, refusals
from stepdown.policy.categories import Category


class ReferralState(StrEnum):
    DRAFT = "draft"
    RECEIVED = "received"
    BECAME_NEED = "became-need"
    BECAME_CASE = "became-case"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class ReferralEvent(StrEnum):
    ANSWER = "answer"
    SUBMIT = "submit"
    MAKE_NEED = "make-need"
    MAKE_CASE = "make-case"
    MARK_DUPLICATE = "mark-duplicate"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"


REFERRAL_STATES = StateTable(
    "referral",
    ReferralState,
    ReferralEvent,
    refusals(
        ReferralState,
        ReferralEvent,
        {
            ReferralState.DRAFT: "This referral has not been sent yet.",
            ReferralState.RECEIVED: "This referral has been sent and waits for triage.",
            ReferralState.BECAME_NEED: "This referral has already become a need.",
            ReferralState.BECAME_CASE: "This referral has already become a case.",
            ReferralState.DUPLICATE: "This referral was marked as a duplicate.",
            ReferralState.REJECTED: "This referral was rejected.",
            ReferralState.WITHDRAWN: "This referral was withdrawn.",
        },
    )
    | {
        (ReferralState.DRAFT, ReferralEvent.ANSWER): ReferralState.DRAFT,
        (ReferralState.DRAFT, ReferralEvent.SUBMIT): ReferralState.RECEIVED,
        (ReferralState.DRAFT, ReferralEvent.WITHDRAW): ReferralState.WITHDRAWN,
        (ReferralState.RECEIVED, ReferralEvent.MAKE_NEED): ReferralState.BECAME_NEED,
        (ReferralState.RECEIVED, ReferralEvent.MAKE_CASE): ReferralState.BECAME_CASE,
        (ReferralState.RECEIVED, ReferralEvent.MARK_DUPLICATE): ReferralState.DUPLICATE,
        (ReferralState.RECEIVED, ReferralEvent.REJECT): ReferralState.REJECTED,
        (ReferralState.RECEIVED, ReferralEvent.WITHDRAW): ReferralState.WITHDRAWN,
        (ReferralState.DUPLICATE, ReferralEvent.REOPEN): ReferralState.RECEIVED,
        (ReferralState.REJECTED, ReferralEvent.REOPEN): ReferralState.RECEIVED,
    },
)


class Referral(Record):
    """The referral's course. What was said in it lies in ``ReferralAnswers``, by category."""

    class RejectReason(models.TextChoices):
        STATUTORY = "statutory", "Needs a statutory service now"
        NO_CONSENT = "no-consent", "The person does not want this help"
        OUT_OF_AREA = "out-of-area", "Lives outside the partnership's area"
        NOT_OFFERED = "not-offered", "We do not offer this kind of help"
        INCOMPLETE = "incomplete", "Not enough to go on, and the referrer could not be reached"

    reference = models.CharField(max_length=16, unique=True)
    state = models.CharField(
        max_length=12,
        choices=[(s.value, s.value) for s in ReferralState],
        default=ReferralState.DRAFT,
    )
    agency = models.ForeignKey(
        "hub.Agency", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_by = models.ForeignKey(
        "hub.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    district = models.ForeignKey(
        "hub.Place", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    band = models.PositiveSmallIntegerField(null=True, blank=True)
    person = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="referrals"
    )
    need = models.OneToOneField(
        "volunteering.Need",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="referral",
    )
    duplicate_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="duplicates"
    )
    reject_reason = models.CharField(max_length=14, choices=RejectReason.choices, blank=True)
    # Save and return: a hash of the return code; the code itself is shown once.
    return_hash = models.BinaryField(max_length=32, null=True, blank=True)
    # Wrong codes given for this reference since the last right one: after some, no code opens it.
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    draft_expires_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)
    triaged_at = models.DateTimeField(null=True, blank=True)
    triaged_by = models.ForeignKey(
        "hub.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = (
            models.Index(fields=("state", "id")),
            models.Index(fields=("district", "state")),
        )
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state="became-need") | models.Q(need__isnull=False),
                name="referral_need_there",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="duplicate") | models.Q(duplicate_of__isnull=False),
                name="referral_original_there",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="rejected") | ~models.Q(reject_reason=""),
                name="referral_reason_there",
            ),
        )

    def __str__(self) -> str:
        return self.reference


class ReferralAnswers(Sealed):
    """What was answered, one row per referral and category of data: a wall between categories is a
    wall between rows. ``answers`` maps the question's key to what was given; of an address that is
    kept secret they are sealed, and ``answers`` is empty."""

    SEALED_BY = "referral_id"
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="answers")
    category = models.CharField(max_length=20, choices=[(c.value, c.value) for c in Category])
    answers = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("referral", "category"), name="answers_once"),
        )
