"""What programmes cost, save, were given and did."""

from stepdown.casework.models import Appraisal, FundingLine, PerformanceMeasure
from tests.journeys.catalogue.state import State, fill, press
from tests.support.world import World

BY = "coordinator"


def make_evidence(world: World) -> None:
    """The demonstration's own."""
    world["appraisal"] = Appraisal.objects.get(title__startswith="Diversion hub")
    world["appraisal-line-one"] = world["appraisal"].lines.first()
    world["funding-line"] = FundingLine.objects.all()[0]
    for name, begins in (
        ("specials", "Special"), ("hours", "Hours"), ("rj", "Referrals"), ("calls", "Fewer")
    ):  # fmt: skip
        world[f"measure-{name}"] = PerformanceMeasure.objects.get(name__startswith=begins)
    world["measure-figure"] = world["measure-rj"].figures.get()


STATES = (
    State("appraisals", "appraisals", "Start an appraisal", BY),
    State("appraisals-first-day", "appraisals", "There is no appraisal yet", BY, first_day=True),
    State("appraisal", "appraisal", "£2,506,806", BY, ("appraisal",)),
    State("appraisal-elsewhere", "appraisal", "1,800", "officer", ("appraisal",)),
    State("appraisal-start", "appraisal-start", "What is the first financial year?", BY),
    State("appraisal-start-wrong", "appraisal-start", "Enter what is appraised", BY,
          do=(press("Start it"),)),
    State("appraisal-change", "appraisal-change", "Change this appraisal", BY, ("appraisal",)),
    State("appraisal-line-add", "appraisal-line-add", "Whose figure is it?", BY, ("appraisal",)),
    State("appraisal-line-add-wrong", "appraisal-line-add", "Enter a year from 2016/17", BY,
          ("appraisal",),
          do=(fill("What is the money for?", "Rent"), fill("In which", "2015/16"),
              fill("How much?", "1"), fill("Whose", "Police"), fill("Where", "Bid"),
              lambda page: page.get_by_label("Cost").check(), press("Add this line"))),
    State("appraisal-line", "appraisal-line", "Change this line", BY,
          ("appraisal", "appraisal-line-one")),
    State("appraisal-read", "appraisal-read", "takes the place of all lines", BY, ("appraisal",)),
    State("appraisal-read-wrong", "appraisal-read", "Nothing was changed", BY, ("appraisal",),
          do=(fill("Paste the lines here", "kind,what\ncost,Rent"), press("Replace all lines"))),
    State("funding", "funding", "£326,000", BY),
    State("funding-first-day", "funding", "No funding has been entered", BY, first_day=True),
    State("funding-enter", "funding-enter", "Which fund is it from?", BY),
    State("funding-enter-wrong", "funding-enter", "Enter which fund it is", BY,
          do=(press("Enter this funding"),)),
    State("funding-change", "funding-change", "Change this funding", BY, ("funding-line",)),
    State("performance", "performance", "34 short", BY),
    State("performance-first-day", "performance", "There is no measure yet", BY, first_day=True),
    State("performance-begin", "performance-begin", "What is measured?", BY),
    State("performance-begin-wrong", "performance-begin", "Enter what is measured", BY,
          do=(press("Add this measure"),)),
    State("performance-change", "performance-change", "Change this measure", BY,
          ("measure-hours",)),
    State("performance-measure", "performance-measure", "289.8", BY, ("measure-hours",)),
    State("performance-contradicts", "performance-measure", "The parts add up to 43", BY,
          ("measure-rj",)),
    State("performance-two-readings", "performance-measure", "If 1,815 is the fall", "officer",
          ("measure-calls",)),
    State("performance-enter", "performance-enter", "What is it compared with?", BY,
          ("measure-specials",)),
    State("performance-enter-wrong", "performance-enter", "Enter the figure", BY,
          ("measure-specials",), do=(press("Enter this figure"),)),
    State("performance-figure", "performance-figure", "Change this figure", BY,
          ("measure-rj", "measure-figure")),
    State("case-figures-funded", "case-figures", "£326,000", BY,
          query="pathway=restorative-justice"),
)  # fmt: skip
