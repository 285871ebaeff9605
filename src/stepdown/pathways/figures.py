"""What a pathway's definition counts and adds up, over many cases, for reports.

A number tells what it is made from: how many attended a clinic tells of their health. So a figure
is made of the cases alone on which its reader may read that kind of data; how many were set aside
is said beside it, and nothing is estimated for them.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from stepdown.pathways.facts import Case
from stepdown.pathways.guards import GUARDS, field_of
from stepdown.pathways.interpret import counted, summed
from stepdown.pathways.schema import Call, Definition, Text


@dataclass
class Figure:
    """One number. ``of``: the cases that it was made from; ``aside``: those that were set aside.
    ``days``: how much of a sum was said on which day."""

    key: str
    name: Text
    number: int = 0
    of: int = 0
    aside: int = 0
    days: Counter[date] = field(default_factory=Counter)

    @property
    def percent(self) -> float | None:
        """The number in percent of the cases; None where there were none."""
        return 100 * self.number / self.of if self.of else None


@dataclass
class Figures:
    """Every number of a definition, over ``cases``. ``outcomes`` are by outcome and reason."""

    cases: int
    counts: list[Figure]
    sums: list[Figure]
    sources: Counter[str] = field(default_factory=Counter)
    stages: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)


@dataclass(frozen=True)
class Counted:
    """A case as one reader may count it: its facts, and the categories they may read of it."""

    case: Case
    source: str
    reason: str
    categories: frozenset[str]


def figures(definition: Definition, some: Iterable[Counted], today: date) -> Figures:
    """Count and add up. A sum is of the last answer in each case that gave one."""
    found = Figures(
        0,
        [Figure(one.key, one.name) for one in definition.counts],
        [Figure(one.key, one.name) for one in definition.sums],
    )
    asked = {one.key: _made_from(definition, one.where) for one in definition.counts}
    added = {
        one.key: _made_from(definition, one.where) | _of_fields(definition, one.field)
        for one in definition.sums
    }
    told = {one.key: one.field.partition(".")[0] for one in definition.sums}
    for one in some:
        found.cases += 1
        found.sources[one.source] += 1
        found.stages[one.case.stage] += 1
        if one.case.outcome:
            found.outcomes[one.case.outcome, one.reason] += 1
        holds, adds = counted(definition, one.case, today), summed(definition, one.case, today)
        for figure in found.counts:
            _enter(figure, one, asked[figure.key], int(figure.key in holds))
        for figure in found.sums:
            number = adds.get(figure.key)
            if _enter(figure, one, added[figure.key], number) and number:
                figure.days[_day(one.case, told[figure.key])] += number
    return found


def _enter(figure: Figure, one: Counted, asked: frozenset[str], number: int | None) -> bool:
    """Whether the case is in it."""
    if not asked <= one.categories:
        figure.aside += 1
        return False
    if number is not None:
        figure.of += 1
        figure.number += number
    return number is not None


def _day(case: Case, step: str) -> date:
    """When a step was last done; the referral was made when the case was opened."""
    done = case.done(step)
    return done[-1].on or case.opened if done else case.opened


def _made_from(definition: Definition, where: Iterable[Call]) -> frozenset[str]:
    """The categories of data that guards look at, the questions of eligibility among them."""
    found: frozenset[str] = frozenset()
    for call in where:
        if call.guard == "eligible":
            found |= _made_from(definition, [test.call for test in definition.eligibility])
        for name, kind in GUARDS[call.guard].takes.items():
            if kind.rstrip("?") in {"field", "fields"}:
                found |= _of_fields(definition, call.arg(name))
            elif kind == "measure":
                found |= {definition.measure(call.arg(name)).category}
    return found


def _of_fields(definition: Definition, paths: str) -> frozenset[str]:
    asked = (field_of(definition, path) for path in paths.split("|") if path)
    return frozenset(one.category for one in asked if one is not None)
