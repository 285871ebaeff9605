"""What a diversion hub was to cost and to save, for the figures of the story."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from stepdown.casework.actions import appraisal_lines, appraisals
from stepdown.kernel import clock

if TYPE_CHECKING:
    from stepdown.cli.demonstration.ground import Ground

BID = "Bid for a diversion hub, 2015"
# Thousands of pounds from 2016/17 on: costs, and savings from the second year on.
COSTS = (933, 977, 823, 823, 823)
SAVINGS = (1_800, 1_800, 1_800, 1_800)


def keep(ground: "Ground") -> None:
    """The bid's own lines. Somebody of another partner has looked at the discount rate."""
    by = ground.actors["coordinator"]
    with clock.at(ground.day(-20, hour=11)):
        held = appraisals.start(
            by=by,
            title="Diversion hub: the bid of 2015",
            pathway="diversion",
            base_year=2016,
            rate=Decimal("3.5"),
            rate_source="The Green Book, HM Treasury",
            rate_dated=date(2011, 7, 1),
            each=Decimal(1_000),
            each_source=BID,
        )
        streams = (
            ("cost", "Running the hub", 2016, COSTS),
            ("benefit", "Cases that do not go to court", 2017, SAVINGS),
        )
        for kind, what, first, thousands in streams:
            for year, amount in enumerate(thousands, start=first):
                appraisal_lines.add(
                    by=by,
                    appraisal=held,
                    kind=kind,
                    what=what,
                    year=str(year),
                    pounds=Decimal(amount * 1_000),
                    whose="Police",
                    source=BID,
                )
        checker = ground.actors["approver"]
        appraisals.verify_rate(by=checker, appraisal=held, version=held.version)
