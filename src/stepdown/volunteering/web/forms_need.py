"""What is asked of volunteers: the form for a new need, and for one that is changed."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stepdown.hub.queries import agency, place, user
from stepdown.kernel.errors import InvalidInput, Refused
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
from stepdown.people.queries.equality import genders
from stepdown.volunteering.queries.catalogue import (
    credential_type_choices,
    language_choices,
    skill_choices,
)
from stepdown.volunteering.queries.choices import GENDER_REASONS
from stepdown.volunteering.queries.scheme import scheme_choices
from stepdown.volunteering.web.need_words import BANDS

if TYPE_CHECKING:
    from stepdown.volunteering.actions.need_terms import NeedFields
    from stepdown.volunteering.models import Need
    from stepdown.volunteering.queries.need import NeedPlace

BAND_HINTS = {
    "1": _("Somebody is at risk, or help is needed today or tomorrow."),
    "2": _("Help is needed this week."),
    "3": _("Help is needed this month."),
    "4": _("Help is welcome whenever somebody can give it."),
}


class NeedForm(GovForm):
    """Fields bear the names of ``NeedFields``, but for hours a week and the reason for a gender,
    which has one field for each gender so that an answer can open it."""

    title = forms.CharField(
        label=_("What help is needed?"),
        max_length=120,
        widget=Text(),
        help_text=_("Name the help, never the person. For example, Help with weekly shopping."),
    )
    scheme = forms.ChoiceField(
        label=_("Scheme"), widget=Select, error_messages={"required": _("Select a scheme")}
    )
    band = forms.TypedChoiceField(
        label=_("How urgent is it?"),
        coerce=int,
        choices=[(str(band), words) for band, (words, _colour) in BANDS.items()],
        widget=Radios(hints=BAND_HINTS),
    )
    places = forms.IntegerField(
        label=_("How many volunteers are needed?"),
        min_value=1,
        max_value=50,
        widget=Number(width=2),
    )
    starts = GovDateField(label=_("First day"))
    ends = GovDateField(
        label=_("Last day"), required=False, help_text=_("Leave empty if it has no end date.")
    )
    weekly_hours = forms.DecimalField(
        label=_("Hours a week"),
        min_value=0,
        max_value=168,
        max_digits=5,
        decimal_places=2,
        widget=Number({"inputmode": "decimal"}, width=4),
        help_text=_("For each volunteer. For example, 1.5"),
    )
    slots = SlotsField(
        label=_("Times of the week"),
        required=False,
        help_text=_("A placement takes one of the times ticked. Leave all empty for any time."),
    )
    postcode = forms.CharField(
        label=_("Postcode where the help is given"),
        required=False,
        max_length=12,
        widget=Text({"autocomplete": "off", "spellcheck": "false"}, width=10),
    )
    shielded = forms.BooleanField(
        label=_("The place must be kept secret: never shown to anybody"), required=False
    )
    district = forms.ChoiceField(
        label=_("District that looks after it"),
        required=False,
        widget=Select,
        help_text=_("Leave empty to take it from the person or the postcode."),
    )
    agency = forms.ChoiceField(
        label=_("Partner"), widget=Select, error_messages={"required": _("Select a partner")}
    )
    officer = forms.ChoiceField(label=_("Who looks after it"), required=False, widget=Select)
    skills = forms.MultipleChoiceField(
        label=_("Skills"), required=False, widget=Checkboxes(small=True)
    )
    credential_types = forms.MultipleChoiceField(
        label=_("Checks and training beyond those of the scheme"),
        required=False,
        widget=Checkboxes(small=True),
    )
    minimum_age = forms.IntegerField(
        label=_("Minimum age"),
        required=False,
        min_value=1,
        max_value=99,
        widget=Number(width=2),
        help_text=_("Leave empty if the scheme’s own rule is enough."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages the volunteer must speak"),
        required=False,
        widget=Checkboxes(small=True),
        help_text=_("Only those without which the help cannot be given."),
    )
    gender = forms.ChoiceField(
        label=_("Does the volunteer’s gender matter?"),
        required=False,
        choices=[("", pgettext_lazy("gender", "No, anybody")), *genders()],
        widget=Radios(conditional={key: f"reason_{key}" for key, _name in genders()}),
        help_text=_("Only where the law allows it. The reason is kept with the need."),
    )

    SECTIONS = (
        (_("What is needed"), ("title", "scheme", "band", "places")),
        (_("When"), ("starts", "ends", "weekly_hours", "slots")),
        (_("Where, and who looks after it"),
         ("postcode", "shielded", "district", "agency", "officer")),
        (_("What the volunteer must bring"),
         ("skills", "credential_types", "minimum_age", "languages", "gender")),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, need: "Need | None" = None, **kwargs: Any) -> None:
        self.need = need
        super().__init__(data, **kwargs)
        if need is not None:
            del self.fields["officer"]
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)
        else:
            self._choose("officer", [("", _("Nobody yet")), *user.officer_choices()])
        self._choose("scheme", [("", ""), *scheme_choices()])
        self._choose("agency", [("", ""), *agency.choices()])
        self._choose("district", [("", ""), *place.district_choices()])
        self._choose("skills", skill_choices())
        self._choose("languages", language_choices())
        self._choose("credential_types", credential_type_choices())

    def _choose(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        if name in self.fields:
            self.fields[name].choices = list(choices)  # type: ignore[attr-defined]

    def sections(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Headings, each with its questions."""
        return [
            (title, [self[name] for name in names if name in self.fields])
            for title, names in self.SECTIONS
        ]

    def given(self) -> dict[str, Any]:
        """The answers as the verb takes them."""
        data = dict(self.cleaned_data)
        data.pop("version", None)
        reasons = {key: data.pop(f"reason_{key}") for key, _name in genders()}
        hours: Decimal = data.pop("weekly_hours")
        if "officer" in data:
            data["officer"] = data["officer"] or None
        return {
            **data,
            "weekly_minutes": round(hours * 60),
            "gender_reason": reasons.get(data["gender"], ""),
            "district": data["district"] or None,
        }

    def explain(self, error: InvalidInput | Refused) -> None:
        """The verb's names of fields, as the form calls them."""
        if isinstance(error, InvalidInput):
            gender = self.cleaned_data.get("gender", "")
            names = {"weekly_minutes": "weekly_hours", "gender_reason": f"reason_{gender}"}
            error = InvalidInput({names.get(k, k): text for k, text in error.errors.items()})
        super().explain(error)


# Under each gender, the lawful reason for asking for it.
NeedForm.base_fields |= {
    f"reason_{key}": forms.ChoiceField(
        label=_("Lawful reason"),
        choices=[(value, _(str(words))) for value, words in GENDER_REASONS],
        widget=Radios(),
    )
    for key, _name in genders()
}


def present(need: "Need", where: "NeedPlace | None") -> "NeedFields":
    """What a need says now, in the form's terms. A protected place is never put into a form."""
    return {
        "title": need.title,
        "scheme": need.scheme_id,
        "band": need.band,
        "places": need.places,
        "starts": need.starts,
        "ends": need.ends,
        "weekly_minutes": need.weekly_minutes,
        "slots": need.slots,
        "postcode": "" if where is None or where.shielded else where.postcode,
        "shielded": where is not None and where.shielded,
        "district": need.district_id,
        "agency": str(need.agency_id),
        "skills": sorted(one.pk for one in need.skills.all()),
        "languages": sorted(one.pk for one in need.languages.all()),
        "credential_types": sorted(one.pk for one in need.credential_types.all()),
        "minimum_age": need.minimum_age,
        "gender": need.gender,
        "gender_reason": need.gender_reason,
    }


def initial(now: "NeedFields", version: int) -> dict[str, Any]:
    """The form's first answers for a need that says ``now``."""
    hours = Decimal(now["weekly_minutes"]) / 60
    reason = {f"reason_{now['gender']}": now["gender_reason"]} if now["gender"] else {}
    whole = {**now, "weekly_hours": f"{hours:.2f}".rstrip("0").rstrip("."), "version": version}
    return {**whole, **reason}


def changes(now: "NeedFields", given: Mapping[str, Any]) -> dict[str, Any]:
    """Only what differs. An empty postcode of a protected place is no change: it was not shown."""
    return {
        name: value
        for name, value in given.items()
        if (sorted(value) if isinstance(value, list) else value) != now.get(name)
    }
