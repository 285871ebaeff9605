"""What is asked when somebody handles a request about a person's data."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stepdown.pages.forms import GovDateField, GovForm, Radios, Text, TextArea
from stepdown.records.web import rights_words as words


class ReceiveForm(GovForm):
    """A request that came some other way than through the hub."""

    kind = forms.ChoiceField(
        label=_("What is asked for?"),
        choices=words.choices(words.KINDS),
        widget=Radios(hints=words.KIND_HINTS),
    )
    channel = forms.ChoiceField(
        label=_("How did it come?"),
        choices=words.choices(words.CHANNELS),
        widget=Radios(small=True),
    )
    received_on = GovDateField(
        label=_("On which day did it come?"),
        help_text=_("The day it reached anybody in your agency. The clock runs from that day."),
    )
    regime = forms.ChoiceField(
        label=_("Under which law do you use the data?"),
        choices=words.choices(words.REGIMES),
        initial="uk-gdpr",
        widget=Radios(small=True),
    )
    agency = forms.ChoiceField(label=_("To which agency?"), widget=Radios(small=True))
    asked_for = forms.CharField(
        label=_("What did they say?"),
        required=False,
        max_length=2000,
        widget=TextArea(max_characters=2000),
        help_text=_("Which records, from when, what is wrong: in their own words."),
    )

    def __init__(self, *args: Any, agencies: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "agency", agencies)


class FindForm(GovForm):
    """Whose record it is."""

    given_name = forms.CharField(label=_("First name"), max_length=80, widget=Text())
    family_name = forms.CharField(label=_("Last name"), max_length=80, widget=Text())


class IdentityForm(GovForm):
    """When they showed who they are."""

    identity_on = GovDateField(
        label=_("On which day did they show who they are?"),
        help_text=_("The month begins on this day."),
    )


class QuestionForm(GovForm):
    """What is not clear."""

    question = forms.CharField(
        label=_("What do you ask them?"),
        max_length=500,
        widget=TextArea(max_characters=500, rows=4),
        help_text=_("Only where you cannot tell which records they mean."),
    )


class AnswerHeardForm(GovForm):
    """What they said."""

    answered_on = GovDateField(label=_("On which day did they answer?"))
    answer = forms.CharField(
        label=_("What did they say?"),
        max_length=1000,
        widget=TextArea(max_characters=1000, rows=4),
    )


class ExtendForm(GovForm):
    """Why more time is needed, as they were told."""

    reason = forms.CharField(
        label=_("Why do you need more time?"),
        max_length=300,
        widget=TextArea(max_characters=300, rows=3),
        help_text=_("It must be complex, or one of many requests. Tell the person today."),
    )


class RefuseForm(GovForm):
    """Why it is refused."""

    refusal = forms.ChoiceField(
        label=_("Why do you refuse it?"), choices=words.choices(words.REFUSALS), widget=Radios()
    )
    outcome = forms.CharField(
        label=_("Reasons for the person"),
        max_length=2000,
        widget=TextArea(max_characters=2000),
        help_text=_("It stands in their letter, above how to complain."),
    )


class ErasureForm(GovForm):
    """On which ground everything is erased, and what the person is told."""

    ground = forms.ChoiceField(
        label=_("On which ground are the records erased?"),
        choices=words.choices(words.GROUNDS),
        widget=Radios(),
    )
    outcome = forms.CharField(
        label=_("What are they told?"),
        max_length=2000,
        widget=TextArea(max_characters=2000),
        help_text=_("It stands in their letter. Say what is erased, and what is not, and why."),
    )


class OutcomeForm(GovForm):
    """What was done, for the person."""

    outcome = forms.CharField(
        label=_("What did you do?"),
        max_length=2000,
        widget=TextArea(max_characters=2000),
        help_text=_("It stands in their letter. Say what changed, what did not, and why."),
    )


class StatementForm(GovForm):
    """What the person says of what stays as it is."""

    category = forms.ChoiceField(
        label=_("What kind of data is it about?"),
        choices=words.choices(words.CATEGORIES),
        widget=Radios(small=True),
        help_text=_("Whoever reads that of this person reads the statement too."),
    )
    about = forms.CharField(
        label=_("What is it about?"),
        max_length=120,
        widget=Text(),
        help_text=_("For example: the note of 3 March 2026."),
    )
    words = forms.CharField(
        label=_("What do they say?"),
        max_length=2000,
        widget=TextArea(max_characters=2000),
        help_text=_("In their own words. Leave out names of others where they can be left out."),
    )


class AllowForm(GovForm):
    """Which use goes on, why the law lets it, and until when."""

    use = forms.ChoiceField(
        label=_("What may the data be used for?"),
        choices=words.choices(words.USES),
        widget=Radios(),
    )
    ground = forms.ChoiceField(
        label=_("Why does the law let it?"),
        choices=words.choices(words.USE_GROUNDS),
        widget=Radios(),
    )
    reason = forms.CharField(
        label=_("Your reason"), max_length=500, widget=TextArea(max_characters=500, rows=4)
    )
    until = GovDateField(
        label=_("Until which day?"), help_text=_("A year from now at most. It ends by itself.")
    )


class ToldForm(GovForm):
    """When they were told."""

    told_on = GovDateField(label=_("On which day were they told?"))


def choose(form: GovForm, name: str, choices: list[tuple[str, str]]) -> None:
    """Give a field its choices."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101
    field.choices = choices


class SendBackForm(GovForm):
    """What is to be changed."""

    why = forms.CharField(
        label=_("What is to be changed?"),
        max_length=500,
        widget=TextArea(max_characters=500, rows=4),
        help_text=_("Do not repeat what must not go out."),
    )
