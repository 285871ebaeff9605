"""The engine's reasons: kept as data, said in words, silent where a place is shielded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.matching.rules import Failure, Reason, Rule, Term, Unfilled
from stepdown.matching.words import NEAR_MISSES, say
from stepdown.people.models import EqualityRecord
from stepdown.volunteering.models import CredentialType, Language, Scheme, Skill

R = TypeVar("R", bound=Reason)

DATES = frozenset({"day", "begins", "ends", "first", "last"})
# What is said instead of a sentence with a distance in it, where a position is shielded.
HIDDEN = {
    "distance": _("It is further than they travel."),
    "travel": _("distance not shown: an address is kept secret"),
    "change-distance": _(
        "If {volunteer} would travel further for this need, they could fill a place."
    ),
}


@dataclass(frozen=True)
class Names:
    """What reasons call by key: the catalogue's names, by the name of the value."""

    by_value: Mapping[str, Mapping[str, str]]

    @classmethod
    def read(cls) -> "Names":
        """All lists that reasons may name. Four small queries."""
        return cls(
            {
                "credential": dict(CredentialType.objects.values_list("pk", "name")),
                "skill": dict(Skill.objects.values_list("pk", "name")),
                "language": dict(Language.objects.values_list("pk", "name")),
                "role": dict(Scheme.objects.values_list("pk", "name")),
                "gender": {str(key): str(name) for key, name in EqualityRecord.Gender.choices},
            }
        )

    def put_into(self, reason: R) -> R:
        """The reason with names in place of keys."""
        values = {
            name: self.by_value.get(name, {}).get(str(value), value)
            for name, value in reason.values.items()
        }
        return replace(reason, values=values)


def discreet(reasons: Iterable[R], *, hidden: bool) -> list[R]:
    """The reasons without a distance, and without the points it gave, where a place is shielded."""
    return [_hide(one) if hidden and one.code in HIDDEN else one for one in reasons]


def _hide(reason: R) -> R:
    kept = {name: value for name, value in reason.values.items() if not name.endswith("_m")}
    quiet = replace(reason, code=f"{reason.code}-hidden", values=kept)
    return replace(quiet, points=0) if isinstance(quiet, Term) else quiet


def in_words(reasons: Iterable[Reason], names: Names | None = None) -> list[str]:
    """One plain sentence a reason, in the reader's language."""
    found = list(reasons)
    if not found:
        return []
    known = names or Names.read()
    return [_say(known.put_into(one)) for one in found]


def _say(reason: Reason) -> str:
    plain = reason.code.removesuffix("-hidden")
    if plain != reason.code:
        return str(HIDDEN[plain]).format_map(reason.values)
    return say(reason, translate=gettext)


def as_data(reason: Reason) -> dict[str, Any]:
    """A reason for a JSON column. ``restored`` reads it back."""
    data: dict[str, Any] = {
        "code": reason.code,
        "values": {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in reason.values.items()
        },
    }
    if isinstance(reason, Term):
        data["points"] = reason.points
    if isinstance(reason, Unfilled):
        data["only"] = {rule.value: count for rule, count in reason.only.items()}
    return data


def restored(data: Mapping[str, Any]) -> Reason:
    """A reason from its JSON form: as a term where it has points, as unfilled where it counts."""
    values = {
        name: date.fromisoformat(value) if name in DATES else value
        for name, value in data["values"].items()
    }
    if "points" in data:
        return Term(data["code"], values, data["points"])
    if "only" in data:
        only = {Rule(key): count for key, count in data["only"].items()}
        return Unfilled(data["code"], values, only=only)
    return Reason(data["code"], values)


def near_misses(reason: Reason) -> list[str]:
    """How many volunteers fail only on which rule, one phrase each, most first.

    Empty where the reason's own sentence says so already.
    """
    if not isinstance(reason, Unfilled) or reason.code == "near-misses":
        return []
    return [gettext(NEAR_MISSES[rule]).format(count=count) for rule, count in reason.only.items()]


def checks_only(failures: Iterable[Failure]) -> list[Failure]:
    """Those that a volunteer may be told of themself: about their own checks, about nobody else."""
    return [one for one in failures if one.rule is Rule.REQUIREMENTS]
