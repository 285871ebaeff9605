"""The numbers of a pathway's reports, out of the cases that their reader may see."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from stepdown.casework.models import Case, CasePerson
from stepdown.casework.queries.case import open_for, readable
from stepdown.casework.queries.case_facts import facts_of_all
from stepdown.casework.queries.case_list import sent
from stepdown.casework.queries.definitions import definition
from stepdown.kernel import clock
from stepdown.pathways.figures import Counted, Figures, figures
from stepdown.people.queries.restriction import Use, left_out
from stepdown.policy.actors import Actor

AT_ONCE = 500


PERIODS = ("year", "quarter", "financial", "financial-before", "all")


@dataclass(frozen=True)
class Span:
    """Cases opened from ``since`` to ``until``, both days among them."""

    since: date
    until: date


def span_of(period: str, today: date) -> Span:
    """What a period's name means today. A financial year begins on 1 April."""
    april = date(today.year - (today < date(today.year, 4, 1)), 4, 1)
    found = {
        "year": Span(today - timedelta(days=364), today),
        "quarter": Span(today - timedelta(days=90), today),
        "financial": Span(april, today),
        "financial-before": Span(april.replace(year=april.year - 1), april - timedelta(days=1)),
        "all": Span(date.min, today),
    }
    return found[period]


def figures_for(by: Actor, pathway: str, span: Span, districts: tuple[str, ...] = ()) -> Figures:
    """Every number that the pathway's newest version names, of cases on any version of it.

    A dozen queries for each 500 cases.
    """
    wanted = sent(by).filter(pathway=pathway, opened_on__range=(span.since, span.until))
    if unused := left_out(Use.COUNT):
        about = CasePerson.objects.filter(person__in=unused).values("case")
        wanted = wanted.exclude(pk__in=about)
    if districts:
        wanted = wanted.filter(district__in=districts)
    counted = _counted(by, wanted.order_by("id").iterator(AT_ONCE))
    return figures(definition(pathway), counted, clock.today())


def pathways_seen(by: Actor) -> list[str]:
    """The pathways of which the actor sees a case, by key. One query."""
    return sorted(set(sent(by).order_by().values_list("pathway", flat=True).distinct()))


def _counted(by: Actor, cases: Iterator[Case]) -> Iterator[Counted]:
    while some := list(islice(cases, AT_ONCE)):
        open_now, facts = open_for(some), facts_of_all(some)
        for one in some:
            read = frozenset(category.value for category in readable(by, one, open_now))
            yield Counted(facts[one.pk], one.source, one.reason, read)
