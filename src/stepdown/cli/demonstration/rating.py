"""What an hour or a visit costs, for the figures of the story."""

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from stepdown.casework.actions import rates
from stepdown.kernel import clock

if TYPE_CHECKING:
    from stepdown.cli.demonstration.ground import Ground

SOURCE = "Made up for the demonstration"
# One sum is left without a rate, and the police have two: the page says both.
RATES = (
    ("mh-triage/police-avoided", "Police", "hour", "26.90"),
    ("mh-triage/police-shortened", "Police", "hour", "39.50"),
    ("mh-triage/emergency-avoided", "Emergency department", "each", "64.00"),
)


def enter(ground: "Ground") -> None:
    """Rates that hold since before the first case; one has been verified."""
    with clock.at(ground.day(0, hour=12)):
        for line, payer, per, pounds in RATES:
            made = rates.enter(
                by=ground.actors["coordinator"],
                line=line,
                payer=payer,
                per=per,
                pounds=Decimal(pounds),
                valid_from=clock.today() - timedelta(days=400),
                source=SOURCE,
            )
            if line.endswith("police-avoided"):
                rates.verify(by=ground.actors["approver"], rate=made)
