"""The forms of a measure and of one of its figures."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.casework.queries.appraisal import pathways
from stepdown.pages.forms import GovDateField, GovForm, Radios, Select, Text, TextArea

AGAINST = {
    "": gettext_lazy("Nothing"),
    "target": gettext_lazy("A target"),
    "earlier": gettext_lazy("The same measure in an earlier period"),
    "whole": gettext_lazy("The whole of which it is a part"),
}
NUMBER = gettext_lazy("Enter a number, such as 266.")
WRONG = dict.fromkeys(("invalid", "max_digits", "max_decimal_places", "max_whole_digits"), NUMBER)


class MeasureForm(GovForm):
    """What is measured."""

    name = forms.CharField(
        label=gettext_lazy("What is measured?"),
        max_length=120,
        widget=Text(),
        error_messages={"required": gettext_lazy("Enter what is measured.")},
    )
    unit = forms.CharField(
        label=gettext_lazy("What is counted?"),
        help_text=gettext_lazy("For example people, or hours."),
        max_length=40,
        widget=Text(width=10),
        error_messages={"required": gettext_lazy("Enter what is counted.")},
    )
    pathway = forms.ChoiceField(
        label=gettext_lazy("Which pathway is it about?"),
        help_text=gettext_lazy("Leave this empty if it is about none of them, or about several."),
        required=False,
        widget=Select,
    )
    per = forms.ChoiceField(
        label=gettext_lazy("Is it worked out for each one of another measure?"),
        help_text=gettext_lazy("For example hours for each volunteer."),
        required=False,
        widget=Select,
    )

    def __init__(self, *args: object, others: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        none = ("", _("None, or several"))
        for name, choices in (("pathway", [none, *pathways()]), ("per", [("", _("No")), *others])):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
            field.choices = choices


class FigureForm(GovForm):
    """One figure, as its source has it."""

    since = GovDateField(label=gettext_lazy("The first day it is about"))
    until = GovDateField(label=gettext_lazy("The last day it is about"))
    value = forms.DecimalField(
        label=gettext_lazy("What is the figure?"),
        max_digits=14,
        decimal_places=2,
        widget=Text(width=10),
        error_messages={"required": gettext_lazy("Enter the figure."), **WRONG},
    )
    against = forms.ChoiceField(
        label=gettext_lazy("What is it compared with?"),
        choices=list(AGAINST.items()),
        required=False,
        widget=Radios(),
    )
    comparator = forms.DecimalField(
        label=gettext_lazy("What is the number that it is compared with?"),
        max_digits=14,
        decimal_places=2,
        required=False,
        widget=Text(width=10),
        error_messages=WRONG,
    )
    stated = forms.CharField(
        label=gettext_lazy("Which percentage is printed beside it, if any?"),
        help_text=gettext_lazy("It is compared with what the two numbers give."),
        max_length=10,
        required=False,
        widget=Text(width=5, suffix="%"),
    )
    parts = forms.CharField(
        label=gettext_lazy("Which parts does it add up from, if any?"),
        help_text=gettext_lazy("One part a line: a name, a comma and a number."),
        max_length=5_000,
        required=False,
        widget=TextArea(rows=4),
    )
    narrative = forms.CharField(
        label=gettext_lazy("What is said about it?"),
        max_length=2_000,
        required=False,
        widget=TextArea(rows=3),
    )
    source = forms.CharField(
        label=gettext_lazy("Where does it come from?"),
        help_text=gettext_lazy("The document and its date."),
        max_length=200,
        widget=Text(),
        error_messages={"required": gettext_lazy("Enter where it comes from.")},
    )
    as_printed = forms.BooleanField(
        label=gettext_lazy("The source contradicts itself: keep it as printed, and show that"),
        required=False,
    )
