"""Answers, dates and people of a case in words."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from stepdown.casework.queries.case_words import in_words
from stepdown.pages.parts import Row
from stepdown.pages.words import and_list, gov_date
from stepdown.pathways.calculations import CALCULATIONS
from stepdown.pathways.schema import Field, Step

WORKED_OUT = (gettext_noop("Places drawn"),)


def answer_words(field: Field, value: Any) -> str:
    """One answer as a page shows it; nothing for nothing."""
    if value in (None, "", []):
        return ""
    options = {one.key: in_words(one.name) for one in field.options}
    if field.kind == "yes-no":
        return _("Yes") if value == "yes" else _("No")
    if field.kind == "choice":
        return options.get(str(value), str(value))
    if field.kind == "several":
        return and_list([options.get(str(one), str(one)) for one in value])
    if field.kind == "date":
        return gov_date(date.fromisoformat(str(value)))
    return str(value)


def rows_of(
    fields: tuple[Field, ...], answers: Mapping[str, Any], readable: set[str]
) -> Iterator[Row]:
    """Each question with its answer, as far as the reader may see that kind of data."""
    for field in fields:
        if field.category not in readable:
            yield Row(in_words(field.name), _("You may not see this kind of information."))
        elif field.shown_if is None or answers.get(field.shown_if[0]) == field.shown_if[1]:
            yield Row(in_words(field.name), answer_words(field, answers.get(field.key)))


def worked_out(step: Step, answers: Mapping[str, Any]) -> Iterator[Row]:
    """What the answers come to, where the step shows that and the reader may read them."""
    if step.shows:
        found = CALCULATIONS[step.shows]
        if text := found.work_out(answers):
            yield Row(_(found.words), text)
