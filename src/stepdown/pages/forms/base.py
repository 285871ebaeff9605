"""`GovForm`: the form that pages subclass."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import pretty_name

from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.pages.forms.errors import plain_messages
from stepdown.pages.forms.renderer import GovRenderer

if TYPE_CHECKING:
    _Base = forms.BaseForm
else:
    _Base = object


class GovFormMixin(_Base):
    """Plain-word errors, and questions that appear only after a certain answer.

    ``heading_field`` names the field whose label is the page's h1, for one question a page.
    A widget with ``conditional={"yes": "phone"}`` opens the field ``phone`` after the answer
    ``yes``. Without that answer the opened field is neither asked for nor kept: what was typed in
    it is dropped. Forms that override ``clean`` call ``super().clean()`` first.
    """

    heading_field: ClassVar[str] = ""
    default_renderer: type[BaseRenderer] = GovRenderer

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            label = str(field.label) if field.label is not None else pretty_name(name)
            field.error_messages.update(plain_messages(field, label))
        if self.is_bound:
            for name in self._unopened():
                self.fields[name].required = False

    def clean(self) -> dict[str, Any] | None:
        """Forget the answers to questions that were never opened."""
        cleaned: dict[str, Any] | None = super().clean()
        for name in self._unopened():
            self.errors.pop(name, None)
            field = self.fields[name]
            self.cleaned_data[name] = field.clean(field.widget.value_from_datadict({}, {}, name))
        return cleaned

    def main_fields(self) -> Iterator[forms.BoundField]:
        """The visible fields that stand by themselves, without those that an answer opens."""
        opened = {name for _parent, _value, name in self._conditions()}
        return (field for field in self.visible_fields() if field.name not in opened)

    def explain(self, error: InvalidInput | Refused) -> None:
        """Show what an action refused: beside the field it names, else at the top."""
        if isinstance(error, Refused):
            self.add_error(None, error.reason)
            return
        for name, text in error.errors.items():
            self.add_error(name if name in self.fields else None, text)

    def _conditions(self) -> Iterator[tuple[str, str, str]]:
        for parent, field in self.fields.items():
            for value, name in getattr(field.widget, "conditional", {}).items():
                yield parent, value, name

    def _unopened(self) -> set[str]:
        unopened = set()
        for parent, value, name in self._conditions():
            chosen = self[parent].data
            if value not in (chosen if isinstance(chosen, list | tuple) else [chosen]):
                unopened.add(name)
        return unopened


class GovForm(GovFormMixin, forms.Form):
    """A form of the hub's own pages."""
