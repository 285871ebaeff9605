"""The risk assessment of a need. Nobody is deployed without one that is current and approved."""

from enum import StrEnum

from django.db import models

from stepdown.hub.models.record import Record
from stepdown.kernel.states import StateTable, refusals


class RiskState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETURNED = "returned"
    SUPERSEDED = "superseded"


class RiskEvent(StrEnum):
    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    REVISE = "revise"
    SUPERSEDE = "supersede"


RISK_STATES = StateTable(
    "risk assessment",
    RiskState,
    RiskEvent,
    refusals(
        RiskState,
        RiskEvent,
        {
            RiskState.DRAFT: "This assessment has not been sent for approval yet.",
            RiskState.SUBMITTED: "This assessment is waiting for approval.",
            RiskState.APPROVED: "This assessment has been approved.",
            RiskState.RETURNED: "This assessment was returned to be changed.",
            RiskState.SUPERSEDED: "A newer assessment has taken this one's place.",
        },
    )
    | {
        (RiskState.DRAFT, RiskEvent.REVISE): RiskState.DRAFT,
        (RiskState.DRAFT, RiskEvent.SUBMIT): RiskState.SUBMITTED,
        (RiskState.SUBMITTED, RiskEvent.APPROVE): RiskState.APPROVED,
        (RiskState.SUBMITTED, RiskEvent.RETURN): RiskState.RETURNED,
        (RiskState.RETURNED, RiskEvent.REVISE): RiskState.DRAFT,
        (RiskState.RETURNED, RiskEvent.SUBMIT): RiskState.SUBMITTED,
        (RiskState.APPROVED, RiskEvent.SUPERSEDE): RiskState.SUPERSEDED,
    },
)


class RiskAssessment(Record):
    """Hazards and controls for a need. ``hazards`` is a list of
    ``{"hazard", "who", "control", "likelihood" 1-5, "impact" 1-5}``."""

    need = models.ForeignKey(
        "volunteering.Need", on_delete=models.PROTECT, related_name="risk_assessments"
    )
    version = models.PositiveSmallIntegerField()
    state = models.CharField(
        max_length=12, choices=[(s.value, s.value) for s in RiskState], default=RiskState.DRAFT
    )
    hazards = models.JSONField(default=list)
    lone_working = models.BooleanField(default=False)
    review_on = models.DateField()
    written_by = models.ForeignKey("hub.User", on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(
        "hub.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("need", "version"), name="risk_version_once"),
            models.UniqueConstraint(
                fields=("need",),
                condition=models.Q(state="approved"),
                name="risk_one_approved",
            ),
        )
