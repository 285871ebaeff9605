"""A field on a page: GOV.UK classes, label sizes, and the questions that an answer opens."""

from collections.abc import Mapping
from typing import Any

from django.forms import BoundField, Widget, widgets
from django.utils.safestring import SafeString, mark_safe

_BASE_CLASS: tuple[tuple[type[Widget], str], ...] = (
    (widgets.CheckboxInput, "govuk-checkboxes__input"),
    (widgets.FileInput, "govuk-file-upload"),
    (widgets.Textarea, "govuk-textarea"),
    (widgets.CheckboxSelectMultiple, ""),
    (widgets.RadioSelect, ""),
    (widgets.Select, "govuk-select"),
    (widgets.PasswordInput, "govuk-input"),
    (widgets.Input, "govuk-input"),
)
_WITH_OWN_ERROR_LOOK = ("govuk-input", "govuk-textarea", "govuk-select", "govuk-file-upload")


class GovBoundField(BoundField):
    """A bound field that knows how GOV.UK draws it."""

    heading = False
    size = ""

    def as_field_group_with(self, *, heading: bool = False, size: str = "") -> SafeString:
        """Draw the whole group; `heading` makes the label or legend the page's only h1."""
        self.heading, self.size = heading, size
        try:
            return self.as_field_group()
        finally:
            del self.heading, self.size

    @property
    def is_heading(self) -> bool:
        """True when the label or legend is the page's h1, as with one question a page."""
        return self.heading or getattr(self.form, "heading_field", "") == self.name

    @property
    def label_size(self) -> str:
        """GOV.UK text size of the label: s, m, l or xl."""
        return self.size or ("l" if self.is_heading else "s")

    @property
    def is_single_checkbox(self) -> bool:
        """A lone tick box, whose label stands beside it."""
        return isinstance(self.field.widget, widgets.CheckboxInput)

    @property
    def opened(self) -> Mapping[str, "GovBoundField"]:
        """Answer → the question it opens, for radios with conditional questions."""
        conditional = getattr(self.field.widget, "conditional", {})
        return {value: self.form[name] for value, name in conditional.items()}  # type: ignore[misc]

    def build_widget_attrs(
        self, attrs: Mapping[str, Any], widget: Widget | None = None
    ) -> dict[str, Any]:
        """GOV.UK classes; no browser validation and no placeholders, which hide from many."""
        widget = widget or self.field.widget
        built: dict[str, Any] = super().build_widget_attrs(dict(attrs), widget)
        built.pop("required", None)
        if "placeholder" in widget.attrs:
            built["placeholder"] = False
        if widget.is_hidden:
            return built
        classes = [_base_class(widget), str(widget.attrs.get("class", ""))]
        if self.errors:
            classes += [f"{name}--error" for name in _WITH_OWN_ERROR_LOOK if name == classes[0]]
            if getattr(widget, "shows_error_parts", False):
                built["error_parts"] = self._error_parts()
        joined = " ".join(filter(None, classes))
        if joined:
            built["class"] = joined
        if self.opened:
            drawn = {key: child.as_field_group() for key, child in self.opened.items()}
            built["opened"] = {key: mark_safe(html) for key, html in drawn.items()}  # noqa: S308
        return built

    def _error_parts(self) -> str:
        """Which of day, month and year the error is about; all of them when it does not say."""
        data = self.form.errors.as_data().get(self.name, [])
        named = [error.params.get("parts", "") for error in data if isinstance(error.params, dict)]
        return " ".join(filter(None, named)) or "day month year"


def _base_class(widget: Widget) -> str:
    for kind, name in _BASE_CLASS:
        if isinstance(widget, kind):
            return name
    return ""
