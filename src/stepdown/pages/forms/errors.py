"""Errors in plain words, and the lines of the error summary."""

from typing import NamedTuple

from django.forms import BaseForm, BoundField, Field, fields
from django.utils.functional import lazy
from django.utils.translation import gettext as _

CHOICE = (fields.ChoiceField, fields.BooleanField)
NUMBER = (fields.IntegerField, fields.FloatField)


class SummaryLine(NamedTuple):
    """One error, and the id of the input it is about (empty when it is about the whole form)."""

    text: str
    target: str


def summary_lines(form: BaseForm) -> list[SummaryLine]:
    """Every error of a bound form in the order of its fields, those about the whole form first."""
    lines = [SummaryLine(str(text), "") for text in form.non_field_errors()]
    for name in form.fields:
        bound = form[name]
        lines += [SummaryLine(str(text), error_target(bound)) for text in bound.errors]
    return lines


def error_target(bound: BoundField) -> str:
    """The id of the first input of a field: where a link in the summary puts the reader."""
    if bound.is_hidden:
        return ""
    own = getattr(bound.field.widget, "error_target", None)
    if own is not None:
        return str(own(bound.auto_id))
    if bound.field.widget.use_fieldset:
        return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id


def plain_messages(field: Field, label: str) -> dict[str, str]:
    """Messages that name the question, for the checks every field of this kind makes.

    A message that the form's author wrote stays: only Django's own are replaced.
    """
    subject = _lazy_subject(label)
    words: dict[str, str] = {"required": _lazy_required(field, label)}
    words["max_length"] = _lazy_joined(subject, "max_length")
    words["min_length"] = _lazy_joined(subject, "min_length")
    if isinstance(field, fields.EmailField):
        words["invalid"] = _lazy_text("email")
    elif isinstance(field, (*NUMBER, fields.DecimalField)):
        words["invalid"] = _lazy_joined(subject, "number")
        words["max_value"] = _lazy_joined(subject, "max_value")
        words["min_value"] = _lazy_joined(subject, "min_value")
    elif isinstance(field, fields.ChoiceField):
        words["invalid_choice"] = _lazy_text("choice")
        words["invalid_list"] = _lazy_text("choice")
    own = _own_messages(field)
    return {code: text for code, text in words.items() if code not in own}


def _own_messages(field: Field) -> set[str]:
    """Codes whose message is not what the field's own class says: somebody chose those words."""
    usual: dict[str, object] = {}
    for kind in reversed(type(field).__mro__):
        usual.update(getattr(kind, "default_error_messages", {}))
    changed = {code for code, text in field.error_messages.items() if text != usual.get(code)}
    return changed | set(getattr(type(field), "plain_codes", ()))


def _text(code: str) -> str:
    return {
        "email": _("Enter an email address in the correct format, like name@example.com"),
        "choice": _("Select an option from the list"),
        "max_length": _("must be %(limit_value)s characters or fewer"),
        "min_length": _("must be %(limit_value)s characters or more"),
        "number": _("must be a number, like 30"),
        "max_value": _("must be %(limit_value)s or fewer"),
        "min_value": _("must be %(limit_value)s or more"),
    }[code]


def _subject(label: str) -> str:
    return _("Your answer") if label.endswith("?") else label


def _required(field: Field, label: str) -> str:
    chosen = isinstance(field, CHOICE)
    if label.endswith("?"):
        if chosen:
            return _("Select an answer to “%(question)s”") % {"question": label}
        return _("Enter an answer to “%(question)s”") % {"question": label}
    name = decapitalise(label)
    if isinstance(field, fields.BooleanField):
        return _("Select “%(label)s” to continue") % {"label": label}
    if isinstance(field, fields.FileField):
        return _("Select a file for %(name)s") % {"name": name}
    return (_("Select %(name)s") if chosen else _("Enter %(name)s")) % {"name": name}


def decapitalise(label: str) -> str:
    """ "Date of birth" inside a sentence; "NHS number" keeps its capitals."""
    return label if label[1:2].isupper() or not label else label[0].lower() + label[1:]


def _joined(subject: str, code: str) -> str:
    return f"{subject} {_text(code)}"


_lazy_text = lazy(_text, str)
_lazy_subject = lazy(_subject, str)
_lazy_required = lazy(_required, str)
_lazy_joined = lazy(_joined, str)
