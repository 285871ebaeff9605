"""GOV.UK inputs. Plain Django widgets are drawn as GOV.UK too; these add what Django lacks.

``width`` is GOV.UK's: a number of characters (2, 3, 4, 5, 10, 20, 30) or a share such as
"one-half".
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.forms import widgets
from django.utils.functional import Promise

from stepdown.kernel.slots import DAYS, PARTS
from stepdown.pages.words import DAY_NAMES, PART_NAMES, SHORT_DAY_NAMES

Attrs = dict[str, Any] | None


def _sized(attrs: Attrs, width: int | str | None) -> dict[str, Any]:
    attrs = dict(attrs or {})
    if width is not None:
        name = f"govuk-input--width-{width}" if isinstance(width, int) else f"govuk-!-width-{width}"
        attrs["class"] = f"{attrs.get('class', '')} {name}".strip()
    return attrs


class Text(widgets.TextInput):
    """One line of text, with an optional prefix or suffix such as £ or km."""

    template_name = "govuk/widgets/affixed.html"

    def __init__(
        self,
        attrs: Attrs = None,
        *,
        width: int | str | None = None,
        prefix: str | Promise = "",
        suffix: str | Promise = "",
    ) -> None:
        super().__init__(_sized(attrs, width))
        self.prefix, self.suffix = prefix, suffix

    def get_context(self, name: str, value: Any, attrs: Attrs) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"].update(prefix=self.prefix, suffix=self.suffix)
        return context


class Number(Text):
    """A number typed as text: number inputs of browsers change values by accident."""

    def __init__(self, attrs: Attrs = None, **kwargs: Any) -> None:
        super().__init__({"inputmode": "numeric", "spellcheck": "false", **(attrs or {})}, **kwargs)


class Email(Text):
    """An email address."""

    input_type = "email"

    def __init__(self, attrs: Attrs = None, **kwargs: Any) -> None:
        usual = {"autocomplete": "email", "spellcheck": "false", **(attrs or {})}
        super().__init__(usual, **kwargs)


class Phone(Text):
    """A telephone number."""

    input_type = "tel"

    def __init__(self, attrs: Attrs = None, *, width: int | str | None = 20, **kwargs: Any) -> None:
        super().__init__({"autocomplete": "tel", **(attrs or {})}, width=width, **kwargs)


class Password(widgets.PasswordInput):
    """A password, with a Show button where scripts run."""


class TextArea(widgets.Textarea):
    """Several lines of text. `max_characters` counts down as people write; it does not cut off."""

    template_name = "govuk/widgets/textarea.html"

    def __init__(
        self, attrs: Attrs = None, *, rows: int = 5, max_characters: int | None = None
    ) -> None:
        super().__init__({"rows": rows, "cols": False, **(attrs or {})})
        self.max_characters = max_characters

    def get_context(self, name: str, value: Any, attrs: Attrs) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        widget["max_characters"] = self.max_characters
        if self.max_characters is not None:
            own = widget["attrs"]
            own["class"] = f"{own.get('class', '')} govuk-js-character-count".strip()
            described = [own.get("aria-describedby"), f"{own.get('id')}-info"]
            own["aria-describedby"] = " ".join(filter(None, described))
        return context


class _Choices(widgets.ChoiceWidget):
    """What radios and tick boxes share: hints beside answers, and answers that open a question."""

    inline = False

    def __init__(
        self,
        attrs: Attrs = None,
        choices: Sequence[Any] = (),
        *,
        hints: Mapping[str, str | Promise] | None = None,
        conditional: Mapping[str, str] | None = None,
        small: bool = False,
    ) -> None:
        super().__init__(attrs, choices)
        self.hints = dict(hints or {})
        self.conditional = dict(conditional or {})
        self.small = small

    def get_context(self, name: str, value: Any, attrs: Attrs) -> dict[str, Any]:
        attrs = dict(attrs or {})
        opened = attrs.pop("opened", {})
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"].update(inline=self.inline, small=self.small)
        for _group, options, _index in context["widget"]["optgroups"]:
            for option in options:
                option["hint"] = self.hints.get(str(option["value"]), "")
                option["opened"] = opened.get(str(option["value"]), "")
        return context


class Radios(_Choices, widgets.RadioSelect):
    """Radio buttons; ``conditional={"yes": "phone"}`` opens the field `phone` after "yes"."""


class RadiosInline(Radios):
    """Radio buttons side by side: for two short answers such as Yes and No."""

    inline = True


class Checkboxes(_Choices, widgets.CheckboxSelectMultiple):
    """Tick boxes, any number of them."""


class CheckboxesInline(Checkboxes):
    """Small tick boxes, for filters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"small": True, **kwargs})


class Select(widgets.Select):
    """A drop-down list: only where radios would be too many."""


class File(widgets.FileInput):
    """A file to send."""


class SlotsGrid(widgets.CheckboxSelectMultiple):
    """Seven days by three half-days as tick boxes in a table. `held` slots say they are taken."""

    template_name = "govuk/widgets/slots.html"

    def __init__(self, attrs: Attrs = None, *, held: Iterable[str] = ()) -> None:
        super().__init__(attrs)
        self.held = frozenset(held)

    def error_target(self, auto_id: str) -> str:
        """The first box of the grid."""
        return f"{auto_id}_{DAYS[0]}-{PARTS[0]}"

    def get_context(self, name: str, value: Any, attrs: Attrs) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        chosen = set(value or ())
        context["widget"]["parts"] = list(PART_NAMES.values())
        context["widget"]["days"] = [
            {
                "name": DAY_NAMES[day],
                "short": SHORT_DAY_NAMES[day],
                "cells": [
                    {
                        "value": f"{day}-{part}",
                        "part": PART_NAMES[part],
                        "checked": f"{day}-{part}" in chosen,
                        "held": f"{day}-{part}" in self.held,
                    }
                    for part in PARTS
                ],
            }
            for day in DAYS
        ]
        return context
