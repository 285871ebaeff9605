"""The questions asked to make an access token."""

from django import forms
from django.utils.translation import gettext_lazy as _

from stepdown.pages.forms import GovDateField, GovForm, Radios, Text

READ, WRITE = "read", "write"


class TokenForm(GovForm):
    name = forms.CharField(
        label=_("What is it for?"),
        help_text=_("Like “Weekly list of open needs”. No names of people."),
        max_length=80,
        widget=Text(),
        error_messages={"required": _("Say what the token is for")},
    )
    scope = forms.ChoiceField(
        label=_("What may it do?"),
        choices=[
            (READ, _("Read what I may read")),
            (WRITE, _("Read, send referrals and log hours, as I may")),
        ],
        initial=READ,
        widget=Radios(small=True),
        error_messages={"required": _("Select what it may do")},
    )
    last_day = GovDateField(
        label=_("Last day"),
        required=False,
        help_text=_("Within 90 days. Leave empty for 30 days."),
    )
