"""A date asked for as day, month and year in three inputs, with errors that say what is wrong."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from stepdown.kernel import clock
from stepdown.pages.forms.errors import decapitalise

PARTS = ("day", "month", "year")


class DateText(NamedTuple):
    """What was typed, before it is known to be a date."""

    day: str = ""
    month: str = ""
    year: str = ""


class GovDateInput(forms.Widget):
    """Three text inputs; their names end in -day, -month and -year."""

    template_name = "govuk/widgets/date_parts.html"
    use_fieldset = True
    fieldset_role = "group"
    shows_error_parts = True

    def __init__(self, attrs: dict[str, Any] | None = None, *, birthday: bool = False) -> None:
        super().__init__(attrs)
        self.birthday = birthday

    def id_for_label(self, id_: str) -> str:
        return ""

    def error_target(self, auto_id: str) -> str:
        """The first of the three inputs."""
        return f"{auto_id}_day"

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> DateText:
        return DateText(*(str(data.get(f"{name}-{part}", "")).strip() for part in PARTS))

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not any(f"{name}-{part}" in data for part in PARTS)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        attrs = dict(attrs or {})
        wrong = str(attrs.pop("error_parts", "")).split()
        context: dict[str, Any] = super().get_context(name, value, attrs)
        typed = _typed(value)
        labels = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
        context["widget"]["parts"] = [
            {
                "name": f"{name}-{part}",
                "id": f"{attrs.get('id', name)}_{part}",
                "label": labels[part],
                "value": getattr(typed, part),
                "width": 4 if part == "year" else 2,
                "wrong": part in wrong,
                "autocomplete": f"bday-{part}" if self.birthday else "",
            }
            for part in PARTS
        ]
        return context

    def format_value(self, value: Any) -> Any:
        return value


class GovDateField(forms.Field):
    """A date. `past` and `future` include today; `noun` names it in errors ("Date of birth").

    Months may be written as words. Years need four figures.
    """

    widget = GovDateInput
    plain_codes = ("required",)

    def __init__(
        self,
        *,
        noun: str | Promise = "",
        past: bool = False,
        future: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.noun, self.past, self.future = noun, past, future

    @property
    def _name(self) -> str:
        return str(self.noun or self.label or _("The date"))

    def prepare_value(self, value: Any) -> DateText:
        return _typed(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _typed(initial) != _typed(data)

    def clean(self, value: Any) -> date | None:
        typed = _typed(value)
        missing = [part for part in PARTS if not getattr(typed, part)]
        if len(missing) == len(PARTS):
            if not self.required:
                return None
            raise self._error(_("Enter %(noun)s"), "day month year", decapitalise(self._name))
        if missing:
            raise self._error(_missing(missing), " ".join(missing))
        found = self._parse(typed)
        if self.past and found > clock.today():
            raise self._error(_("%(noun)s must be today or in the past"), "day month year")
        if self.future and found < clock.today():
            raise self._error(_("%(noun)s must be today or in the future"), "day month year")
        self.run_validators(found)
        return found

    def _parse(self, typed: DateText) -> date:
        if len(typed.year) != 4 or not typed.year.isdecimal():
            raise self._error(_("%(noun)s must include a year with 4 numbers, like 2026"), "year")
        month = _month(typed.month)
        if month is None:
            raise self._error(_("%(noun)s must be a real date"), "month")
        try:
            return date(int(typed.year), month, _number(typed.day))
        except ValueError:
            raise self._error(_("%(noun)s must be a real date"), "day") from None

    def _error(self, text: str, parts: str, noun: str = "") -> ValidationError:
        params = {"noun": noun or self._name, "parts": parts}
        return ValidationError(text, code="invalid", params=params)


def _typed(value: Any) -> DateText:
    if isinstance(value, date):
        return DateText(str(value.day), str(value.month), str(value.year))
    return DateText(*value) if isinstance(value, tuple) else DateText()


def _number(text: str) -> int:
    """A day or month in figures; 0, which is neither, for anything longer than two of them."""
    return int(text) if text.isdecimal() and len(text) <= 2 else 0


def _month(text: str) -> int | None:
    """1 to 12 from a number or a name, in English or the reader's language."""
    if text.isdecimal():
        number = _number(text)
        return number if 1 <= number <= 12 else None
    english = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
    wanted = text.casefold()
    if wanted[:3] in english and len(wanted) >= 3:
        return english.index(wanted[:3]) + 1
    for names in (MONTHS, MONTHS_3):
        for number, name in names.items():
            if str(name).casefold() == wanted:
                return number
    return None


def _missing(parts: list[str]) -> str:
    return {
        ("day",): _("%(noun)s must include a day"),
        ("month",): _("%(noun)s must include a month"),
        ("year",): _("%(noun)s must include a year"),
        ("day", "month"): _("%(noun)s must include a day and month"),
        ("day", "year"): _("%(noun)s must include a day and year"),
        ("month", "year"): _("%(noun)s must include a month and year"),
    }[tuple(parts)]
