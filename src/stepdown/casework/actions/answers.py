"""Checking answers before they are kept: what becomes a record later must fit a record now."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from stepdown.casework.queries.answers import QUESTIONS
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput
from stepdown.kernel.slots import ALL_SLOTS
from stepdown.policy.categories import Category

LONGEST = 5_000  # characters of any answer without a limit of its own
LIMITS = {
    "given_name": 80, "family_name": 80, "known_as": 80, "referrer_name": 120,
    "organisation": 160, "email": 254, "referrer_email": 254, "phone": 40, "referrer_phone": 40,
    "safe_note": 200, "lines": 200, "postcode": 12,
}  # fmt: skip
_PHONE = re.compile(r"\+?[0-9]{7,15}")
OLDEST = 120  # years; a date of birth before that is a slip


def is_phone(text: str) -> bool:
    """Seven to fifteen figures, however they are spaced, with or without a plus."""
    return bool(_PHONE.fullmatch(re.sub(r"[\s()\-.]", "", text)))


def checked(category: Category, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers, or ``InvalidInput`` naming each question at fault. Never repeats an answer."""
    errors: dict[str, str] = {}
    for key, value in answers.items():
        if key not in QUESTIONS.get(category, frozenset()):
            errors[key] = _("This is not a question of the referral.")
        elif len(str(value)) > LIMITS.get(key, LONGEST):
            errors[key] = _("This answer is too long.")
        elif "\x00" in str(value):
            errors[key] = _("Remove the unusual characters.")
        elif value and (fault := _fault(key, value)):
            errors[key] = fault
    if errors:
        raise InvalidInput(errors)
    return {key: list(v) if isinstance(v, tuple) else v for key, v in answers.items()}


def _fault(key: str, value: Any) -> str:
    if key in {"phone", "referrer_phone"} and not is_phone(str(value)):
        return _("Enter a telephone number, like 01632 960 001 or 07700 900 982")
    if key in {"email", "referrer_email"} and not _is_email(str(value)):
        return _("Enter an email address in the correct format, like name@example.com")
    if key == "date_of_birth" and not _is_past(str(value)):
        return _("Check the date of birth: it must be in the past, and in the last 120 years")
    if key == "slots" and not (isinstance(value, int) and 0 <= value <= ALL_SLOTS):
        return _("Select times from the week")
    return ""


def _is_past(text: str) -> bool:
    try:
        born = date.fromisoformat(text)
    except ValueError:
        return False
    return born <= clock.today() and born.year >= clock.today().year - OLDEST


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
