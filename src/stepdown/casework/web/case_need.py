"""The short form by which a case asks for volunteers."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stepdown.casework.web.pathway_form import choose
from stepdown.casework.web.refer_form import required
from stepdown.pages.forms import GovDateField, GovForm, Number, Radios, SlotsField, Text
from stepdown.volunteering.queries.need import band_choices


class NeedForm(GovForm):
    """What the help is, for whom, when."""

    title = forms.CharField(
        label=_("What the help is"),
        help_text=_("Volunteers see this. Name the help, never the person."),
        max_length=120,
        widget=Text,
        error_messages=required(_("Enter what the help is")),
    )
    person = forms.ChoiceField(label=_("Who is it for? (optional)"), required=False, widget=Radios)
    band = forms.TypedChoiceField(
        label=_("How urgent it is"),
        coerce=int,
        widget=Radios(small=True),
        error_messages=required(_("Select how urgent it is")),
    )
    starts = GovDateField(label=_("First day"), noun=_("First day"))
    weekly_hours = forms.DecimalField(
        label=_("Hours a week for each volunteer"),
        min_value=0,
        max_value=100,
        decimal_places=2,
        widget=Number({"inputmode": "decimal"}, width=4),
    )
    slots = SlotsField(
        label=_("Times of the week"),
        help_text=_("Leave all of them empty if any time will do."),
        required=False,
    )

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "person", [("", _("Nobody in particular")), *people])
        choose(self, "band", band_choices())

    def need_fields(self) -> dict[str, Any]:
        """What the verb takes."""
        given = dict(self.cleaned_data)
        given["weekly_minutes"] = round(given.pop("weekly_hours") * 60)
        return given
