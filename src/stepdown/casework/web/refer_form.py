"""What the forms of a referral share."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms

from stepdown.casework.queries.answers import QUESTIONS, Intake
from stepdown.casework.web.referral_words import Lists, Words
from stepdown.pages.forms import GovFormMixin
from stepdown.policy.categories import Category


class _Prepared(forms.Form):
    """Fields that depend on the draft are settled before their errors are worded."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Choices, words and left-out fields that depend on the draft."""


class StepForm(GovFormMixin, _Prepared):
    """A page of the referral: a field's name is its question's key.

    ``own`` has the labels, and ``own_hints`` the hints, for somebody who asks for themself.
    """

    own: ClassVar[Mapping[str, Words]] = {}
    own_hints: ClassVar[Mapping[str, Words]] = {}

    def __init__(self, *args: Any, intake: Intake, lists: Lists, **kwargs: Any) -> None:
        self.intake, self.lists = intake, lists
        kwargs.setdefault("initial", {name: self.stored(name) for name in self.base_fields})
        super().__init__(*args, **kwargs)

    def stored(self, name: str) -> Any:
        """What the draft has for a field."""
        return getattr(self.intake, name, "")

    def prepare(self) -> None:
        """Put the words for somebody who asks for themself."""
        if self.intake.for_self:
            for name, label in self.own.items():
                self.fields[name].label = str(label)
            for name, hint in self.own_hints.items():
                self.fields[name].help_text = str(hint)

    def answers(self) -> dict[Category, dict[str, Any]]:
        """What to keep, by category. Blank answers are kept too: the question has been seen."""
        found: dict[Category, dict[str, Any]] = {}
        for name, value in self.cleaned_data.items():
            kept = value.isoformat() if isinstance(value, date) else value
            found.setdefault(self.category_of(name), {})[name] = "" if kept is None else kept
        return found

    def category_of(self, name: str) -> Category:
        """Which category of data a question's answer is."""
        return next(category for category, keys in QUESTIONS.items() if name in keys)


def required(text: Words) -> dict[str, Any]:
    """The message for a question left unanswered."""
    return {"required": text}
