"""What programmes cost and save: appraisals and their lines."""

from stepdown.casework.models import Appraisal
from tests.journeys.catalogue.state import State, fill, press
from tests.support.world import World

BY = "coordinator"


def make_evidence(world: World) -> None:
    """The demonstration's own."""
    world["appraisal"] = Appraisal.objects.get(title__startswith="Diversion hub")
    world["appraisal-line-one"] = world["appraisal"].lines.first()


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
)  # fmt: skip
