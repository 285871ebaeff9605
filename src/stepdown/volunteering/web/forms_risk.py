"""Writing a risk assessment: any number of hazards, added and removed without a script."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.pages.forms import (
    GovDateField,
    GovForm,
    Select,
    Text,
    TextArea,
    YesNoField,
)
from stepdown.pages.forms.dates import DateText
from stepdown.volunteering.web.risk_matrix import IMPACT, LIKELIHOOD

if TYPE_CHECKING:
    from stepdown.volunteering.models import RiskAssessment

MOST = 30


def _scale(words: Mapping[int, Any]) -> list[tuple[str, Any]]:
    return [("", ""), *((str(number), f"{number} {said}") for number, said in words.items())]


class HazardForm(GovForm):
    """One hazard. Its errors say which one they are about."""

    hazard = forms.CharField(
        label=gettext_lazy("What could go wrong?"), max_length=200, widget=Text()
    )
    who = forms.CharField(label=gettext_lazy("Who could be harmed?"), max_length=120, widget=Text())
    control = forms.CharField(
        label=gettext_lazy("What is done about it?"),
        max_length=500,
        widget=TextArea(rows=3, max_characters=500),
    )
    likelihood = forms.TypedChoiceField(
        label=gettext_lazy("How likely is it, with that done?"), coerce=int, widget=Select
    )
    impact = forms.TypedChoiceField(
        label=gettext_lazy("How bad would it be?"), coerce=int, widget=Select
    )

    def __init__(self, *args: Any, number: int, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"hazard-{number}", **kwargs)
        self.number = number
        for name, scale in (("likelihood", LIKELIHOOD), ("impact", IMPACT)):
            self.fields[name].choices = _scale(scale)  # type: ignore[attr-defined]
        missing = {
            "hazard": _("Hazard %(number)d: enter what could go wrong"),
            "who": _("Hazard %(number)d: enter who could be harmed"),
            "control": _("Hazard %(number)d: enter what is done about it"),
            "likelihood": _("Hazard %(number)d: select how likely it is"),
            "impact": _("Hazard %(number)d: select how bad it would be"),
        }
        for name, words in missing.items():
            self.fields[name].error_messages["required"] = words % {"number": number}


class AboutForm(GovForm):
    """What is asked once. ``seen`` tells what was there when the writing began."""

    lone_working = YesNoField(
        label=gettext_lazy("Will the volunteer be alone with the person?"),
        help_text=gettext_lazy("Lone working needs a way to call for help and somebody who knows "
                               "when they should be back."),
    )  # fmt: skip
    review_on = GovDateField(
        label=gettext_lazy("When must this be looked at again?"),
        noun=gettext_lazy("The review date"),
        future=True,
        help_text=gettext_lazy("Nobody can be placed after that day until it has been."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


def fingerprint(newest: "RiskAssessment | None") -> str:
    """What tells one writing of an assessment from another; nothing can be read from it."""
    if newest is None:
        return ""
    said = [newest.version, newest.state, newest.hazards, newest.lone_working, newest.review_on]
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()


class RiskForm:
    """The whole page: what is asked once, and one form a hazard."""

    def __init__(self, about: AboutForm, hazards: Sequence[HazardForm]) -> None:
        self.about, self.hazards = about, list(hazards)

    @classmethod
    def start(cls, basis: "RiskAssessment | None", newest: "RiskAssessment | None") -> "RiskForm":
        """Filled in from an assessment, or with one hazard to fill in."""
        told: Sequence[Mapping[str, Any]] = basis.hazards if basis else [{}]
        about: dict[str, Any] = {"seen": fingerprint(newest)}
        if basis:
            about |= {"lone_working": basis.lone_working, "review_on": basis.review_on}
        hazards = [HazardForm(number=n, initial=one) for n, one in enumerate(told, start=1)]
        return cls(AboutForm(initial=about), hazards)

    @classmethod
    def posted(cls, data: QueryDict) -> "RiskForm":
        """To be judged as it was sent."""
        rows = range(1, _rows(data) + 1)
        return cls(AboutForm(data), [HazardForm(data, number=n) for n in rows])

    @classmethod
    def reshaped(cls, data: QueryDict) -> "RiskForm":
        """One hazard more, or one fewer, with all that was typed kept and nothing judged yet."""
        typed = [
            {name: data.get(f"hazard-{n}-{name}", "") for name in HazardForm.base_fields}
            for n in range(1, _rows(data) + 1)
        ]
        removed = data.get("remove", "")
        number = int(removed) if removed.isdecimal() and len(removed) < 4 else 0
        if 1 <= number <= len(typed) and len(typed) > 1:
            del typed[number - 1]
        elif "add" in data and len(typed) < MOST:
            typed.append({})
        about = {
            "lone_working": data.get("lone_working"),
            "review_on": DateText(*(data.get(f"review_on-{p}", "") for p in DateText._fields)),
            "seen": data.get("seen", ""),
        }
        hazards = [HazardForm(number=n, initial=one) for n, one in enumerate(typed, start=1)]
        return cls(AboutForm(initial=about), hazards)

    @property
    def all(self) -> list[GovForm]:
        """Every form of the page, in the order of the page."""
        return [*self.hazards, self.about]

    def is_valid(self) -> bool:
        """Whether all of it can be taken; every form is asked, so that every fault is told."""
        return not [form for form in self.all if not form.is_valid()]

    def given(self) -> dict[str, Any]:
        """As the verb takes it."""
        about = self.about.cleaned_data
        return {
            "hazards": [form.cleaned_data for form in self.hazards],
            "lone_working": about["lone_working"],
            "review_on": about["review_on"],
        }


def _rows(data: QueryDict) -> int:
    count = data.get("count", "1")
    return min(max(int(count) if count.isdecimal() and len(count) < 4 else 1, 1), MOST)
