"""Checking and keeping what the forms of a pathway say. Part of verbs; not verbs of their own."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from stepdown.casework.models import Case, CaseAnswers
from stepdown.kernel.errors import InvalidInput
from stepdown.pathways.schema import Field
from stepdown.policy.categories import Category

LONGEST = {"text": 200, "long-text": 5_000}


def shown(field: Field, answers: Mapping[str, Any]) -> bool:
    """Whether an earlier answer opens the question."""
    return field.shown_if is None or answers.get(field.shown_if[0]) == field.shown_if[1]


def checked(
    fields: Sequence[Field], given: Mapping[str, Any], *, whole: bool
) -> dict[Category, dict[str, Any]]:
    """The answers by category of data. ``whole``: required questions must be answered; a draft may
    lack them. ``InvalidInput`` names each question at fault and never repeats an answer."""
    errors: dict[str, str] = {}
    found: dict[Category, dict[str, Any]] = {}
    known = {field.key for field in fields}
    for key in given:
        if key not in known:
            errors[key] = _("This is not a question of the form.")
    for field in fields:
        opened = shown(field, given)
        value = given.get(field.key) if opened else None
        empty = value in (None, "", [])
        if empty and whole and opened and field.required:
            errors[field.key] = _("Answer this question.")
        elif not empty and (fault := _fault(field, value)):
            errors[field.key] = fault
        found.setdefault(Category(field.category), {})[field.key] = None if empty else value
    if errors:
        raise InvalidInput(errors)
    return found


def keep(case: Case, step: str, number: int, found: Mapping[Category, Mapping[str, Any]]) -> None:
    """Write the answers, one row a category; questions not named keep what they had."""
    for category, answers in found.items():
        row, _made = CaseAnswers.objects.select_for_update().get_or_create(
            case=case, step=step, number=number, category=category.value
        )
        merged = {**row.answers, **answers}
        row.answers = {key: value for key, value in merged.items() if value is not None}
        row.save(update_fields=["answers"])


def _fault(field: Field, value: Any) -> str:
    keys = {option.key for option in field.options}
    if "\x00" in str(value):
        return _("Remove the unusual characters.")
    if field.kind in LONGEST and not (isinstance(value, str) and len(value) <= LONGEST[field.kind]):
        return _("This answer is too long.")
    if field.kind == "yes-no" and value not in {"yes", "no"}:
        return _("Select yes or no.")
    if field.kind == "choice" and value not in keys:
        return _("Select one from the list.")
    if field.kind == "several" and not (isinstance(value, list) and set(value) <= keys):
        return _("Select from the list.")
    if field.kind == "date" and not is_day(value):
        return _("Enter a real date.")
    whole = isinstance(value, int) and not isinstance(value, bool)
    if field.kind == "number" and not (whole and field.low <= value <= field.high):
        words = {"low": field.low, "high": field.high}
        return _("Enter a whole number from %(low)d to %(high)d.") % words
    return ""


def is_day(value: Any) -> bool:
    """Whether it is a day as answers keep it."""
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return True
