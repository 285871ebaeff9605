"""Fields for the answers that many pages ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stepdown.kernel.slots import SLOTS, mask_of, names_of
from stepdown.pages.forms.widgets import RadiosInline, SlotsGrid

YES, NO = "yes", "no"


class YesNoField(forms.TypedChoiceField):
    """A question answered Yes or No, neither chosen beforehand. Cleans to True, False or None."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", RadiosInline)
        super().__init__(
            choices=((YES, _("Yes")), (NO, _("No"))),
            coerce=lambda value: value == YES,
            empty_value=None,
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        """Stored True and False come back as the answers that were ticked."""
        return {True: YES, False: NO}.get(value, value) if isinstance(value, bool) else value


class SlotsField(forms.MultipleChoiceField):
    """Weekly half-days. Cleans to the bit mask of `stepdown.kernel.slots`, 0 for none."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", SlotsGrid)
        super().__init__(choices=[(name, name) for name in SLOTS], **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return names_of(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        return mask_of(super().clean(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)
