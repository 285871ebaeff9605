"""The hard rules, by name, and the shape in which every answer of the engine is given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Rule(StrEnum):
    """One hard rule. A pair that breaks any of them is never planned."""

    EXCLUDED = "excluded"
    ALREADY_HELD = "already-held"
    CAPACITY = "capacity"
    WEEKLY_LOAD = "weekly-load"
    AGE = "age"
    GENDER = "gender"
    LANGUAGE = "language"
    SKILL = "skill"
    REQUIREMENTS = "requirements"
    ROLE_CONFLICT = "role-conflict"
    DISTANCE = "distance"
    SLOT = "slot"
    BUSY = "busy"

    @property
    def bit(self) -> int:
        """The rule's bit in a mask of failing rules."""
        return _BITS[self]


_BITS: Mapping[Rule, int] = MappingProxyType({rule: 1 << i for i, rule in enumerate(Rule)})


def rules_of(mask: int) -> list[Rule]:
    """The rules in a mask of failing rules, in the order they are listed."""
    return [rule for rule in Rule if mask & rule.bit]


Value = str | int | object


@dataclass(frozen=True)
class Reason:
    """A reason as data: a code and its values. `stepdown.matching.words.say` gives the sentence."""

    code: str
    values: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Failure(Reason):
    """One hard rule that a pair breaks. One rule can fail more than once (two missing skills)."""

    rule: Rule = Rule.EXCLUDED


@dataclass(frozen=True)
class Term(Reason):
    """One part of a pair's quality, with the points it gives."""

    points: int = 0


@dataclass(frozen=True)
class Unfilled(Reason):
    """Why a need has empty places.

    ``eligible`` volunteers pass every rule and were planned elsewhere (or are on this need already
    in the plan); ``only`` counts, by rule, those who fail that one rule alone. ``code`` says which
    of these is the story: ``nobody``, ``near-misses``, ``taken`` or ``too-few``.
    """

    need_id: str = ""
    places: int = 0
    places_unfilled: int = 0
    eligible: int = 0
    only: Mapping[Rule, int] = field(default_factory=lambda: MappingProxyType({}))
