"""The pages of a referral about who asks and whom it is for; ``refer_help_forms`` has the rest."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.casework.queries.answers import PROFESSIONAL, WITH_CARE
from stepdown.casework.web import referral_words as words
from stepdown.casework.web.refer_form import StepForm, required
from stepdown.hub.queries.place import position, tidy_postcode
from stepdown.kernel import clock
from stepdown.pages.forms import (
    Email,
    GovDateField,
    GovDateInput,
    Phone,
    Radios,
    Select,
    Text,
    TextArea,
    YesNoField,
)
from stepdown.policy.categories import Category

PHONE_HINT = gettext_lazy("Like 01632 960 001 or 07700 900 982")


class WhoForm(StepForm):
    heading_field = "referrer_kind"
    referrer_kind = forms.ChoiceField(
        label=gettext_lazy("Who is making this referral?"),
        choices=list(words.KINDS.items()),
        widget=Radios,
        error_messages=required(gettext_lazy("Select who is making this referral")),
    )


class YouForm(StepForm):
    referrer_name = forms.CharField(
        label=gettext_lazy("Full name"),
        max_length=120,
        widget=Text({"autocomplete": "name"}),
        error_messages=required(gettext_lazy("Enter your full name")),
    )
    organisation = forms.CharField(
        label=gettext_lazy("Organisation and role"),
        help_text=gettext_lazy("Like Fictional Ward, district nurse"),
        max_length=160,
        widget=Text({"autocomplete": "organization"}),
        error_messages=required(gettext_lazy("Enter your organisation and role")),
    )
    referrer_phone = forms.CharField(
        label=gettext_lazy("Telephone number"),
        help_text=gettext_lazy("Like 01632 960 001. Give this or an email address, or both."),
        required=False,
        max_length=40,
        widget=Phone,
    )
    referrer_email = forms.EmailField(
        label=gettext_lazy("Email address"),
        required=False,
        max_length=254,
        widget=Email,
    )

    def prepare(self) -> None:
        super().prepare()
        if self.intake.referrer_kind != PROFESSIONAL:
            del self.fields["organisation"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        given = self.cleaned_data
        wrong = {"referrer_phone", "referrer_email"} & set(self.errors)
        if not wrong and not given.get("referrer_phone") and not given.get("referrer_email"):
            self.add_error("referrer_phone", _("Enter a telephone number or an email address"))
        return cleaned


class ConsentForm(StepForm):
    heading_field = "consent"
    consent = forms.ChoiceField(
        label=gettext_lazy("Does the person know about this referral and agree to it?"),
        help_text=gettext_lazy("If you can, ask them before you go on."),
        choices=list(words.CONSENT.items()),
        widget=Radios(conditional={"no": "consent_note"}),
        error_messages=required(gettext_lazy("Select whether the person knows and agrees")),
    )
    consent_note = forms.CharField(
        label=gettext_lazy("Why do they not know?"),
        help_text=gettext_lazy("Like “It was not safe to ask”."),
        max_length=1000,
        widget=TextArea(rows=3, max_characters=1000),
        error_messages=required(gettext_lazy("Say why the person does not know")),
    )


class NameForm(StepForm):
    given_name = forms.CharField(
        label=gettext_lazy("First name"),
        max_length=80,
        widget=Text({"autocomplete": "off", "spellcheck": "false"}),
    )
    family_name = forms.CharField(
        label=gettext_lazy("Last name"),
        max_length=80,
        widget=Text({"autocomplete": "off", "spellcheck": "false"}),
    )
    known_as = forms.CharField(
        label=gettext_lazy("Known as (optional)"),
        help_text=gettext_lazy("The name to call them by, if it is not their first name."),
        required=False,
        max_length=80,
        widget=Text({"autocomplete": "off", "spellcheck": "false"}),
    )
    own_hints: ClassVar = {
        "known_as": gettext_lazy("The name to call you by, if it is not your first name.")
    }


class AgeForm(StepForm):
    date_of_birth = GovDateField(
        label=gettext_lazy("Date of birth (optional)"),
        noun=gettext_lazy("Date of birth"),
        help_text=gettext_lazy("Like 31 3 1947"),
        required=False,
        past=True,
        widget=GovDateInput,
    )
    age_band = forms.ChoiceField(
        label=gettext_lazy("If you do not know it, about how old are they?"),
        required=False,
        choices=list(words.AGES.items()),
        widget=Radios(small=True),
    )
    own: ClassVar = {"age_band": gettext_lazy("Or your age, roughly")}

    def stored(self, name: str) -> Any:
        return self.intake.born if name == "date_of_birth" else super().stored(name)

    def clean_date_of_birth(self) -> Any:
        born = self.cleaned_data["date_of_birth"]
        if born and born.year < clock.today().year - 120:
            raise forms.ValidationError(_("Check the year of the date of birth"))
        return born


class SecretForm(StepForm):
    heading_field = "secret"
    secret = YesNoField(
        label=gettext_lazy("Must the person’s address be kept secret?"),
        help_text=gettext_lazy(
            "For example, because they have fled from somebody. A secret address is never shown "
            "on any page: not to volunteers, not to staff."
        ),
        error_messages=required(gettext_lazy("Select yes if the address must be kept secret")),
    )
    own: ClassVar = {"secret": gettext_lazy("Must your address be kept secret?")}
    own_hints: ClassVar = {
        "secret": gettext_lazy(
            "For example, because you have fled from somebody. A secret address is never shown "
            "on any page: not to volunteers, not to staff."
        )
    }

    def stored(self, name: str) -> Any:
        if self.intake.secret:
            return True
        return False if self.intake.postcode or self.intake.area else None


class WhereForm(StepForm):
    lines = forms.CharField(
        label=gettext_lazy("House and street (optional)"),
        required=False,
        max_length=200,
        widget=Text({"autocomplete": "off"}),
    )
    postcode = forms.CharField(
        label=gettext_lazy("Postcode"),
        required=False,
        max_length=12,
        widget=Text({"autocomplete": "off", "spellcheck": "false"}, width=10),
    )
    area = forms.ChoiceField(
        label=gettext_lazy("Area, if you do not know the postcode"),
        required=False,
        widget=Select,
    )

    def prepare(self) -> None:
        super().prepare()
        area = self.fields["area"]
        assert isinstance(area, forms.ChoiceField)  # noqa: S101 - for the type checker
        area.choices = [("", _("Choose an area")), *self.lists.areas.items()]
        if self.intake.secret:
            area.label = gettext_lazy("Which area’s team should look after this?")
            area.required = bool(self.lists.areas)
            area.error_messages["required"] = _("Select the area whose team should look after this")
            self.fields["postcode"].label = gettext_lazy("Postcode (optional)")
            self.fields["postcode"].help_text = gettext_lazy(
                "Used only to find volunteers who are near enough."
            )

    def clean_postcode(self) -> str:
        typed = str(self.cleaned_data["postcode"]).strip()
        if not typed:
            return ""
        if position(typed) is None:
            raise forms.ValidationError(
                _("We do not know this postcode. Check it, or leave it empty and choose the area")
            )
        return tidy_postcode(typed)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        given = self.cleaned_data
        if not self.errors and not given.get("postcode") and not given.get("area"):
            self.add_error("postcode", _("Enter a postcode, or choose the area"))
        return cleaned

    def answers(self) -> dict[Category, dict[str, Any]]:
        """A secret address goes to a category of its own; left empty, the one given stays."""
        given = {key: str(value or "") for key, value in self.cleaned_data.items()}
        if not self.intake.secret:
            return {Category.LOCATION: given}
        kept = {key: value for key, value in given.items() if value}
        return {Category.SHIELDED_LOCATION: kept}


class SafeForm(StepForm):
    heading_field = "safe"
    safe = forms.ChoiceField(
        label=gettext_lazy("Is it safe for us to contact the person?"),
        help_text=gettext_lazy(
            "Somebody else may read their messages or listen to their calls. If you are not "
            "sure, choose the careful answer."
        ),
        choices=list(words.SAFE.items()),
        widget=Radios(conditional={WITH_CARE: "safe_note"}),
        error_messages=required(gettext_lazy("Select whether it is safe to contact the person")),
    )
    safe_note = forms.CharField(
        label=gettext_lazy("How and when is it safe?"),
        help_text=gettext_lazy("Like “Ring after 6pm, do not leave a message”."),
        max_length=200,
        widget=TextArea(rows=2, max_characters=200),
        error_messages=required(gettext_lazy("Say how and when it is safe")),
    )
    own: ClassVar = {"safe": gettext_lazy("Is it safe for us to contact you?")}
    own_hints: ClassVar = {
        "safe": gettext_lazy("Somebody else may read your messages or listen to your calls.")
    }

    def prepare(self) -> None:
        super().prepare()
        if self.intake.for_self:
            safe = self.fields["safe"]
            assert isinstance(safe, forms.ChoiceField)  # noqa: S101 - for the type checker
            safe.choices = [(key, text) for key, text in words.SAFE.items() if key != "no"]
            safe.error_messages["required"] = _("Select whether it is safe to contact you")


class ReachForm(StepForm):
    phone = forms.CharField(
        label=gettext_lazy("Telephone number (optional)"),
        help_text=PHONE_HINT,
        required=False,
        max_length=40,
        widget=Phone({"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Email address (optional)"),
        required=False,
        max_length=254,
        widget=Email({"autocomplete": "off"}),
    )
    own: ClassVar = {
        "phone": gettext_lazy("Telephone number"),
        "email": gettext_lazy("Email address"),
    }

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        given = self.cleaned_data
        nothing = not self.errors and not given.get("phone") and not given.get("email")
        if nothing and self.intake.for_self:
            self.add_error("phone", _("Enter a telephone number or an email address"))
        return cleaned
