"""What is asked about a placement and the hours given on it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.pages.forms import GovDateField, GovForm, Number, Radios, TextArea
from stepdown.volunteering.queries.choices import END_REASONS

# Said by closing the need, not by ending one placement of it.
NOT_ASKED = "need-closed"


class EndForm(GovForm):
    reason = forms.ChoiceField(
        label=gettext_lazy("Why does it end?"),
        choices=[(key, words) for key, words in END_REASONS if key != NOT_ASKED],
        widget=Radios,
    )


class SuspendForm(GovForm):
    reason = forms.CharField(
        label=gettext_lazy("Why is it suspended?"),
        max_length=200,
        widget=TextArea(rows=3, max_characters=200),
        help_text=gettext_lazy("The volunteer is told that it is suspended, not why."),
    )


class QueryForm(GovForm):
    note = forms.CharField(
        label=gettext_lazy("What is your question?"),
        max_length=200,
        widget=TextArea(rows=3, max_characters=200),
        help_text=gettext_lazy("The volunteer reads it beside these hours and can change them."),
    )


class HoursForm(GovForm):
    """A day, and hours and minutes that clean to ``total`` minutes."""

    on = GovDateField(label=gettext_lazy("Which day?"), noun=gettext_lazy("The day"), past=True)
    hours = forms.IntegerField(
        label=gettext_lazy("Hours"),
        required=False,
        min_value=0,
        max_value=24,
        widget=Number(width=2),
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"),
        required=False,
        min_value=0,
        max_value=59,
        widget=Number(width=2),
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if not self.errors:
            cleaned["total"] = (cleaned.get("hours") or 0) * 60 + (cleaned.get("minutes") or 0)
            if not cleaned["total"]:
                self.add_error("hours", _("Enter how long they helped for"))
        return cleaned
