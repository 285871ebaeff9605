"""The forms of a rota: a post opened, filled or left, and the shifts of a week."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from stepdown.casework.web.pathway_form import choose
from stepdown.casework.web.refer_form import required
from stepdown.pages.forms import GovDateField, GovForm, Radios, Select, Text

WEEK = 7


class OpenForm(GovForm):
    """Where a post is, and since when there is such a post."""

    division = forms.ChoiceField(
        label=_("In which division?"),
        widget=Radios,
        error_messages=required(_("Select the division.")),
    )
    opened_on = GovDateField(label=_("From which day is there this post?"), noun=_("The day"))

    def __init__(self, *args: Any, divisions: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "division", divisions)


class FillForm(GovForm):
    """Who holds a post, and from when."""

    name = forms.CharField(
        label=_("What is their name?"),
        max_length=120,
        widget=Text({"autocomplete": "off"}),
        error_messages=required(_("Enter the name.")),
    )
    since = GovDateField(label=_("What is their first day?"), noun=_("The first day"))
    inducted = forms.BooleanField(label=_("They have been inducted already"), required=False)


class LeaveForm(GovForm):
    """The last day of whoever holds a post."""

    last_day = GovDateField(
        label=_("What is their last day?"),
        help_text=_("Their shifts after that day are taken off the rota."),
        noun=_("The last day"),
    )


class WeekForm(GovForm):
    """The shift of each day of a week."""

    def __init__(
        self,
        *args: Any,
        monday: date,
        shifts: Sequence[tuple[str, str]],
        held: Mapping[date, bool],
        **kwargs: Any,
    ) -> None:
        days = [monday + timedelta(days=at) for at in range(WEEK)]
        self.base_fields = {  # type: ignore[misc]
            day.isoformat(): forms.ChoiceField(
                label=date_format(day, "l j F"), required=False, choices=shifts, widget=Select
            )
            for day in days
            if held[day]
        }
        super().__init__(*args, **kwargs)

    def shifts(self) -> dict[date, str]:
        """What was chosen, by day."""
        return {date.fromisoformat(key): value for key, value in self.cleaned_data.items()}
