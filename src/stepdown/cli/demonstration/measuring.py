"""What funds gave and what was published about performance, for the figures of the story."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from stepdown.casework.actions import funding, performance
from stepdown.kernel import clock

if TYPE_CHECKING:
    from stepdown.cli.demonstration.ground import Ground

PAPER = "Board papers, November 2015"
CALLS = "Early action progress report, July 2016"
# Restorative justice: year, fund, thousands of pounds.
FUNDING = (
    (2013, "Capability fund", 52),
    (2014, "Victims’ services grant", 90),
    (2015, "Victims’ services grant", 184),
)
YEAR = (date(2014, 10, 1), date(2015, 9, 30))
HALF = (date(2015, 4, 1), date(2015, 9, 30))


def keep(ground: "Ground") -> None:
    """Funding of three years, and four measures: one of them contradicts itself, and of one the
    percentage can be read in two ways."""
    by = ground.actors["coordinator"]
    with clock.at(ground.day(-19, hour=11)):
        for year, fund, thousands in FUNDING:
            funding.enter(
                by=by,
                pathway="restorative-justice",
                year=str(year),
                fund=fund,
                pounds=Decimal(thousands * 1_000),
                source=PAPER,
            )
        specials = performance.begin(by=by, name="Special constables", unit="people")
        performance.enter(
            by=by,
            measure=specials,
            since=YEAR[0],
            until=YEAR[1],
            value=Decimal(266),
            against="target",
            comparator=Decimal(300),
            source=PAPER,
        )
        hours = performance.begin(
            by=by, name="Hours of special constables", unit="hours", per=str(specials.pk)
        )
        performance.enter(
            by=by,
            measure=hours,
            since=YEAR[0],
            until=YEAR[1],
            value=Decimal(77_100),
            against="earlier",
            comparator=Decimal(67_829),
            narrative="Twelve months to September, against the twelve months before.",
            source=PAPER,
        )
        referrals = performance.begin(
            by=by,
            name="Referrals for restorative justice",
            unit="referrals",
            pathway="restorative-justice",
        )
        performance.enter(
            by=by,
            measure=referrals,
            since=HALF[0],
            until=HALF[1],
            value=Decimal(42),
            parts="Victims’ hub, 20\nPolice, 15\nPartners, 5\nThemselves, 3",
            as_printed=True,
            source=PAPER,
        )
        calls = performance.begin(
            by=by,
            name="Fewer calls of vulnerable callers",
            unit="calls",
            pathway="vulnerable-callers",
        )
        performance.enter(
            by=by,
            measure=calls,
            since=date(2015, 6, 16),
            until=date(2016, 6, 30),
            value=Decimal(1_815),
            stated="51.5",
            source=CALLS,
        )
