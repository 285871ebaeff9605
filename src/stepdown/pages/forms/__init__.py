"""Django forms drawn as GOV.UK components.

`GovRenderer` (the FORM_RENDERER setting) draws every form of the hub, those of installed packages
included, with GOV.UK markup. `GovForm` adds plain-word errors and questions that open others.
"""

from stepdown.pages.forms.base import GovForm, GovFormMixin
from stepdown.pages.forms.dates import GovDateField, GovDateInput
from stepdown.pages.forms.fields import SlotsField, YesNoField
from stepdown.pages.forms.renderer import GovRenderer
from stepdown.pages.forms.widgets import (
    Checkboxes,
    CheckboxesInline,
    Email,
    File,
    Number,
    Password,
    Phone,
    Radios,
    RadiosInline,
    Select,
    SlotsGrid,
    Text,
    TextArea,
)

__all__ = [
    "Checkboxes",
    "CheckboxesInline",
    "Email",
    "File",
    "GovDateField",
    "GovDateInput",
    "GovForm",
    "GovFormMixin",
    "GovRenderer",
    "Number",
    "Password",
    "Phone",
    "Radios",
    "RadiosInline",
    "Select",
    "SlotsField",
    "SlotsGrid",
    "Text",
    "TextArea",
    "YesNoField",
]
