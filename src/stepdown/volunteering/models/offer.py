"""An ask made to one volunteer. While open it holds its place and the volunteer's slot."""

from enum import StrEnum

from django.db import models

from stepdown.hub.models.record import Record
from stepdown.kernel.states import StateTable, refusals


class OfferState(StrEnum):
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class OfferEvent(StrEnum):
    ACCEPT = "accept"
    DECLINE = "decline"
    LAPSE = "lapse"
    WITHDRAW = "withdraw"


OFFER_STATES = StateTable(
    "offer",
    OfferState,
    OfferEvent,
    refusals(
        OfferState,
        OfferEvent,
        {
            OfferState.SENT: "",
            OfferState.ACCEPTED: "This offer has already been accepted.",
            OfferState.DECLINED: "This offer has already been declined.",
            OfferState.LAPSED: "This offer has lapsed.",
            OfferState.WITHDRAWN: "This offer has been withdrawn.",
        },
    )
    | {
        (OfferState.SENT, OfferEvent.ACCEPT): OfferState.ACCEPTED,
        (OfferState.SENT, OfferEvent.DECLINE): OfferState.DECLINED,
        (OfferState.SENT, OfferEvent.LAPSE): OfferState.LAPSED,
        (OfferState.SENT, OfferEvent.WITHDRAW): OfferState.WITHDRAWN,
    },
)


class Offer(Record):
    """Sent to a volunteer, open until ``lapses_at``."""

    class DeclineReason(models.TextChoices):
        TIMES = "times", "The times do not suit me"
        TRAVEL = "travel", "It is too far"
        NOT_NOW = "not-now", "I cannot take anything on just now"
        NOT_FOR_ME = "not-for-me", "It is not the kind of thing I want to do"
        KNOW_THEM = "know-them", "I may know the person"
        OTHER = "other", "Another reason"

    class LapseReason(models.TextChoices):
        TIME = "time", "No answer in time"
        CREDENTIAL = "credential", "A required check lapsed"
        RULE = "rule", "The match no longer meets every rule"

    need = models.ForeignKey("volunteering.Need", on_delete=models.PROTECT, related_name="offers")
    volunteer = models.ForeignKey(
        "volunteering.Volunteer", on_delete=models.PROTECT, related_name="offers"
    )
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in OfferState], default=OfferState.SENT
    )
    slot = models.PositiveSmallIntegerField(null=True, blank=True)
    hold = models.OneToOneField(
        "volunteering.Hold", null=True, blank=True, on_delete=models.SET_NULL, related_name="offer"
    )
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(
        "hub.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lapses_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(max_length=12, choices=DeclineReason.choices, blank=True)
    lapse_reason = models.CharField(max_length=12, choices=LapseReason.choices, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("state", "lapses_at")),
            models.Index(fields=("volunteer", "state")),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("need", "volunteer"),
                condition=models.Q(state="sent"),
                name="offer_one_open",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sent") | models.Q(hold__isnull=False),
                name="offer_open_holds",
            ),
        )
