"""How grave a risk is: likelihood times impact, as a matrix of five by five.

Grades are those of the National Patient Safety Agency, "A risk matrix for risk managers" (2008):
1 to 3 low, 4 to 6 moderate, 8 to 12 high, 15 to 25 extreme.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LIKELIHOOD = {
    1: _("Rare"),
    2: _("Unlikely"),
    3: _("Possible"),
    4: _("Likely"),
    5: _("Almost certain"),
}
IMPACT = {
    1: _("Negligible"),
    2: _("Minor"),
    3: _("Moderate"),
    4: _("Major"),
    5: _("Catastrophic"),
}


@dataclass(frozen=True)
class Grade:
    """``key`` names its colour in the styles, ``colour`` that of its tag; ``words`` carry it."""

    key: str
    words: Promise
    colour: str


_GRADES = (
    (3, Grade("low", _("Low"), "green")),
    (6, Grade("moderate", _("Moderate"), "yellow")),
    (12, Grade("high", _("High"), "orange")),
    (25, Grade("extreme", _("Extreme"), "red")),
)


def grade_of(score: int) -> Grade:
    """The grade of a likelihood times an impact, 1 to 25."""
    return next(grade for most, grade in _GRADES if score <= most)


@dataclass(frozen=True)
class Scored:
    """One hazard as a page shows it."""

    number: int
    hazard: str
    who: str
    control: str
    likelihood: Promise
    impact: Promise
    score: int
    grade: Grade


@dataclass(frozen=True)
class Square:
    """One square of the matrix and the numbers of the hazards in it."""

    score: int
    grade: Grade
    hazards: tuple[int, ...]


def scored(hazards: Sequence[Mapping[str, Any]]) -> list[Scored]:
    """The hazards in their order, each with its grade in words."""
    return [
        Scored(
            number=number,
            hazard=one["hazard"],
            who=one["who"],
            control=one["control"],
            likelihood=LIKELIHOOD[one["likelihood"]],
            impact=IMPACT[one["impact"]],
            score=one["likelihood"] * one["impact"],
            grade=grade_of(one["likelihood"] * one["impact"]),
        )
        for number, one in enumerate(hazards, start=1)
    ]


def matrix(hazards: Sequence[Mapping[str, Any]]) -> list[tuple[Promise, list[Square]]]:
    """Rows by likelihood, the most likely first; squares by impact, the least first."""
    inside: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, one in enumerate(hazards, start=1):
        inside[one["likelihood"], one["impact"]].append(number)
    return [
        (
            LIKELIHOOD[likely],
            [
                Square(likely * bad, grade_of(likely * bad), tuple(inside[likely, bad]))
                for bad in IMPACT
            ],
        )
        for likely in sorted(LIKELIHOOD, reverse=True)
    ]
