"""The questions asked about a person: to find them, to add them, to put their record right."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stepdown.hub.queries.place import district_choices
from stepdown.pages.forms import (
    CheckboxesInline,
    Email,
    GovDateField,
    GovDateInput,
    GovForm,
    Phone,
    Radios,
    Select,
    Text,
    YesNoField,
)
from stepdown.people.actions.people import Identity
from stepdown.people.queries.contact import kinds
from stepdown.volunteering.queries import catalogue, person, scheme, volunteer

KINDS = (
    (person.PeopleKind.ANY.value, _("Everybody")),
    (person.PeopleKind.VOLUNTEER.value, _("Volunteers")),
    (person.PeopleKind.SUPPORTED.value, _("People supported")),
)
LAPSING = (("", _("Any")), ("30", _("Within 30 days")), ("60", _("Within 60 days")))
STATES = {
    "active": _("Active"),
    "paused": _("Taking a break"),
    "left": _("Has left"),
}
SAFE_HINT = _("A message or a call can put somebody at risk when another person sees it.")


def set_choices(form: forms.Form, choices: dict[str, list[tuple[str, Any]]]) -> None:
    """Lists that the hub keeps, read when the form is made."""
    for name, values in choices.items():
        field = form.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - said where the form is written
        field.choices = values


class PeopleFilterForm(GovForm):
    """Filters of the list. The name is not among them: it must not stand in an address."""

    kind = forms.ChoiceField(
        label=_("Who"), required=False, choices=KINDS, widget=Radios(small=True)
    )
    district = forms.MultipleChoiceField(
        label=_("District"), required=False, widget=CheckboxesInline()
    )
    scheme = forms.MultipleChoiceField(label=_("Scheme"), required=False, widget=CheckboxesInline())
    skill = forms.ChoiceField(label=_("Skill"), required=False, widget=Select())
    state = forms.MultipleChoiceField(
        label=_("Volunteer’s state"), required=False, widget=CheckboxesInline()
    )
    lapsing = forms.ChoiceField(
        label=_("A check lapses"), required=False, choices=LAPSING, widget=Radios(small=True)
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(
            self,
            {
                "district": district_choices(),
                "scheme": scheme.scheme_choices(),
                "skill": [("", _("Any")), *catalogue.skill_choices()],
                "state": [(key, STATES.get(key, key)) for key in volunteer.states()],
            },
        )


class IdentityForm(GovForm):
    """Who the person is."""

    given_name = forms.CharField(
        label=_("First name"), max_length=80, widget=Text(width="two-thirds")
    )
    family_name = forms.CharField(
        label=_("Last name"), max_length=80, widget=Text(width="two-thirds")
    )
    known_as = forms.CharField(
        label=_("Known as (optional)"),
        help_text=_("The first name that they go by, if it is another."),
        max_length=80,
        required=False,
        widget=Text(width="two-thirds"),
    )
    say_it = forms.CharField(
        label=_("How to say the name (optional)"),
        help_text=_("As it sounds, for example “shuh-VAWN”."),
        max_length=120,
        required=False,
        widget=Text(width="two-thirds"),
    )
    pronouns = forms.CharField(
        label=_("Pronouns (optional)"),
        help_text=_("For example she/her, he/him or they/them."),
        max_length=40,
        required=False,
        widget=Text(width=20),
    )
    date_of_birth = GovDateField(
        label=_("Date of birth (optional)"),
        noun=_("Date of birth"),
        help_text=_("For example 27 3 1985. Schemes with a least age need it."),
        required=False,
        past=True,
        widget=GovDateInput(),
    )
    district = forms.ChoiceField(
        label=_("District that looks after them"),
        help_text=_("It decides who may see this record."),
        required=False,
        widget=Select(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, {"district": [("", ""), *district_choices()]})

    def identity(self) -> Identity:
        """What was given of the person, as the verbs take it."""
        given = self.cleaned_data
        return Identity(
            given_name=given["given_name"],
            family_name=given["family_name"],
            known_as=given["known_as"],
            say_it=given["say_it"],
            pronouns=given["pronouns"],
            date_of_birth=given["date_of_birth"],
            district=given["district"] or None,
        )


class ChangePersonForm(IdentityForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class AddPersonForm(IdentityForm):
    """Who they are, how to reach them, where they live, whether they will volunteer."""

    email_value = forms.CharField(
        label=_("Email address (optional)"),
        max_length=254,
        required=False,
        widget=Email({"autocomplete": "off"}),
    )
    email_safe = YesNoField(
        label=_("Is it safe to email them?"), help_text=SAFE_HINT, required=False
    )
    mobile_value = forms.CharField(
        label=_("Mobile number (optional)"),
        max_length=40,
        required=False,
        widget=Phone({"autocomplete": "off"}),
    )
    mobile_safe = YesNoField(
        label=_("Is it safe to call or text them?"), help_text=SAFE_HINT, required=False
    )
    safe_note = forms.CharField(
        label=_("When and how it is safe (optional)"),
        help_text=_("For example: only on weekday mornings; do not leave a message."),
        max_length=200,
        required=False,
        widget=Text(),
    )
    lines = forms.CharField(
        label=_("Address (optional)"),
        help_text=_("House number and street. Leave it out if you only know the postcode."),
        max_length=200,
        required=False,
        widget=Text({"autocomplete": "off"}),
    )
    postcode = forms.CharField(
        label=_("Postcode (optional)"),
        max_length=12,
        required=False,
        widget=Text({"autocomplete": "off"}, width=10),
    )
    shielded = YesNoField(
        label=_("Must the address be kept secret?"),
        help_text=_("Then nobody is shown it, not even you: it only serves to find help nearby."),
        required=False,
    )
    volunteers = YesNoField(label=_("Will they volunteer?"))
    # The people alike that were shown before: saying yes to those says nothing of others.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        for kind in ("email", "mobile"):
            if cleaned.get(f"{kind}_value") and cleaned.get(f"{kind}_safe") is None:
                self.add_error(f"{kind}_safe", _("Select yes if it is safe, or no if it is not"))
        if cleaned.get("lines") and not cleaned.get("postcode"):
            self.add_error("postcode", _("Enter the postcode of the address"))
        if cleaned.get("postcode") and cleaned.get("shielded") is None:
            self.add_error("shielded", _("Select yes if the address must be kept secret"))
        return cleaned


class ContactForm(GovForm):
    kind = forms.ChoiceField(
        label=_("Kind of contact"),
        widget=Radios(),
        error_messages={"required": _("Select the kind of contact")},
    )
    value = forms.CharField(
        label=_("Email address or telephone number"),
        max_length=254,
        widget=Text({"autocomplete": "off"}, width="two-thirds"),
        error_messages={"required": _("Enter an email address or a telephone number")},
    )
    safe = YesNoField(
        label=_("Is it safe to use?"),
        help_text=SAFE_HINT,
        error_messages={"required": _("Select yes if it is safe, or no if it is not")},
    )
    safe_note = forms.CharField(
        label=_("When and how it is safe (optional)"),
        max_length=200,
        required=False,
        widget=Text(),
    )
    preferred = forms.BooleanField(label=_("Use this one first"), required=False)

    def __init__(self, *args: Any, changing: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if changing:
            del self.fields["kind"]
        else:
            set_choices(self, {"kind": [(key, _(name)) for key, name in kinds()]})


class AddressForm(GovForm):
    postcode = forms.CharField(
        label=_("Postcode"), max_length=12, widget=Text({"autocomplete": "off"}, width=10)
    )
    lines = forms.CharField(
        label=_("Address (optional)"),
        help_text=_("House number and street."),
        max_length=200,
        required=False,
        widget=Text({"autocomplete": "off"}),
    )
    shielded = YesNoField(
        label=_("Must the address be kept secret?"),
        help_text=_("Then nobody is shown it, not even you: it only serves to find help nearby."),
    )


class SearchForm(GovForm):
    """By name or reference. Sent with POST, so that no name stands in an address."""

    text = forms.CharField(
        label=_("Name, or reference of their need"),
        max_length=80,
        widget=Text({"autocomplete": "off"}, width="two-thirds"),
    )
