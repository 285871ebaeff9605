"""The pages of a referral about what is needed."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.casework.web import referral_words as words
from stepdown.casework.web.refer_form import StepForm, required
from stepdown.pages.forms import Checkboxes, Radios, SlotsField, TextArea

# Everybody who helps speaks it: nobody needs to ask for it.
ENGLISH = frozenset({"en", "eng"})


class HelpForm(StepForm):
    skills = forms.MultipleChoiceField(
        label=gettext_lazy("What should a volunteer be able to do, or know about?"),
        help_text=gettext_lazy("Select all that apply."),
        required=False,
        widget=Checkboxes,
    )
    help = forms.CharField(
        label=gettext_lazy("Tell us more in your own words"),
        help_text=gettext_lazy(
            "What is hard at the moment, and what would make a difference? Leave health out: we "
            "ask about it on the next page."
        ),
        required=False,
        max_length=2000,
        widget=TextArea(rows=5, max_characters=2000),
    )

    def prepare(self) -> None:
        super().prepare()
        if not self.lists.skills:
            del self.fields["skills"]
            return
        skills = self.fields["skills"]
        assert isinstance(skills, forms.MultipleChoiceField)  # noqa: S101 - for the type checker
        skills.choices = list(self.lists.skills.items())

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        given = self.cleaned_data
        if not self.errors and not given.get("skills") and not given.get("help"):
            first = "skills" if "skills" in self.fields else "help"
            self.add_error(first, _("Select a kind of help, or tell us in your own words"))
        return cleaned


class HealthForm(StepForm):
    heading_field = "health"
    health = forms.CharField(
        label=gettext_lazy("Is there anything about the person’s health that we should know?"),
        help_text=gettext_lazy(
            "Only what matters for the help, like “uses a wheelchair” or “tires easily”. Leave "
            "it empty if there is nothing."
        ),
        required=False,
        max_length=2000,
        widget=TextArea(rows=4, max_characters=2000),
    )
    own: ClassVar = {
        "health": gettext_lazy("Is there anything about your health that we should know?")
    }


class RiskForm(StepForm):
    heading_field = "risk"
    risk = forms.ChoiceField(
        label=gettext_lazy("Could a visit be risky for the person or for a volunteer?"),
        help_text=gettext_lazy(
            "For example, a dangerous dog, violence in the home, or a building in bad repair."
        ),
        choices=list(words.RISK.items()),
        widget=Radios(conditional={"yes": "risk_note"}),
        error_messages=required(gettext_lazy("Select whether a visit could be risky")),
    )
    risk_note = forms.CharField(
        label=gettext_lazy("What is the risk?"),
        max_length=2000,
        widget=TextArea(rows=4, max_characters=2000),
        error_messages=required(gettext_lazy("Say what the risk is")),
    )
    own: ClassVar = {
        "risk": gettext_lazy("Could a visit to you be risky for you or for a volunteer?")
    }


class LanguageForm(StepForm):
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Does the person need a volunteer who speaks another language?"),
        help_text=gettext_lazy("Leave all of them empty if English is enough."),
        required=False,
        widget=Checkboxes(small=True),
    )
    communication = forms.CharField(
        label=gettext_lazy("Anything else that helps with communication (optional)"),
        help_text=gettext_lazy("Like large print, or speaking slowly."),
        required=False,
        max_length=500,
        widget=TextArea(rows=2, max_characters=500),
    )
    own: ClassVar = {
        "languages": gettext_lazy("Do you need a volunteer who speaks another language?")
    }

    def prepare(self) -> None:
        super().prepare()
        known = [(code, name) for code, name in self.lists.languages.items() if code not in ENGLISH]
        if not known:
            del self.fields["languages"]
            return
        languages = self.fields["languages"]
        assert isinstance(languages, forms.MultipleChoiceField)  # noqa: S101 - for the type checker
        languages.choices = known


class SoonForm(StepForm):
    heading_field = "soon"
    soon = forms.ChoiceField(
        label=gettext_lazy("How soon is help needed?"),
        choices=list(words.SOON.items()),
        widget=Radios,
        error_messages=required(gettext_lazy("Select how soon help is needed")),
    )


class TimesForm(StepForm):
    heading_field = "slots"
    slots = SlotsField(
        label=gettext_lazy("Which times of the week suit the person?"),
        help_text=gettext_lazy("Leave all of them empty if any time will do."),
        required=False,
    )
    own: ClassVar = {"slots": gettext_lazy("Which times of the week suit you?")}
