"""The forms of triage."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.casework.queries.referral import reject_reasons
from stepdown.casework.web.pathway_form import choose
from stepdown.casework.web.refer_form import required
from stepdown.casework.web.referral_words import REJECTED_WORDS
from stepdown.hub.queries.agency import choices as agency_choices
from stepdown.hub.queries.place import district_choices
from stepdown.hub.queries.user import officer_choices
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
from stepdown.volunteering.queries.catalogue import language_choices, skill_choices
from stepdown.volunteering.queries.need import band_choices
from stepdown.volunteering.queries.scheme import scheme_choices

NEW = "new"


class NeedForm(GovForm):
    """What the need says, suggested from the answers."""

    person = forms.ChoiceField(
        label=gettext_lazy("Who is it for?"),
        widget=Radios,
        error_messages=required(gettext_lazy("Select whose need it is")),
    )
    title = forms.CharField(
        label=gettext_lazy("What the help is"),
        help_text=gettext_lazy("Volunteers see this. Name the help, never the person."),
        max_length=120,
        widget=Text,
        error_messages=required(gettext_lazy("Enter what the help is")),
    )
    scheme = forms.ChoiceField(
        label=gettext_lazy("Scheme"),
        widget=Select,
        error_messages=required(gettext_lazy("Select a scheme")),
    )
    band = forms.TypedChoiceField(
        label=gettext_lazy("How urgent it is"),
        coerce=int,
        widget=Radios(small=True),
        error_messages=required(gettext_lazy("Select how urgent it is")),
    )
    starts = GovDateField(label=gettext_lazy("First day"), noun=gettext_lazy("First day"))
    ends = GovDateField(
        label=gettext_lazy("Last day (optional)"), noun=gettext_lazy("Last day"), required=False
    )
    places = forms.IntegerField(
        label=gettext_lazy("How many volunteers"), min_value=1, max_value=50, widget=Number(width=2)
    )
    weekly_hours = forms.DecimalField(
        label=gettext_lazy("Hours a week for each volunteer"),
        min_value=0,
        max_value=100,
        decimal_places=2,
        widget=Number({"inputmode": "decimal"}, width=4),
    )
    slots = SlotsField(
        label=gettext_lazy("Times of the week"),
        help_text=gettext_lazy("Leave all of them empty if any time will do."),
        required=False,
    )
    skills = forms.MultipleChoiceField(
        label=gettext_lazy("Skills every volunteer must have"),
        required=False,
        widget=Checkboxes(small=True),
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages every volunteer must speak"),
        required=False,
        widget=Checkboxes(small=True),
    )
    district = forms.ChoiceField(
        label=gettext_lazy("District that looks after it"),
        widget=Select,
        error_messages=required(gettext_lazy("Select a district")),
    )
    agency = forms.ChoiceField(
        label=gettext_lazy("Partner that answers for it"),
        widget=Select,
        error_messages=required(gettext_lazy("Select a partner")),
    )
    officer = forms.ChoiceField(
        label=gettext_lazy("Officer who looks after it (optional)"), required=False, widget=Select
    )

    def __init__(
        self, *args: Any, people: Sequence[tuple[str, str]], hints: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        blank = [("", _("Choose"))]
        self._choose("person", [*people, (NEW, _("Somebody new: start a record for them"))])
        widget = self.fields["person"].widget
        assert isinstance(widget, Radios)  # noqa: S101 - for the type checker
        widget.hints = dict(hints)
        self._choose("scheme", [*blank, *scheme_choices()])
        self._choose("band", band_choices())
        self._choose("skills", skill_choices())
        self._choose("languages", language_choices())
        self._choose("district", [*blank, *district_choices()])
        self._choose("agency", [*blank, *agency_choices()])
        self._choose("officer", [("", _("Nobody yet")), *officer_choices()])

    def _choose(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = choices

    def need_fields(self) -> dict[str, Any]:
        """What ``referrals.make_need`` takes."""
        given = dict(self.cleaned_data)
        del given["person"]
        given["weekly_minutes"] = round(given.pop("weekly_hours") * 60)
        given["officer"] = given["officer"] or None
        return given


class CaseForm(GovForm):
    """On which pathway, and whose case it is."""

    pathway = forms.ChoiceField(
        label=gettext_lazy("On which pathway?"),
        widget=Radios,
        error_messages=required(gettext_lazy("Select a pathway")),
    )
    person = forms.ChoiceField(
        label=gettext_lazy("Who is it about?"),
        widget=Radios,
        error_messages=required(gettext_lazy("Select who it is about")),
    )

    def __init__(
        self,
        *args: Any,
        pathways: Sequence[tuple[str, str]],
        people: Sequence[tuple[str, str]],
        hints: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "pathway", pathways)
        choose(self, "person", [*people, (NEW, _("Somebody new: start a record for them"))])
        widget = self.fields["person"].widget
        assert isinstance(widget, Radios)  # noqa: S101 - for the type checker
        widget.hints = dict(hints)


class DuplicateForm(GovForm):
    """Which referral it repeats: one of those that look alike, or another by its reference."""

    OTHER = "other"
    original = forms.ChoiceField(
        label=gettext_lazy("Which referral does it repeat?"),
        widget=Radios(conditional={OTHER: "reference"}),
        error_messages=required(gettext_lazy("Select the referral that it repeats")),
    )
    reference = forms.CharField(
        label=gettext_lazy("Reference"),
        help_text=gettext_lazy("Like R-7K3M-9QXT"),
        max_length=40,
        widget=Text(width=20),
        error_messages=required(gettext_lazy("Enter the reference")),
    )
    heading_field = "original"

    def __init__(
        self, *args: Any, alike: Sequence[tuple[str, str]], hints: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        original = self.fields["original"]
        assert isinstance(original, forms.ChoiceField)  # noqa: S101 - for the type checker
        original.choices = [*alike, (self.OTHER, _("Another one, by its reference"))]
        assert isinstance(original.widget, Radios)  # noqa: S101 - for the type checker
        original.widget.hints = dict(hints)


class RejectForm(GovForm):
    """Why. Beside each reason stands what the referrer is told."""

    heading_field = "reason"
    reason = forms.ChoiceField(
        label=gettext_lazy("Why is this referral rejected?"),
        help_text=gettext_lazy("Under each reason is what whoever made the referral reads."),
        widget=Radios,
        error_messages=required(gettext_lazy("Select why the referral is rejected")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        assert isinstance(reason, forms.ChoiceField)  # noqa: S101 - for the type checker
        reason.choices = reject_reasons()
        assert isinstance(reason.widget, Radios)  # noqa: S101 - for the type checker
        reason.widget.hints = {key: str(text) for key, text in REJECTED_WORDS.items()}
