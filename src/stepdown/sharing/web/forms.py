"""The questions asked to draft, sign and end an agreement."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stepdown.hub.queries import agency
from stepdown.pages.forms import Checkboxes, GovDateField, GovForm, Radios, Select, Text, TextArea
from stepdown.sharing.web import words

BLANK, REFERRALS = "blank", "referrals"


class TermsForm(GovForm):
    """What it is called, and its three days."""

    title = forms.CharField(label=_("Title"), max_length=160, widget=Text())
    starts = GovDateField(label=_("First day"))
    ends = GovDateField(label=_("Last day"))
    review_on = GovDateField(
        label=_("Review by"), help_text=_("The hub says so from 60 days before.")
    )


class DraftForm(TermsForm):
    """The first step: the parties and a template too."""

    agencies = forms.MultipleChoiceField(
        label=_("Parties"),
        widget=Checkboxes(small=True),
        help_text=_("Your own agency and at least one other."),
        error_messages={"required": _("Select at least two partners.")},
    )
    template = forms.ChoiceField(
        label=_("Begin with"),
        choices=[
            (BLANK, _("No clauses")),
            (REFERRALS, _("Referrals for volunteer support")),
        ],
        initial=REFERRALS,
        widget=Radios(
            hints={
                REFERRALS: _(
                    "One clause from each other party to your agency, which you can take out again."
                )
            }
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "agencies", agency.choices())


class ClauseForm(GovForm):
    """One clause: from whom, to whom, why, and which data."""

    source = forms.ChoiceField(label=_("Who shares its records?"), widget=Select())
    target = forms.ChoiceField(label=_("Who may see them?"), widget=Select())
    purpose = forms.ChoiceField(
        label=_("For which purpose?"),
        choices=words.choices(words.PURPOSES),
        widget=Radios(),
        help_text=_(
            "Today the hub shows referrals for the first of these, about people who are referred, "
            "on the pathway of volunteer support. It keeps other clauses in writing only."
        ),
    )
    basis = forms.ChoiceField(
        label=_("Lawful basis"),
        choices=words.choices(words.BASES),
        widget=Radios(
            hints={"gdpr-6-1-a": _("Shows only referrals about people who consent at that moment.")}
        ),
    )
    categories = forms.MultipleChoiceField(
        label=_("Categories of data"),
        choices=words.choices(words.CATEGORIES),
        widget=Checkboxes(hints=words.CATEGORY_HINTS),
    )
    condition = forms.ChoiceField(
        label=_("Condition for data that the law protects more"),
        choices=[("", ""), *words.choices(words.CONDITIONS)],
        required=False,
        widget=Select(),
        help_text=_(
            "Health, offence, safeguarding and equality data need one. Your data-protection "
            "officer decides which."
        ),
    )
    people = forms.MultipleChoiceField(
        label=_("Whom is it about?"),
        choices=words.choices(words.PEOPLE),
        widget=Checkboxes(),
    )
    pathways = forms.MultipleChoiceField(
        label=_("Which pathways does it cover?"),
        widget=Checkboxes(),
    )

    def __init__(self, *args: Any, parties: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("source", "target"):
            _choose(self, name, [("", ""), *parties])
        _choose(self, "pathways", [(k, str(text)) for k, text in words.pathways().items()])


class AssessmentForm(GovForm):
    """The impact assessment. It may be left and gone on with: sending asks for all of it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, question in words.QUESTIONS.items():
            self.fields[key] = forms.CharField(
                label=str(question),
                required=False,
                max_length=2000,
                widget=TextArea(max_characters=2000),
            )


class SignForm(GovForm):
    """For whom, and that it was read."""

    agency = forms.ChoiceField(label=_("For which agency do you sign?"), widget=Radios())
    read = forms.BooleanField(
        label=_("I have read the agreement and sign it for this agency"),
        error_messages={"required": _("Confirm that you have read the agreement and sign it")},
    )

    def __init__(self, *args: Any, parties: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "agency", parties)


class WithdrawForm(GovForm):
    """For whom, and why."""

    agency = forms.ChoiceField(label=_("Which agency withdraws?"), widget=Radios())
    reason = forms.CharField(
        label=_("Why does it end?"),
        max_length=300,
        widget=TextArea(max_characters=300, rows=3),
        help_text=_("Do not write anything about a person."),
    )

    def __init__(self, *args: Any, parties: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "agency", parties)


def _choose(form: GovForm, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101
    field.choices = choices
