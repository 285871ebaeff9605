"""The form that a definition's questions make."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stepdown.casework.queries.case_words import in_words
from stepdown.casework.web.refer_form import required
from stepdown.pages.forms import (
    Checkboxes,
    GovDateField,
    GovForm,
    Number,
    Radios,
    Text,
    TextArea,
)
from stepdown.pathways.schema import Field

YES_NO = (("yes", _("Yes")), ("no", _("No")))


class PathwayForm(GovForm):
    """The questions of a form, in the order of the file. ``whole``: required ones must be answered;
    a draft may leave them."""

    def __init__(
        self, *args: Any, questions: Sequence[Field], whole: bool = True, **kwargs: Any
    ) -> None:
        self.questions = questions
        made = {question.key: _field(question, whole=whole) for question in questions}
        for question in questions:
            _open_after(question, made)
        self.base_fields = made  # type: ignore[misc]
        super().__init__(*args, **kwargs)

    def answers(self) -> dict[str, Any]:
        """What was answered, as it is kept: nothing for what an answer did not open."""
        found: dict[str, Any] = {}
        for question in self.questions:
            value = self.cleaned_data.get(question.key)
            if question.shown_if and found.get(question.shown_if[0]) != question.shown_if[1]:
                continue
            if value not in (None, "", []):
                found[question.key] = value.isoformat() if isinstance(value, date) else value
        return found


def initial_from(questions: Sequence[Field], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Kept answers as a form takes them."""
    found = dict(answers)
    for question in questions:
        if question.kind == "date" and found.get(question.key):
            found[question.key] = date.fromisoformat(found[question.key])
    return found


def _field(question: Field, *, whole: bool) -> forms.Field:
    label = in_words(question.name)
    needed = question.required and whole
    if not question.required:
        label = str(_("%(question)s (optional)")) % {"question": label}
    usual: dict[str, Any] = {
        "label": label,
        "help_text": in_words(question.hint),
        "required": needed,
    }
    choices = [(one.key, in_words(one.name)) for one in question.options]
    hints = {one.key: in_words(one.hint) for one in question.options if one.hint}
    answer = required(_("Select an answer"))
    match question.kind:
        case "yes-no":
            return forms.ChoiceField(
                choices=YES_NO, widget=Radios(), error_messages=answer, **usual
            )
        case "choice":
            return forms.ChoiceField(
                choices=choices, widget=Radios(hints=hints), error_messages=answer, **usual
            )
        case "several":
            return forms.MultipleChoiceField(
                choices=choices, widget=Checkboxes(hints=hints), error_messages=answer, **usual
            )
        case "date":
            return GovDateField(noun=_("The date"), **usual)
        case "number":
            return forms.IntegerField(
                min_value=question.low, max_value=question.high, widget=Number(width=5), **usual
            )
        case "long-text":
            return forms.CharField(
                max_length=5_000,
                widget=TextArea(rows=5),
                error_messages=required(_("Enter an answer")),
                **usual,
            )
    return forms.CharField(
        max_length=200, widget=Text(), error_messages=required(_("Enter an answer")), **usual
    )


def _open_after(question: Field, made: Mapping[str, forms.Field]) -> None:
    if question.shown_if is None:
        return
    parent, value = question.shown_if
    widget = made[parent].widget
    if isinstance(widget, Radios | Checkboxes) and value not in widget.conditional:
        widget.conditional[value] = question.key
    else:  # an answer opens one question; a second one stands by itself and may stay empty
        made[question.key].required = False


def choose(form: forms.BaseForm, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
    """Give a field its choices."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
    field.choices = choices
