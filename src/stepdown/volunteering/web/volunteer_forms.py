"""The questions of a volunteer's profile and passport."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stepdown.hub.queries import agency
from stepdown.pages.forms import (
    Checkboxes,
    GovDateField,
    GovForm,
    Number,
    Radios,
    Select,
    SlotsField,
    Text,
)
from stepdown.volunteering.queries import catalogue, exclusion, scheme
from stepdown.volunteering.web.people_forms import set_choices


class ProfileForm(GovForm):
    """What they can do, when, how far and how much. Kilometres and hours, as people say them."""

    agency = forms.ChoiceField(
        label=_("Partner they volunteer for"),
        widget=Select(),
        error_messages={"required": _("Select the partner they volunteer for")},
    )
    schemes = forms.MultipleChoiceField(
        label=_("Schemes they serve in"), required=False, widget=Checkboxes(small=True)
    )
    preferred_schemes = forms.MultipleChoiceField(
        label=_("What they like best (optional)"), required=False, widget=Checkboxes(small=True)
    )
    skills = forms.MultipleChoiceField(
        label=_("Skills"), required=False, widget=Checkboxes(small=True)
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"), required=False, widget=Checkboxes(small=True)
    )
    slots = SlotsField(
        label=_("When can they usually help?"),
        help_text=_("Tick every half-day that suits them in most weeks."),
        required=False,
    )
    travel_km = forms.DecimalField(
        label=_("How far will they travel?"),
        help_text=_("In kilometres, in a straight line. Leave empty for any distance."),
        required=False,
        min_value=0,
        max_value=1000,
        decimal_places=3,
        widget=Number(width=4, suffix=_("km")),
    )
    capacity = forms.IntegerField(
        label=_("How many placements at once?"),
        min_value=0,
        max_value=20,
        widget=Number(width=2),
    )
    weekly_hours = forms.DecimalField(
        label=_("Most hours a week (optional)"),
        required=False,
        min_value=0,
        max_value=168,
        decimal_places=2,
        widget=Number(width=3, suffix=_("hours")),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    # What the verbs call by another name: an error of theirs stands beside the question asked.
    renamed = {"travel_limit_m": "travel_km", "weekly_cap_minutes": "weekly_hours"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        schemes = scheme.scheme_choices()
        set_choices(
            self,
            {
                "agency": [("", ""), *agency.choices()],
                "schemes": schemes,
                "preferred_schemes": schemes,
                "skills": catalogue.skill_choices(),
                "languages": catalogue.language_choices(),
            },
        )

    def profile(self) -> dict[str, Any]:
        """What was given, in metres and minutes, without the agency."""
        given = self.cleaned_data
        km, hours = given["travel_km"], given["weekly_hours"]
        lists = ("schemes", "preferred_schemes", "skills", "languages")
        return {
            **{name: given[name] for name in lists},
            "slots": given["slots"],
            "capacity": given["capacity"],
            "travel_limit_m": None if km is None else round(km * 1000),
            "weekly_cap_minutes": None if hours is None else round(hours * 60),
        }


class CredentialForm(GovForm):
    type = forms.ChoiceField(
        label=_("Check, training or licence"),
        widget=Select(),
        error_messages={"required": _("Select a check, training or licence")},
    )
    valid_from = GovDateField(label=_("First day"), help_text=_("For example 27 3 2026."))
    valid_to = GovDateField(
        label=_("Last day (optional)"),
        noun=_("Last day"),
        help_text=_("Good to the end of this day. Leave empty for as long as its kind is good."),
        required=False,
    )
    verified_by = forms.ChoiceField(
        label=_("Partner that has seen the proof"),
        widget=Select(),
        error_messages={"required": _("Select the partner that has seen the proof")},
    )
    reference = forms.CharField(
        label=_("Certificate number (optional)"),
        max_length=60,
        required=False,
        widget=Text({"autocomplete": "off"}, width=20),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(
            self,
            {
                "type": [("", ""), *catalogue.credential_type_choices()],
                "verified_by": [("", ""), *agency.choices()],
            },
        )


class ApartForm(GovForm):
    """Whom to keep apart from the person, picked among those found, and why."""

    other = forms.ChoiceField(label=_("Who must be kept apart from them?"), widget=Radios())
    reason = forms.ChoiceField(label=_("Why?"), widget=Radios())

    def __init__(self, *args: Any, found: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(
            self, {"other": found, "reason": [(key, _(name)) for key, name in exclusion.reasons()]}
        )
