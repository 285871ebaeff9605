"""Referrals, answered and sent as a visitor or a referrer would."""

from typing import Any

from stepdown.casework.actions import referrals
from stepdown.casework.models import Referral
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from tests.factories.catalogue import make_skill
from tests.factories.places import DISTRICT, make_place, make_postcode


def make_draft(by: Actor | None = None) -> Referral:
    """A referral just begun; by somebody without an account unless said otherwise."""
    referral, _code = referrals.start(by=by or Actor.public())
    return referral


def make_answered(
    by: Actor | None = None,
    *,
    given_name: str = "Ada",
    family_name: str = "Specimen",
    date_of_birth: str = "1947-03-31",
    postcode: str = "PR1 8RJ",
    district: str = DISTRICT,
    secret: bool = False,
    lines: str = "1 Example Row",
    **more: Any,
) -> Referral:
    """A draft with every answer that sending asks for. ``more`` are answers by their key."""
    by = by or Actor.public()
    make_skill("shopping")
    make_place(district)
    if postcode:
        make_postcode(postcode, district=district)
    referral = make_draft(by)
    where = Category.SHIELDED_LOCATION if secret else Category.LOCATION
    at = {"postcode": postcode, "lines": lines} | ({"area": district} if secret else {})
    answers: dict[Category, dict[str, Any]] = {
        Category.IDENTITY: {
            "referrer_kind": "professional",
            "referrer_name": "Rita Wren",
            "organisation": "Example Trust, nurse",
            "given_name": given_name,
            "family_name": family_name,
            "date_of_birth": date_of_birth,
        },
        Category.CONTACT: {
            "referrer_phone": "01632 960 001",
            "safe": "yes",
            "phone": "07700 900 982",
        },
        Category.LOCATION: {"secret": secret},
        Category.SUPPORT: {
            "consent": "yes",
            "skills": ["shopping"],
            "help": "Cannot carry shopping home",
            "soon": "week",
        },
        Category.HEALTH: {"health": "Walks with a stick"},
        Category.SAFEGUARDING: {"risk": "yes", "risk_note": "A large dog"},
    }
    answers[where] = answers.get(where, {}) | at
    for category, found in answers.items():
        found |= {key: value for key, value in more.items() if key in found or _is(category, key)}
        referrals.answer(by=by, referral=referral, category=category, answers=found)
    return referral


def make_referral(by: Actor | None = None, **answers: Any) -> Referral:
    """A referral that was sent and waits for triage."""
    by = by or Actor.public()
    return referrals.submit(by=by, referral=make_answered(by, **answers))


_MORE = {
    Category.CONTACT: {"email", "safe_note"},
    Category.SUPPORT: {"languages", "slots", "communication", "consent_note"},
    Category.LOCATION: {"area"},
}


def _is(category: Category, key: str) -> bool:
    return key in _MORE.get(category, set())
