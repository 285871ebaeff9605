"""What is asked about records whose time is up."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stepdown.pages.forms import GovDateField, GovForm, Radios, Text, TextArea
from stepdown.records.web import retention_words as words

YES_NO = (("yes", _("Yes")), ("no", _("No")))


class ReviewForm(GovForm):
    """The assessment, and what is decided."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, text in words.QUESTIONS.items():
            self.fields[key] = forms.ChoiceField(
                label=str(text), choices=YES_NO, widget=Radios(small=True)
            )
        self.fields["decision"] = forms.ChoiceField(
            label=_("What is to become of the records?"),
            choices=list(words.DECISIONS.items()),
            widget=Radios(),
        )
        self.fields["reason"] = forms.CharField(
            label=_("Why?"),
            help_text=_("What you looked at and what you found."),
            max_length=500,
            widget=TextArea(max_characters=500),
        )

    def given(self) -> dict[str, Any]:
        """What the action takes."""
        answers = {key: self.cleaned_data[key] for key in words.QUESTIONS}
        rest = {key: self.cleaned_data[key] for key in ("reason", "decision")}
        return {"answers": answers, **rest}


class HoldForm(GovForm):
    """A hold on somebody's records."""

    reason = forms.CharField(
        label=_("Why must everything be kept?"),
        help_text=_("For example a court case, an inquiry or a complaint."),
        max_length=300,
        widget=TextArea(max_characters=300),
    )
    until = GovDateField(
        label=_("Until when?"),
        help_text=_("Leave it empty if nobody knows yet."),
        required=False,
    )


class RuleForm(GovForm):
    """A new version of a schedule."""

    valid_from = GovDateField(label=_("From which day does it hold?"))
    clear_years = forms.IntegerField(
        label=_("How many years after the last event?"), widget=Text(width=3)
    )
    then = forms.ChoiceField(
        label=_("What happens then?"), choices=list(words.THEN.items()), widget=Radios()
    )
    again_years = forms.IntegerField(
        label=_("Reviewed again every how many years?"),
        help_text=_("0 for the same number of years."),
        widget=Text(width=3),
    )
    until_age = forms.IntegerField(
        label=_("Kept until the person would be how old?"),
        help_text=_("0 for no such age."),
        widget=Text(width=3),
    )
    source = forms.CharField(
        label=_("Where does it come from?"),
        help_text=_("The rule or decision, with its date."),
        max_length=300,
        widget=TextArea(max_characters=300),
    )
    verified = forms.BooleanField(label=_("I have checked it against that text"), required=False)
