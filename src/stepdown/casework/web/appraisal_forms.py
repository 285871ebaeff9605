"""The forms of an appraisal, of one of its lines, and of many lines at once."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.casework.queries.appraisal import pathways
from stepdown.casework.queries.years import year_of
from stepdown.casework.web.appraisal_words import KINDS
from stepdown.pages.forms import GovDateField, GovForm, Radios, Select, Text, TextArea


class PoundsField(forms.DecimalField):
    """Pounds and pence. Commas between thousands are no fault."""

    widget = Text(width=10, prefix="£")

    def __init__(self, **kwargs: Any) -> None:
        words = gettext_lazy("Enter an amount in pounds, such as 933000.")
        codes = ("invalid", "max_digits", "max_decimal_places", "max_whole_digits")
        messages = {**dict.fromkeys(codes, words), **kwargs.pop("error_messages", {})}
        super().__init__(max_digits=13, decimal_places=2, error_messages=messages, **kwargs)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        text = value.replace(",", "") if isinstance(value, str) else value
        return super().to_python(text)


class AppraisalForm(GovForm):
    """What is appraised, from which year on, and at which rate."""

    title = forms.CharField(
        label=gettext_lazy("What is appraised?"),
        max_length=120,
        widget=Text(),
        error_messages={"required": gettext_lazy("Enter what is appraised.")},
    )
    pathway = forms.ChoiceField(
        label=gettext_lazy("Which pathway is it about?"),
        help_text=gettext_lazy("Leave this empty if it is about none of them, or about several."),
        required=False,
        widget=Select,
    )
    base_year = forms.CharField(
        label=gettext_lazy("What is the first financial year?"),
        help_text=gettext_lazy(
            "For example 2016/17. Amounts are in the prices of this year, and it is not discounted."
        ),
        widget=Text(width=5),
        error_messages={"required": gettext_lazy("Enter a financial year, such as 2016/17.")},
    )
    rate = forms.DecimalField(
        label=gettext_lazy("At what rate are later years discounted?"),
        max_digits=4,
        decimal_places=2,
        widget=Text(width=5, suffix="%"),
        error_messages={
            "required": gettext_lazy("Enter a percentage such as 3.5."),
            "invalid": gettext_lazy("Enter a percentage such as 3.5."),
            "max_decimal_places": gettext_lazy("Enter a percentage such as 3.5."),
        },
    )
    rate_source = forms.CharField(
        label=gettext_lazy("Where does this rate come from?"),
        help_text=gettext_lazy("The document, such as The Green Book."),
        max_length=200,
        widget=Text(),
        error_messages={"required": gettext_lazy("Enter where the rate comes from.")},
    )
    rate_dated = GovDateField(label=gettext_lazy("What is the date of that document?"))
    each = PoundsField(
        label=gettext_lazy("What does one more case save, if the source says so?"),
        help_text=gettext_lazy("The appraisal then says how many cases its benefits would need."),
        required=False,
    )
    each_source = forms.CharField(
        label=gettext_lazy("Where does that amount come from?"),
        max_length=200,
        required=False,
        widget=Text(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["pathway"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [("", _("None, or several")), *pathways()]

    def clean_base_year(self) -> int:
        """The calendar year in which it begins."""
        found = year_of(self.cleaned_data["base_year"])
        if found is None:
            raise forms.ValidationError(_("Enter a financial year, such as 2016/17."))
        return found


class LineForm(GovForm):
    """One line of an appraisal."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Is it a cost or a benefit?"),
        choices=list(KINDS.items()),
        widget=Radios(),
        error_messages={"required": gettext_lazy("Select whether it is a cost or a benefit.")},
    )
    what = forms.CharField(
        label=gettext_lazy("What is the money for?"),
        max_length=120,
        widget=Text(),
        error_messages={"required": gettext_lazy("Enter what the money is for.")},
    )
    year = forms.CharField(
        label=gettext_lazy("In which financial year?"),
        help_text=gettext_lazy("For example 2016/17."),
        widget=Text(width=5),
        error_messages={"required": gettext_lazy("Enter a financial year, such as 2016/17.")},
    )
    pounds = PoundsField(
        label=gettext_lazy("How much?"),
        error_messages={"required": gettext_lazy("Enter an amount.")},
    )
    whose = forms.CharField(
        label=gettext_lazy("Whose figure is it?"),
        help_text=gettext_lazy("The organisation that states it."),
        max_length=80,
        widget=Text(width=20),
        error_messages={"required": gettext_lazy("Enter whose figure it is.")},
    )
    source = forms.CharField(
        label=gettext_lazy("Where does it come from?"),
        help_text=gettext_lazy("The document and its date."),
        max_length=200,
        widget=Text(),
        error_messages={"required": gettext_lazy("Enter where it comes from.")},
    )


class LinesForm(GovForm):
    """Lines as text: the hub takes no files."""

    rows = forms.CharField(
        label=gettext_lazy("Paste the lines here"),
        help_text=gettext_lazy("Copied out of a spreadsheet, or the text of a CSV file."),
        max_length=500_000,
        strip=False,
        widget=TextArea(rows=12),
        error_messages={"required": gettext_lazy("Paste the lines.")},
    )
