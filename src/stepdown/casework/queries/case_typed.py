"""Names typed in a referral, until somebody with a record is named for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stepdown.casework.models import Case, CaseAnswers
from stepdown.casework.queries.case import definition_of
from stepdown.pathways.facts import REFERRAL
from stepdown.policy.categories import Category

OTHERS = "others"
_FIRST = ("given_name", "family_name", "date_of_birth")


@dataclass(frozen=True)
class Typed:
    """Somebody typed in a referral. ``number`` is 0 for the first person it is about."""

    number: int
    role: str
    given_name: str = field(repr=False)
    family_name: str = field(repr=False)
    date_of_birth: str = field(repr=False, default="")

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.given_name} {self.family_name}".strip()


def typed_people(case: Case) -> list[Typed]:
    """Everybody typed who has not been named since. Ask whether the actor may read identity first.
    One query."""
    row = CaseAnswers.objects.filter(
        case=case, step=REFERRAL, category=Category.IDENTITY.value
    ).first()
    roles = definition_of(case).people
    return typed_in(roles[0].key, row.answers) if row and roles else []


def typed_in(first_role: str, answers: Mapping[str, Any]) -> list[Typed]:
    """The same of answers in hand."""
    found = []
    if answers.get("family_name"):
        said = {key: str(answers.get(key) or "") for key in _FIRST}
        found.append(Typed(0, first_role, **said))
    for number, other in enumerate(answers.get(OTHERS) or (), start=1):
        if other:
            said = {key: str(other.get(key) or "") for key in _FIRST}
            found.append(Typed(number, str(other["role"]), **said))
    return found


def without(answers: Mapping[str, Any], number: int) -> dict[str, Any]:
    """The answers without one of them; the others keep their numbers."""
    if number == 0:
        return {key: value for key, value in answers.items() if key not in _FIRST}
    others = list(answers.get(OTHERS) or ())
    if 0 < number <= len(others):
        others[number - 1] = None
    kept = {key: value for key, value in answers.items() if key != OTHERS}
    return {**kept, OTHERS: others} if any(others) else kept
