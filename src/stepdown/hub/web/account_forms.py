"""The questions asked to add an account and to give it a role."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions.memberships import GIVEN
from stepdown.hub.queries import account, agency, place
from stepdown.pages.forms import (
    Checkboxes,
    Email,
    GovDateField,
    GovForm,
    Radios,
    Select,
    Text,
)


class AccountForm(GovForm):
    display_name = forms.CharField(
        label=_("Name"), max_length=120, widget=Text(), help_text=_("As colleagues know them.")
    )
    email = forms.EmailField(
        label=_("Work email address"),
        widget=Email({"autocomplete": "off"}),
        help_text=_("They sign in with it, and set their own password by a link sent to it."),
    )


class RoleForm(GovForm):
    role = forms.ChoiceField(
        label=_("Role"), widget=Radios(), error_messages={"required": _("Select a role")}
    )
    agency = forms.ChoiceField(
        label=_("Partner"), widget=Select(), error_messages={"required": _("Select a partner")}
    )
    districts = forms.MultipleChoiceField(
        label=_("Districts"),
        required=False,
        widget=Checkboxes(small=True),
        help_text=_("Select none for a role that covers all districts."),
    )
    ends = GovDateField(
        label=_("Last day"), required=False, help_text=_("Leave empty for a role without an end.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        districts = place.district_choices()
        for name, choices in {
            "role": account.role_choices(GIVEN),
            "agency": [("", ""), *agency.choices()],
            "districts": districts,
        }.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101
            field.choices = choices
        if not districts:
            del self.fields["districts"]
        self.fields["role"].widget.hints = account.role_hints(GIVEN)
