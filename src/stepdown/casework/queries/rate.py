"""Rates of what pathways add up, and what that comes to in hours and pounds."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from stepdown.casework.models import Rate
from stepdown.casework.queries.case_words import in_words
from stepdown.casework.queries.definitions import library
from stepdown.evidence.avoided import Avoided, Line, add_up, priced
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible
from stepdown.pathways.figures import Figures
from stepdown.policy.actors import Actor
from stepdown.policy.decide import may_ever
from stepdown.policy.permissions import Permission

MINUTES = Decimal(60)


@dataclass(frozen=True)
class Summed:
    """Something that a pathway adds up. ``key`` is ``pathway/sum``."""

    key: str
    pathway: str
    name: str


@dataclass(frozen=True)
class Money:
    """A pathway's sums at their rates, a line for each rate of each.

    ``without``: names of sums that have no rate at all. ``before``: names of those that were said
    in part before the first day of their first rate, with that day.
    """

    lines: tuple[tuple[Line, Rate], ...]
    total: Avoided
    without: tuple[str, ...]
    before: tuple[tuple[str, date], ...] = ()


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
    held = Rate.objects.select_related("verified_by")
    return list(held.order_by("pathway", "line", "-valid_from"))


def get(id: UUID) -> Rate:
    """One rate; ``NotVisible`` if there is none."""
    found = Rate.objects.select_related("verified_by").filter(pk=id).first()
    if found is None:
        raise NotVisible("No such rate.")
    return found


def may_verify(by: Actor, rate: Rate) -> bool:
    """Whether it waits for somebody to compare it with its source, and they may."""
    other = by.user is not None and by.user != rate.entered_by_id
    return other and not rate.verified and may_ever(by, Permission.RATE_ENTER)


def rates_on(pathway: str, day: date) -> Mapping[str, Rate]:
    """The rate of each of a pathway's sums that holds on a day. One query."""
    held = Rate.objects.filter(pathway=pathway, valid_from__lte=day).order_by("valid_from")
    return {rate.line: rate for rate in held}


def money(pathway: str, found: Figures) -> Money | None:
    """What the sums come to, each part at the rate of the day on which it was said; None where no
    rate was ever entered. A sum at a rate for an hour is in minutes."""
    rates: dict[str, list[Rate]] = {}
    for rate in Rate.objects.filter(pathway=pathway).order_by("valid_from"):
        rates.setdefault(rate.line, []).append(rate)
    if not rates:
        return None
    kept: list[tuple[Line, Rate]] = []
    before: list[tuple[str, date]] = []
    for figure in found.sums:
        name, own = in_words(figure.name), rates.get(figure.key, [])
        parts = _parts(figure.days, own)
        kept += [(_line(rate, name, number), rate) for rate, number in parts]
        if own and sum(number for _rate, number in parts) < figure.number:
            before.append((name, own[0].valid_from))
    without = tuple(in_words(one.name) for one in found.sums if one.key not in rates)
    differing = _differing(found, rates)
    total = replace(add_up(line for line, _rate in kept), differing=differing)
    return Money(tuple(kept), total, without, tuple(before))


def _parts(days: Mapping[date, int], rates: list[Rate]) -> list[tuple[Rate, int]]:
    """How much was said while each rate held; the one that holds last is there with nothing too."""
    found = dict.fromkeys(range(len(rates)), 0)
    for day, number in days.items():
        held = _held(rates, day)
        if held is not None:
            found[held] += number
    some = [(rates[at], number) for at, number in found.items() if number]
    now = _held(rates, clock.today())
    return some or ([(rates[now], 0)] if now is not None else [])


def _held(rates: list[Rate], day: date) -> int | None:
    """Which of a line's rates, in order, holds on a day."""
    return max((at for at, one in enumerate(rates) if one.valid_from <= day), default=None)


def _differing(found: Figures, rates: Mapping[str, list[Rate]]) -> dict[str, tuple[Decimal, ...]]:
    """Payers whose hours are at several rates on one of the days that hours were said on. That a
    rate is another one later is no such thing."""
    lines = [one.key for one in found.sums if one.days and one.key in rates]
    several: dict[str, set[Decimal]] = {}
    for day in {day for one in found.sums for day in one.days}:
        today: dict[str, set[Decimal]] = {}
        for own in (rates[key] for key in lines):
            at = _held(own, day)
            if at is not None and own[at].per == Rate.Per.HOUR:
                today.setdefault(own[at].payer, set()).add(own[at].pounds)
        for payer, pounds in today.items():
            if len(pounds) > 1:
                several.setdefault(payer, set()).update(pounds)
    return {payer: tuple(sorted(pounds)) for payer, pounds in several.items()}


def _line(rate: Rate, what: str, number: int) -> Line:
    if rate.per == Rate.Per.HOUR:
        return priced(rate.payer, what, number / MINUTES, rate.pounds)
    return Line(rate.payer, what, rate.pounds * number)
