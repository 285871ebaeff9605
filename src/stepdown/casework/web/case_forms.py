"""The forms that every case has, whatever its pathway."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stepdown.casework.web.pathway_form import choose
from stepdown.casework.web.refer_form import required
from stepdown.pages.forms import (
    GovDateField,
    GovForm,
    Number,
    Radios,
    Select,
    Text,
)
from stepdown.pathways.instruments import Instrument


class WhoForm(GovForm):
    """Whom a referral into a pathway is about; no names where it is about nobody."""

    given_name = forms.CharField(
        label=_("First name"),
        max_length=80,
        widget=Text(width=20),
        error_messages=required(_("Enter their first name")),
    )
    family_name = forms.CharField(
        label=_("Last name"),
        max_length=80,
        widget=Text(width=20),
        error_messages=required(_("Enter their last name")),
    )
    date_of_birth = GovDateField(
        label=_("Date of birth (optional)"), noun=_("Date of birth"), required=False, past=True
    )
    district = forms.ChoiceField(
        label=_("District they live in"),
        widget=Select,
        error_messages=required(_("Select a district")),
    )
    source = forms.ChoiceField(
        label=_("Who refers?"), widget=Radios, error_messages=required(_("Select who refers"))
    )

    def __init__(
        self,
        *args: Any,
        districts: Sequence[tuple[str, str]],
        sources: Sequence[tuple[str, str]],
        names: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if not names:
            for key in ("given_name", "family_name", "date_of_birth"):
                del self.fields[key]
            self.fields["district"].label = _("District")
        choose(self, "district", [("", ""), *districts])
        choose(self, "source", sources)


class PersonForm(GovForm):
    """Somebody in a role: a record that is there, or a new one."""

    NEW = "new"
    role = forms.ChoiceField(
        label=_("What are they to the case?"),
        widget=Radios,
        error_messages=required(_("Select what they are to the case")),
    )
    person = forms.ChoiceField(
        label=_("Who is it?"), widget=Radios, error_messages=required(_("Select who it is"))
    )
    given_name = forms.CharField(
        label=_("First name"), max_length=80, required=False, widget=Text(width=20)
    )
    family_name = forms.CharField(
        label=_("Last name"), max_length=80, required=False, widget=Text(width=20)
    )
    date_of_birth = GovDateField(
        label=_("Date of birth (optional)"), noun=_("Date of birth"), required=False, past=True
    )

    def __init__(
        self,
        *args: Any,
        roles: Sequence[tuple[str, str]],
        alike: Sequence[tuple[str, str]],
        hints: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "role", roles)
        choose(self, "person", [*alike, (self.NEW, _("Somebody new: start a record for them"))])
        widget = self.fields["person"].widget
        assert isinstance(widget, Radios)  # noqa: S101 - for the type checker
        widget.hints = dict(hints)


class AssignForm(GovForm):
    """A role on the team, and who has it."""

    role = forms.ChoiceField(
        label=_("Role"), widget=Radios, error_messages=required(_("Select a role"))
    )
    user = forms.ChoiceField(
        label=_("Who?"), widget=Select, error_messages=required(_("Select who it is"))
    )

    def __init__(
        self,
        *args: Any,
        roles: Sequence[tuple[str, str]],
        users: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "role", roles)
        choose(self, "user", [("", ""), *users])


class CoverForm(GovForm):
    """Who stands in, and until when."""

    user = forms.ChoiceField(
        label=_("Who stands in?"), widget=Select, error_messages=required(_("Select who it is"))
    )
    until = GovDateField(label=_("Last day"), noun=_("The last day"), future=True)

    def __init__(self, *args: Any, users: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "user", [("", ""), *users])


class EndForm(GovForm):
    """How a case ended. A failure opens its reasons."""

    outcome = forms.ChoiceField(
        label=_("How did it end?"),
        widget=Radios,
        error_messages=required(_("Select how it ended")),
    )

    def __init__(
        self,
        *args: Any,
        outcomes: Sequence[tuple[str, str]],
        reasons: Mapping[str, Sequence[tuple[str, str]]],
        **kwargs: Any,
    ) -> None:
        made: dict[str, forms.Field] = {}
        for outcome, some in reasons.items():
            made[f"why-{outcome}"] = forms.ChoiceField(
                label=_("Why?"),
                choices=some,
                widget=Radios,
                error_messages=required(_("Select why")),
            )
        self.base_fields = {**type(self).base_fields, **made}  # type: ignore[misc]
        self.base_fields["outcome"].widget = Radios(
            conditional={one: f"why-{one}" for one in reasons}
        )
        super().__init__(*args, **kwargs)
        choose(self, "outcome", outcomes)

    def reason(self) -> str:
        """Why, where the outcome has reasons."""
        return str(self.cleaned_data.get(f"why-{self.cleaned_data['outcome']}") or "")


class MeasureForm(GovForm):
    """The items of an instrument by number, or why there is nothing."""

    missing = forms.ChoiceField(
        label=_("If nothing was answered: why? (optional)"), required=False, widget=Radios
    )

    def __init__(
        self,
        *args: Any,
        instrument: Instrument,
        words: Mapping[str, str],
        reasons: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        self.items = instrument.items
        made: dict[str, forms.Field] = {
            item.key: forms.IntegerField(
                label=words[item.key],
                help_text=_("From %(low)d to %(high)d") % {"low": item.low, "high": item.high},
                min_value=item.low,
                max_value=item.high,
                required=False,
                widget=Number(width=2),
            )
            for item in instrument.items
        }
        self.base_fields = {**made, **type(self).base_fields}  # type: ignore[misc]
        super().__init__(*args, **kwargs)
        choose(self, "missing", reasons)

    def answers(self) -> dict[str, int | None]:
        """Item by item; None where nothing was answered."""
        return {item.key: self.cleaned_data.get(item.key) for item in self.items}
