"""Figures as a page may tell them: in full where the records behind them may be opened, else none
that few people stand behind."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from stepdown.policy.actors import Actor
from stepdown.policy.permissions import Permission
from stepdown.volunteering.queries import coverage
from stepdown.volunteering.queries.ground import LEAST

if TYPE_CHECKING:
    from stepdown.hub.models import Place


class Told:
    """Which figures of a place are told in full: those whose every record the actor may open."""

    def __init__(self, by: Actor, place: "Place") -> None:
        self.place = place
        self.volunteers = coverage.sees_all(by, Permission.VOLUNTEER_VIEW, place)
        self.needs = coverage.sees_all(by, Permission.NEED_VIEW, place)

    def url(self, name: str, seen: bool, **filters: str) -> str:
        """The list behind a figure, for those who may open it. Lists go by district only."""
        if not seen or self.place.kind != "district":
            return ""
        return f"{reverse(name)}?{urlencode({'district': self.place.pk, **filters})}"


def told_alone(number: int, told: bool) -> bool:
    """Whether a figure that stands by itself is told: none, or enough of them, or to everybody."""
    return told or number == 0 or number >= LEAST


def said(number: int, *, told: bool) -> str:
    """A figure that stands by itself, or that it is too small to be told."""
    if told_alone(number, told):
        return f"{number:,}"
    return _("fewer than %(least)d") % {"least": LEAST}


def column(numbers: Sequence[int], told: bool | Sequence[bool]) -> list[str]:
    """Figures that add up to one told elsewhere. Where a single one is withheld, the smallest other
    is withheld with it: it could else be found by taking the rest from the whole."""
    open_to = [told] * len(numbers) if isinstance(told, bool) else list(told)
    small = [not told_alone(n, t) for n, t in zip(numbers, open_to, strict=True)]
    words = [said(n, told=t) for n, t in zip(numbers, open_to, strict=True)]
    if sum(small) == 1:
        others = [
            index
            for index, number in enumerate(numbers)
            if number and not small[index] and not open_to[index]
        ]
        if others:
            words[min(others, key=lambda index: numbers[index])] = _("not told")
    return words
