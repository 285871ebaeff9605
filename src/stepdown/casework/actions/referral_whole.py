"""A referral that comes whole, from a program: what the pages ask one by one, by the same verbs."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from stepdown.casework.actions.drafts import answer, start, submit
from stepdown.casework.models import Referral
from stepdown.casework.queries.answers import (
    FRIEND,
    NOT_SAFE,
    PROFESSIONAL,
    QUESTIONS,
    SELF,
    WITH_CARE,
)
from stepdown.hub.actions import transaction
from stepdown.hub.queries.place import district_choices, position, tidy_postcode
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.volunteering.queries.catalogue import language_choices, skill_choices

_WHERE = ("lines", "postcode", "area")
_OF_REFERRER = ("referrer_name", "organisation", "referrer_phone", "referrer_email", "consent",
                "consent_note")  # fmt: skip


@transaction.atomic
def send(*, by: Actor, answers: Mapping[str, Any]) -> Referral:
    """Start, answer and send a referral, all or nothing. ``answers`` are by the questions' keys.

    ``InvalidInput`` names every question at fault. Whoever sends it has an account: others have the
    pages, which give them a code to come back by.
    """
    if not by.signed_in:
        raise Refused(_("Sign in to send a referral by a program."))
    given = _tidied(answers)
    wrong = _wrong(given)
    referral, _code = start(by=by)
    for category, some in _by_category(given).items():
        try:
            answer(by=by, referral=referral, category=category, answers=some)
        except InvalidInput as fault:
            wrong |= fault.errors
    if wrong:
        raise InvalidInput(wrong)
    return submit(by=by, referral=referral)


def _tidied(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Without stray spaces, and without what nobody is asked who answers so."""
    found = {k: v.strip() if isinstance(v, str) else v for k, v in answers.items()}
    found = {key: value for key, value in found.items() if value not in (None, "", [])}
    if found.get("referrer_kind") == SELF:
        found = {key: value for key, value in found.items() if key not in _OF_REFERRER}
    if found.get("referrer_kind") == FRIEND:
        found.pop("organisation", None)
    if found.get("postcode"):
        found["postcode"] = tidy_postcode(found["postcode"])
    return found


def _wrong(given: Mapping[str, Any]) -> dict[str, str]:
    """What the pages would refuse: answers that are on no list, and notes that are asked for."""
    skills, languages = dict(skill_choices()), dict(language_choices())
    areas = dict(district_choices())
    itself = given.get("referrer_kind") == SELF
    reached = given.get("phone") or given.get("email")
    gaps = {
        "organisation": (
            given.get("referrer_kind") == PROFESSIONAL and not given.get("organisation"),
            _("Enter your organisation and role"),
        ),
        "consent_note": (
            given.get("consent") == "no" and not given.get("consent_note"),
            _("Say why the person does not know"),
        ),
        "safe": (
            itself and given.get("safe") == NOT_SAFE,
            _("Select whether it is safe to contact you"),
        ),
        "safe_note": (
            given.get("safe") == WITH_CARE and not given.get("safe_note"),
            _("Say how and when it is safe"),
        ),
        "phone": (itself and not reached, _("Enter a telephone number or an email address")),
        "risk_note": (
            given.get("risk") == "yes" and not given.get("risk_note"),
            _("Say what the risk is"),
        ),
        "skills": (not set(given.get("skills", ())) <= skills.keys(), _("Select from the list.")),
        "languages": (
            not set(given.get("languages", ())) <= languages.keys(),
            _("Select from the list."),
        ),
        "area": (
            "area" in given and given["area"] not in areas,
            _("Select districts from the list."),
        ),
        "postcode": (
            "postcode" in given and position(given["postcode"]) is None,
            _("We do not know this postcode. Check it, or leave it empty and choose the area"),
        ),
    }
    return {key: words for key, (fault, words) in gaps.items() if fault}


def _by_category(given: Mapping[str, Any]) -> dict[Category, dict[str, Any]]:
    """An address to be kept secret goes to a category of its own, after it is said to be secret."""
    secret = bool(given.get("secret"))
    found: dict[Category, dict[str, Any]] = {}
    for category, keys in QUESTIONS.items():
        for key in sorted(keys & given.keys()):
            where = key in _WHERE and category in {Category.LOCATION, Category.SHIELDED_LOCATION}
            if not where or secret is (category is Category.SHIELDED_LOCATION):
                found.setdefault(category, {})[key] = given[key]
    return found
