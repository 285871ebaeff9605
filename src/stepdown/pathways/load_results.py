"""Reading how cases end, what is counted of them, and the meetings that decide on them."""

from collections.abc import Mapping

from stepdown.pathways.load_parts import calls_in, options_in, text_in, unique
from stepdown.pathways.schema import RESULTS, Count, Meeting, Outcome, Sum
from stepdown.pathways.tree import Reader


def outcomes_in(top: Reader, say: Mapping[str, str]) -> tuple[Outcome, ...]:
    """The ways in which a case may end."""
    found = []
    for one in top.readers("outcomes", must=True):
        found.append(
            Outcome(
                key=one.key(),
                name=text_in(one, "name", say, most=100),
                counts_as=one.choice("counts-as", RESULTS),
                stage=one.key("stage"),
                reasons=options_in(one, "reasons", say),
                needs=calls_in(one, "needs"),
            )
        )
        one.done()
    unique(top, "outcomes", [one.key for one in found])
    return tuple(found)


def counts_in(top: Reader, say: Mapping[str, str]) -> tuple[Count, ...]:
    """Numbers for reports."""
    found = []
    for one in top.readers("counts"):
        found.append(Count(one.key(), text_in(one, "name", say, most=100), calls_in(one, "where")))
        one.done()
    unique(top, "counts", [one.key for one in found])
    return tuple(found)


def sums_in(top: Reader, say: Mapping[str, str]) -> tuple[Sum, ...]:
    """Numbers added up for reports."""
    found = []
    for one in top.readers("sums"):
        name = text_in(one, "name", say, most=100)
        found.append(Sum(one.key(), name, one.text("of"), calls_in(one, "where")))
        one.done()
    unique(top, "sums", [one.key for one in found])
    return tuple(found)


def meetings_in(top: Reader, say: Mapping[str, str]) -> tuple[Meeting, ...]:
    """Meetings that decide on waiting cases."""
    found = []
    for one in top.readers("meetings"):
        name = text_in(one, "name", say, most=60)
        found.append(Meeting(one.key(), name, one.words("stages")))
        if not found[-1].stages:
            one.fault("A meeting names the stages in which cases wait for it.")
        unique(one, "stages", list(found[-1].stages))
        one.done()
    unique(top, "meetings", [one.key for one in found])
    return tuple(found)
