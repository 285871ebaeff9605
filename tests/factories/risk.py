"""Risk assessments: written by one coordinator, approved by another."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from stepdown.kernel import clock
from stepdown.policy.actors import Actor
from stepdown.volunteering.actions import risk_assessments
from stepdown.volunteering.models import Need, RiskAssessment
from tests.factories.users import coordinator, somebody

HAZARDS: Sequence[Mapping[str, object]] = (
    {
        "hazard": "Lifting heavy bags",
        "who": "Volunteer",
        "control": "Bags under 5 kg",
        "likelihood": 2,
        "impact": 2,
    },
)


def write_risk(
    need: Need,
    *,
    by: Actor | None = None,
    hazards: Sequence[Mapping[str, object]] = HAZARDS,
    lone_working: bool = False,
    review_on: date | None = None,
) -> RiskAssessment:
    """A draft."""
    return risk_assessments.write(
        by=by or somebody(),
        need=need,
        hazards=hazards,
        lone_working=lone_working,
        review_on=review_on or clock.today() + timedelta(days=180),
    )


def approve_risk(
    need: Need,
    *,
    writer: Actor | None = None,
    approver: Actor | None = None,
    review_on: date | None = None,
) -> RiskAssessment:
    """A current, approved assessment, in place of any before it."""
    writer = writer or somebody()
    draft = write_risk(need, by=writer, review_on=review_on)
    sent = risk_assessments.submit(by=writer, assessment=draft)
    return risk_assessments.approve(by=approver or coordinator(), assessment=sent)
