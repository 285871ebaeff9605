"""What a referral asks, by category of data, and what was answered."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from stepdown.casework.models import Referral, ReferralAnswers
from stepdown.hub.queries.shielded import opened
from stepdown.kernel.shielded import reveal
from stepdown.policy.categories import Category

# The key of every question, by the category of data that its answer is. A key that is not here is
# refused, so that nothing lands in a category that nobody decided on.
QUESTIONS: Mapping[Category, frozenset[str]] = {
    Category.IDENTITY: frozenset(
        {
            "referrer_kind", "referrer_name", "organisation",
            "given_name", "family_name", "known_as", "date_of_birth", "age_band",
        }
    ),
    Category.CONTACT: frozenset(
        {"referrer_email", "referrer_phone", "safe", "safe_note", "email", "phone"}
    ),
    Category.LOCATION: frozenset({"secret", "lines", "postcode", "area"}),
    Category.SHIELDED_LOCATION: frozenset({"lines", "postcode", "area"}),
    Category.SUPPORT: frozenset(
        {
            "consent", "consent_note", "skills", "help", "languages", "communication",
            "soon", "slots",
        }
    ),
    Category.HEALTH: frozenset({"health"}),
    Category.SAFEGUARDING: frozenset({"risk", "risk_note"}),
}  # fmt: skip

# How soon, in the words of the person asking, as the band of the need it suggests.
BANDS: Mapping[str, int] = {"days": 1, "week": 2, "month": 3, "whenever": 4}

PROFESSIONAL, FRIEND, SELF = "professional", "friend", "self"
SAFE, WITH_CARE, NOT_SAFE = "yes", "care", "no"

# Written beside the names by the action that saves them; never asked and never shown.
NAME_KEY = "name_key"


@dataclass(frozen=True, repr=False)
class Intake:
    """All that was answered, each under its question's key. Has no ``repr``: it may be shielded.

    ``slots`` is a mask of weekly half-days, ``secret`` whether the address must be kept secret.
    """

    referrer_kind: str = ""
    referrer_name: str = ""
    organisation: str = ""
    referrer_email: str = ""
    referrer_phone: str = ""
    given_name: str = ""
    family_name: str = ""
    known_as: str = ""
    date_of_birth: str = ""
    age_band: str = ""
    safe: str = ""
    safe_note: str = ""
    email: str = ""
    phone: str = ""
    secret: bool = False
    lines: str = ""
    postcode: str = ""
    area: str = ""
    consent: str = ""
    consent_note: str = ""
    skills: tuple[str, ...] = ()
    help: str = ""
    languages: tuple[str, ...] = ()
    communication: str = ""
    soon: str = ""
    slots: int = 0
    health: str = ""
    risk: str = ""
    risk_note: str = ""

    @property
    def born(self) -> date | None:
        """The date of birth, if it was given."""
        return date.fromisoformat(self.date_of_birth) if self.date_of_birth else None

    @property
    def for_self(self) -> bool:
        """Whether the person asks for themself."""
        return self.referrer_kind == SELF

    @property
    def safe_to_contact(self) -> bool:
        """Only a clear yes counts as safe."""
        return self.safe == SAFE


_NAMES = frozenset(f.name for f in fields(Intake))


def intake_from(found: Mapping[Category, Mapping[str, Any]]) -> Intake:
    """One view over the answers of several categories."""
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value
        for answers in found.values()
        for key, value in answers.items()
        if key in _NAMES and value is not None
    }
    return Intake(**values)


def all_answers(referral: Referral) -> dict[Category, dict[str, Any]]:
    """Every category, the shielded one included: for verbs alone, never for a page. One query."""
    rows = ReferralAnswers.objects.filter(referral=referral)
    return {Category(row.category): _answered(row) for row in rows}


def _answered(row: ReferralAnswers) -> dict[str, Any]:
    kept = opened(row)
    return row.answers if kept is None else reveal(kept)


def readable_answers(
    referral_id: UUID, categories: Iterable[Category]
) -> dict[Category, dict[str, Any]]:
    """The answers in these categories. A shielded address is left out, whoever asks. One query."""
    wanted = [c.value for c in categories if c is not Category.SHIELDED_LOCATION]
    rows = ReferralAnswers.objects.filter(referral_id=referral_id, category__in=wanted)
    return {Category(row.category): row.answers for row in rows}


def secret_address_given(referral_id: UUID) -> bool:
    """Whether an address to be kept secret was given: that much may be said, not where."""
    row = ReferralAnswers.objects.filter(
        referral_id=referral_id, category=Category.SHIELDED_LOCATION
    ).first()
    kept = _answered(row) if row else {}
    return bool(kept.get("postcode") or kept.get("area"))


def name_key(*names: str) -> str:
    """Names as they are compared: no accents, capitals, hyphens or double spaces."""
    plain = unicodedata.normalize("NFKD", " ".join(names))
    kept = "".join(c if c.isalnum() or c.isspace() else " " for c in plain if c not in "'’`"
                   and not unicodedata.combining(c))  # fmt: skip
    return " ".join(kept.casefold().split())
