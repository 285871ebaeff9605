"""Rates of what pathways add up, and what that comes to in hours and pounds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from stepdown.casework.models import Rate
from stepdown.casework.queries.case_words import in_words
from stepdown.casework.queries.definitions import library
from stepdown.evidence.avoided import Avoided, Line, add_up, priced
from stepdown.pathways.figures import Figures

MINUTES = Decimal(60)


@dataclass(frozen=True)
class Summed:
    """Something that a pathway adds up. ``key`` is ``pathway/sum``."""

    key: str
    pathway: str
    name: str


@dataclass(frozen=True)
class Money:
    """A pathway's sums at their rates. ``without``: names of sums that have no rate on the day."""

    lines: tuple[tuple[Line, Rate], ...]
    total: Avoided
    without: tuple[str, ...]


def lines() -> list[Summed]:
    """Everything that pathways add up, by the pathway's name."""
    found = [
        Summed(f"{one.key}/{each.key}", in_words(one.name), in_words(each.name))
        for one in library().latest()
        for each in one.sums
    ]
    return sorted(found, key=lambda one: (one.pathway, one.name))


def every() -> list[Rate]:
    """All rates, the latest of each line first."""
    return list(Rate.objects.order_by("pathway", "line", "-valid_from"))


def rates_on(pathway: str, day: date) -> Mapping[str, Rate]:
    """The rate of each of a pathway's sums that holds on a day. One query."""
    held = Rate.objects.filter(pathway=pathway, valid_from__lte=day).order_by("valid_from")
    return {rate.line: rate for rate in held}


def money(pathway: str, found: Figures, day: date) -> Money | None:
    """What the sums come to at the rates of a day; None where no rate was ever entered.

    A sum at a rate for an hour is in minutes.
    """
    rates = rates_on(pathway, day)
    if not rates:
        return None
    names = {figure.key: in_words(figure.name) for figure in found.sums}
    kept = [
        (_line(rates[figure.key], names[figure.key], figure.number), rates[figure.key])
        for figure in found.sums
        if figure.key in rates
    ]
    without = tuple(name for key, name in names.items() if key not in rates)
    return Money(tuple(kept), add_up(_only(kept)), without)


def _line(rate: Rate, what: str, number: int) -> Line:
    if rate.per == Rate.Per.HOUR:
        return priced(rate.payer, what, number / MINUTES, rate.pounds)
    return Line(rate.payer, what, rate.pounds * number)


def _only(kept: Iterable[tuple[Line, Rate]]) -> list[Line]:
    return [line for line, _rate in kept]
