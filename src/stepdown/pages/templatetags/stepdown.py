"""What templates get from `{% load stepdown %}`: dates, distances, slots, statuses, errors."""

from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from stepdown.pages import words
from stepdown.pages.forms.errors import SummaryLine, summary_lines
from stepdown.pages.status import status_of

register = template.Library()

register.filter("gov_date", words.gov_date)
register.filter("gov_datetime", words.gov_datetime)
register.filter("km", words.km)
register.filter("slots_words", words.slots_words)
register.filter("slot_words", words.slot_words)


@register.filter
def machine_time(value: date | datetime) -> str:
    """For the datetime attribute of <time>: a date alone stays a date."""
    return value.isoformat(timespec="minutes") if isinstance(value, datetime) else value.isoformat()


@register.simple_tag
def slots_parts() -> list[str]:
    """The names of the three half-days."""
    return [str(name) for name in words.PART_NAMES.values()]


@register.simple_tag
def slots_grid(mask: int | None, held: int | None = None) -> list[tuple[str, str, list[str]]]:
    """Seven rows of a week to read: each half-day is "held", "free" or ""."""
    return words.slots_grid(mask or 0, held or 0)


@register.simple_tag
def status_tag(value: object, colour: str = "") -> SafeString:
    """A status as a GOV.UK tag: words first, colour second."""
    label, usual = status_of(value)
    return format_html(
        '<strong class="govuk-tag govuk-tag--{}">{}</strong>', colour or usual, label
    )


@register.simple_tag(takes_context=True)
def error_prefix(context: Context) -> str:
    """ "Error: " at the front of the page title when a form on the page has errors."""
    return _("Error: ") if any(form.errors for form in _forms(context, None)) else ""


@register.inclusion_tag("govuk/error_summary.html", takes_context=True)
def error_summary(context: Context, form: BaseForm | None = None) -> dict[str, list[SummaryLine]]:
    """All errors of the form, each linking to its field.

    The base templates call this without a form: they take the context's ``form`` and ``forms``. A
    page calls it itself only inside a block that replaces theirs.
    """
    return {"lines": [line for one in _forms(context, form) for line in summary_lines(one)]}


@register.simple_tag
def gov_field(field: BoundField, heading: bool = False, size: str = "") -> SafeString:
    """One field with label, hint and error. `heading` makes its label or legend the page's h1."""
    return field.as_field_group_with(heading=heading, size=size)  # type: ignore[attr-defined,no-any-return]


@register.simple_tag(takes_context=True)
def query_with(context: Context, **changes: Any) -> str:
    """The page's own query string with some keys set, or dropped where the value is empty."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        query.pop(key, None)
        if value not in (None, ""):
            query[key] = str(value)
    return f"?{query.urlencode()}"


@register.filter
def label_at(headings: Any, index: int) -> Any:
    """The heading above a table cell, which the cell carries when the table becomes cards."""
    return headings[index] if index < len(headings) else ""


def _forms(context: Context, form: BaseForm | None) -> list[BaseForm]:
    if form is not None:
        return [form]
    found = [context.get("form"), *(context.get("forms") or ())]
    return [one for one in found if isinstance(one, BaseForm)]
